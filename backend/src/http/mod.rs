//! HTTP: the only part that names axum. A handler extracts, calls the domain, responds; it holds no queries.

mod auth_error;
mod convert;
mod cookie;
pub mod doc;
mod error;
pub mod extract;
mod heatmap_message;
mod ingest_error;
mod middleware;
pub mod openapi;
mod page_file;
mod refusal;
pub mod router;
mod routes;
mod serve;
mod share_error;
mod share_message;

pub use error::ApiError;
pub use router::router;
pub use serve::serve;

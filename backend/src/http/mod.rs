//! HTTP: the only part that names axum. A handler extracts, calls the domain, responds; it holds no queries.

pub mod doc;
mod error;
mod ingest_error;
pub mod router;
mod routes;

pub use error::ApiError;
pub use router::router;

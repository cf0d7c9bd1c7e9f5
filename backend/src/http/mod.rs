//! HTTP: the only part that names axum. A handler extracts, calls the domain, responds; it holds no queries.

mod auth_error;
mod breakdown_message;
mod catalog_message;
mod connections;
mod convert;
mod cookie;
pub(crate) mod doc;
mod error;
pub(crate) mod extract;
mod heatmap_message;
mod indicators_message;
mod ingest_error;
mod login_path;
mod marker_error;
mod marker_message;
mod middleware;
mod openapi;
mod overview_message;
mod overview_metrics_message;
mod page_files;
mod protocol;
pub mod route;
pub mod router;
mod routes;
mod rpc_error;
mod share_error;
mod share_message;
mod sorted_texts;
mod verdict_message;

pub(crate) use connections::{ConnectionLimits, serve};
pub(crate) use error::ApiError;
pub use router::router;

//! Request timeout: for bodies that never end and handlers that hang.

use crate::app::App;
use crate::http::ApiError;
use crate::problem::ProblemKind;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

/// Cancels a request that exceeds the timeout. What it was storing may or may not be stored; pushing it again may store it
/// twice.
pub(crate) async fn keep(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let limit = app.request_timeout;
    tokio::time::timeout(limit, next.run(request)).await.map_err(|_| {
        let detail = format!("the request did not complete within {} s", limit.as_secs());
        ApiError::new(ProblemKind::Timeout, detail)
    })
}

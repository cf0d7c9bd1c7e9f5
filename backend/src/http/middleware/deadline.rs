//! No request takes for ever: not a body that never ends, not a handler that hangs.

use crate::app::App;
use crate::http::ApiError;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

/// Gives a request up when its time is over. What it was storing then is stored or not; pushing it again is safe to
/// try, but may store it twice.
pub(crate) async fn keep(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let limit = app.request_timeout;
    tokio::time::timeout(limit, next.run(request)).await.map_err(|_| {
        let detail = format!("the request was not done within {} s", limit.as_secs());
        ApiError::new(StatusCode::GATEWAY_TIMEOUT, "timeout", detail)
    })
}

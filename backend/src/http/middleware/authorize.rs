//! Whether the caller may use the route, by the route table.

use crate::auth::{Permission, Principal};
use crate::http::ApiError;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;

/// Names the caller and lets it through if it has `needed`.
pub(crate) async fn authorize(
    needed: Permission,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    // Until sign-in exists whoever gets here is the local person; see `host_guard` for who does not get here.
    let who = Principal::local();
    if !who.may(needed) {
        tracing::info!(who = who.name(), needed = needed.name(), "refused");
        let detail = format!("this needs the permission {}", needed.name());
        return Err(ApiError::new(StatusCode::FORBIDDEN, "forbidden", detail));
    }
    request.extensions_mut().insert(who);
    Ok(next.run(request).await)
}

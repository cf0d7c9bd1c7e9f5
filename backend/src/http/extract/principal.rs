//! Who asks: put on the request by the permission check, read by handlers.

use crate::app::App;
use crate::auth::Principal;
use crate::http::ApiError;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use std::sync::Arc;

impl FromRequestParts<Arc<App>> for Principal {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, ApiError> {
        parts.extensions.get::<Principal>().cloned().ok_or_else(|| {
            ApiError::new(StatusCode::UNAUTHORIZED, "not-signed-in", "this needs someone to be signed in")
        })
    }
}

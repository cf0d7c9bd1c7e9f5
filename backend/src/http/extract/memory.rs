//! The memory reserved for a request, as an extractor.

use crate::http::ApiError;
use crate::request_memory::Reservation;
use axum::extract::FromRequestParts;
use axum::http::Extensions;
use axum::http::request::Parts;

impl<S: Sync> FromRequestParts<S> for Reservation {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        reservation(&parts.extensions)
    }
}

/// The reservation of a request; every route has one.
///
/// # Errors
/// 500 outside of a route.
pub(crate) fn reservation(extensions: &Extensions) -> Result<Reservation, ApiError> {
    extensions.get::<Reservation>().cloned().ok_or_else(ApiError::internal)
}

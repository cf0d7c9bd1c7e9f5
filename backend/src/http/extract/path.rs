//! [`Path`]: the parts of a path as axum reads them, with a problem as error instead of plain text.

use crate::http::ApiError;
use crate::problem::ProblemKind;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// The parts of the path.
pub(crate) struct Path<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(read)) => Ok(Path(read)),
            Err(rejection) => Err(ApiError::new(
                ProblemKind::BadRequest,
                format!("cannot read the path: {}", rejection.body_text()),
            )),
        }
    }
}

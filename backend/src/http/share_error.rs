//! How a refusal or a failure about shares is answered.

use super::error::ApiError;
use crate::sharing::ShareError;
use axum::http::StatusCode;

impl From<ShareError> for ApiError {
    fn from(error: ShareError) -> ApiError {
        let (status, kind) = match &error {
            ShareError::NotFound => (StatusCode::NOT_FOUND, "share-not-found"),
            ShareError::Ended(_) => (StatusCode::GONE, "share-ended"),
            ShareError::Invalid { kind, .. } => (StatusCode::BAD_REQUEST, *kind),
            ShareError::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden"),
            ShareError::Unconfirmed(_) => (StatusCode::CONFLICT, "unconfirmed"),
            ShareError::Conflict(_) => (StatusCode::CONFLICT, "conflict"),
            ShareError::Empty => (StatusCode::NOT_FOUND, "no-data"),
            ShareError::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "too-many-shares"),
            ShareError::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "share-too-large"),
            ShareError::Records(_) => return inner(error),
            ShareError::Internal(_) => {
                tracing::error!(%error, "a share broke");
                return ApiError::internal();
            }
        };
        let mut answer = ApiError::new(status, kind, error.to_string());
        if let ShareError::TooMany(wait) = error {
            answer.retry_after_s = Some(wait.as_secs().max(1));
        }
        answer
    }
}

fn inner(error: ShareError) -> ApiError {
    match error {
        ShareError::Records(error) => error.into(),
        _ => ApiError::internal(),
    }
}

//! How a refusal is answered.

use super::error::ApiError;
use crate::auth::AuthError;
use crate::db::DbError;
use axum::http::StatusCode;

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> ApiError {
        let (status, kind) = match &error {
            AuthError::SignedOut | AuthError::BadToken => (StatusCode::UNAUTHORIZED, "signed-out"),
            AuthError::WrongPassword => (StatusCode::UNAUTHORIZED, "wrong-password"),
            AuthError::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden"),
            AuthError::NotFound(_) => (StatusCode::NOT_FOUND, "not-found"),
            AuthError::Invalid { kind, .. } => (StatusCode::BAD_REQUEST, *kind),
            AuthError::Conflict(_) => (StatusCode::CONFLICT, "conflict"),
            AuthError::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "too-many-attempts"),
            AuthError::Unclaimed => (StatusCode::SERVICE_UNAVAILABLE, "unclaimed"),
            AuthError::Records(_) => return records_failed(error),
            AuthError::Internal(_) => {
                tracing::error!(%error, "sign-in broke");
                return ApiError::internal();
            }
        };
        let mut answer = ApiError::new(status, kind, error.to_string());
        if let AuthError::TooMany(wait) = error {
            answer.retry_after_s = Some(wait.as_secs().max(1));
        }
        answer
    }
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> ApiError {
        AuthError::from(error).into()
    }
}

fn records_failed(error: AuthError) -> ApiError {
    tracing::error!(%error, "our records failed");
    let detail = "the records of people and shares cannot be read or written; see the server's log";
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "records-failed", detail)
}

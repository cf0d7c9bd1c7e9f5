//! Maps [`AuthError`] to HTTP.

use super::error::ApiError;
use crate::auth::AuthError;
use crate::db::DbError;
use crate::problem::ProblemKind;

/// Retry interval while the records database is unreachable, in seconds.
const RETRY_S: u64 = 2;

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> ApiError {
        let kind = match &error {
            AuthError::SignedOut | AuthError::BadToken => ProblemKind::SignedOut,
            AuthError::WrongPassword => ProblemKind::WrongPassword,
            AuthError::Forbidden(_) => ProblemKind::Forbidden,
            AuthError::NotFound(_) => ProblemKind::NotFound,
            AuthError::Invalid { kind, .. } => *kind,
            AuthError::Conflict(_) => ProblemKind::Conflict,
            AuthError::TooMany(_) => ProblemKind::TooManyAttempts,
            AuthError::Unclaimed => ProblemKind::Unclaimed,
            AuthError::Records(cause) => return records_failed(cause),
            AuthError::Internal(_) => {
                tracing::error!(%error, "authentication failed");
                return ApiError::internal();
            }
        };
        let mut answer = ApiError::new(kind, error.to_string());
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

fn records_failed(error: &DbError) -> ApiError {
    tracing::error!(%error, "records failed");
    let mut answer = ApiError::new(ProblemKind::RecordsFailed, error.reason());
    if let DbError::Unreachable(_) = error {
        answer.retry_after_s = Some(RETRY_S);
    }
    answer
}

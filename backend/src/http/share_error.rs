//! Maps [`ShareError`] to HTTP.

use super::error::ApiError;
use crate::problem::ProblemKind;
use crate::sharing::ShareError;

impl From<ShareError> for ApiError {
    fn from(error: ShareError) -> ApiError {
        let kind = match &error {
            ShareError::NotFound => ProblemKind::ShareNotFound,
            ShareError::Ended(_) => ProblemKind::ShareEnded,
            ShareError::Invalid { kind, .. } => *kind,
            ShareError::Forbidden(_) => ProblemKind::Forbidden,
            ShareError::Unconfirmed(_) => ProblemKind::Unconfirmed,
            ShareError::Conflict(_) => ProblemKind::Conflict,
            ShareError::Empty => ProblemKind::NoData,
            ShareError::TooMany(_) => ProblemKind::TooManyShares,
            ShareError::TooLarge(_) => ProblemKind::ShareTooLarge,
            ShareError::Records(_) => return inner(error),
            ShareError::Internal(_) => {
                tracing::error!(%error, "share request failed");
                return ApiError::internal();
            }
        };
        let mut answer = ApiError::new(kind, error.to_string());
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

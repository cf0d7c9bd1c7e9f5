//! Maps [`IngestError`] to HTTP.

use super::error::ApiError;
use crate::ingest::IngestError;
use crate::problem::ProblemKind;

impl From<IngestError> for ApiError {
    fn from(error: IngestError) -> Self {
        let kind = match error {
            IngestError::BadRequest(_) => ProblemKind::BadRequest,
            IngestError::BadProfile(_) => ProblemKind::BadProfile,
            IngestError::Refused(_) | IngestError::Labels(_) => ProblemKind::ProfileRefused,
            IngestError::Quota(exceeded) => {
                let error = ApiError::new(ProblemKind::QuotaExceeded, exceeded.to_string());
                return ApiError { retry_after_s: Some(exceeded.retry_after_s()), ..error };
            }
            IngestError::TooLarge(_) => ProblemKind::TooLarge,
            IngestError::Unsupported(_) => ProblemKind::UnsupportedFormat,
            IngestError::NotAllowed(_) => ProblemKind::Forbidden,
            IngestError::Bounds(_) => {
                tracing::error!(%error, "bounds of the sender's grants are unreadable");
                return ApiError::internal();
            }
            IngestError::Store(error) => return error.into(),
            IngestError::Memory(error) => return error.into(),
            IngestError::ReadOnly => ProblemKind::ReadOnlyStore,
            IngestError::Stopping => ProblemKind::Stopping,
            IngestError::BodyTimeout => ProblemKind::BodyTimeout,
        };
        ApiError::new(kind, error.to_string())
    }
}

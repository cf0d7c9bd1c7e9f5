//! [`IngestError`]: why a profile or a request was rejected. Each protocol maps it to its own error format.

use super::inflate::InflateError;
use super::quota::Exceeded;
use crate::request_memory::MemoryError;
use crate::store::StoreError;
use crate::work::Stopping;
use flarepath_profile::formats::ReadError;

/// What went wrong. All but [`IngestError::Quota`], [`IngestError::Bounds`], [`IngestError::Store`], [`IngestError::ReadOnly`],
/// [`IngestError::Memory`], [`IngestError::Stopping`] and [`IngestError::BodyTimeout`] are the sender's fault, and sending the
/// same again will fail again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IngestError {
    /// A parameter or a header is missing or malformed.
    #[error("{0}")]
    BadRequest(String),
    /// The body, or a profile in it, is malformed.
    #[error("{0}")]
    BadProfile(String),
    /// A size limit was exceeded.
    #[error("{0}")]
    TooLarge(String),
    /// An unsupported content type, encoding or format.
    #[error("{0}")]
    Unsupported(String),
    /// The time of the profile, or a missing or contradictory label, is rejected.
    #[error("{0}")]
    Refused(String),
    /// There are too many labels, or one is too long.
    #[error("{0}")]
    Labels(String),
    /// A quota is used up.
    #[error(transparent)]
    Quota(#[from] Exceeded),
    /// The sender may not push to the series.
    #[error("{0}")]
    NotAllowed(String),
    /// The bounds of the sender's grants cannot be compiled; the cause is for the log.
    #[error("the bounds of your grants are invalid: {0}")]
    Bounds(String),
    /// The store failed; nothing of the request was kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No store takes pushes: all are read-only, or none is named for them.
    #[error(
        "no store of this server takes pushes: its administrator can name one in `ingest.store`; or send profiles to the store that it reads"
    )]
    ReadOnly,
    /// The memory for requests is used up; [`MemoryError::TooLarge`] is the sender's fault.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// The server is stopping.
    #[error("the server is stopping; retry in a moment")]
    Stopping,
    /// The body stopped arriving.
    #[error("the request body stopped arriving; send it again")]
    BodyTimeout,
}

impl IngestError {
    /// The same kind of error with another text.
    pub(crate) fn with_message(self, message: String) -> IngestError {
        match self {
            IngestError::BadRequest(_) => IngestError::BadRequest(message),
            IngestError::BadProfile(_) => IngestError::BadProfile(message),
            IngestError::TooLarge(_) => IngestError::TooLarge(message),
            IngestError::Unsupported(_) => IngestError::Unsupported(message),
            IngestError::Refused(_) => IngestError::Refused(message),
            IngestError::Labels(_) => IngestError::Labels(message),
            IngestError::NotAllowed(_) => IngestError::NotAllowed(message),
            IngestError::Quota(exceeded) => IngestError::Quota(exceeded.with_message(message)),
            other @ (IngestError::Bounds(_)
            | IngestError::Store(_)
            | IngestError::ReadOnly
            | IngestError::Memory(_)
            | IngestError::Stopping
            | IngestError::BodyTimeout) => other,
        }
    }
}

impl From<ReadError> for IngestError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Compressed(_) | ReadError::Unreadable(_) | ReadError::Unknown => {
                IngestError::Unsupported(error.to_string())
            }
            other => IngestError::BadProfile(other.to_string()),
        }
    }
}

impl From<InflateError> for IngestError {
    fn from(error: InflateError) -> Self {
        match error {
            InflateError::Memory(error) => error.into(),
            InflateError::TooLarge { .. } | InflateError::Bomb { .. } => {
                IngestError::TooLarge(error.to_string())
            }
            InflateError::Truncated { .. } | InflateError::Corrupt { .. } | InflateError::TooManyLayers => {
                IngestError::BadProfile(error.to_string())
            }
        }
    }
}

impl From<Stopping> for IngestError {
    fn from(_: Stopping) -> Self {
        IngestError::Stopping
    }
}

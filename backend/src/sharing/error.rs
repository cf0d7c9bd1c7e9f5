//! Errors of share operations.

use super::payload::PayloadError;
use super::preview::PreviewError;
use crate::db::DbError;
use crate::problem::ProblemKind;
use std::time::Duration;

/// A rejection or a failure. Messages are for the caller and never contain the content of a share.
#[derive(Debug, thiserror::Error)]
pub enum ShareError {
    /// No such share, or the caller may not open it; nothing says which.
    #[error(
        "share not found: the link is wrong, has expired, or you have no access; ask the person who shared it"
    )]
    NotFound,
    /// The caller's own share has ended.
    #[error("your share {0}; create a new one to share it again")]
    Ended(&'static str),
    /// Invalid input.
    #[error("{message}")]
    Invalid {
        /// Problem type, such as `bad-visibility`.
        kind: ProblemKind,
        /// What is wrong and what to do.
        message: String,
    },
    /// The caller lacks permission.
    #[error("{0}")]
    Forbidden(String),
    /// A wider audience needs confirmation.
    #[error("{0}")]
    Unconfirmed(String),
    /// A concurrent change was first, or the share has ended.
    #[error("{0}")]
    Conflict(String),
    /// Nothing to freeze.
    #[error("no profile matches; there is nothing to share")]
    Empty,
    /// Rate limit.
    #[error("too many shares in a short time; try again in {} s", .0.as_secs().max(1))]
    TooMany(Duration),
    /// The snapshot exceeds a limit.
    #[error("{0}")]
    TooLarge(String),
    /// The records database failed.
    #[error(transparent)]
    Records(#[from] DbError),
    /// A bug or corrupt data. The text is for the log.
    #[error("{0}")]
    Internal(String),
}

impl ShareError {
    pub(crate) fn invalid(kind: ProblemKind, message: impl Into<String>) -> ShareError {
        ShareError::Invalid { kind, message: message.into() }
    }
}

impl From<PayloadError> for ShareError {
    fn from(error: PayloadError) -> ShareError {
        match error {
            PayloadError::TooLarge { .. } => ShareError::TooLarge(error.to_string()),
            other => ShareError::Internal(other.to_string()),
        }
    }
}

impl From<PreviewError> for ShareError {
    fn from(error: PreviewError) -> ShareError {
        ShareError::Internal(error.to_string())
    }
}

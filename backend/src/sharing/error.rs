//! Why something was not shared, opened or changed.

use super::payload::PayloadError;
use super::preview::PreviewError;
use crate::db::DbError;
use crate::query::QueryError;
use std::time::Duration;

/// A refusal or a failure. Its text is for the caller and never says what was in a share.
#[derive(Debug, thiserror::Error)]
pub enum ShareError {
    /// No such share, or none for this caller: which of them, nobody is told.
    #[error(
        "there is nothing here: the link is wrong, has ended, or is not for you; whoever shared it can say"
    )]
    NotFound,
    /// It was the caller's own, and has ended.
    #[error("this share of yours {0}; share it again to have a new link")]
    Ended(&'static str),
    /// What was asked for cannot be done so. The caller's fault.
    #[error("{message}")]
    Invalid {
        /// Kind of the problem, such as `bad-visibility`.
        kind: &'static str,
        /// What is wrong and what to do.
        message: String,
    },
    /// The caller may not do that.
    #[error("{0}")]
    Forbidden(String),
    /// More people could open it: to be confirmed.
    #[error("{0}")]
    Unconfirmed(String),
    /// Another change was first.
    #[error("{0}")]
    Conflict(String),
    /// Nothing to freeze.
    #[error("no profile matches; there is nothing to share")]
    Empty,
    /// Too much at once.
    #[error("too much was shared in a short time; try again in {} s", .0.as_secs().max(1))]
    TooMany(Duration),
    /// More than a share may hold.
    #[error("{0}")]
    TooLarge(String),
    /// The records failed.
    #[error(transparent)]
    Records(#[from] DbError),
    /// A question failed.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// A bug or damaged data; the text is for the log.
    #[error("{0}")]
    Internal(String),
}

impl ShareError {
    /// What was asked for cannot be done so.
    pub(crate) fn invalid(kind: &'static str, message: impl Into<String>) -> ShareError {
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

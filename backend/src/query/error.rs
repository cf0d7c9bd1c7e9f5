//! Failures of questions.

use crate::selector::InvalidPattern;
use crate::store::StoreError;
use crate::work::Stopping;
use std::time::Duration;

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// A pattern of the selector does not compile. The caller's fault.
    #[error(transparent)]
    Pattern(#[from] InvalidPattern),
    /// The question took too long. A narrower one may do.
    #[error("the question took longer than {} s; ask for a shorter range or fewer series", .0.as_secs())]
    Timeout(Duration),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The server is going down.
    #[error(transparent)]
    Stopping(#[from] Stopping),
    /// A bug.
    #[error("internal error: {0}")]
    Internal(String),
}

//! Failures of questions.

use crate::selector::BadSelector;
use crate::store::StoreError;
use crate::work::{QueueFull, Refused};
use std::sync::Arc;
use std::time::Duration;

/// Why a question has no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum QueryError {
    /// A pattern of the selector does not compile. The caller's fault.
    #[error(transparent)]
    Pattern(#[from] BadSelector),
    /// No room in the queue. A retry in a few seconds may find some.
    #[error(transparent)]
    Busy(#[from] QueueFull),
    /// The question's turn did not come in time. A retry may help.
    #[error("the server is busy: the query waited {} s for its turn (query.timeout)", .0.as_secs())]
    Waited(Duration),
    /// The query took too long. A narrower one may do.
    #[error("the query took longer than {} s (query.timeout); ask for a shorter range or fewer series", .0.as_secs())]
    Timeout(Duration),
    /// The store failed. A remote one has its name here.
    #[error("{error}")]
    Store { store: Option<Arc<str>>, error: StoreError },
    /// The answer could not be prepared: the server is busy or going down.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// A bug.
    #[error("internal error: {0}")]
    Internal(String),
}

/// Of a store without a name.
impl From<StoreError> for QueryError {
    fn from(error: StoreError) -> QueryError {
        QueryError::Store { store: None, error }
    }
}

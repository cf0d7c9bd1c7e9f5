//! [`Failure`]: why one request to a store failed, and whether it makes sense to repeat it.

use crate::store::StoreError;
use std::time::Duration;

/// A request that failed.
#[derive(Debug)]
pub(in crate::store) struct Failure {
    pub(in crate::store) error: StoreError,
    /// It tells of a store that is down or overloaded: it may be repeated, and counts for the circuit breaker. Others, such as a
    /// bad question, a refusal and an answer that is too large or invalid, would fail again.
    pub(in crate::store) is_down: bool,
    /// The time after which the store wants to be asked again.
    pub(in crate::store) retry_after: Option<Duration>,
}

impl Failure {
    /// The store is down or overloaded.
    pub(in crate::store) fn down(error: StoreError) -> Failure {
        Failure { error, is_down: true, retry_after: None }
    }

    /// The store works, and this request would fail again.
    pub(in crate::store) fn refused(error: StoreError) -> Failure {
        Failure { error, is_down: false, retry_after: None }
    }
}

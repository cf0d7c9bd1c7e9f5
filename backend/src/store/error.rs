//! Failures of profile storage.

use crate::work::Cancelled;

/// Why a store did not answer, or did not store what it was given.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full. Nothing of the batch was stored; everything acknowledged stays readable. For the operator.
    #[error("the disk is full: {0}")]
    DiskFull(String),
    /// The data directory or a file in it cannot be read or written. For the operator.
    #[error("the data directory cannot be used: {0}")]
    Unusable(String),
    /// Stored data is damaged. For the operator.
    #[error("stored data is damaged: {0}")]
    Corrupt(String),
    /// Another process holds the data directory. For the operator.
    #[error("the data directory {0} is in use by another process; stop it or choose another with --data")]
    Locked(String),
    /// The store is shutting down or overloaded. A retry helps.
    #[error("the store is busy: {0}")]
    Busy(String),
    /// The database failed in another way, or a bug.
    #[error("database error: {0}")]
    Database(String),
    /// A remote store cannot be connected to. For the operator; a retry may help.
    #[error("the store cannot be reached: {0}")]
    Unreachable(String),
    /// A remote store refused this server's credentials. For the operator.
    #[error("the store denied access: {0}")]
    Denied(String),
    /// A remote store did not answer in time. A narrower question may help.
    #[error("the store did not answer in time: {0}")]
    Timeout(String),
    /// The store cannot answer questions of this kind, which the text names.
    #[error("this store does not offer {0}")]
    Unsupported(&'static str),
    /// The answer has more values than fit into its memory. The caller's fault.
    #[error(
        "the answer has more than {0} values; ask for a wider step, a shorter range, or labels with fewer values"
    )]
    TooManyValues(usize),
    /// The answer, or the batch, is larger than the store's limit. The caller's fault.
    #[error("too large for the store: {0}")]
    TooLarge(String),
}

impl From<Cancelled> for StoreError {
    /// No client sees it: everyone who waited for the answer has left.
    fn from(cancelled: Cancelled) -> StoreError {
        StoreError::Busy(cancelled.to_string())
    }
}

//! Failures of profile storage.

/// Why a store could not answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full; nothing of the batch was stored, all that was acknowledged stays readable.
    #[error("the disk is full: {0}")]
    DiskFull(String),
    /// The data folder or a file in it cannot be written or read.
    #[error("the data folder cannot be used: {0}")]
    Unusable(String),
    /// What is on disk is damaged.
    #[error("stored data is damaged: {0}")]
    Corrupt(String),
    /// Another process holds the data folder.
    #[error("the data folder {0} is in use by another process; stop it or choose another with --data")]
    Locked(String),
    /// The store is shutting down or overloaded; worth trying again.
    #[error("the store cannot take more right now: {0}")]
    Busy(String),
    /// Anything else the database said.
    #[error("database error: {0}")]
    Database(String),
}

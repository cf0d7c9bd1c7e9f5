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
    /// A remote store gave an answer that cannot be right: cut off, of another kind, inconsistent. For the operator.
    #[error("the store gave an invalid answer: {0}")]
    Invalid(String),
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

impl StoreError {
    /// The same with the name of the store in front of its text, unless it is there.
    #[must_use]
    pub(super) fn naming(mut self, store: &str) -> StoreError {
        let text = match &mut self {
            StoreError::DiskFull(text)
            | StoreError::Unusable(text)
            | StoreError::Corrupt(text)
            | StoreError::Locked(text)
            | StoreError::Busy(text)
            | StoreError::Database(text)
            | StoreError::Unreachable(text)
            | StoreError::Denied(text)
            | StoreError::Timeout(text)
            | StoreError::Invalid(text)
            | StoreError::TooLarge(text) => text,
            StoreError::Unsupported(_) | StoreError::TooManyValues(_) => return self,
        };
        let is_named = text.strip_prefix(store).is_some_and(|rest| rest.starts_with(": "));
        if !is_named {
            text.insert_str(0, &format!("{store}: "));
        }
        self
    }
}

impl From<Cancelled> for StoreError {
    /// No client sees it: everyone who waited for the answer has left.
    fn from(cancelled: Cancelled) -> StoreError {
        StoreError::Busy(cancelled.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_named_once() {
        let error = StoreError::Timeout("no answer".to_owned()).naming("prod").naming("prod");
        assert_eq!(error.to_string(), "the store did not answer in time: prod: no answer");
        let other = StoreError::Unsupported("pushes").naming("prod");
        assert_eq!(other.to_string(), "this store does not offer pushes");
    }
}

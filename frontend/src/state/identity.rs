//! Large values behind a pointer, compared by identity.

use std::ops::Deref;
use std::sync::Arc;

/// A large value that is shared and compared by identity, so that memos neither copy nor compare it.
#[derive(Debug)]
pub(crate) struct Shared<T>(Arc<T>);

impl<T> Shared<T> {
    /// Shares a value.
    pub(crate) fn new(value: T) -> Self {
        Shared(Arc::new(value))
    }

    /// Wraps a shared value.
    pub(crate) fn from_arc(value: Arc<T>) -> Self {
        Shared(value)
    }

    /// The pointer inside.
    pub(crate) fn arc(&self) -> &Arc<T> {
        &self.0
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Shared(self.0.clone())
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

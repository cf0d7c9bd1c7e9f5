//! [`CancelToken`]: tells a computation that its answer is no longer wanted.
//!
//! A loop cannot be interrupted from outside, so long loops check the token every few thousand steps and end with
//! [`Cancelled`]; what waits for others waits for [`CancelToken::cancelled`] as well. Each computation holds a clone, and dropping the last clone releases the permit: the permit belongs to what
//! runs, even when the request that started it is long gone.

use super::Permit;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Notify;

/// The computation ended early because its answer is no longer wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cancelled: no caller is waiting for the answer")]
pub(crate) struct Cancelled;

/// A flag that a computation checks, and the permit that it runs under. The default token is never cancelled.
#[derive(Clone, Debug, Default)]
pub(crate) struct CancelToken(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    cancelled: AtomicBool,
    /// Wakes those that wait for the cancellation.
    waiting: Notify,
    /// Released with the last clone of the token.
    _permit: Option<Permit>,
}

impl CancelToken {
    /// A token of a computation that runs under `permit`.
    pub(crate) fn holding(permit: Permit) -> CancelToken {
        CancelToken(Arc::new(Shared { _permit: Some(permit), ..Shared::default() }))
    }

    pub(crate) fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::Relaxed);
        self.0.waiting.notify_waiters();
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::Relaxed)
    }

    /// Completes once it is cancelled.
    pub(crate) async fn cancelled(&self) {
        // Made before the flag is read: it is woken by a cancellation between the two.
        let woken = self.0.waiting.notified();
        if !self.is_cancelled() {
            woken.await;
        }
    }

    /// # Errors
    /// [`Cancelled`], once it is.
    pub(crate) fn check(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }

    /// Tells whether the answer is still wanted, without holding the permit.
    pub(crate) fn watch(&self) -> impl Fn() -> bool + Send + 'static {
        let shared = Arc::downgrade(&self.0);
        move || shared.upgrade().is_some_and(|shared| !shared.cancelled.load(Ordering::Relaxed))
    }

    /// Cancels when it is dropped.
    pub(crate) fn cancel_on_drop(&self) -> CancelOnDrop {
        CancelOnDrop(self.clone())
    }
}

/// Held by the future that waits for the answer.
#[must_use]
pub(crate) struct CancelOnDrop(CancelToken);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[test]
    fn is_cancelled_when_the_guard_is_dropped() {
        let token = CancelToken::default();
        let waiting = token.cancel_on_drop();
        assert_eq!(token.check(), Ok(()));
        drop(waiting);
        assert_eq!(token.check(), Err(Cancelled));
    }

    #[test]
    fn watching_ends_with_the_token() {
        let (cancelled, finished) = (CancelToken::default(), CancelToken::default());
        let (first, second) = (cancelled.watch(), finished.watch());
        assert!(first() && second());
        cancelled.cancel();
        drop(finished);
        assert!(!first() && !second());
    }

    #[tokio::test]
    async fn waiting_ends_with_the_cancellation() {
        let token = CancelToken::default();
        let mut waiting = std::pin::pin!(token.cancelled());
        assert!(waiting.as_mut().now_or_never().is_none());
        token.cancel();
        waiting.await;
        token.cancelled().await;
    }
}

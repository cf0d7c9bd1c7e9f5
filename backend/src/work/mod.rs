//! Bounded blocking work: computations that take milliseconds or more run beside the async threads, a few at a time.
//!
//! On an async thread a computation would hold up every other request. With many more of them than cores none would finish
//! sooner, and each would hold its input and its output in memory: the bound on how many run is a bound on memory.
//!
//! The permit belongs to the computation and not to its caller. A caller may time out or hang up; the computation keeps its
//! permit until it has ended. Long ones look at a [`CancelToken`], so that they end soon after.
//!
//! Questions wait in a [`FairQueue`] for their turn; [`ANSWERS`] is for what follows on their results.

mod answers;
mod cancel;
mod fair_queue;

pub(crate) use answers::{ANSWERS, Refused};
pub(crate) use cancel::{CancelToken, Cancelled};
pub(crate) use fair_queue::{FairQueue, Permit, QueueFull, QueueLimits};

use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

/// Runs computations, at most so many at once.
#[derive(Clone)]
pub(crate) struct Workers {
    permits: Arc<Semaphore>,
}

/// The runtime went down before the computation ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server is stopping")]
pub struct Stopping;

impl Workers {
    /// At most `at_once` computations run at the same time; others wait in the order in which they came.
    pub(crate) fn new(at_once: usize) -> Workers {
        Workers { permits: Arc::new(Semaphore::new(at_once)) }
    }

    /// The result of `compute`. A panic in it goes on in the caller.
    ///
    /// # Errors
    /// [`Stopping`].
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        compute: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Stopping> {
        finished(self.start(compute).await).await
    }

    /// Starts `compute` when its turn has come, and lets the caller go on meanwhile.
    #[expect(clippy::disallowed_methods, reason = "the one place: a permit bounds it")]
    pub(crate) async fn start<T: Send + 'static>(
        &self,
        compute: impl FnOnce() -> T + Send + 'static,
    ) -> JoinHandle<T> {
        // Fails only on a closed semaphore, and nothing closes this one.
        let permit = self.permits.clone().acquire_owned().await.ok();
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            compute()
        })
    }
}

/// The result of a computation that was started. A panic in it goes on here.
async fn finished<T>(computation: JoinHandle<T>) -> Result<T, Stopping> {
    match computation.await {
        Ok(result) => Ok(result),
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Err(Stopping),
    }
}

/// Processors of this machine that we may use.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::panic::AssertUnwindSafe;
    use std::sync::mpsc;

    #[tokio::test]
    async fn an_abandoned_computation_keeps_its_permit_until_it_ends() {
        let workers = Workers::new(1);
        let (let_go, wait) = mpsc::channel::<()>();
        let started = workers.start(move || wait.recv()).await;
        drop(started);
        assert!(workers.run(|| ()).now_or_never().is_none(), "the only permit is taken");
        let_go.send(()).unwrap();
        assert_eq!(workers.run(|| 7).await, Ok(7));
    }

    #[tokio::test]
    async fn a_panic_goes_on_in_the_caller_and_gives_its_permit_back() {
        let workers = Workers::new(1);
        let run = AssertUnwindSafe(workers.run::<()>(|| panic!("broken input")));
        let panic = run.catch_unwind().await.unwrap_err();
        assert_eq!(panic.downcast_ref(), Some(&"broken input"));
        assert_eq!(workers.run(|| 7).await, Ok(7));
    }
}

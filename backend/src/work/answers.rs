//! [`ANSWERS`]: computations on answers of the store, bounded in what runs and in what waits.

use super::{Stopping, Workers, cores, finished};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Trees and profiles that are transformed, encoded or compressed for an answer. More than cores, so that a large export does
/// not hold up small answers.
pub(crate) static ANSWERS: LazyLock<Answers> = LazyLock::new(|| Answers::new(4 * cores(), WAITING));

/// Each waiting computation holds its input: a tree of up to a hundred megabytes.
const WAITING: usize = 64;

/// The computation did not run. A retry in a few seconds may succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    /// As many are waiting as may.
    #[error("the server is busy: {0} answers are waiting to be prepared, and no more may")]
    Busy(usize),
    /// The runtime went down.
    #[error(transparent)]
    Stopping(#[from] Stopping),
}

/// [`Workers`] with a limit on how many computations wait.
pub(crate) struct Answers {
    workers: Workers,
    waiting: AtomicUsize,
    most: usize,
}

impl Answers {
    fn new(at_once: usize, most: usize) -> Answers {
        Answers { workers: Workers::new(at_once), waiting: AtomicUsize::new(0), most }
    }

    /// The result of `compute`. A panic in it goes on in the caller.
    ///
    /// # Errors
    /// [`Refused`].
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        compute: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refused> {
        let place = self.place().ok_or(Refused::Busy(self.most))?;
        let started = self.workers.start(compute).await;
        drop(place);
        Ok(finished(started).await?)
    }

    fn place(&self) -> Option<Place<'_>> {
        let room = |waiting| (waiting < self.most).then_some(waiting + 1);
        self.waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, room).ok()?;
        Some(Place(&self.waiting))
    }
}

struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::sync::mpsc;

    #[tokio::test]
    async fn refuses_when_too_many_wait_and_frees_the_places_of_those_who_left() {
        let answers = Answers::new(1, 2);
        let (let_go, wait) = mpsc::channel::<()>();
        let running = answers.workers.start(move || wait.recv()).await;
        let mut waiting: Vec<_> = (0..2).map(|n| Box::pin(answers.run(move || n))).collect();
        for place in &mut waiting {
            assert!(place.as_mut().now_or_never().is_none());
        }
        assert_eq!(answers.run(|| 2).await, Err(Refused::Busy(2)));
        waiting.pop();
        let mut third = Box::pin(answers.run(|| 3));
        assert!(third.as_mut().now_or_never().is_none());
        let_go.send(()).unwrap();
        running.await.unwrap().unwrap();
        assert_eq!((waiting.remove(0).await, third.await), (Ok(0), Ok(3)));
        assert_eq!(answers.waiting.load(Ordering::Relaxed), 0);
    }
}

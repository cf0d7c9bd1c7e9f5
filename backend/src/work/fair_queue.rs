//! A bounded queue in front of computations, fair among callers.
//!
//! - At most `at_once` computations run; each holds a [`Permit`].
//! - Others wait, at most `waiting` in all and `waiting_each` of one caller. Beyond that they are refused at once, so that
//!   the queue takes bounded memory and clients know that they have to retry.
//! - Free permits go to the callers in turn, and each caller's computations start in the order in which they came: a
//!   caller with a hundred of them delays another's first one by one computation.
//!
//! Dropping the future that waits frees its place in the queue at once. The lock is held for a few map operations, never
//! while something runs.
//!
//! Metrics: the gauges `flarepath_queries_running` and `flarepath_queries_waiting`, and the counter
//! `flarepath_queries_refused_total`.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// Sizes of a [`FairQueue`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QueueLimits {
    /// Computations that run at the same time.
    pub(crate) at_once: usize,
    /// Computations that wait, in all.
    pub(crate) waiting: usize,
    /// Those of one caller.
    pub(crate) waiting_each: usize,
}

/// The queue is full. A retry in a few seconds may find a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum QueueFull {
    /// As many queries are waiting as may.
    #[error("the server is busy: {0} queries are waiting, and no more may (query.queue)")]
    InAll(usize),
    /// As many queries of this caller are waiting as may.
    #[error(
        "the server is busy: {0} of your queries are waiting, and no more may (query.queue_per_caller); ask for less at once"
    )]
    OfCaller(usize),
}

/// See the module. Clones share one queue.
#[derive(Clone)]
pub(crate) struct FairQueue(Arc<Inner>);

struct Inner {
    limits: QueueLimits,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    running: usize,
    waiting: usize,
    next_id: u64,
    /// Callers with waiting computations; the first is served next.
    turns: VecDeque<String>,
    of: HashMap<String, VecDeque<Waiter>>,
}

struct Waiter {
    id: u64,
    turn: oneshot::Sender<()>,
}

/// The right to run one computation.
pub(crate) struct Permit(Arc<Inner>);

impl std::fmt::Debug for Permit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Permit")
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.release();
    }
}

impl FairQueue {
    pub(crate) fn new(limits: QueueLimits) -> FairQueue {
        FairQueue(Arc::new(Inner { limits, state: Mutex::default() }))
    }

    /// A permit, when it is the turn of `caller`.
    ///
    /// # Errors
    /// [`QueueFull`], without waiting.
    pub(crate) async fn enter(&self, caller: &str) -> Result<Permit, QueueFull> {
        let place = match self.0.enter(caller) {
            Ok(Entered::Now) => return Ok(Permit(self.0.clone())),
            Ok(Entered::Waits { id, turn }) => {
                Place { inner: self.0.clone(), caller: caller.to_owned(), id, turn, done: false }
            }
            Err(full) => {
                metrics::counter!("flarepath_queries_refused_total").increment(1);
                return Err(full);
            }
        };
        Ok(place.wait().await)
    }
}

enum Entered {
    Now,
    Waits { id: u64, turn: oneshot::Receiver<()> },
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        // Every step leaves the state consistent, so a panic elsewhere is no reason to stop.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, caller: &str) -> Result<Entered, QueueFull> {
        let mut state = self.state();
        if state.waiting == 0 && state.running < self.limits.at_once {
            state.running += 1;
            state.publish();
            return Ok(Entered::Now);
        }
        if state.waiting >= self.limits.waiting {
            return Err(QueueFull::InAll(self.limits.waiting));
        }
        if state.of.get(caller).map_or(0, VecDeque::len) >= self.limits.waiting_each {
            return Err(QueueFull::OfCaller(self.limits.waiting_each));
        }
        let id = state.next_id;
        let (turn, waits) = oneshot::channel();
        state.next_id += 1;
        state.waiting += 1;
        if !state.of.contains_key(caller) {
            state.turns.push_back(caller.to_owned());
        }
        state.of.entry(caller.to_owned()).or_default().push_back(Waiter { id, turn });
        state.publish();
        Ok(Entered::Waits { id, turn: waits })
    }

    /// Passes a permit on to whose turn it is, or keeps it for the next to come.
    fn release(&self) {
        let mut state = self.state();
        match state.next() {
            // The receiver is there: a place leaves the queue before its receiver is dropped.
            Some(waiter) => drop(waiter.turn.send(())),
            None => state.running -= 1,
        }
        state.publish();
    }

    /// Takes a place out of the queue. False if it got its turn before.
    fn leave(&self, caller: &str, id: u64) -> bool {
        let mut state = self.state();
        let Some(own) = state.of.get_mut(caller) else { return false };
        let Some(at) = own.iter().position(|waiter| waiter.id == id) else { return false };
        own.remove(at);
        if own.is_empty() {
            state.of.remove(caller);
            state.turns.retain(|name| name != caller);
        }
        state.waiting -= 1;
        state.publish();
        true
    }
}

impl State {
    fn next(&mut self) -> Option<Waiter> {
        let caller = self.turns.pop_front()?;
        let own = self.of.get_mut(&caller)?;
        let waiter = own.pop_front();
        if own.is_empty() {
            self.of.remove(&caller);
        } else {
            self.turns.push_back(caller);
        }
        self.waiting -= 1;
        waiter
    }

    fn publish(&self) {
        metrics::gauge!("flarepath_queries_running").set(self.running as f64);
        metrics::gauge!("flarepath_queries_waiting").set(self.waiting as f64);
    }
}

/// A place in the queue.
struct Place {
    inner: Arc<Inner>,
    caller: String,
    id: u64,
    turn: oneshot::Receiver<()>,
    done: bool,
}

impl Place {
    async fn wait(mut self) -> Permit {
        // Fails only if the sender is dropped unused, and every waiter that is taken out gets its turn.
        let _ = (&mut self.turn).await;
        self.done = true;
        Permit(self.inner.clone())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.done && !self.inner.leave(&self.caller, self.id) {
            // Its turn came while it was being dropped.
            self.inner.release();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use futures::future::BoxFuture;

    type Waiting<'a> = BoxFuture<'a, Result<Permit, QueueFull>>;

    fn queue(at_once: usize, waiting: usize, waiting_each: usize) -> FairQueue {
        FairQueue::new(QueueLimits { at_once, waiting, waiting_each })
    }

    fn counts(queue: &FairQueue) -> (usize, usize) {
        let state = queue.0.state();
        (state.running, state.waiting)
    }

    /// Begins to wait.
    fn waits<'a>(queue: &'a FairQueue, caller: &'a str) -> Waiting<'a> {
        let mut place = queue.enter(caller).boxed();
        assert!(place.as_mut().now_or_never().is_none(), "{caller} waits");
        place
    }

    fn refused(queue: &FairQueue, caller: &str) -> QueueFull {
        queue.enter(caller).now_or_never().expect("at once").unwrap_err()
    }

    #[tokio::test]
    async fn callers_take_turns_and_each_keeps_its_order() {
        let queue = queue(1, 100, 100);
        let mut permit = queue.enter("first").await.unwrap();
        let mut waiting = Vec::new();
        for name in ["ann 1", "ann 2", "ann 3", "bob 1", "cyd 1", "bob 2"] {
            waiting.push((name, waits(&queue, name.split(' ').next().unwrap())));
        }
        let mut served = Vec::new();
        while !waiting.is_empty() {
            drop(permit);
            let mut given = None;
            let ready = waiting.iter_mut().position(|(_, place)| {
                given = place.now_or_never();
                given.is_some()
            });
            served.push(waiting.remove(ready.expect("one is next")).0);
            permit = given.unwrap().unwrap();
        }
        assert_eq!(served, ["ann 1", "bob 1", "cyd 1", "ann 2", "bob 2", "ann 3"]);
        drop(permit);
        assert_eq!(counts(&queue), (0, 0));
    }

    #[tokio::test]
    async fn refuses_beyond_the_limits_in_all_and_of_one_caller() {
        let queue = queue(1, 3, 2);
        let running = queue.enter("ann").await.unwrap();
        let _one = waits(&queue, "ann");
        let _two = waits(&queue, "ann");
        assert_eq!(refused(&queue, "ann"), QueueFull::OfCaller(2));
        let _three = waits(&queue, "bob");
        assert_eq!(refused(&queue, "cyd"), QueueFull::InAll(3));
        assert_eq!(counts(&queue), (1, 3));
        drop(running);
        assert_eq!(counts(&queue), (1, 2));
    }

    #[tokio::test]
    async fn leaving_frees_the_place_or_the_permit() {
        let queue = queue(1, 10, 10);
        let running = queue.enter("ann").await.unwrap();
        let places: Vec<_> = (0..10).map(|_| waits(&queue, "ann")).collect();
        assert_eq!(counts(&queue), (1, 10));
        drop(places);
        assert_eq!(counts(&queue), (1, 0));
        assert!(queue.0.state().of.is_empty() && queue.0.state().turns.is_empty());
        // Its turn comes, and it leaves before it has noticed.
        let place = waits(&queue, "bob");
        drop(running);
        assert_eq!(counts(&queue), (1, 0));
        drop(place);
        assert_eq!(counts(&queue), (0, 0));
    }
}

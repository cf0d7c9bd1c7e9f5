//! Computations in progress, shared by callers that send the same query at the same time.
//!
//! The callers poll the computation, and it is dropped when the last of them leaves. A later caller joins only if nothing was
//! written to the range of the query since the computation began.

use super::QueryError;
use crate::store::Mark;
use futures::FutureExt;
use futures::future::{BoxFuture, Shared, WeakShared};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Computation<T> = BoxFuture<'static, Result<T, QueryError>>;

/// Computations by their question.
pub(super) struct Flights<K, T>(Arc<Mutex<UnderWay<K, T>>>);

struct UnderWay<K, T> {
    by_key: HashMap<K, Flight<T>>,
    next_id: u64,
}

struct Flight<T> {
    id: u64,
    /// State of the store before it began.
    mark: Mark,
    answer: WeakShared<Computation<T>>,
}

impl<K, T> Default for Flights<K, T> {
    fn default() -> Self {
        Flights(Arc::new(Mutex::new(UnderWay { by_key: HashMap::new(), next_id: 0 })))
    }
}

impl<K, T> Flights<K, T>
where
    K: Clone + Eq + Hash + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// The computation of `key` in progress, if its `mark` still `holds`; otherwise a new one from `begin`.
    pub(super) fn join(
        &self,
        key: K,
        holds: impl FnOnce(Mark) -> bool,
        begin: impl FnOnce() -> (Mark, Computation<T>),
    ) -> Shared<Computation<T>> {
        let known = lock(&self.0).by_key.get(&key).map(|flight| (flight.mark, flight.answer.clone()));
        // Outside of the lock: if this were the last reference, dropping it would take the lock again.
        if let Some((mark, answer)) = known
            && let Some(answer) = answer.upgrade()
            && holds(mark)
        {
            return answer;
        }
        let (mark, compute) = begin();
        let mut under_way = lock(&self.0);
        let id = under_way.next_id;
        under_way.next_id += 1;
        let landing = Landing { flights: self.0.clone(), key: key.clone(), id };
        let answer = async move {
            let _landing = landing;
            compute.await
        };
        let answer = answer.boxed().shared();
        // Not yet polled, so there is something to point to.
        if let Some(weak) = answer.downgrade() {
            under_way.by_key.insert(key, Flight { id, mark, answer: weak });
        }
        answer
    }
}

fn lock<K, T>(under_way: &Mutex<UnderWay<K, T>>) -> MutexGuard<'_, UnderWay<K, T>> {
    under_way.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes a computation from the list when it has ended or was dropped.
struct Landing<K: Eq + Hash, T> {
    flights: Arc<Mutex<UnderWay<K, T>>>,
    key: K,
    id: u64,
}

impl<K: Eq + Hash, T> Drop for Landing<K, T> {
    fn drop(&mut self) {
        let mut under_way = lock(&self.flights);
        if under_way.by_key.get(&self.key).is_some_and(|flight| flight.id == self.id) {
            under_way.by_key.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Freshness, WriteLog};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::sync::oneshot;

    fn mark() -> Mark {
        WriteLog::default().mark()
    }

    #[tokio::test]
    async fn callers_share_one_computation_and_the_last_to_leave_drops_it() {
        let flights = Flights::<u8, usize>::default();
        let begun = AtomicUsize::new(0);
        let mut gates = Vec::new();
        let mut ask = |holds: bool| {
            flights.join(
                1,
                |_| holds,
                || {
                    begun.fetch_add(1, Ordering::Relaxed);
                    let (open, gate) = oneshot::channel::<usize>();
                    gates.push(open);
                    let compute = async { gate.await.map_err(|e| QueryError::Internal(e.to_string())) };
                    (mark(), compute.boxed())
                },
            )
        };
        let (mut first, mut second) = (ask(true), ask(true));
        assert!((&mut first).now_or_never().is_none() && (&mut second).now_or_never().is_none());
        drop(first);
        let mut stale = ask(false);
        assert!((&mut stale).now_or_never().is_none());
        assert_eq!(begun.load(Ordering::Relaxed), 2, "shared once, and not when it no longer holds");
        assert!(!gates[0].is_closed(), "the second still waits");
        drop(second);
        assert!(gates[0].is_closed(), "nobody waits");
        gates.pop().unwrap().send(7).unwrap();
        assert_eq!(stale.await.unwrap(), 7);
        assert!(lock(&flights.0).by_key.is_empty());
    }
}

//! How far the other end of a connection has come, and when it has had its time.
//!
//! The other end owes a request head when no request is in flight, and owes reading when a piece of a response waits for it.
//! While a handler computes it owes nothing: requests have a time limit of their own (`middleware::deadline`).

use crate::config::ConnectionConfig;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio::time::Instant;

/// Why the server closed a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The first request head did not arrive in time.
    Header,
    /// No further request arrived in time.
    Idle,
    /// The other end does not read.
    SlowReader,
    /// Another connection needed the slot.
    Evicted,
}

impl Reason {
    /// The label of the metric.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Reason::Header => "header",
            Reason::Idle => "idle",
            Reason::SlowReader => "slow_reader",
            Reason::Evicted => "evicted",
        }
    }
}

/// What to do with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing before this time.
    Wait(Instant),
    /// Take no new requests, as a response stands still while others go on (HTTP/2).
    Drain(Instant),
    /// Close it.
    Close(Reason),
}

/// Progress of one connection, shared by the parts that see it.
pub(super) struct Progress {
    state: Mutex<State>,
    evicted: Notify,
}

#[derive(Debug)]
struct State {
    /// Requests in flight, from their complete head to the last piece of the response. The value says since when a piece waits
    /// for the other end.
    requests: HashMap<u64, Option<Instant>>,
    /// Number of requests so far.
    served: u64,
    /// When the last request ended, or else when the connection was opened.
    waiting_since: Instant,
}

impl Progress {
    pub(super) fn new(now: Instant) -> Arc<Progress> {
        let state = State { requests: HashMap::new(), served: 0, waiting_since: now };
        Arc::new(Progress { state: Mutex::new(state), evicted: Notify::new() })
    }

    /// Begins a request.
    pub(super) fn begin(self: &Arc<Self>) -> InFlight {
        let mut state = self.state();
        state.served += 1;
        let id = state.served;
        state.requests.insert(id, None);
        InFlight { progress: self.clone(), id }
    }

    /// What to do at `now`.
    pub(super) fn verdict(&self, limits: &ConnectionConfig, now: Instant) -> Verdict {
        let state = self.state();
        if state.requests.is_empty() {
            let (limit, reason) = match state.served {
                0 => (limits.header_timeout, Reason::Header),
                _ => (limits.idle_timeout, Reason::Idle),
            };
            let until = state.waiting_since + limit;
            return if now < until { Verdict::Wait(until) } else { Verdict::Close(reason) };
        }
        let is_stalled = |since: &Option<Instant>| since.is_some_and(|at| at + limits.write_timeout <= now);
        match state.requests.values().filter(|since| is_stalled(since)).count() {
            0 => {
                let earliest = state.requests.values().flatten().min().copied();
                Verdict::Wait(earliest.unwrap_or(now) + limits.write_timeout)
            }
            stalled if stalled == state.requests.len() => Verdict::Close(Reason::SlowReader),
            _ => Verdict::Drain(now + limits.write_timeout),
        }
    }

    /// How long it has been waiting for a request; `None` while one is in flight. A connection that never had one sorts
    /// before all others.
    pub(super) fn waiting(&self) -> Option<(bool, Instant)> {
        let state = self.state();
        state.requests.is_empty().then_some((state.served > 0, state.waiting_since))
    }

    /// Asks for the connection to be closed.
    pub(super) fn evict(&self) {
        self.evicted.notify_one();
    }

    /// Completes when the connection is to be closed for another one.
    pub(super) async fn evicted(&self) {
        self.evicted.notified().await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request in flight. It ends when this is dropped.
pub(super) struct InFlight {
    progress: Arc<Progress>,
    id: u64,
}

impl InFlight {
    /// A piece of the response waits for the other end since `now`.
    pub(super) fn offered(&self, now: Instant) {
        self.progress.state().requests.insert(self.id, Some(now));
    }

    /// The other end has taken what was offered.
    pub(super) fn taken(&self) {
        self.progress.state().requests.insert(self.id, None);
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut state = self.progress.state();
        state.requests.remove(&self.id);
        state.waiting_since = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const SECOND: Duration = Duration::from_secs(1);

    fn limits() -> ConnectionConfig {
        ConnectionConfig {
            header_timeout: SECOND * 10,
            idle_timeout: SECOND * 60,
            write_timeout: SECOND * 30,
            ..ConnectionConfig::default()
        }
    }

    #[test]
    fn a_connection_without_a_request_ends_and_bytes_do_not_extend_it() {
        let start = Instant::now();
        let progress = Progress::new(start);
        let at = |after| progress.verdict(&limits(), start + after);
        assert_eq!(at(SECOND * 9), Verdict::Wait(start + SECOND * 10));
        assert_eq!(at(SECOND * 10), Verdict::Close(Reason::Header));
        assert_eq!(progress.waiting(), Some((false, start)));
        drop(progress.begin());
        let since = progress.waiting().unwrap().1;
        let at = |after| progress.verdict(&limits(), since + after);
        assert_eq!(at(SECOND * 59), Verdict::Wait(since + SECOND * 60));
        assert_eq!(at(SECOND * 60), Verdict::Close(Reason::Idle));
    }

    #[test]
    fn a_handler_may_take_its_time_and_a_reader_may_not() {
        let start = Instant::now();
        let progress = Progress::new(start);
        let request = progress.begin();
        let at = |after| progress.verdict(&limits(), start + after);
        assert!(matches!(at(SECOND * 1000), Verdict::Wait(_)));
        assert_eq!(progress.waiting(), None);
        request.offered(start + SECOND * 1000);
        assert_eq!(at(SECOND * 1029), Verdict::Wait(start + SECOND * 1030));
        assert_eq!(at(SECOND * 1030), Verdict::Close(Reason::SlowReader));
        request.taken();
        assert!(matches!(at(SECOND * 1030), Verdict::Wait(_)));
    }

    #[test]
    fn a_stalled_stream_does_not_end_the_others() {
        let start = Instant::now();
        let progress = Progress::new(start);
        let (stalled, other) = (progress.begin(), progress.begin());
        stalled.offered(start);
        let at = |after| progress.verdict(&limits(), start + after);
        assert_eq!(at(SECOND * 30), Verdict::Drain(start + SECOND * 60));
        drop(other);
        assert_eq!(at(SECOND * 30), Verdict::Close(Reason::SlowReader));
    }
}

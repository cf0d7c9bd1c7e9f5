//! Progress of a connection, and its time limits.
//!
//! A limit applies while the server waits for the client: for a request head when no request is in flight, and for reading when
//! a piece of a response is pending. It does not apply while a handler runs; `middleware::deadline` limits that.

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
    /// The client does not read.
    SlowReader,
    /// Closed to admit another connection.
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
    /// Check again at this time.
    Wait(Instant),
    /// Accept no further requests: one response has stalled, others make progress (HTTP/2). Check again at this time.
    Drain(Instant),
    /// Close it.
    Close(Reason),
}

/// Progress of one connection.
pub(super) struct Progress {
    state: Mutex<State>,
    evicted: Notify,
}

#[derive(Debug)]
struct State {
    /// Requests in flight, from the complete head to the last piece of the response; with the time since when a piece is
    /// pending.
    requests: HashMap<u64, Option<Instant>>,
    /// Number of requests so far.
    served: u64,
    /// End of the last request, or opening of the connection.
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

    /// What to do at `now`. The next check is due within the shortest limit, as requests begin and end in between.
    pub(super) fn verdict(&self, limits: &ConnectionConfig, now: Instant) -> Verdict {
        let soon = now + limits.header_timeout.min(limits.idle_timeout).min(limits.write_timeout);
        let state = self.state();
        if state.requests.is_empty() {
            let (limit, reason) = match state.served {
                0 => (limits.header_timeout, Reason::Header),
                _ => (limits.idle_timeout, Reason::Idle),
            };
            let until = state.waiting_since + limit;
            return if now < until { Verdict::Wait(until.min(soon)) } else { Verdict::Close(reason) };
        }
        let is_stalled = |since: &Option<Instant>| since.is_some_and(|at| at + limits.write_timeout <= now);
        match state.requests.values().filter(|since| is_stalled(since)).count() {
            0 => {
                let earliest = state.requests.values().flatten().min();
                Verdict::Wait(earliest.map_or(soon, |at| soon.min(*at + limits.write_timeout)))
            }
            stalled if stalled == state.requests.len() => Verdict::Close(Reason::SlowReader),
            _ => Verdict::Drain(soon),
        }
    }

    /// Since when it has been waiting for a request; `None` while one is in flight. Connections without any request so far
    /// sort first.
    pub(super) fn waiting(&self) -> Option<(bool, Instant)> {
        let state = self.state();
        state.requests.is_empty().then_some((state.served > 0, state.waiting_since))
    }

    /// Requests that the connection be closed to admit another one.
    pub(super) fn evict(&self) {
        self.evicted.notify_one();
    }

    /// Completes when [`Progress::evict`] is called.
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
    /// A piece of the response is pending since `now`.
    pub(super) fn offered(&self, now: Instant) {
        self.progress.state().requests.insert(self.id, Some(now));
    }

    /// The pending piece was taken.
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
    fn connections_without_a_request_time_out() {
        let start = Instant::now();
        let progress = Progress::new(start);
        let at = |after| progress.verdict(&limits(), start + after);
        assert_eq!(at(SECOND * 9), Verdict::Wait(start + SECOND * 10));
        assert_eq!(at(SECOND * 10), Verdict::Close(Reason::Header));
        assert_eq!(progress.waiting(), Some((false, start)));
        drop(progress.begin());
        let since = progress.waiting().unwrap().1;
        let at = |after| progress.verdict(&limits(), since + after);
        assert_eq!(at(SECOND * 20), Verdict::Wait(since + SECOND * 30), "the shortest limit later");
        assert_eq!(at(SECOND * 59), Verdict::Wait(since + SECOND * 60));
        assert_eq!(at(SECOND * 60), Verdict::Close(Reason::Idle));
    }

    #[test]
    fn slow_readers_time_out_but_slow_handlers_do_not() {
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
    fn a_stalled_stream_drains_the_connection_and_closes_it_when_alone() {
        let start = Instant::now();
        let progress = Progress::new(start);
        let (stalled, other) = (progress.begin(), progress.begin());
        stalled.offered(start);
        let at = |after| progress.verdict(&limits(), start + after);
        assert_eq!(at(SECOND * 30), Verdict::Drain(start + SECOND * 40));
        drop(other);
        assert_eq!(at(SECOND * 30), Verdict::Close(Reason::SlowReader));
    }
}

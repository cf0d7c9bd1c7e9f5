//! Circuit breaker: a store that is down is left alone for a while, so that nobody waits for it and it can recover.
//!
//! After [`FAILURES`] failures in a row it opens, and requests fail at once. 5 s later one request is let through: if it fails,
//! the store is left alone for 10 s, then 20 s, at most a minute; if it is answered, all requests pass again. Pure: times are
//! those of [`Clock::elapsed`](crate::clock::Clock::elapsed).

use std::time::Duration;

/// Failures in a row that open it. Each call makes up to three attempts.
const FAILURES: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Decides whether a store is asked.
#[derive(Debug, Default)]
pub(super) struct Breaker(State);

#[derive(Clone, Copy, Debug)]
enum State {
    /// Requests pass; so many have failed in a row.
    Closed { failures: u32 },
    /// None passes until then.
    Open { until: Duration, pause: Duration },
    /// One request is under way, whose result decides.
    HalfOpen { pause: Duration },
}

/// The right to make one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pass {
    Usual,
    /// Its result decides whether others pass.
    Probe,
}

impl Default for State {
    fn default() -> State {
        State::Closed { failures: 0 }
    }
}

impl Breaker {
    /// A pass, unless the store is left alone.
    pub(super) fn pass(&mut self, now: Duration) -> Option<Pass> {
        match self.0 {
            State::Closed { .. } => Some(Pass::Usual),
            State::Open { until, pause } if now >= until => {
                self.0 = State::HalfOpen { pause };
                Some(Pass::Probe)
            }
            State::Open { .. } | State::HalfOpen { .. } => None,
        }
    }

    /// Whether [`Breaker::pass`] would give none.
    pub(super) fn refuses(&self, now: Duration) -> bool {
        match self.0 {
            State::Closed { .. } => false,
            State::Open { until, .. } => now < until,
            State::HalfOpen { .. } => true,
        }
    }

    /// Whether the store was down the last time that it was asked.
    pub(super) fn is_open(&self) -> bool {
        !matches!(self.0, State::Closed { .. })
    }

    /// The store answered, with whatever.
    pub(super) fn answered(&mut self) {
        self.0 = State::default();
    }

    /// The store did not answer. Requests that began before it opened change nothing any more.
    pub(super) fn failed(&mut self, pass: Pass, now: Duration) {
        self.0 = match (self.0, pass) {
            (State::Closed { failures }, _) if failures + 1 < FAILURES => {
                State::Closed { failures: failures + 1 }
            }
            (State::Closed { .. }, _) => opened(now, FIRST_PAUSE),
            (State::HalfOpen { pause }, Pass::Probe) => opened(now, (pause * 2).min(LONGEST_PAUSE)),
            (unchanged, _) => unchanged,
        };
    }

    /// The request ended without a result: another may probe.
    pub(super) fn abandoned(&mut self, pass: Pass, now: Duration) {
        if let (State::HalfOpen { pause }, Pass::Probe) = (self.0, pass) {
            self.0 = State::Open { until: now, pause };
        }
    }
}

fn opened(now: Duration, pause: Duration) -> State {
    State::Open { until: now + pause, pause }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock, ManualClock};
    use flarepath_profile::unix_nanos::UnixNanos;

    /// A breaker and its clock.
    struct Store(Breaker, ManualClock);

    impl Store {
        fn new() -> Store {
            Store(Breaker::default(), ManualClock::at(UnixNanos(0)))
        }

        fn now(&self) -> Duration {
            self.1.elapsed()
        }

        fn pass(&mut self) -> Option<Pass> {
            let now = self.now();
            let refuses = self.0.refuses(now);
            let pass = self.0.pass(now);
            assert_eq!(refuses, pass.is_none());
            pass
        }

        fn fails(&mut self, times: u32) {
            for _ in 0..times {
                let (pass, now) = (self.pass().unwrap(), self.now());
                self.0.failed(pass, now);
            }
        }
    }

    #[test]
    fn opens_after_five_failures_in_a_row() {
        let mut store = Store::new();
        store.fails(4);
        store.0.answered();
        store.fails(4);
        assert!(!store.0.is_open());
        store.fails(1);
        assert!(store.0.is_open() && store.pass().is_none());
    }

    #[test]
    fn one_probe_passes_after_each_pause() {
        let mut store = Store::new();
        store.fails(5);
        for pause_secs in [5, 10, 20, 40, 60, 60] {
            store.1.advance(Duration::from_secs(pause_secs) - Duration::from_millis(1));
            assert_eq!(store.pass(), None, "{pause_secs}");
            store.1.advance(Duration::from_millis(1));
            assert_eq!(store.pass(), Some(Pass::Probe), "{pause_secs}");
            assert_eq!(store.pass(), None, "one at a time");
            let now = store.now();
            store.0.failed(Pass::Probe, now);
        }
        store.1.advance(LONGEST_PAUSE);
        assert_eq!(store.pass(), Some(Pass::Probe));
        store.0.answered();
        assert_eq!((store.pass(), store.0.is_open()), (Some(Pass::Usual), false));
        store.fails(5);
        store.1.advance(FIRST_PAUSE);
        assert_eq!(store.pass(), Some(Pass::Probe), "the pauses begin again");
    }

    #[test]
    fn an_abandoned_probe_lets_another_one_through() {
        let mut store = Store::new();
        store.fails(5);
        store.1.advance(FIRST_PAUSE);
        let (pass, now) = (store.pass().unwrap(), store.now());
        store.0.abandoned(pass, now);
        assert_eq!(store.pass(), Some(Pass::Probe));
    }

    #[test]
    fn requests_that_began_before_it_opened_change_nothing() {
        let mut store = Store::new();
        store.fails(5);
        store.1.advance(FIRST_PAUSE);
        assert_eq!(store.pass(), Some(Pass::Probe));
        let now = store.now();
        store.0.failed(Pass::Usual, now);
        store.0.abandoned(Pass::Usual, now);
        assert_eq!(store.pass(), None, "the probe is still under way");
    }
}

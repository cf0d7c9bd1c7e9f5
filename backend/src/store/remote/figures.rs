//! Figures about the requests to a store in the last five minutes. Pure: times are those of
//! [`Clock::elapsed`](crate::clock::Clock::elapsed), so that setting the clock changes nothing.

use flarepath_profile::unix_nanos::UnixNanos;
use std::collections::VecDeque;
use std::time::Duration;

const WINDOW: Duration = Duration::from_secs(300);
/// Requests are counted by slots of this width, so that the window may be shorter by as much.
const SLOT: Duration = Duration::from_secs(10);
const MAX_LATENCIES: usize = 512;
/// Characters of the last error.
const MAX_ERROR: usize = 500;

/// Health of a store.
#[derive(Clone, Debug, Default)]
pub struct UpstreamHealth {
    /// Its version, once an answer has told it.
    pub version: Option<String>,
    /// Whether it is left alone because it did not answer: the circuit breaker is open.
    pub is_down: bool,
    /// Requests of the last five minutes, repetitions included.
    pub requests: u64,
    /// Those of them that failed.
    pub errors: u64,
    /// Median of the times to an answer in the last five minutes, of at most 512 of them; absent without an answer.
    pub latency_p50: Option<Duration>,
    /// 95th percentile of the same.
    pub latency_p95: Option<Duration>,
    /// Time and text of the last failure since the start.
    pub last_error: Option<(UnixNanos, String)>,
}

/// Requests by time, the times of the answers, and the last failure.
#[derive(Debug, Default)]
pub(super) struct Figures {
    /// The slots with requests, oldest first.
    slots: VecDeque<Slot>,
    /// When an answer came, and after which time; oldest first.
    latencies: VecDeque<(Duration, Duration)>,
    last_error: Option<(UnixNanos, String)>,
}

#[derive(Debug)]
struct Slot {
    start: Duration,
    requests: u64,
    errors: u64,
}

impl Figures {
    /// Counts a request that ended at `now`, and its time if it was answered.
    pub(super) fn count(&mut self, now: Duration, is_error: bool, latency: Option<Duration>) {
        self.forget(now);
        let start = Duration::from_secs(now.as_secs() - now.as_secs() % SLOT.as_secs());
        if self.slots.back().is_none_or(|slot| slot.start < start) {
            self.slots.push_back(Slot { start, requests: 0, errors: 0 });
        }
        if let Some(slot) = self.slots.back_mut() {
            slot.requests += 1;
            slot.errors += u64::from(is_error);
        }
        if let Some(latency) = latency {
            if self.latencies.len() >= MAX_LATENCIES {
                self.latencies.pop_front();
            }
            self.latencies.push_back((now, latency));
        }
    }

    /// Keeps the beginning of an error's text.
    pub(super) fn note_error(&mut self, at: UnixNanos, text: &str) {
        let mut kept: String = text.chars().take(MAX_ERROR).collect();
        if kept.len() < text.len() {
            kept.push('…');
        }
        self.last_error = Some((at, kept));
    }

    /// The figures at `now`.
    pub(super) fn health(&mut self, now: Duration) -> UpstreamHealth {
        self.forget(now);
        let mut latencies: Vec<Duration> = self.latencies.iter().map(|(_, latency)| *latency).collect();
        latencies.sort_unstable();
        UpstreamHealth {
            version: None,
            is_down: false,
            requests: self.slots.iter().map(|slot| slot.requests).sum(),
            errors: self.slots.iter().map(|slot| slot.errors).sum(),
            latency_p50: percentile(&latencies, 50),
            latency_p95: percentile(&latencies, 95),
            last_error: self.last_error.clone(),
        }
    }

    fn forget(&mut self, now: Duration) {
        let is_old = |at: Duration| at + WINDOW <= now;
        while self.slots.front().is_some_and(|slot| is_old(slot.start)) {
            self.slots.pop_front();
        }
        while self.latencies.front().is_some_and(|(at, _)| is_old(*at)) {
            self.latencies.pop_front();
        }
    }
}

/// The nearest rank: the smallest value that at least `percent` of all do not exceed.
fn percentile(sorted: &[Duration], percent: usize) -> Option<Duration> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock, ManualClock};

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn requests_of_five_minutes_are_counted() {
        let clock = ManualClock::at(UnixNanos(0));
        let mut figures = Figures::default();
        for second in 0..600 {
            figures.count(clock.elapsed(), second % 10 == 0, Some(MS * second));
            clock.advance(Duration::from_secs(1));
        }
        let health = figures.health(clock.elapsed());
        // The slots of the seconds 310 to 599.
        assert_eq!((health.requests, health.errors), (290, 29));
        // 301 to 599 are 299 values, the 150th of which is 450 and the 285th 585.
        assert_eq!((health.latency_p50, health.latency_p95), (Some(MS * 450), Some(MS * 585)));
        clock.advance(WINDOW);
        let later = figures.health(clock.elapsed());
        assert_eq!((later.requests, later.errors, later.latency_p50), (0, 0, None));
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let mut figures = Figures::default();
        for number in 0..10_000 {
            figures.count(MS * number, false, Some(MS * number));
        }
        assert_eq!((figures.slots.len(), figures.latencies.len()), (1, MAX_LATENCIES));
        let health = figures.health(MS * 10_000);
        // The newest 512 are kept: 9488 to 9999.
        assert_eq!((health.requests, health.latency_p50), (10_000, Some(MS * 9743)));
        figures.note_error(UnixNanos(7), &"é".repeat(1000));
        let (at, text) = figures.health(MS).last_error.unwrap();
        assert_eq!((at, text.chars().count()), (UnixNanos(7), MAX_ERROR + 1));
    }

    #[test]
    fn percentiles_are_values_that_occurred() {
        let sorted: Vec<Duration> = (1..=20).map(|number| MS * number).collect();
        assert_eq!(percentile(&sorted, 50), Some(MS * 10));
        assert_eq!(percentile(&sorted, 95), Some(MS * 19));
        assert_eq!(percentile(&sorted[..1], 50), Some(MS));
        assert_eq!(percentile(&[], 95), None);
    }
}

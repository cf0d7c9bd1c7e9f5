//! Tracks when each service last got profiles and how far its data reaches, which decides when windows are folded.

use flarepath_profile::unix_nanos::UnixNanos;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A service without a push for this long is quiet; its windows are folded without waiting for more profiles.
const QUIET: Duration = Duration::from_secs(2);

/// The latest push of a service.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pulse {
    /// Start of its newest profile.
    pub(crate) newest: UnixNanos,
    /// When the last profile arrived.
    pub(crate) last: Instant,
}

/// Services that got profiles since the start of this process.
#[derive(Default)]
pub(crate) struct Activity {
    pulses: Mutex<HashMap<i64, Pulse>>,
}

impl Activity {
    /// Notes that a profile was stored.
    pub(crate) fn note(&self, service: i64, start: UnixNanos) {
        let mut pulses = self.pulses.lock().unwrap_or_else(PoisonError::into_inner);
        let pulse = pulses.entry(service).or_insert(Pulse { newest: start, last: Instant::now() });
        pulse.newest = pulse.newest.max(start);
        pulse.last = Instant::now();
    }

    /// Forgets a service that is gone.
    pub(crate) fn forget(&self, service: i64) {
        self.pulses.lock().unwrap_or_else(PoisonError::into_inner).remove(&service);
    }

    /// The latest push of a service, if there was one since the start of this process.
    pub(crate) fn of(&self, service: i64) -> Option<Pulse> {
        self.pulses.lock().unwrap_or_else(PoisonError::into_inner).get(&service).copied()
    }
}

/// Which windows of a service are complete, and whether the service is quiet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Horizon {
    /// Windows that end at this time or earlier are complete.
    pub(crate) before: UnixNanos,
    /// No profiles are arriving.
    pub(crate) quiet: bool,
}

impl Horizon {
    /// Every window is complete.
    pub(crate) const ALL: Horizon = Horizon { before: UnixNanos::MAX, quiet: true };

    /// A window is complete once the service's data, or the clock if the service is quiet, is past its end by `delay`.
    pub(crate) fn of(pulse: Option<Pulse>, now: UnixNanos, delay: Duration) -> Horizon {
        let quiet = pulse.is_none_or(|p| p.last.elapsed() >= QUIET);
        let by_data = pulse.map_or(UnixNanos::MIN, |p| p.newest);
        let reached = if quiet { by_data.max(now) } else { by_data };
        Horizon { before: reached.minus(delay), quiet }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_counts_only_when_quiet() {
        let delay = Duration::from_nanos(10);
        let active = Some(Pulse { newest: UnixNanos(100), last: Instant::now() });
        assert_eq!(
            Horizon::of(active, UnixNanos(1000), delay),
            Horizon { before: UnixNanos(90), quiet: false }
        );
        assert_eq!(
            Horizon::of(None, UnixNanos(1000), delay),
            Horizon { before: UnixNanos(990), quiet: true }
        );
    }
}

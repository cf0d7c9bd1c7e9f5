//! When each service last got profiles, and how far its data reaches: what decides when windows are folded.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A service that got nothing for so long is quiet: what waits for company need wait no longer.
const QUIET: Duration = Duration::from_secs(2);

/// A service's last sign of life.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pulse {
    /// Start of its newest profile.
    pub(crate) newest_ns: i64,
    /// When it came.
    pub(crate) last: Instant,
}

/// Services that got profiles since the start of this process.
#[derive(Default)]
pub(crate) struct Activity {
    pulses: Mutex<HashMap<i64, Pulse>>,
}

impl Activity {
    /// Notes that a profile was stored.
    pub(crate) fn note(&self, service: i64, start_ns: i64) {
        let mut pulses = self.pulses.lock().unwrap_or_else(PoisonError::into_inner);
        let pulse = pulses.entry(service).or_insert(Pulse { newest_ns: start_ns, last: Instant::now() });
        pulse.newest_ns = pulse.newest_ns.max(start_ns);
        pulse.last = Instant::now();
    }

    /// What is known of a service.
    pub(crate) fn of(&self, service: i64) -> Option<Pulse> {
        self.pulses.lock().unwrap_or_else(PoisonError::into_inner).get(&service).copied()
    }
}

/// Up to when windows of a service are over, and whether it is quiet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Horizon {
    /// Windows that end at this time or earlier are over.
    pub(crate) before_ns: i64,
    /// Nothing is coming in right now.
    pub(crate) quiet: bool,
}

impl Horizon {
    /// Everything is over.
    pub(crate) const ALL: Horizon = Horizon { before_ns: i64::MAX, quiet: true };

    /// A window is over when the service's own data went on past it by `delay`; or, once the service is quiet, when the
    /// clock did.
    pub(crate) fn of(pulse: Option<Pulse>, now_ns: i64, delay: Duration) -> Horizon {
        let delay = i64::try_from(delay.as_nanos()).unwrap_or(i64::MAX);
        let quiet = pulse.is_none_or(|p| p.last.elapsed() >= QUIET);
        let by_data = pulse.map_or(i64::MIN, |p| p.newest_ns);
        let reached = if quiet { by_data.max(now_ns) } else { by_data };
        Horizon { before_ns: reached.saturating_sub(delay), quiet }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_counts_only_when_quiet() {
        let delay = Duration::from_nanos(10);
        let active = Some(Pulse { newest_ns: 100, last: Instant::now() });
        assert_eq!(Horizon::of(active, 1000, delay), Horizon { before_ns: 90, quiet: false });
        assert_eq!(Horizon::of(None, 1000, delay), Horizon { before_ns: 990, quiet: true });
    }
}

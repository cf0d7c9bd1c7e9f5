//! [`Throttle`]: one log line per period, with the number of those that were left out.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

pub(super) struct Throttle {
    period: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    last: Option<Instant>,
    left_out: u64,
}

impl Throttle {
    pub(super) fn new(period: Duration) -> Throttle {
        Throttle { period, state: Mutex::default() }
    }

    /// Counts an event at `now`. If a line is due, the number of events since the last one, this one included.
    pub(super) fn event(&self, now: Instant) -> Option<u64> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.left_out += 1;
        if state.last.is_some_and(|last| now < last + self.period) {
            return None;
        }
        state.last = Some(now);
        Some(std::mem::take(&mut state.left_out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_events_are_one_line_a_period() {
        let throttle = Throttle::new(Duration::from_secs(10));
        let start = Instant::now();
        let lines = (0..1000).filter_map(|i| throttle.event(start + Duration::from_millis(20) * i));
        assert_eq!(lines.collect::<Vec<_>>(), [1, 500], "a thousand events in 20 s");
    }
}

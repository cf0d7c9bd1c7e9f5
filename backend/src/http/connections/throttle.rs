//! [`Throttle`]: limits a log message to one line per period.

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
    suppressed: u64,
}

impl Throttle {
    pub(super) fn new(period: Duration) -> Throttle {
        Throttle { period, state: Mutex::default() }
    }

    /// Counts an event at `now`. If a line is due: the number of events since the last line, including this one.
    pub(super) fn event(&self, now: Instant) -> Option<u64> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.suppressed += 1;
        if state.last.is_some_and(|last| now < last + self.period) {
            return None;
        }
        state.last = Some(now);
        Some(std::mem::take(&mut state.suppressed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_one_line_per_period() {
        let throttle = Throttle::new(Duration::from_secs(10));
        let start = Instant::now();
        let lines = (0..1000).filter_map(|i| throttle.event(start + Duration::from_millis(20) * i));
        assert_eq!(lines.collect::<Vec<_>>(), [1, 500], "a thousand events in 20 s");
    }
}

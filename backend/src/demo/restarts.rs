//! [`Restarts`]: when a replica that exited is started again.
//!
//! At once, unless it exited soon after its start: then after 1 s, 2 s, 4 s, up to a minute, so that one that cannot run is not started all
//! the time.

use std::time::Duration;
use tokio::time::Instant;

/// A replica that ran for less could not do its work.
const SOON: Duration = Duration::from_secs(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The restarts of a replica.
#[derive(Debug, Default)]
pub(super) struct Restarts {
    /// How often it was started again.
    pub(super) count: u64,
    /// How often in a row it exited soon.
    soon: u32,
    /// The end of the pause, while it is not running.
    due: Option<Instant>,
}

impl Restarts {
    /// Whether a replica that was started at `started` and has exited is to be started again `now`. Counts it if so.
    pub(super) fn is_due(&mut self, started: Instant, now: Instant) -> bool {
        let due = match self.due {
            Some(due) => due,
            None => {
                let ran = now.saturating_duration_since(started);
                self.soon = if ran < SOON { self.soon.saturating_add(1) } else { 0 };
                *self.due.insert(now + pause(self.soon))
            }
        };
        if now < due {
            return false;
        }
        self.due = None;
        self.count += 1;
        true
    }
}

fn pause(soon: u32) -> Duration {
    match soon.checked_sub(1) {
        None => Duration::ZERO,
        Some(doublings) => Duration::from_secs(1 << doublings.min(10)).min(LONGEST_PAUSE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_did_its_work_is_started_at_once() {
        let (mut restarts, start) = (Restarts::default(), Instant::now());
        assert!(restarts.is_due(start, start + SOON));
        assert!(restarts.is_due(start + SOON, start + 2 * SOON));
        assert_eq!(restarts.count, 2);
    }

    #[test]
    fn one_that_cannot_run_waits_longer_each_time() {
        let (mut restarts, mut now) = (Restarts::default(), Instant::now());
        let mut pauses = Vec::new();
        for _ in 0..8 {
            let exited = now;
            while !restarts.is_due(exited, now) {
                now += Duration::from_secs(1);
            }
            pauses.push((now - exited).as_secs());
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert!(restarts.is_due(now, now + SOON), "and not once it has run");
    }
}

//! Attempt counters that are used up, remembered for some seconds: further attempts are refused without a statement, so that a
//! flood does not write the database once per request.

use flarepath_profile::unix_nanos::UnixNanos;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Afterwards the records are asked again: attempts under way may have succeeded and been taken back.
const REMEMBERED: Duration = Duration::from_secs(10);
/// Counters that are remembered at a time; others are asked in the records.
const MOST: usize = 10_000;

/// Names of used-up counters, until when they are remembered.
#[derive(Debug, Default)]
pub(super) struct UsedUp(Mutex<HashMap<String, UnixNanos>>);

impl UsedUp {
    /// Whether the counter was found to be used up a moment ago.
    pub(super) fn contains(&self, name: &str, now: UnixNanos) -> bool {
        let until = self.names().get(name).copied();
        // A time further ahead was remembered while the clock ran ahead.
        until.is_some_and(|until| now < until && until <= now.plus(REMEMBERED))
    }

    /// Remembers a used-up counter, until the end of its window at most.
    pub(super) fn insert(&self, name: &str, now: UnixNanos, window_end: UnixNanos) {
        let mut names = self.names();
        if names.len() >= MOST {
            names.retain(|_, until| *until > now);
        }
        if names.len() < MOST {
            names.insert(name.to_owned(), window_end.min(now.plus(REMEMBERED)));
        }
    }

    fn names(&self) -> MutexGuard<'_, HashMap<String, UnixNanos>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgets_after_seconds_and_at_the_end_of_the_window() {
        let (used_up, far) = (UsedUp::default(), UnixNanos(i64::MAX));
        let second = Duration::from_secs(1);
        used_up.insert("a", UnixNanos(0), far);
        used_up.insert("b", UnixNanos(0), UnixNanos(0).plus(second));
        let contains = |name, seconds| used_up.contains(name, UnixNanos(0).plus(second * seconds));
        assert!(contains("a", 9) && !contains("a", 10));
        assert!(contains("b", 0) && !contains("b", 1) && !contains("c", 0));
    }

    #[test]
    fn remembers_a_bounded_number() {
        let used_up = UsedUp::default();
        for n in 0..MOST + 10 {
            used_up.insert(&n.to_string(), UnixNanos(0), UnixNanos(i64::MAX));
        }
        assert_eq!(used_up.names().len(), MOST);
        used_up.insert("later", UnixNanos(0).plus(REMEMBERED), UnixNanos(i64::MAX));
        assert_eq!(used_up.names().len(), 1, "what has expired makes room");
    }
}

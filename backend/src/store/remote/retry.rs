//! Repetition of reads that failed because the store is down or overloaded.
//!
//! Three attempts are enough for a restart behind a load balancer, and few enough for a store that is overloaded. Pauses are
//! drawn at random around their mean, so that callers who failed together do not come back together.

use super::Failure;
use std::ops::RangeInclusive;
use std::time::Duration;

/// Mean pauses after the first and the second attempt. There is none after the third.
const PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(300)];
/// Parts of the mean that a pause may be.
pub(super) const JITTER: RangeInclusive<f64> = 0.5..=1.5;

/// The pause after `attempts` have failed, the last of them by `failure`; none if there is no further attempt. `jitter` is out
/// of [`JITTER`].
pub(super) fn pause(attempts: usize, failure: &Failure, jitter: f64) -> Option<Duration> {
    if !failure.is_down {
        return None;
    }
    let usual = PAUSES.get(attempts.checked_sub(1)?)?.mul_f64(jitter);
    Some(failure.retry_after.unwrap_or_default().max(usual))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn two_pauses_follow_failures_of_a_store_that_is_down() {
        let down = Failure::down(StoreError::Unreachable(String::new()));
        assert_eq!(pause(1, &down, 1.0), Some(MS * 100));
        assert_eq!(pause(2, &down, 1.5), Some(MS * 450));
        assert_eq!(pause(3, &down, 1.0), None);
        let refused = Failure::refused(StoreError::Denied(String::new()));
        assert_eq!(pause(1, &refused, 1.0), None);
    }

    #[test]
    fn a_store_may_ask_for_a_longer_pause() {
        let asked =
            |pause| Failure { retry_after: Some(pause), ..Failure::down(StoreError::Busy(String::new())) };
        assert_eq!(pause(1, &asked(MS * 2000), 1.0), Some(MS * 2000));
        assert_eq!(pause(1, &asked(Duration::ZERO), 1.0), Some(MS * 100));
    }
}

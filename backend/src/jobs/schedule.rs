//! Pause between two runs of a job. Pure.

use std::time::Duration;

/// Longest pause after a failure: a disk that was full or a database that was away is noticed within a minute.
const LONGEST_RETRY: Duration = Duration::from_secs(60);

/// The pause after `failures` failed runs in a row: the period, or 1 s, 2 s, 4 s … up to [`LONGEST_RETRY`].
pub(super) fn pause(period: Duration, failures: u32) -> Duration {
    match failures {
        0 => period,
        n => Duration::from_secs(1 << (n - 1).min(6)).min(LONGEST_RETRY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_back_off_up_to_a_minute() {
        let period = Duration::from_secs(600);
        let seconds = |failures| pause(period, failures).as_secs();
        assert_eq!([0, 1, 2, 3, 6, 7, 8, u32::MAX].map(seconds), [600, 1, 2, 4, 32, 60, 60, 60]);
    }
}

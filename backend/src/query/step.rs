//! Widths of time buckets for a range.

use crate::store::TimeRange;
use flarepath_profile::time_series::{least_step, round_step_secs};
use flarepath_profile::unix_nanos::{MINUTE_NS, SECOND_NS};

/// Buckets in which gaps are detected where starts of single profiles are not known, at most.
const COVERAGE_BUCKETS: i64 = 300;
/// The narrowest of them: profilers send every 10 to 60 seconds.
const LEAST_COVERAGE_STEP_NS: i64 = MINUTE_NS;

/// The narrowest step that cuts the range into at most so many buckets, in nanoseconds.
pub(crate) fn least_step_ns(range: TimeRange, buckets: i64) -> i64 {
    least_step(range.length_ns(), buckets)
}

/// The narrowest round step that cuts the range into at most so many buckets, in nanoseconds.
pub(crate) fn usual_step_ns(range: TimeRange, buckets: i64) -> i64 {
    let least_secs = least_step(least_step_ns(range, buckets), SECOND_NS);
    round_step_secs(least_secs).saturating_mul(SECOND_NS)
}

/// The step of the buckets in which a range has data or a gap, in nanoseconds.
pub(crate) fn coverage_step_ns(range: TimeRange) -> i64 {
    usual_step_ns(range, COVERAGE_BUCKETS).max(LEAST_COVERAGE_STEP_NS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_range_is_covered_by_the_minute_and_a_long_one_by_300_buckets() {
        let step = |minutes: i64| coverage_step_ns(TimeRange::nanos(0, minutes * MINUTE_NS)) / MINUTE_NS;
        assert_eq!([step(1), step(300)], [1, 1]);
        assert!(step(3000) >= 10);
    }
}

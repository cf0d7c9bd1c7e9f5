//! Widths of time buckets for a range.

use crate::store::TimeRange;
use flarepath_profile::time_series::{least_step, round_step_secs};
use flarepath_profile::unix_nanos::SECOND_NS;

/// The narrowest step that cuts the range into at most so many buckets, in nanoseconds.
pub(crate) fn least_step_ns(range: TimeRange, buckets: i64) -> i64 {
    least_step(range.length_ns(), buckets)
}

/// The narrowest round step that cuts the range into at most so many buckets, in nanoseconds.
pub(crate) fn usual_step_ns(range: TimeRange, buckets: i64) -> i64 {
    let least_secs = least_step(least_step_ns(range, buckets), SECOND_NS);
    round_step_secs(least_secs).saturating_mul(SECOND_NS)
}

//! Widths of time buckets.

use crate::store::TimeRange;

/// Steps that are chosen, in seconds: those that divide minutes, hours, days.
const STEPS: [i64; 16] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 86_400];
const SECOND_NS: i64 = 1_000_000_000;
const DAY_NS: i64 = 86_400 * SECOND_NS;

/// The narrowest step that cuts the range into at most so many buckets, in nanoseconds.
pub(crate) fn least_step_ns(range: TimeRange, buckets: i64) -> i64 {
    let length_ns = range.length_ns();
    length_ns / buckets + i64::from(length_ns % buckets != 0)
}

/// The first of the usual steps that cuts the range into at most so many buckets, in nanoseconds.
pub(crate) fn usual_step_ns(range: TimeRange, buckets: i64) -> i64 {
    let least_ns = least_step_ns(range, buckets);
    let fits = STEPS.iter().map(|s| s * SECOND_NS).find(|step| *step >= least_ns);
    fits.unwrap_or_else(|| (least_ns / DAY_NS).saturating_add(1).saturating_mul(DAY_NS))
}

//! Time ranges of Pyroscope's clients: milliseconds, both ends inclusive, 0 for none.

use super::call::CallError;
use crate::store::TimeRange;
use flarepath_profile::unix_nanos::UnixNanos;
use std::time::Duration;

pub(super) const MS: i64 = 1_000_000;
const DAY: Duration = Duration::from_secs(86_400);

/// The required range.
pub(super) fn required(start_ms: i64, end_ms: i64) -> Result<TimeRange, CallError> {
    if start_ms == 0 || end_ms == 0 {
        return Err(CallError::invalid("`start` and `end` are required, in milliseconds since the epoch"));
    }
    if end_ms < start_ms {
        return Err(CallError::invalid(format!("the range ends ({end_ms}) before it starts ({start_ms})")));
    }
    let ns =
        |ms: i64| ms.checked_mul(MS).ok_or_else(|| CallError::invalid(format!("time {ms} is out of range")));
    Ok(TimeRange::nanos(ns(start_ms)?, ns(end_ms.saturating_add(1))?))
}

/// The range, or the last day when none is given: clients' health checks omit it.
pub(super) fn or_last_day(start_ms: i64, end_ms: i64, now: UnixNanos) -> Result<TimeRange, CallError> {
    if start_ms == 0 && end_ms == 0 {
        return Ok(TimeRange { start: now.minus(DAY), end: now.plus(Duration::from_millis(1)) });
    }
    required(start_ms, end_ms)
}

//! Time ranges of Pyroscope's clients: milliseconds, both ends inclusive, 0 for none.

use super::call::CallError;
use crate::store::TimeRange;

pub(super) const MS: i64 = 1_000_000;
const DAY_NS: i64 = 86_400_000 * MS;

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
pub(super) fn or_last_day(start_ms: i64, end_ms: i64, now_ns: i64) -> Result<TimeRange, CallError> {
    if start_ms == 0 && end_ms == 0 {
        return Ok(TimeRange::nanos(now_ns.saturating_sub(DAY_NS), now_ns.saturating_add(MS)));
    }
    required(start_ms, end_ms)
}

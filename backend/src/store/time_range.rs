//! A half-open range of time.

use flarepath_profile::unix_nanos::UnixNanos;

/// Start included, end excluded. A profile is in the range when it starts in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeRange {
    /// The first instant.
    pub start: UnixNanos,
    /// The first instant after the range.
    pub end: UnixNanos,
}

impl TimeRange {
    /// A range by nanoseconds since the epoch.
    pub const fn nanos(start: i64, end: i64) -> TimeRange {
        TimeRange { start: UnixNanos(start), end: UnixNanos(end) }
    }

    /// Whether the instant lies in the range.
    pub fn contains(&self, at: UnixNanos) -> bool {
        self.start <= at && at < self.end
    }

    /// Whether no instant lies in the range.
    pub fn is_empty(&self) -> bool {
        self.end <= self.start
    }

    /// Nanoseconds from start to end; negative when the end comes first.
    pub(crate) fn length_ns(&self) -> i64 {
        self.end.nanos_since(self.start)
    }
}

/// Left edge of the column that holds `at`, where columns of `step_ns`, at least 1, begin at multiples of it since the epoch.
pub(crate) fn column_start(at: UnixNanos, step_ns: i64) -> UnixNanos {
    let step_ns = step_ns.max(1);
    UnixNanos(at.0.div_euclid(step_ns).saturating_mul(step_ns))
}

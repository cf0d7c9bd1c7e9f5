//! A half-open range of time.

/// Nanoseconds since the epoch, start included, end excluded. A profile is in the range when it starts in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeRange {
    /// First nanosecond.
    pub start_ns: i64,
    /// One past the last.
    pub end_ns: i64,
}

impl TimeRange {
    /// Whether `ns` lies in the range.
    pub fn contains(&self, ns: i64) -> bool {
        self.start_ns <= ns && ns < self.end_ns
    }
}

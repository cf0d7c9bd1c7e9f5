//! Data of the timeline: totals over time.

use crate::state::time_range::Span;

/// What is said of a bucket that is not over yet.
pub(crate) const FILLING: &str = "still filling";

/// Profilers send every 10 or 15 s: so long after its end, a bucket may still lack profiles.
const PUSH_MS: i64 = 15_000;

/// Until when everything is there that there will be, when it is `now_ms`. What lies after it is still filling.
pub(crate) fn settled(now_ms: i64) -> i64 {
    now_ms.saturating_sub(PUSH_MS)
}

/// One line: totals of the buckets that hold data.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Line {
    /// Its label value; empty if there is only one line.
    pub(crate) name: String,
    /// Left edges of its buckets, ascending.
    pub(crate) times_ms: Vec<i64>,
    /// Sum of the values of each bucket.
    pub(crate) values: Vec<f64>,
}

/// All lines of a chart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TimelineData {
    /// Largest first.
    pub(crate) lines: Vec<Line>,
    /// Width of a bucket.
    pub(crate) step_ms: i64,
    /// Unit of the values, such as `nanoseconds`.
    pub(crate) unit: String,
    /// What is counted, such as `cpu`.
    pub(crate) sample_type: String,
    /// The queried range.
    pub(crate) span: Span,
    /// The label that lines stand for.
    pub(crate) by: Option<String>,
}

//! Totals over time, as the timeline draws them.

use crate::state::time_range::Span;

/// One line: totals of the buckets that hold data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// What it stands for; empty when there is one line only.
    pub name: String,
    /// Left edges of its buckets, ascending.
    pub times_ms: Vec<i64>,
    /// Sum of the values of each bucket.
    pub values: Vec<f64>,
}

/// All lines of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineData {
    /// Largest first.
    pub lines: Vec<Line>,
    /// Width of a bucket.
    pub step_ms: i64,
    /// Unit of the values, such as `nanoseconds`.
    pub unit: String,
    /// What is counted, such as `cpu`.
    pub sample_type: String,
    /// The time asked for.
    pub span: Span,
    /// The label that lines stand for.
    pub by: Option<String>,
}

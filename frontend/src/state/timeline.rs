//! Data of the timeline: totals over time.

use crate::state::time_range::Span;
use flarepath_profile::time_series::covered;

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

impl TimelineData {
    /// How long data was collected, in seconds: the parts within the range of all buckets that hold any.
    /// `None` without data. Totals over this are rates; over the whole range, gaps would make them too low.
    pub(crate) fn covered_seconds(&self) -> Option<f64> {
        let starts = self.lines.iter().flat_map(|line| &line.times_ms).copied().collect();
        let parts = covered(starts, self.step_ms, &(self.span.from_ms..self.span.until_ms));
        let covered: i64 = parts.iter().map(|part| part.end - part.start).sum();
        (covered > 0).then(|| covered as f64 / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(times: &[&[i64]], from_ms: i64, until_ms: i64) -> TimelineData {
        let line = |times_ms: &&[i64]| Line { times_ms: times_ms.to_vec(), ..Line::default() };
        TimelineData {
            lines: times.iter().map(line).collect(),
            step_ms: 10_000,
            unit: "nanoseconds".into(),
            sample_type: "cpu".into(),
            span: Span { from_ms, until_ms },
            by: None,
        }
    }

    #[test]
    fn excludes_gaps_and_ends_from_coverage() {
        assert_eq!(data(&[&[0, 10_000, 50_000]], 0, 60_000).covered_seconds(), Some(30.0));
        assert_eq!(data(&[&[0, 10_000]], 4_000, 12_000).covered_seconds(), Some(8.0));
    }

    #[test]
    fn counts_the_same_bucket_of_two_lines_once() {
        assert_eq!(data(&[&[0], &[0, 10_000]], 0, 60_000).covered_seconds(), Some(20.0));
        assert_eq!(data(&[], 0, 60_000).covered_seconds(), None);
    }
}

//! Data of the timeline: totals over time.

use crate::state::time_range::Span;
use crate::state::time_text::MS;

/// Profilers send every 10 or 15 s: so long after its end, a bucket may still lack profiles.
const PUSH_MS: i64 = 15_000;

/// Why a bucket holds less than its width would. It is drawn, but nothing is said of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Partial {
    /// Its time is not over, or its last profiles are still to come.
    Filling,
    /// A part of it lies before the time range or after it.
    Cut,
}

impl Partial {
    /// Of the bucket between two instants, of which `span` was counted, when it is `now_ms`; `None` for a whole one.
    pub(crate) fn of((start, end): (i64, i64), span: Span, now_ms: i64) -> Option<Partial> {
        if end.min(span.end_ms()) > now_ms.saturating_sub(PUSH_MS) {
            return Some(Partial::Filling);
        }
        (start * MS < span.from_ns || end * MS > span.until_ns).then_some(Partial::Cut)
    }

    /// In a few words.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Partial::Filling => "still filling",
            Partial::Cut => "partly outside of the time range",
        }
    }
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

/// Covered time of a bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct BucketCover {
    /// Left edge.
    pub(crate) at_ms: i64,
    /// What the profiles that start in it cover, of all replicas together; 0 if none starts in it or that is not known.
    pub(crate) replica_ms: i64,
    /// The part of it that any replica covers.
    pub(crate) range_ms: i64,
    /// How many profiles start in it.
    pub(crate) profiles: u64,
}

/// Covered time of a chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Coverage {
    /// How many replicas sent profiles.
    pub(crate) replicas: u64,
    /// Buckets that a profile starts in or covers a part of; all others are gaps.
    pub(crate) buckets: Vec<BucketCover>,
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
    /// The queried range. Buckets at its ends hold only what is in it.
    pub(crate) span: Span,
    /// What the profiles of all lines together cover; empty where it was not asked for.
    pub(crate) covered: Coverage,
    /// The label that lines stand for.
    pub(crate) by: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_at_the_ends_are_partial_until_they_are_whole() {
        let span = Span::of_ms(70_000, 290_000);
        let at = |now_ms| {
            let buckets = (1..5).map(|minute| (minute * 60_000, (minute + 1) * 60_000));
            buckets.map(|bucket| Partial::of(bucket, span, now_ms)).collect::<Vec<_>>()
        };
        let (cut, filling) = (Some(Partial::Cut), Some(Partial::Filling));
        assert_eq!(at(290_000), [cut, None, None, filling]);
        assert_eq!(at(250_000), [cut, None, filling, filling], "the last push is still to come");
        assert_eq!(at(304_999)[3], filling);
        assert_eq!(at(305_000)[3], cut);
        assert_eq!(at(i64::MAX), [cut, None, None, cut], "as in a snapshot");
        let whole = Span::of_ms(60_000, 300_000);
        assert_eq!(Partial::of((240_000, 300_000), whole, 400_000), None);
    }
}

//! Buckets of the timeline: what each holds, or why it holds nothing.
//!
//! A total is divided by what the profiles that start in its bucket cover. A bucket that no profile covers is a gap and not zero.

use super::colours::COLOURS;
use crate::state::timeline::{BucketCover, Partial, TimelineData};
use flarepath_profile::verdict::is_level;

/// Most buckets.
const MAX_BUCKETS: i64 = 20_000;
/// Lines with a colour of their own; the rest share the last.
pub(super) const MAX_LINES: usize = COLOURS;

/// A part of a bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bar {
    /// Left edge.
    pub(crate) from_ms: i64,
    /// Right edge.
    pub(crate) until_ms: i64,
    /// Lower end, in the unit of the axis.
    pub(crate) low: f64,
    /// Upper end.
    pub(crate) high: f64,
    /// Index into [`super::scene::Scene::legend`].
    pub(crate) line: usize,
    /// False for a bucket that holds less than its width would.
    pub(crate) complete: bool,
}

/// Why a bucket has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absence {
    /// No profile covers any of it.
    Gap,
    /// A profile that started before covers it; its value belongs to where it started.
    Earlier,
    /// Its profiles do not tell how long they are.
    Unknown,
}

impl Absence {
    pub(super) fn text(self) -> &'static str {
        match self {
            Absence::Gap => "no data",
            Absence::Earlier => "part of the profile before",
            Absence::Unknown => "covered time not known",
        }
    }
}

/// A bucket with all its parts, for the readout.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bucket {
    /// Left edge.
    pub(crate) from_ms: i64,
    /// Sum of all lines in the unit of the axis, or why there is none.
    pub(crate) value: Result<f64, Absence>,
    /// Why it holds less than its width would, if it does.
    pub(crate) partial: Option<Partial>,
    /// What its totals are divided by, if that is known.
    divisor: Option<f64>,
}

/// The buckets of the range, and the parts of their bars. `now_ms` is when the data was read.
pub(super) fn filled(data: &TimelineData, now_ms: i64) -> (Vec<Bucket>, Vec<Bar>) {
    let step = data.step_ms.max(1);
    let mut buckets = empty(data, step, now_ms);
    let bars = bars(data, &mut buckets, (data.span.bars(step).0, step));
    (buckets, bars)
}

/// The buckets of the range, with what is known of their covered time and without values.
fn empty(data: &TimelineData, step: i64, now_ms: i64) -> Vec<Bucket> {
    let (first, count) = data.span.bars(step);
    let bucket = |index: i64| {
        let from_ms = first + index * step;
        let partial = Partial::of((from_ms, from_ms + step), data.span, now_ms);
        Bucket { from_ms, value: Err(Absence::Gap), partial, divisor: None }
    };
    let mut buckets: Vec<Bucket> = (0..count.min(MAX_BUCKETS)).map(bucket).collect();
    let is_level = is_level(&data.sample_type);
    for cover in &data.covered.buckets {
        let Some(bucket) = bucket_of(&mut buckets, cover.at_ms, (first, step)) else { continue };
        bucket.divisor = divisor(cover, is_level);
        if cover.range_ms > 0 {
            bucket.value = Err(Absence::Earlier);
        }
    }
    buckets
}

/// What totals are divided by; `None` if it is not known.
fn divisor(cover: &BucketCover, is_level: bool) -> Option<f64> {
    let divisor = if is_level { cover.profiles as f64 } else { cover.replica_ms as f64 / 1000.0 };
    Some(divisor).filter(|divisor| *divisor > 0.0)
}

/// The bucket that holds an instant.
fn bucket_of(buckets: &mut [Bucket], ms: i64, (first, step): (i64, i64)) -> Option<&mut Bucket> {
    buckets.get_mut(usize::try_from((ms - first).div_euclid(step)).ok()?)
}

/// The parts of bars, one on the other, and the sums of `buckets`.
fn bars(data: &TimelineData, buckets: &mut [Bucket], (first, step): (i64, i64)) -> Vec<Bar> {
    let mut bars = Vec::new();
    for (index, line) in data.lines.iter().enumerate() {
        for (time, value) in line.times_ms.iter().zip(&line.values) {
            let Some(bucket) = bucket_of(buckets, *time, (first, step)) else { continue };
            let Some(divisor) = bucket.divisor else {
                bucket.value = Err(Absence::Unknown);
                continue;
            };
            let low = bucket.value.unwrap_or(0.0);
            let high = low + value / divisor;
            bucket.value = Ok(high);
            let (from_ms, complete) = (bucket.from_ms, bucket.partial.is_none());
            bars.push(Bar {
                from_ms,
                until_ms: from_ms + step,
                low,
                high,
                line: index.min(MAX_LINES),
                complete,
            });
        }
    }
    bars
}

/// The whole bucket with the highest value, and that value.
pub(super) fn highest(buckets: &[Bucket]) -> Option<(usize, f64)> {
    let whole = buckets.iter().enumerate().filter(|(_, b)| b.partial.is_none());
    let values = whole.filter_map(|(i, b)| Some((i, b.value.ok()?)));
    values.max_by(|(_, a), (_, b)| a.total_cmp(b))
}

/// Runs of whole buckets that no profile covers.
pub(super) fn gaps(buckets: &[Bucket], step: i64) -> Vec<(i64, i64)> {
    let mut gaps: Vec<(i64, i64)> = Vec::new();
    for bucket in buckets.iter().filter(|b| b.partial.is_none() && b.value == Err(Absence::Gap)) {
        let (from, until) = (bucket.from_ms, bucket.from_ms + step);
        match gaps.last_mut() {
            Some(last) if last.1 == from => last.1 = until,
            _ => gaps.push((from, until)),
        }
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::time_range::Span;
    use crate::state::timeline::{Coverage, Line};

    const T: i64 = 1_764_000_000_000;
    const LATER: i64 = T + 600_000;

    /// Five minutes by the minute. `points` are the totals of buckets, `covers` of each bucket the seconds of all replicas that
    /// start in it, and its own that are covered.
    fn data(points: &[(i64, f64)], covers: &[(i64, i64, i64)]) -> TimelineData {
        let minute = |index: i64| T + index * 60_000;
        let cover = |&(index, secs, range_secs): &(i64, i64, i64)| {
            let (at_ms, replica_ms, range_ms) = (minute(index), secs * 1000, range_secs * 1000);
            BucketCover { at_ms, replica_ms, range_ms, profiles: 1 }
        };
        let line = Line {
            name: String::new(),
            times_ms: points.iter().map(|(index, _)| minute(*index)).collect(),
            values: points.iter().map(|(_, value)| *value).collect(),
        };
        TimelineData {
            lines: vec![line],
            step_ms: 60_000,
            unit: "nanoseconds".into(),
            sample_type: "cpu".into(),
            span: Span::of_ms(T, T + 300_000),
            covered: Coverage { replicas: 1, buckets: covers.iter().map(cover).collect() },
            by: None,
        }
    }

    fn values(data: &TimelineData) -> Vec<Result<f64, Absence>> {
        filled(data, LATER).0.iter().map(|bucket| bucket.value).collect()
    }

    #[test]
    fn rates_are_of_the_time_that_is_covered() {
        // A whole bucket, one with a gap, one of three replicas.
        let points = [(0, 90.0), (1, 30.0), (2, 360.0)];
        let found = values(&data(&points, &[(0, 60, 60), (1, 20, 20), (2, 180, 60)]));
        assert_eq!(found, [Ok(1.5), Ok(1.5), Ok(2.0), Err(Absence::Gap), Err(Absence::Gap)]);
    }

    #[test]
    fn only_what_no_profile_covers_is_a_gap() {
        let slow = data(&[(0, 90.0), (3, 7.0)], &[(0, 90, 60), (1, 0, 30), (3, 0, 0), (4, 60, 60)]);
        let (buckets, _) = filled(&slow, LATER);
        let found: Vec<Result<f64, Absence>> = buckets.iter().map(|bucket| bucket.value).collect();
        let absent: [Result<f64, Absence>; 4] =
            [Absence::Earlier, Absence::Gap, Absence::Unknown, Absence::Earlier].map(Err);
        assert_eq!((found[0], &found[1..]), (Ok(1.0), &absent[..]));
        assert_eq!(gaps(&buckets, 60_000), [(T + 120_000, T + 180_000)]);
    }

    #[test]
    fn a_range_that_begins_within_a_bucket_cuts_it() {
        let whole = data(&[(0, 540.0), (1, 120.0)], &[(0, 60, 60), (1, 60, 60)]);
        let span = Span { from_ns: whole.span.from_ns + 1, ..whole.span };
        let (buckets, bars) = filled(&TimelineData { span, ..whole }, LATER);
        assert_eq!((buckets[0].from_ms, buckets[0].partial, buckets.len()), (T, Some(Partial::Cut), 5));
        assert_eq!([bars[0].complete, bars[1].complete], [false, true]);
        assert_eq!(highest(&buckets), Some((1, 2.0)));
        assert_eq!(gaps(&buckets, 60_000), [(T + 120_000, T + 300_000)]);
    }
}

//! Sparklines: costs over time as SVG paths, evenly spaced over the whole range. Pure.

use crate::state::clock_text::Zone;
use crate::state::time_range::Span;
use crate::state::timeline::Partial;

/// Units that a bucket is wide; a path is a hundred high.
pub(crate) const BUCKET: u32 = 10;
/// Distance between the lines of a bucket that is still filling, and their height.
const HATCH: [usize; 2] = [16, 6];

/// Buckets with data by number, ascending, each with its rate.
pub(crate) type Points = [(u32, f64)];

/// What sparklines beside each other have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Frame {
    /// Start of the first bucket, milliseconds since the epoch.
    pub(crate) start_ms: i64,
    /// Width of a bucket.
    pub(crate) step_ms: i64,
    /// How many buckets the range has.
    pub(crate) buckets: u32,
    /// The first bucket that is still filling; `buckets` if all are whole. From it on, bars are pale and nothing is said.
    pub(crate) filling: u32,
}

/// The paths.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Spark {
    /// Bars of whole buckets.
    pub(crate) bars: String,
    /// Bars of buckets that are still filling.
    pub(crate) filling: String,
    /// Lines across buckets that are still filling.
    pub(crate) hatch: String,
    /// Whole buckets without data.
    pub(crate) gaps: String,
}

impl Frame {
    /// Buckets from `start_ms` on, of which those in `span` were counted, when it is `now_ms`.
    pub(crate) fn of((start_ms, step_ms): (i64, i64), buckets: u32, span: Span, now_ms: i64) -> Frame {
        let is_whole = |bucket: &u32| {
            let start = start_ms.saturating_add(i64::from(*bucket).saturating_mul(step_ms));
            Partial::of((start, start.saturating_add(step_ms)), span, now_ms) != Some(Partial::Filling)
        };
        let filling = (0..buckets).take_while(is_whole).count() as u32;
        Frame { start_ms, step_ms, buckets, filling }
    }

    /// The largest rate of any whole bucket, which timelines that can be compared are scaled to; of any, while none is whole.
    pub(crate) fn top<'p>(self, all: impl Iterator<Item = &'p Points> + Clone) -> f64 {
        let highest = |whole: bool| {
            let counted = all.clone().flatten().filter(|(bucket, _)| !whole || *bucket < self.filling);
            counted.map(|(_, rate)| *rate).fold(0.0, f64::max)
        };
        let found = highest(true);
        if found > 0.0 { found } else { highest(false) }
    }

    /// The timeline, scaled to `top`.
    pub(crate) fn spark(self, points: &Points, top: f64) -> Spark {
        let whole = self.filling.min(self.buckets);
        let (mut spark, mut next) = (Spark::default(), 0);
        for &(bucket, rate) in points {
            spark.gap(next, bucket.min(whole));
            // A value above zero is always visible.
            let height =
                ((rate / top.max(f64::MIN_POSITIVE) * 100.0) as i64).clamp(i64::from(rate > 0.0), 100);
            let bars = if bucket < whole { &mut spark.bars } else { &mut spark.filling };
            bars.push_str(&format!("M{} 100v-{height}h9v{height}z", bucket * BUCKET));
            next = bucket + 1;
        }
        spark.gap(next, whole);
        spark.hatch(whole, self.buckets);
        spark
    }

    /// The timeline as text; `format` writes a rate.
    pub(crate) fn summary(self, points: &Points, zone: Zone, format: impl Fn(f64) -> String) -> String {
        let whole = points.iter().copied().filter(|(bucket, _)| *bucket < self.filling);
        let highest = whole.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(bucket, rate)| {
            let at = zone.civil(self.start_ms + i64::from(bucket) * self.step_ms);
            format!(" Highest: {} at {}.", format(rate), at.time())
        });
        let filling = match self.buckets.saturating_sub(self.filling) {
            0 => String::new(),
            1 => " The last interval is still filling.".to_owned(),
            more => format!(" The last {more} intervals are still filling."),
        };
        match points.len() {
            0 => format!("Timeline without data.{filling}"),
            filled => {
                let highest = highest.unwrap_or_default();
                format!("Timeline of {} intervals, {filled} with data.{highest}{filling}", self.buckets)
            }
        }
    }
}

impl Spark {
    fn gap(&mut self, from: u32, until: u32) {
        if from < until {
            let (from, until) = (from * BUCKET, until * BUCKET);
            self.gaps.push_str(&format!("M{from} 0H{until}V100H{from}z"));
        }
    }

    fn hatch(&mut self, from: u32, until: u32) {
        if from < until {
            let (from, until, [distance, height]) = (from * BUCKET, until * BUCKET, HATCH);
            for y in (0..100).step_by(distance) {
                self.hatch.push_str(&format!("M{from} {y}H{until}v{height}H{from}z"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(buckets: u32, filling: u32) -> Frame {
        Frame { start_ms: 0, step_ms: 60_000, buckets, filling }
    }

    #[test]
    fn timelines_share_a_scale_and_mark_gaps_up_to_the_end() {
        let rows: [&Points; 2] = [&[(0, 5.0), (1, 0.001)], &[(2, 40.0)]];
        assert_eq!(frame(4, 4).top(rows.into_iter()), 40.0);
        let first = frame(4, 4).spark(rows[0], 40.0);
        assert_eq!(first.bars, "M0 100v-12h9v12zM10 100v-1h9v1z");
        assert_eq!(first.gaps, "M20 0H40V100H20z");
        let second = frame(4, 4).spark(rows[1], 40.0);
        assert_eq!(second.bars, "M20 100v-100h9v100z");
        assert_eq!(second.gaps, "M0 0H20V100H0zM30 0H40V100H30z");
        assert_eq!(frame(2, 2).spark(&[], 0.0).gaps, "M0 0H20V100H0z");
    }

    #[test]
    fn the_end_of_a_range_up_to_now_is_still_filling() {
        let span = Span { from_ms: 30_000, until_ms: 200_000 };
        let at = |now_ms| Frame::of((30_000, 60_000), 3, span, now_ms);
        assert_eq!(at(200_000), Frame { start_ms: 30_000, step_ms: 60_000, buckets: 3, filling: 2 });
        assert_eq!(at(215_000).filling, 3, "the range is over, and the last profiles have come");
        assert_eq!(at(i64::MAX).filling, 3, "as in a snapshot");
    }

    #[test]
    fn buckets_that_are_still_filling_are_marked_and_decide_no_scale() {
        let points: &Points = &[(0, 10.0), (2, 30.0)];
        let frame = frame(3, 2);
        assert_eq!(frame.top([points].into_iter()), 10.0);
        let spark = frame.spark(points, 10.0);
        assert_eq!((spark.bars.as_str(), spark.gaps.as_str()), ("M0 100v-100h9v100z", "M10 0H20V100H10z"));
        assert_eq!(spark.filling, "M20 100v-100h9v100z");
        assert!(spark.hatch.starts_with("M20 0H30v6H20zM20 16H30"), "{}", spark.hatch);
        let alone: &Points = &[(2, 30.0)];
        assert_eq!(frame.top([alone].into_iter()), 30.0, "there is no other");
        // One without data yet is no gap.
        assert_eq!(frame.spark(&points[..1], 10.0).gaps, "M10 0H20V100H10z");
    }

    #[test]
    fn a_timeline_is_text_too() {
        let text =
            |points: &Points, filling| frame(4, filling).summary(points, Zone::UTC, |rate| format!("{rate}"));
        let points: &Points = &[(1, 3.0), (2, 7.0)];
        assert_eq!(text(points, 4), "Timeline of 4 intervals, 2 with data. Highest: 7 at 00:02.");
        assert_eq!(
            text(points, 2),
            "Timeline of 4 intervals, 2 with data. Highest: 3 at 00:01. The last 2 intervals are still filling."
        );
        assert_eq!(text(&[], 4), "Timeline without data.");
        assert_eq!(text(&[], 3), "Timeline without data. The last interval is still filling.");
    }
}

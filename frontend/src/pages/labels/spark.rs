//! The small timeline of a value as SVG paths, evenly spaced over the whole range. Pure.

use crate::state::breakdown::{Breakdown, ValueRow};
use crate::state::clock_text::Zone;

/// Units that a bucket is wide; a path is a hundred high.
pub(super) const BUCKET: u32 = 10;

/// The paths.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Spark {
    /// Bars.
    pub(super) bars: String,
    /// Buckets without data.
    pub(super) gaps: String,
}

/// The largest rate of any bucket, which all timelines are scaled to, so that they can be compared.
pub(super) fn top(rows: &[ValueRow]) -> f64 {
    rows.iter().flat_map(|row| &row.spark).map(|(_, rate)| *rate).fold(0.0, f64::max)
}

/// The timeline of a value in `buckets` buckets.
pub(super) fn spark(row: &ValueRow, buckets: u32, top: f64) -> Spark {
    let (mut spark, mut next) = (Spark::default(), 0);
    for &(bucket, rate) in &row.spark {
        spark.gap(next, bucket);
        // A value above zero is always visible.
        let height = ((rate / top.max(f64::MIN_POSITIVE) * 100.0) as i64).clamp(i64::from(rate > 0.0), 100);
        spark.bars.push_str(&format!("M{} 100v-{height}h9v{height}z", bucket * BUCKET));
        next = bucket + 1;
    }
    spark.gap(next, buckets);
    spark
}

impl Spark {
    fn gap(&mut self, from: u32, until: u32) {
        if from < until {
            let (from, until) = (from * BUCKET, until * BUCKET);
            self.gaps.push_str(&format!("M{from} 0H{until}V100H{from}z"));
        }
    }
}

/// The timeline as text; `format` writes a rate.
pub(super) fn summary(
    row: &ValueRow,
    data: &Breakdown,
    zone: Zone,
    format: impl Fn(f64) -> String,
) -> String {
    let Some((bucket, rate)) = row.spark.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1)) else {
        return "Timeline without data.".to_owned();
    };
    let at = zone.civil(data.start_ms + i64::from(bucket) * data.step_ms);
    let (all, filled) = (data.buckets, row.spark.len());
    format!("Timeline of {all} intervals, {filled} with data. Highest: {} at {}.", format(rate), at.time())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(spark: &[(u32, f64)]) -> ValueRow {
        ValueRow { spark: spark.to_vec(), ..ValueRow::default() }
    }

    #[test]
    fn timelines_share_a_scale_and_mark_gaps_up_to_the_end() {
        let rows = [row(&[(0, 5.0), (1, 0.001)]), row(&[(2, 40.0)])];
        assert_eq!(top(&rows), 40.0);
        let first = spark(&rows[0], 4, 40.0);
        assert_eq!(first.bars, "M0 100v-12h9v12zM10 100v-1h9v1z");
        assert_eq!(first.gaps, "M20 0H40V100H20z");
        let second = spark(&rows[1], 4, 40.0);
        assert_eq!(second.bars, "M20 100v-100h9v100z");
        assert_eq!(second.gaps, "M0 0H20V100H0zM30 0H40V100H30z");
        assert_eq!(spark(&row(&[]), 2, 0.0).gaps, "M0 0H20V100H0z");
    }

    #[test]
    fn a_timeline_is_text_too() {
        let data = Breakdown { start_ms: 0, step_ms: 60_000, buckets: 4, ..Breakdown::default() };
        let text = |row: &ValueRow| summary(row, &data, Zone::UTC, |rate| format!("{rate}"));
        assert_eq!(
            text(&row(&[(1, 3.0), (2, 7.0)])),
            "Timeline of 4 intervals, 2 with data. Highest: 7 at 00:02."
        );
        assert_eq!(text(&row(&[])), "Timeline without data.");
    }
}

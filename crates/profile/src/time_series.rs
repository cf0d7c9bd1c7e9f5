//! Lines over time: how wide a bucket is, and where a line is broken.
//!
//! Times are milliseconds since the epoch, steps too unless the name says otherwise. A bucket without data
//! is absent from a series, and drawn as a gap: no data is not zero.

use std::ops::Range;

/// Bucket widths that divide minutes, hours and days evenly, in seconds.
const STEPS_SECS: [i64; 20] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
    604_800,
];

/// The narrowest bucket, in whole seconds, that is at least `min_px` pixels wide when `range_ms` is drawn on
/// `width_px` pixels. Above a week, whole weeks. A range or a width without extent gives 1.
pub fn nice_step_secs(range_ms: i64, width_px: f64, min_px: f64) -> i64 {
    let wanted = range_ms as f64 / 1000.0 * min_px / width_px;
    if !wanted.is_finite() || wanted <= 1.0 {
        return 1;
    }
    let nice = STEPS_SECS.into_iter().find(|&step| step as f64 >= wanted);
    nice.unwrap_or_else(|| (wanted / 604_800.0).ceil() as i64 * 604_800)
}

/// The left edge of the bucket that `time_ms` falls in, with buckets aligned to the epoch.
pub fn bucket_start(time_ms: i64, step_ms: i64) -> i64 {
    if step_ms <= 0 { time_ms } else { time_ms.saturating_sub(time_ms.rem_euclid(step_ms)) }
}

/// The runs of points without a gap between them, as ranges of `times_ms` (ascending). Two points belong
/// together when they are at most one and a half steps apart, so that a late point does not break a line.
pub fn segments(times_ms: &[i64], step_ms: i64) -> Vec<Range<usize>> {
    let mut segments = Vec::new();
    let mut start = 0;
    for i in 1..=times_ms.len() {
        let joined = i < times_ms.len()
            && times_ms[i].saturating_sub(times_ms[i - 1]) <= step_ms.saturating_add(step_ms / 2);
        if !joined {
            segments.push(start..i);
            start = i;
        }
    }
    segments
}

/// The smallest and the largest value; `None` when there is no number among them.
pub fn min_max(values: &[f64]) -> Option<(f64, f64)> {
    let numbers = values.iter().copied().filter(|v| !v.is_nan());
    numbers.map(|v| (v, v)).reduce(|(low, high), (v, _)| (low.min(v), high.max(v)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(1_000, 1000.0, 1)]
    #[case(3_600_000, 1200.0, 15)]
    #[case(3_600_000, 1199.0, 30)]
    #[case(86_400_000, 1000.0, 600)]
    #[case(90 * 86_400_000, 300.0, 172_800)]
    #[case(9_000 * 86_400_000, 100.0, 65 * 7 * 86_400)]
    #[case(0, 1000.0, 1)]
    #[case(1_000, 0.0, 1)]
    #[case(-5_000, 10.0, 1)]
    fn steps_are_nice(#[case] range_ms: i64, #[case] width_px: f64, #[case] expected: i64) {
        assert_eq!(nice_step_secs(range_ms, width_px, 5.0), expected);
    }

    #[test]
    fn a_missing_bucket_breaks_the_line() {
        assert_eq!(segments(&[0, 10, 24, 40, 50, 100], 10), [0..3, 3..5, 5..6]);
        assert_eq!(segments(&[7], 10), [Range { start: 0, end: 1 }]);
        assert_eq!(segments(&[], 10), []);
    }

    #[test]
    fn buckets_are_aligned_before_the_epoch_too() {
        assert_eq!([bucket_start(25, 10), bucket_start(20, 10), bucket_start(-1, 10)], [20, 20, -10]);
        assert_eq!(bucket_start(25, 0), 25);
    }

    #[test]
    fn extremes_ignore_what_is_no_number() {
        assert_eq!(min_max(&[f64::NAN, 3.0, -1.0]), Some((-1.0, 3.0)));
        assert_eq!(min_max(&[f64::NAN]), None);
    }
}

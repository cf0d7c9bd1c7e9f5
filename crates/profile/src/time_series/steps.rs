//! Steps: widths of buckets and distances of ticks on a time axis.

/// Widths that divide minutes, hours, days and weeks evenly, in seconds.
const STEPS_SECS: [i64; 20] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
    WEEK_SECS,
];
const WEEK_SECS: i64 = 604_800;

/// The narrowest round width of at least so many seconds; above a week, whole weeks.
pub fn round_step_secs(least_secs: i64) -> i64 {
    let known = STEPS_SECS.into_iter().find(|step| *step >= least_secs);
    known.unwrap_or_else(|| {
        let weeks = least_secs / WEEK_SECS + i64::from(least_secs % WEEK_SECS != 0);
        weeks.saturating_mul(WEEK_SECS)
    })
}

/// The narrowest width that cuts `length` into at most `buckets` buckets, in the unit of the length.
pub fn least_step(length: i64, buckets: i64) -> i64 {
    length / buckets + i64::from(length % buckets != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(0, 1)]
    #[case(1, 1)]
    #[case(16, 30)]
    #[case(3601, 7200)]
    #[case(172_800, 172_800)]
    #[case(172_801, WEEK_SECS)]
    #[case(WEEK_SECS + 1, 2 * WEEK_SECS)]
    #[case(2 * WEEK_SECS, 2 * WEEK_SECS)]
    #[case(i64::MAX, i64::MAX)]
    fn rounds_up_to_known_widths(#[case] least: i64, #[case] expected: i64) {
        assert_eq!(round_step_secs(least), expected);
    }

    #[test]
    fn least_step_rounds_up() {
        assert_eq!([least_step(100, 10), least_step(101, 10), least_step(0, 10)], [10, 11, 0]);
    }
}

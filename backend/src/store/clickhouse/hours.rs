//! Hours: rows are kept by the hour in which their profile starts, and ranges are answered from whole hours where they have some.

use crate::store::TimeRange;

/// Nanoseconds.
const HOUR_NS: i64 = 3_600_000_000_000;
/// Seconds.
const HOUR: u32 = 3_600;
/// The last hour that a `DateTime` holds, in 2106.
const LAST: u32 = u32::MAX / HOUR * HOUR;

/// The hour of an instant in nanoseconds, in seconds since the epoch. Earlier and later ones than a `DateTime` holds are in the
/// first and the last hour.
pub(super) fn hour_of(start_ns: i64) -> u32 {
    let hours = start_ns.div_euclid(HOUR_NS);
    u32::try_from(hours.max(0).saturating_mul(i64::from(HOUR))).unwrap_or(LAST).min(LAST)
}

/// The day of an instant in nanoseconds, in days since the epoch, as a `Date` has it.
pub(super) fn day_of(start_ns: i64) -> u16 {
    u16::try_from(hour_of(start_ns) / 86_400).unwrap_or(u16::MAX)
}

/// The first and the last hour that a range reaches into.
pub(super) fn covering(range: TimeRange) -> (u32, u32) {
    (hour_of(range.start.0), hour_of(range.end.0.saturating_sub(1)))
}

/// The hours that lie in a range as a whole: the first one, and the first one after them. `None` if there is none.
pub(super) fn inside(range: TimeRange) -> Option<(u32, u32)> {
    let first = hour_of(range.start.0.saturating_add(HOUR_NS - 1));
    let end = hour_of(range.end.0);
    // What lies outside of a `DateTime` is in the first and the last hour as well.
    (range.start.0 > 0 && first < end && end < LAST).then_some((first, end))
}

/// The beginning of an hour in nanoseconds.
pub(super) fn begin_ns(hour: u32) -> i64 {
    i64::from(hour) * 1_000_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_split_into_whole_hours_and_edges() {
        let range = |from, to| TimeRange::nanos(from * HOUR_NS + 1, to * HOUR_NS + 1);
        assert_eq!(covering(range(10, 13)), (10 * HOUR, 13 * HOUR));
        assert_eq!(inside(range(10, 13)), Some((11 * HOUR, 13 * HOUR)));
        assert_eq!(inside(range(10, 11)), None);
        let exact = TimeRange::nanos(10 * HOUR_NS, 11 * HOUR_NS);
        assert_eq!((covering(exact), inside(exact)), ((10 * HOUR, 10 * HOUR), Some((10 * HOUR, 11 * HOUR))));
        assert_eq!(inside(TimeRange::nanos(i64::MIN, i64::MAX)), None);
    }

    #[test]
    fn instants_beyond_a_date_are_in_its_first_and_last_hour() {
        assert_eq!((hour_of(i64::MIN), hour_of(-1), hour_of(HOUR_NS)), (0, 0, HOUR));
        assert_eq!((hour_of(i64::MAX), day_of(i64::MAX)), (LAST, (LAST / 86_400) as u16));
        assert_eq!(begin_ns(hour_of(25 * HOUR_NS + 3)), 25 * HOUR_NS);
    }
}

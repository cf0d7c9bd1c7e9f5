//! [`Grid`]: the instants at which a query is evaluated. Pure.
//!
//! Start and end are multiples of the step, so that a reload a second later asks the same question: the axis does not wiggle, and
//! answers are found in caches, ours and those of the source. Steps are the bucket widths of timelines, so that the axes of metrics
//! and profiles are the same.

use crate::store::TimeRange;
use flarepath_profile::time_series::{least_step, round_step_secs};
use flarepath_profile::unix_nanos::{SECOND_NS, UnixNanos};
use std::time::Duration;

/// Points of a series, about.
const MOST_POINTS: i64 = 1000;
const LEAST_STEP_SECS: i64 = 15;
/// `rate()` needs two samples in its window also when one scrape is late and one fails.
const SCRAPES_IN_WINDOW: i64 = 4;

/// Instants of the same distance, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Grid {
    /// The first instant, in seconds since the epoch.
    pub(crate) start_secs: i64,
    pub(crate) step_secs: i64,
    /// How many instants there are, at least 1.
    pub(crate) points: i64,
}

impl Grid {
    /// The instants of a range, for a source that scrapes at this interval.
    pub(crate) fn of(range: TimeRange, scrape: Duration) -> Grid {
        let length = range.length_ns().max(0) / SECOND_NS;
        let least = LEAST_STEP_SECS.max(secs(scrape)).max(least_step(length, MOST_POINTS));
        let step_secs = round_step_secs(least);
        let aligned = |at: UnixNanos| at.as_secs().div_euclid(step_secs) * step_secs;
        let start_secs = aligned(range.start);
        let last = aligned(UnixNanos(range.end.0.saturating_sub(1))).max(start_secs);
        Grid { start_secs, step_secs, points: (last - start_secs) / step_secs + 1 }
    }

    /// One instant.
    pub(crate) fn at(at: UnixNanos) -> Grid {
        let start_secs = at.as_secs().div_euclid(LEAST_STEP_SECS) * LEAST_STEP_SECS;
        Grid { start_secs, step_secs: LEAST_STEP_SECS, points: 1 }
    }

    /// The last instant, in seconds since the epoch.
    pub(crate) fn end_secs(&self) -> i64 {
        self.start_secs + (self.points - 1) * self.step_secs
    }

    /// The window of rates: each sample counts in some window, and each window has enough of them.
    pub(crate) fn rate_window_secs(&self, scrape: Duration) -> i64 {
        (self.step_secs + secs(scrape)).max(SCRAPES_IN_WINDOW * secs(scrape))
    }

    /// The number of the instant nearest to a time; `None` outside of the grid.
    pub(crate) fn place(&self, at_secs: f64) -> Option<u32> {
        let place = ((at_secs - self.start_secs as f64) / self.step_secs as f64).round();
        // A comparison that a NaN fails.
        (place >= 0.0 && place < self.points as f64).then_some(place as u32)
    }
}

/// Whole seconds, at least one.
fn secs(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const SCRAPE: Duration = Duration::from_secs(15);
    const NOW: i64 = 1_795_227_547;

    fn grid(length_secs: i64, scrape: Duration) -> Grid {
        Grid::of(TimeRange::nanos((NOW - length_secs) * SECOND_NS, NOW * SECOND_NS), scrape)
    }

    #[rstest]
    #[case::minutes(300, 15)]
    #[case::hours(4 * 3600, 15)]
    #[case::more_than_a_thousand_points(5 * 3600, 30)]
    #[case::a_day(86_400, 120)]
    #[case::a_week(604_800, 900)]
    #[case::a_month(30 * 86_400, 3600)]
    #[case::a_year(365 * 86_400, 43_200)]
    fn steps_grow_with_the_range(#[case] length_secs: i64, #[case] step_secs: i64) {
        let grid = grid(length_secs, SCRAPE);
        assert_eq!(grid.step_secs, step_secs);
        assert!(grid.points <= MOST_POINTS + 1, "{}", grid.points);
        assert_eq!((grid.start_secs % step_secs, grid.end_secs() % step_secs), (0, 0));
        assert!(grid.end_secs() < NOW && grid.end_secs() > NOW - step_secs - 1);
    }

    #[test]
    fn a_reload_asks_the_same_question() {
        let at = |now: i64| Grid::of(TimeRange::nanos((now - 3600) * SECOND_NS, now * SECOND_NS), SCRAPE);
        let first = NOW / 15 * 15 + 1;
        assert_eq!(at(first), at(first + 13));
        assert_ne!(at(first), at(first + 15));
    }

    #[test]
    fn windows_hold_four_scrapes_and_every_sample() {
        let window = |length: i64, scrape: u64| {
            let scrape = Duration::from_secs(scrape);
            grid(length, scrape).rate_window_secs(scrape)
        };
        assert_eq!([window(3600, 15), window(86_400, 15), window(3600, 60)], [60, 135, 240]);
    }

    #[test]
    fn places_are_those_of_the_nearest_instant() {
        let grid = Grid { start_secs: 60, step_secs: 15, points: 3 };
        let found = [60.0, 75.001, 90.0, 105.0, 45.0, f64::NAN, f64::INFINITY].map(|at| grid.place(at));
        assert_eq!(found, [Some(0), Some(1), Some(2), None, None, None, None]);
    }

    #[test]
    fn extreme_ranges_have_a_grid() {
        let grid = Grid::of(TimeRange::nanos(0, i64::MAX), SCRAPE);
        assert!((1..=MOST_POINTS + 1).contains(&grid.points));
        assert_eq!(Grid::of(TimeRange::nanos(5, 5), SCRAPE).points, 1);
    }
}

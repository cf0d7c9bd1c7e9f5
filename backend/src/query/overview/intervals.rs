//! Intervals of a range and of the period before it, all of one width.

use crate::store::TimeRange;
use flarepath_profile::time_series::least_step;
use flarepath_profile::unix_nanos::UnixNanos;
use std::ops::Range;

/// Intervals that a range is cut into at most.
const MOST: i64 = 30;

/// Parts of an interval in which beginnings are looked for, about.
const FINE: i64 = 4;

/// As many intervals in the range as before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Intervals {
    pub(super) range: TimeRange,
    /// Their width, at least 1 ns.
    pub(super) step_ns: i64,
    /// How many the range has; the last may reach beyond it.
    pub(super) count: usize,
}

impl Intervals {
    pub(super) fn of(range: TimeRange) -> Intervals {
        let length = range.length_ns().max(1);
        let step_ns = least_step(length, MOST).max(1);
        Intervals { range, step_ns, count: least_step(length, step_ns) as usize }
    }

    /// The same time in finer intervals.
    pub(super) fn fine(self) -> Intervals {
        let step_ns = (self.step_ns / FINE).max(1);
        Intervals { step_ns, count: least_step(self.range.length_ns().max(1), step_ns) as usize, ..self }
    }

    /// The interval of the range that a time in it cuts, by its place in the range: empty where it cuts none.
    pub(super) fn cut_by(self, at: UnixNanos) -> Range<usize> {
        let past = at.nanos_since(self.range.start).max(0);
        let [start, end] = [past / self.step_ns, least_step(past, self.step_ns)];
        (start as usize).min(self.count)..(end as usize).min(self.count)
    }

    /// The period before the range: as long, rounded up to whole intervals.
    pub(super) fn before(self) -> TimeRange {
        let length = self.step_ns.saturating_mul(self.count as i64);
        TimeRange { start: UnixNanos(self.range.start.0.saturating_sub(length)), end: self.range.start }
    }

    /// Both.
    pub(super) fn whole(self) -> TimeRange {
        TimeRange { start: self.before().start, end: self.range.end }
    }

    /// Start of an interval, by its number: those of the range begin with `count`.
    pub(super) fn start(self, number: usize) -> i64 {
        // The product may not fit 64 bits where the sum does.
        let at = i128::from(self.before().start.0) + i128::from(self.step_ns) * number as i128;
        at.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
    }

    /// The parts of a span of time in each interval that it reaches into: number and nanoseconds.
    pub(super) fn parts(self, span: Range<i64>) -> impl Iterator<Item = (usize, i64)> {
        let (whole, last) = (self.whole(), 2 * self.count - 1);
        let (mut at, end) = (span.start.max(whole.start.0), span.end.min(whole.end.0));
        std::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let past = i128::from(at) - i128::from(whole.start.0);
            // Ranges of more than 292 years are longer than their length says.
            let number = ((past / i128::from(self.step_ns)) as usize).min(last);
            let until = if number == last { end } else { self.start(number + 1).min(end) };
            let ns = until.saturating_sub(at);
            at = until;
            Some((number, ns))
        })
    }
}

/// The cost of an interval.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Part {
    pub(super) cost: f64,
    /// Nanoseconds that replicas cover, together.
    pub(super) replica_ns: f64,
    /// Nanoseconds that any of them covers.
    pub(super) any_ns: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_at_most_thirty_intervals_and_so_has_the_time_before() {
        let hour = Intervals::of(TimeRange::nanos(3600, 7200));
        assert_eq!((hour.step_ns, hour.count, hour.before()), (120, 30, TimeRange::nanos(0, 3600)));
        let odd = Intervals::of(TimeRange::nanos(100, 161));
        assert_eq!((odd.step_ns, odd.count, odd.before()), (3, 21, TimeRange::nanos(37, 100)));
        assert_eq!(odd.start(odd.count), 100);
        let fine = hour.fine();
        assert_eq!((fine.step_ns, fine.count, fine.before()), (30, 120, hour.before()));
        assert_eq!((odd.fine().step_ns, odd.fine().count), (1, 61));
    }

    #[test]
    fn a_time_cuts_an_interval_or_none() {
        let hour = Intervals::of(TimeRange::nanos(3600, 7200));
        assert_eq!([3600, 3840, 3850, 7200].map(|at| hour.cut_by(UnixNanos(at))), [0..0, 2..2, 2..3, 30..30]);
    }

    #[test]
    fn a_span_is_cut_at_the_edges_of_intervals_and_of_the_whole() {
        let hour = Intervals::of(TimeRange::nanos(3600, 7200));
        assert_eq!(hour.parts(110..250).collect::<Vec<_>>(), [(0, 10), (1, 120), (2, 10)]);
        assert_eq!(hour.parts(-50..10).collect::<Vec<_>>(), [(0, 10)]);
        assert_eq!(hour.parts(7190..9000).collect::<Vec<_>>(), [(59, 10)]);
        assert_eq!(hour.parts(9000..9100).count(), 0);
    }

    #[test]
    fn ranges_at_the_ends_of_time_have_bounded_parts() {
        for range in [
            TimeRange::nanos(0, i64::MAX),
            TimeRange::nanos(i64::MIN, i64::MAX),
            TimeRange::nanos(i64::MIN, 0),
        ] {
            let intervals = Intervals::of(range);
            let parts: Vec<_> = intervals.parts(i64::MIN..i64::MAX).collect();
            assert!(parts.len() <= 2 * intervals.count, "{range:?}");
            assert!(parts.iter().all(|(number, ns)| *number < 2 * intervals.count && *ns > 0), "{range:?}");
        }
    }
}

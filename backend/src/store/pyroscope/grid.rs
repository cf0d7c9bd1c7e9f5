//! Time on both sides: our ranges are half open and in nanoseconds, Pyroscope's are closed and in milliseconds.
//!
//! A range is rounded up to milliseconds at both ends, so ranges that follow each other still share no profile and leave none out.
//! A question may be as long as `max_range`; longer ranges are cut at multiples of it since the epoch, which makes equal questions
//! of equal parts. Pyroscope compares a profile's start in nanoseconds with the last millisecond of a question: of a merge it
//! leaves out a profile that starts within that millisecond, but after its beginning.
//!
//! # Totals
//! `SelectSeries` with a start, an end and a step gives points at `start + k · step`, and the point at `t` sums the profiles
//! whose start, cut to milliseconds, is in `(t - step, t]`. So the window `[a, a + step)` of whole milliseconds is the point at
//! `a + step - 1`. [`Windows`] asks from `a - 1` on and drops the point there, which sums what is before `a` (or, of some
//! versions, only what is exactly there); it asks until one millisecond after its last point, so that the last millisecond
//! counts whole, and drops the point that this adds. For two windows of 10 ms from 100 on:
//!
//! ```text
//! start 99, end 120, step 0.010
//! point  99: before 100, dropped
//! point 109: 100..=109, the window at 100
//! point 119: 110..=119, the window at 110
//! point 129: from 120 on, dropped
//! ```

use crate::store::{StoreError, TimeRange};

/// Nanoseconds of a millisecond.
pub(super) const MS: i64 = 1_000_000;
/// Questions that one of ours is cut into, at most, for each selector: a year of days.
const MOST_QUESTIONS: usize = 400;
/// Points of a line of one question.
const MOST_POINTS: i64 = 10_000;
/// How much longer than its windows a question for totals is.
const EDGES: i64 = 2;

/// A range in milliseconds since the epoch: `start` included, `end` excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Millis {
    pub(super) start: i64,
    pub(super) end: i64,
}

impl Millis {
    /// The whole milliseconds of a range. Before 1970 there are no profiles, and 0 means no time at all to Pyroscope.
    pub(super) fn of(range: TimeRange) -> Millis {
        let up = |nanos: i64| nanos.div_euclid(MS) + i64::from(nanos.rem_euclid(MS) != 0);
        Millis { start: up(range.start.0).max(2), end: up(range.end.0) }
    }

    /// The last millisecond.
    pub(super) fn last(self) -> i64 {
        self.end - 1
    }

    /// Parts of at most `longest`, cut at multiples of it.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] for very many.
    pub(super) fn parts(self, longest: i64) -> Result<Vec<Millis>, StoreError> {
        let mut parts = Vec::new();
        let mut at = self.start;
        while at < self.end {
            let edge = (at.div_euclid(longest) + 1).saturating_mul(longest).min(self.end);
            push(&mut parts, Millis { start: at, end: edge })?;
            at = edge;
        }
        Ok(parts)
    }
}

/// Windows of equal width that one question asks about, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Windows {
    /// Left edge of the first, in milliseconds since the epoch.
    pub(super) start: i64,
    /// Milliseconds.
    pub(super) width: i64,
    pub(super) count: i64,
}

/// A point that is not on the grid that was asked for: the store has moved the start of the question, because it was
/// earlier than it allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OffGrid;

impl Windows {
    /// Start and end of the question.
    pub(super) fn question(self) -> (i64, i64) {
        (self.start - 1, self.start + self.width * self.count)
    }

    /// The step of the question. Pyroscope cuts it to milliseconds, and others round it: a microsecond more makes up for what
    /// floating point lacks.
    pub(super) fn step_secs(self) -> f64 {
        (self.width as f64 + 1e-3) / 1e3
    }

    /// Left edge of the window that a point is of; `None` for points before the first and after the last.
    ///
    /// # Errors
    /// [`OffGrid`]
    pub(super) fn window(self, point: i64) -> Result<Option<i64>, OffGrid> {
        let past = point.saturating_sub(self.start - 1);
        if past % self.width != 0 {
            return Err(OffGrid);
        }
        let index = past / self.width - 1;
        Ok((0..self.count).contains(&index).then(|| self.start + index * self.width))
    }
}

/// Windows that cover a range and lie in one bucket each. Buckets begin at `origin` and every `step` milliseconds; the range
/// may begin and end within one.
///
/// # Errors
/// [`StoreError::TooLarge`] when very many questions would be needed.
pub(super) fn windows(
    range: Millis,
    origin: i64,
    step: i64,
    longest: i64,
) -> Result<Vec<Windows>, StoreError> {
    let longest = (longest - EDGES).max(1);
    let mut all = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let past = (at - origin).rem_euclid(step);
        let whole = (range.end - at) / step;
        let windows = if past == 0 && whole > 0 && step <= longest {
            Windows { start: at, width: step, count: whole.min(longest / step).min(MOST_POINTS) }
        } else {
            let edge = (at - past).saturating_add(step).min(range.end);
            Windows { start: at, width: (edge - at).min(longest), count: 1 }
        };
        push(&mut all, windows)?;
        at += windows.width * windows.count;
    }
    Ok(all)
}

fn push<T>(all: &mut Vec<T>, one: T) -> Result<(), StoreError> {
    if all.len() == MOST_QUESTIONS {
        return Err(StoreError::TooLarge(format!("the range takes more than {MOST_QUESTIONS} questions")));
    }
    all.push(one);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ranges_become_whole_milliseconds() {
        let of = |start, end| {
            let Millis { start, end } = Millis::of(TimeRange::nanos(start, end));
            (start, end)
        };
        assert_eq!(of(5 * MS, 9 * MS), (5, 9));
        assert_eq!(of(5 * MS + 1, 9 * MS + 1), (6, 10));
        assert_eq!(of(i64::MIN, 9 * MS), (2, 9));
    }

    #[test]
    fn long_ranges_are_cut_at_multiples() {
        let parts = |start, end| {
            let parts = Millis { start, end }.parts(100).unwrap();
            parts.into_iter().map(|part| (part.start, part.end)).collect::<Vec<_>>()
        };
        assert_eq!(parts(130, 420), [(130, 200), (200, 300), (300, 400), (400, 420)]);
        assert_eq!(parts(100, 200), [(100, 200)]);
        assert_eq!(parts(100, 100), []);
        assert!(matches!(Millis::of(TimeRange::nanos(0, i64::MAX)).parts(100), Err(StoreError::TooLarge(_))));
    }

    #[test]
    fn the_example_of_the_module_holds() {
        let windows = Windows { start: 100, width: 10, count: 2 };
        assert_eq!(windows.question(), (99, 120));
        let found = [89, 99, 109, 119, 129].map(|point| windows.window(point).unwrap());
        assert_eq!(found, [None, None, Some(100), Some(110), None]);
        assert_eq!(windows.window(110), Err(OffGrid));
    }

    #[test]
    fn steps_are_whole_milliseconds_however_they_are_read() {
        for width in (1..2000).chain([86_399_998]) {
            let step = Windows { start: 100, width, count: 1 }.step_secs();
            let (cut, rounded) = ((step * 1e9) as i64 / MS, (step * 1e3).round() as i64);
            assert_eq!((cut, rounded), (width, width));
        }
    }

    #[test]
    fn buckets_are_asked_for_together_and_the_rest_by_itself() {
        let plan = |start, end, origin, step, longest| {
            let found = windows(Millis { start, end }, origin, step, longest).unwrap();
            found.into_iter().map(|w| (w.start, w.width, w.count)).collect::<Vec<_>>()
        };
        assert_eq!(plan(100, 135, 100, 10, 1000), [(100, 10, 3), (130, 5, 1)]);
        assert_eq!(plan(104, 135, 100, 10, 1000), [(104, 6, 1), (110, 10, 2), (130, 5, 1)]);
        assert_eq!(plan(100, 160, 100, 10, 32), [(100, 10, 3), (130, 10, 3)]);
        assert_eq!(plan(100, 160, 100, 50, 32), [(100, 30, 1), (130, 20, 1), (150, 10, 1)]);
        assert_eq!(plan(100, 100, 100, 10, 1000), []);
    }

    proptest! {
        #[test]
        fn windows_cover_the_range_once_and_stay_in_their_buckets(
            (start, length, before) in (2i64..5000, 0i64..500, 0i64..40),
            (step, longest) in (1i64..60, 5i64..200),
        ) {
            let range = Millis { start, end: start + length };
            let origin = start - before;
            let mut at = start;
            for w in windows(range, origin, step, longest).unwrap() {
                prop_assert_eq!(w.start, at);
                let (from, until) = w.question();
                prop_assert!(until - from <= longest.max(3));
                for index in 0..w.count {
                    let left = w.start + index * w.width;
                    let bucket = |ms: i64| (ms - origin).div_euclid(step);
                    prop_assert_eq!(bucket(left), bucket(left + w.width - 1));
                    prop_assert_eq!(w.window(left + w.width - 1), Ok(Some(left)));
                }
                at += w.width * w.count;
            }
            prop_assert_eq!(at, range.end);
        }
    }
}

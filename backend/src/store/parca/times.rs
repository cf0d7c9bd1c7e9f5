//! Times of Parca: milliseconds in its store, seconds and nanoseconds on the wire.
//!
//! A [`TimeRange`] includes its start and excludes its end, in nanoseconds; Parca's `start` and `end` are both included, in
//! milliseconds. A profile of millisecond `m` counts as one that starts at `m · 10⁶` ns. So the range begins with the first
//! millisecond at or after its start, and ends with the last one before its end:
//!
//! ```text
//! [1 000 000 000, 2 000 000 000) ns → 1000 to 1999 ms
//! [1 000 000 001, 2 000 000 001) ns → 1001 to 2000 ms
//! ```
//!
//! Versions before 2026 exclude both ends in `QueryRange`, though not in `Query`; there, profiles of exactly the first or the last
//! millisecond are missing from totals.

use super::messages::Timestamp;
use crate::store::TimeRange;
use flarepath_profile::unix_nanos::{SECOND_NS, UnixNanos};

const MILLI_NS: i64 = 1_000_000;
const SECOND_MS: i64 = 1000;
/// Names and values are asked for a little more than the range, as their ends are excluded.
const MARGIN_MS: i64 = SECOND_MS;
/// Buckets of one question about totals, before the answer shows whether that is too many: 6 hours of seconds.
const WINDOW_BUCKETS: i64 = 21_600;

/// Milliseconds since the epoch, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) first_ms: i64,
    pub(super) last_ms: i64,
}

impl Window {
    /// The milliseconds in a range; none if it has none.
    pub(super) fn of(range: TimeRange) -> Option<Window> {
        let at_or_after = |at: UnixNanos| at.as_millis() + i64::from(at.0.rem_euclid(MILLI_NS) != 0);
        let (first_ms, last_ms) = (at_or_after(range.start), at_or_after(range.end) - 1);
        (first_ms <= last_ms).then_some(Window { first_ms, last_ms })
    }

    /// A little more, for questions whose answers may hold more than what was asked for.
    pub(super) fn widened(self) -> Window {
        Window { first_ms: self.first_ms - MARGIN_MS, last_ms: self.last_ms + MARGIN_MS }
    }

    pub(super) fn start(self) -> Timestamp {
        timestamp(self.first_ms)
    }

    pub(super) fn end(self) -> Timestamp {
        timestamp(self.last_ms)
    }

    /// How many [`Window::pieces`] there are.
    pub(super) fn piece_count(self, step_secs: i64) -> i64 {
        let width = WINDOW_BUCKETS.saturating_mul(step_secs).saturating_mul(SECOND_MS);
        self.last_ms.div_euclid(width) - self.first_ms.div_euclid(width) + 1
    }

    /// The window in pieces of at most [`WINDOW_BUCKETS`] buckets, none of which is in two pieces.
    pub(super) fn pieces(self, step_secs: i64) -> impl Iterator<Item = Window> {
        let width = WINDOW_BUCKETS.saturating_mul(step_secs).saturating_mul(SECOND_MS);
        let numbers = self.first_ms.div_euclid(width)..=self.last_ms.div_euclid(width);
        numbers.map(move |number| Window {
            first_ms: self.first_ms.max(number.saturating_mul(width)),
            last_ms: self.last_ms.min((number + 1).saturating_mul(width) - 1),
        })
    }

    /// Two parts that share no bucket; none of a window of one bucket.
    pub(super) fn halves(self, step_secs: i64) -> Option<[Window; 2]> {
        let step_ms = step_secs.saturating_mul(SECOND_MS);
        let middle = self.first_ms + (self.last_ms - self.first_ms) / 2 + 1;
        let below = middle.div_euclid(step_ms).saturating_mul(step_ms);
        let cut = if below > self.first_ms { below } else { below.saturating_add(step_ms) };
        let parts = [Window { last_ms: cut - 1, ..self }, Window { first_ms: cut, ..self }];
        (self.first_ms < cut && cut <= self.last_ms).then_some(parts)
    }

    /// Whether an answer may hold a sample at `at`: the start of a bucket may be before the first millisecond.
    pub(super) fn may_hold(self, at: UnixNanos, step_secs: i64) -> bool {
        let step_ms = step_secs.saturating_mul(SECOND_MS);
        let bucket = self.first_ms.div_euclid(step_ms).saturating_mul(step_ms);
        bucket <= at.as_millis() && at.as_millis() <= self.last_ms
    }
}

fn timestamp(millis: i64) -> Timestamp {
    let nanos = millis.rem_euclid(SECOND_MS) * MILLI_NS;
    Timestamp { seconds: millis.div_euclid(SECOND_MS), nanos: nanos as i32 }
}

/// The instant; `None` if it is none, or outside of the years 1677 to 2262.
pub(super) fn instant(timestamp: Option<Timestamp>) -> Option<UnixNanos> {
    let Timestamp { seconds, nanos } = timestamp?;
    let nanos = Some(i64::from(nanos)).filter(|nanos| (0..SECOND_NS).contains(nanos))?;
    seconds.checked_mul(SECOND_NS)?.checked_add(nanos).map(UnixNanos)
}

/// The widest whole number of seconds such that all buckets of `step_ns` from `start` on are made of whole buckets of Parca, which
/// begin at its multiples since the epoch. A second at least: what is narrower cannot be told apart.
pub(super) fn widest_step_secs(start: UnixNanos, step_ns: i64) -> i64 {
    if start.0 % SECOND_NS != 0 || step_ns % SECOND_NS != 0 {
        return 1;
    }
    let (mut a, mut b) = (step_ns / SECOND_NS, start.as_secs().saturating_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case((1_000_000_000, 2_000_000_000), Some((1000, 1999)))]
    #[case((1_000_000_001, 2_000_000_001), Some((1001, 2000)))]
    #[case((999_999_999, 1_999_999_999), Some((1000, 1999)))]
    #[case((-1_500_001, 1), Some((-1, 0)))]
    #[case((1_000_000, 1_000_001), Some((1, 1)))]
    #[case((1_000_001, 2_000_000), None)]
    #[case((5_000_000, 5_000_000), None)]
    #[case((9_000_000, 5_000_000), None)]
    fn the_start_is_included_and_the_end_excluded(
        #[case] edges: (i64, i64),
        #[case] expected: Option<(i64, i64)>,
    ) {
        let range = TimeRange::nanos(edges.0, edges.1);
        let found = Window::of(range);
        assert_eq!(found.map(|window| (window.first_ms, window.last_ms)), expected);
        let Some(window) = found else { return };
        for (millis, is_in) in [
            (window.first_ms - 1, false),
            (window.first_ms, true),
            (window.last_ms, true),
            (window.last_ms + 1, false),
        ] {
            assert_eq!(range.contains(UnixNanos::from_millis(millis)), is_in, "{millis}");
        }
    }

    #[test]
    fn timestamps_lose_nothing() {
        for millis in [-1500, -1, 0, 1, 1_795_227_600_123] {
            let there = timestamp(millis);
            assert!((0..1_000_000_000).contains(&there.nanos), "{there:?}");
            assert_eq!(instant(Some(there)), Some(UnixNanos::from_millis(millis)));
        }
        assert_eq!(instant(Some(Timestamp { seconds: 1, nanos: 7 })), Some(UnixNanos(1_000_000_007)));
        let impossible = [None, Some(Timestamp { seconds: 1, nanos: -1 })];
        assert_eq!(impossible.map(instant), [None, None]);
        assert_eq!(instant(Some(Timestamp { seconds: i64::MAX, nanos: 0 })), None);
    }

    #[rstest]
    #[case(0, 3_600_000, 1)]
    #[case(1_795_227_600_500, 1_795_400_000_000, 1)]
    #[case(-50_000_000, 50_000_000, 1)]
    #[case(7_001, 90_000_000_000, 60)]
    fn pieces_follow_each_other_and_share_no_bucket(
        #[case] first_ms: i64,
        #[case] last_ms: i64,
        #[case] step_secs: i64,
    ) {
        let pieces: Vec<Window> = Window { first_ms, last_ms }.pieces(step_secs).collect();
        assert_eq!(pieces.len() as i64, Window { first_ms, last_ms }.piece_count(step_secs));
        assert_eq!((pieces[0].first_ms, pieces[pieces.len() - 1].last_ms), (first_ms, last_ms));
        for pair in pieces.windows(2) {
            assert_eq!(pair[0].last_ms + 1, pair[1].first_ms);
            assert_eq!(pair[1].first_ms % (step_secs * 1000), 0);
        }
    }

    #[test]
    fn halves_cover_the_window_until_one_bucket_is_left() {
        let mut waiting = vec![Window { first_ms: 1_700, last_ms: 9_300 }];
        let mut smallest = Vec::new();
        while let Some(window) = waiting.pop() {
            match window.halves(2) {
                Some([first, second]) => {
                    assert_eq!(first.last_ms + 1, second.first_ms);
                    assert_eq!(second.first_ms % 2000, 0);
                    waiting.extend([second, first]);
                }
                None => smallest.push((window.first_ms, window.last_ms)),
            }
        }
        let expected = [(1_700, 1_999), (2_000, 3_999), (4_000, 5_999), (6_000, 7_999), (8_000, 9_300)];
        assert_eq!(smallest, expected);
    }

    #[rstest]
    #[case(1_795_227_600, 15, 15)]
    #[case(1_795_227_610, 15, 5)]
    #[case(0, 60, 60)]
    #[case(1_795_227_601, 60, 1)]
    fn steps_are_as_wide_as_the_buckets_allow(#[case] start: i64, #[case] step: i64, #[case] expected: i64) {
        assert_eq!(widest_step_secs(UnixNanos(start * SECOND_NS), step * SECOND_NS), expected);
        assert_eq!(widest_step_secs(UnixNanos(start * SECOND_NS + 1), step * SECOND_NS), 1);
        assert_eq!(widest_step_secs(UnixNanos(start * SECOND_NS), step * SECOND_NS / 2 + 1), 1);
    }
}

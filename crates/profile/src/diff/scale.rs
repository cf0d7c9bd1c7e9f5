//! Scale of a comparison (values or shares) and the change on it.
//!
//! Values of both sides are divided by a number of their side first: by its total ([`Mode::Share`]), by nothing
//! ([`Mode::Absolute`]) or by the time that it covers ([`Mode::PerSecond`]). Whether something grew is decided on
//! the fractions themselves, in 128 bits, so that equal shares are equal however large the numbers.
//!
//! Nothing is refused: a side without a total has shares of zero; a negative total (the difference of two heaps)
//! divides by its size, so that signs stay what they were.

use super::{Pair, Presence, Side};
use std::cmp::Ordering;

/// What a person chooses to compare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Each value as a share of its side's total: what takes more of the time, however much time there was.
    #[default]
    Share,
    /// Values as they are.
    Absolute,
    /// Values by the second of the time that each side covers.
    PerSecond,
}

/// What became of a path or a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Change {
    /// Only the comparison has it.
    New,
    /// Only the baseline has it.
    Gone,
    /// More than it was.
    Grew,
    /// Less than it was.
    Shrank,
    /// Exactly what it was.
    Same,
}

/// Makes values of both sides comparable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// What was chosen.
    pub mode: Mode,
    /// What each side's values are divided by; zero makes all of them zero.
    divisor: [u64; 2],
    /// What the fractions are multiplied by.
    unit: f64,
}

impl Scale {
    /// Shares of these totals, from 0 to 1 where nothing is negative.
    pub fn share(totals: Pair) -> Scale {
        let divisor = [totals.baseline.unsigned_abs(), totals.comparison.unsigned_abs()];
        Scale { mode: Mode::Share, divisor, unit: 1.0 }
    }

    /// Values as they are.
    pub fn absolute() -> Scale {
        Scale { mode: Mode::Absolute, divisor: [1, 1], unit: 1.0 }
    }

    /// Values a second of the time that each side covers, in nanoseconds: ranges of unequal length compare. A
    /// side that covers no time has only zeros.
    pub fn per_second(covered_ns: Pair) -> Scale {
        let divisor = [covered_ns.baseline.max(0) as u64, covered_ns.comparison.max(0) as u64];
        Scale { mode: Mode::PerSecond, divisor, unit: 1e9 }
    }

    /// A value of one side as it is compared.
    pub fn value(&self, side: Side, value: i64) -> f64 {
        match self.divisor[side as usize] {
            0 => 0.0,
            divisor => value as f64 / divisor as f64 * self.unit,
        }
    }

    /// Comparison less baseline: shares (0.01 is a point), values, or values a second.
    pub fn delta(&self, pair: Pair) -> f64 {
        if self.divisor == [1, 1] {
            // Differences of large values that are near each other keep all their digits.
            return (i128::from(pair.comparison) - i128::from(pair.baseline)) as f64 * self.unit;
        }
        self.value(Side::Comparison, pair.comparison) - self.value(Side::Baseline, pair.baseline)
    }

    /// How the comparison stands to the baseline. Exact.
    pub fn compare(&self, pair: Pair) -> Ordering {
        let [before, after] = self.divisor;
        // |i64| · u64 stays below 2^127.
        let cross = |value: i64, own: u64, other: u64| match (own, other) {
            (0, _) => 0,
            (_, 0) => i128::from(value),
            (_, other) => i128::from(value) * i128::from(other),
        };
        cross(pair.comparison, after, before).cmp(&cross(pair.baseline, before, after))
    }

    /// What became of something with these values.
    pub fn change(&self, pair: Pair, presence: Presence) -> Change {
        match (presence.baseline, presence.comparison) {
            (false, true) => Change::New,
            (true, false) => Change::Gone,
            (false, false) => Change::Same,
            (true, true) => match self.compare(pair) {
                Ordering::Less => Change::Shrank,
                Ordering::Equal => Change::Same,
                Ordering::Greater => Change::Grew,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BOTH: Presence = Presence { baseline: true, comparison: true };

    fn pair(baseline: i64, comparison: i64) -> Pair {
        Pair { baseline, comparison }
    }

    #[test]
    fn share_and_value_can_change_in_opposite_directions() {
        let (share, absolute) = (Scale::share(pair(100, 400)), Scale::absolute());
        let cost = pair(10, 20);
        assert_eq!((share.delta(cost), share.change(cost, BOTH)), (0.05 - 0.1, Change::Shrank));
        assert_eq!((absolute.delta(cost), absolute.change(cost, BOTH)), (10.0, Change::Grew));
        assert_eq!(share.change(pair(10, 40), BOTH), Change::Same);
        let rate = Scale::per_second(pair(1_000_000_000, 4_000_000_000));
        assert_eq!((rate.delta(cost), rate.change(cost, BOTH)), (-5.0, Change::Shrank));
    }

    #[test]
    fn presence_decides_between_new_and_removed() {
        let share = Scale::share(pair(0, 5));
        assert_eq!(
            share.change(pair(0, 5), Presence { comparison: true, ..Presence::default() }),
            Change::New
        );
        let gone = Presence { baseline: true, ..Presence::default() };
        assert_eq!(share.change(pair(0, 0), gone), Change::Gone);
        assert_eq!(share.change(pair(0, 0), BOTH), Change::Same);
        assert_eq!(share.change(pair(7, 0), BOTH), Change::Same, "a side without a total has no shares");
        assert_eq!((share.delta(pair(7, 5)), share.compare(pair(7, 5))), (1.0, Ordering::Greater));
    }

    #[test]
    fn keeps_signs_and_extreme_values() {
        let negative = Scale::share(pair(-10, -20));
        assert_eq!(negative.value(Side::Baseline, -5), -0.5);
        assert_eq!(negative.change(pair(-5, -5), BOTH), Change::Grew);
        let ends = Scale::share(pair(i64::MIN, i64::MAX));
        assert_eq!(ends.compare(pair(i64::MIN, i64::MAX)), Ordering::Greater);
        assert_eq!(ends.compare(pair(i64::MIN, i64::MIN)), Ordering::Less);
        let close = Scale::share(pair(i64::MAX, i64::MAX));
        assert_eq!(close.compare(pair(i64::MAX - 1, i64::MAX - 2)), Ordering::Less);
        assert_eq!(Scale::absolute().delta(pair(i64::MAX - 1, i64::MAX)), 1.0);
        assert_eq!(Scale::per_second(pair(-1, 0)).delta(pair(5, 5)), 0.0);
    }

    proptest! {
        #[test]
        fn swapping_the_sides_negates_the_change(b in -99..99i64, c in -99..99i64, tb in -9..200i64, tc in -9..200i64) {
            let (there, back) = (Scale::share(pair(tb, tc)), Scale::share(pair(tc, tb)));
            prop_assert_eq!(there.delta(pair(b, c)), -back.delta(pair(c, b)));
            prop_assert_eq!(there.compare(pair(b, c)), back.compare(pair(c, b)).reverse());
            let delta = there.delta(pair(b, c));
            if delta.abs() > 1e-12 {
                prop_assert_eq!(there.compare(pair(b, c)) == Ordering::Greater, delta > 0.0);
            }
        }
    }
}

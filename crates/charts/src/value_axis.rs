//! The value axis: its ends and ticks.

use crate::value_unit::ValueUnit;
use flarepath_profile::units::Tick;

/// Values from here on are no measurements, and differences of them may be infinite.
const LARGEST: f64 = 1e300;
/// A limit that is this many times as far from zero as any value would press the values against the baseline: it is named beyond the axis.
const LIMIT_REACH: f64 = 4.0;
/// Room beyond the most extreme value, as a share of the range.
const PADDING: f64 = 0.08;

/// Whether a value is drawn; all others are gaps.
pub(crate) fn is_drawn(value: f64) -> bool {
    value.abs() < LARGEST
}

/// An axis that contains zero, all values, and the limit unless that is too far away.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ValueAxis {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) ticks: Vec<Tick>,
}

impl ValueAxis {
    /// The axis of `values` with at most about so many ticks.
    pub(crate) fn of(
        values: impl Iterator<Item = f64>,
        limit: Option<f64>,
        unit: &ValueUnit,
        ticks: usize,
    ) -> ValueAxis {
        let ends = |(low, high): (f64, f64), value: f64| (low.min(value), high.max(value));
        let found = values.filter(|value| is_drawn(*value)).fold((0.0, 0.0), ends);
        let size = found.1.max(-found.0);
        let near = |limit: &f64| is_drawn(*limit) && (size == 0.0 || limit.abs() <= size * LIMIT_REACH);
        let (low, high) = limit.filter(near).map_or(found, |limit| ends(found, limit));
        let (low, high) = if low < high { (low, high) } else { (0.0, 1.0) };
        let padding = (high - low) * PADDING;
        let low = if low < 0.0 { low - padding } else { low };
        let high = if high > 0.0 { high + padding } else { high };
        ValueAxis { low, high, ticks: unit.ticks(low, high, ticks) }
    }

    /// Where a value is: 0 at the low end, 1 at the high one.
    pub(crate) fn share(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }

    /// Whether the axis reaches to a value.
    pub(crate) fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(values: &[f64], limit: Option<f64>) -> (f64, f64) {
        let axis = ValueAxis::of(values.iter().copied(), limit, &ValueUnit::count(), 3);
        (axis.low, axis.high)
    }

    #[test]
    fn an_axis_contains_zero_and_all_values() {
        assert_eq!(ends(&[50.0, 100.0], None), (0.0, 108.0));
        assert_eq!(ends(&[-100.0, -50.0], None), (-108.0, 0.0));
        assert_eq!(ends(&[-50.0, 50.0], None), (-58.0, 58.0));
        assert_eq!(ends(&[5.0, 5.0], None), (0.0, 5.4));
    }

    #[test]
    fn an_axis_without_values_ends_at_one() {
        assert_eq!(ends(&[], None), (0.0, 1.08));
        assert_eq!(ends(&[0.0, 0.0], None), (0.0, 1.08));
        assert_eq!(ends(&[f64::NAN, f64::INFINITY, -f64::INFINITY, f64::MAX], None), (0.0, 1.08));
    }

    #[test]
    fn a_limit_is_on_the_axis_unless_it_is_far_away() {
        assert_eq!(ends(&[100.0], Some(400.0)), (0.0, 432.0));
        assert_eq!(ends(&[100.0], Some(401.0)), (0.0, 108.0));
        assert_eq!(ends(&[], Some(50.0)), (0.0, 54.0), "nothing else decides");
        assert_eq!(ends(&[100.0], Some(f64::NAN)), (0.0, 108.0));
    }

    #[test]
    fn ticks_are_on_the_axis() {
        let axis = ValueAxis::of([3.0, 9.5].into_iter(), None, &ValueUnit::per_second(), 3);
        let labels: Vec<&str> = axis.ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(labels, ["0", "5/s", "10/s"]);
        assert!(axis.ticks.iter().all(|tick| axis.contains(tick.value)));
        assert_eq!((axis.share(axis.low), axis.share(axis.high)), (0.0, 1.0));
    }
}

//! Color scale: steps from zero to the maximum.

use super::Heatmap;

/// How values are spread over the colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scale {
    /// Equal differences look equal.
    #[default]
    Linear,
    /// Equal ratios look equal: for values of very different sizes.
    Log,
}

/// Colours of a map, by number: 0 is for nothing (0 and below), 1 to `steps` for more and more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Colors {
    scale: Scale,
    steps: u8,
    /// Smallest and largest value above 0.
    low: f64,
    high: f64,
}

impl Colors {
    /// Colours for the values of a map; at least 1 step is assumed.
    pub fn of(map: &Heatmap, scale: Scale, steps: u8) -> Colors {
        let positive = || map.values().filter(|&v| v > 0.0 && v.is_finite());
        let low = positive().fold(f64::INFINITY, f64::min);
        let high = positive().fold(0.0, f64::max);
        Colors { scale, steps: steps.max(1), low, high }
    }

    /// Colours from 0 to `high`, so that several maps can be compared; `low` is the smallest value worth telling
    /// from nothing.
    pub fn between(low: f64, high: f64, scale: Scale, steps: u8) -> Colors {
        Colors { scale, steps: steps.max(1), low, high }
    }

    /// The colour of a value: 0 for nothing, up to the number of steps; the largest value has the last.
    pub fn bucket(&self, value: f64) -> u8 {
        if value.is_nan() || value <= 0.0 {
            return 0;
        }
        let steps = f64::from(self.steps);
        let part = match self.scale {
            Scale::Linear => value / self.high,
            Scale::Log if self.high > self.low => (value / self.low).ln() / (self.high / self.low).ln(),
            // One value only.
            Scale::Log => 1.0,
        };
        // The edge between two steps belongs to the lower one.
        (part * steps).ceil().clamp(1.0, steps) as u8
    }

    /// For a legend: the values between which each colour from 1 on lies. Empty when no value is above 0.
    pub fn edges(&self) -> Vec<f64> {
        if self.high <= 0.0 {
            return Vec::new();
        }
        let edge = |step: u8| {
            let part = f64::from(step) / f64::from(self.steps);
            match self.scale {
                Scale::Linear => self.high * part,
                Scale::Log => self.low * (self.high / self.low).powf(part),
            }
        };
        (0..=self.steps).map(edge).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heatmap::Cell;
    use proptest::prelude::*;

    fn map(values: &[f64]) -> Heatmap {
        let mut map = Heatmap::new(vec![String::new()], values.len());
        for (column, &value) in values.iter().enumerate() {
            map.add(Cell { row: 0, column }, value);
        }
        map
    }

    #[test]
    fn zero_has_its_own_color() {
        let colors = Colors::of(&map(&[0.0, -3.0, 1.0, 10.0, 100.0]), Scale::Linear, 4);
        assert_eq!([0.0, -3.0, f64::NAN].map(|v| colors.bucket(v)), [0, 0, 0]);
        assert_eq!([1.0, 25.0, 26.0, 100.0, 1e9].map(|v| colors.bucket(v)), [1, 1, 2, 4, 4]);
        assert_eq!(colors.edges(), [0.0, 25.0, 50.0, 75.0, 100.0]);
        let log = Colors::of(&map(&[0.0, 1.0, 10.0, 100.0]), Scale::Log, 2);
        assert_eq!([0.5, 1.0, 9.0, 11.0, 100.0].map(|v| log.bucket(v)), [1, 1, 1, 2, 2]);
        assert_eq!(log.edges(), [1.0, 10.0, 100.0]);
    }

    #[test]
    fn uniform_maps_have_colors() {
        for scale in [Scale::Linear, Scale::Log] {
            let one = Colors::of(&map(&[7.0, 7.0]), scale, 5);
            assert_eq!((one.bucket(0.0), one.bucket(7.0)), (0, 5));
            let none = Colors::of(&map(&[0.0]), scale, 5);
            assert_eq!((none.bucket(0.0), none.edges().len()), (0, 0));
            assert_eq!(Colors::of(&map(&[1.0]), scale, 0).bucket(1.0), 1);
        }
    }

    proptest! {
        #[test]
        fn color_steps_are_monotonic(
            values in prop::collection::vec(1e-3..1e15f64, 1..30), steps in 1..64u8, log: bool,
        ) {
            let colors = Colors::of(&map(&values), if log { Scale::Log } else { Scale::Linear }, steps);
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            let buckets: Vec<u8> = sorted.iter().map(|&v| colors.bucket(v)).collect();
            prop_assert!(buckets.is_sorted());
            prop_assert!(buckets[0] >= 1);
            prop_assert_eq!(*buckets.last().unwrap(), steps);
            prop_assert!(colors.edges().is_sorted());
        }
    }
}

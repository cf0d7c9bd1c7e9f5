//! Units of values: texts of an axis and of single values, in one unit for the whole chart.

use flarepath_profile::units::{Tick, Unit, UnitScale, ticks};

/// What the values of a chart measure.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueUnit {
    unit: Unit,
    /// How many of the unit one value is.
    factor: f64,
}

impl ValueUnit {
    fn new(unit: Unit) -> ValueUnit {
        ValueUnit { unit, factor: 1.0 }
    }

    /// Rates of events, such as requests: `12.5/s`.
    pub fn per_second() -> ValueUnit {
        ValueUnit::new(Unit::parse("count").per_second())
    }

    /// Fractions of 1, written as percentages: 0.125 is `12.5 %`.
    pub fn ratio() -> ValueUnit {
        ValueUnit { unit: Unit::parse("%"), factor: 100.0 }
    }

    /// Durations in seconds: `250 ms`.
    pub fn seconds() -> ValueUnit {
        ValueUnit::new(Unit::of("wall", "seconds"))
    }

    /// CPU time in seconds a second: `1.5 cores`.
    pub fn cores() -> ValueUnit {
        ValueUnit::new(Unit::of("cpu", "seconds").per_second())
    }

    /// Bytes: `12.4 MiB`.
    pub fn bytes() -> ValueUnit {
        ValueUnit::new(Unit::parse("bytes"))
    }

    /// Numbers of things: `12,345`.
    pub fn count() -> ValueUnit {
        ValueUnit::new(Unit::parse("count"))
    }

    /// At most about `count` ticks at round numbers.
    pub(crate) fn ticks(&self, low: f64, high: f64, count: usize) -> Vec<Tick> {
        let found = ticks(low * self.factor, high * self.factor, count, &self.unit);
        found.into_iter().map(|tick| Tick { value: tick.value / self.factor, ..tick }).collect()
    }

    /// The format of all these values: the unit that suits the largest.
    pub fn scale(&self, values: impl IntoIterator<Item = f64>) -> ValueScale {
        let factor = self.factor;
        ValueScale {
            scale: UnitScale::for_values(&self.unit, values.into_iter().map(|v| v * factor)),
            factor,
        }
    }
}

/// Writes values of one chart in one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueScale {
    scale: UnitScale,
    factor: f64,
}

impl ValueScale {
    /// A value with its unit; `–` for what is no number.
    pub fn amount(&self, value: f64) -> String {
        self.scale.amount(value * self.factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(unit: &ValueUnit, high: f64) -> Vec<String> {
        unit.ticks(0.0, high, 3).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn an_axis_has_one_unit() {
        assert_eq!(labels(&ValueUnit::ratio(), 0.11), ["0", "5 %", "10 %"]);
        assert_eq!(labels(&ValueUnit::ratio(), 1.0), ["0", "50 %", "100 %"]);
        assert_eq!(labels(&ValueUnit::seconds(), 0.5), ["0", "200 ms", "400 ms"]);
        assert_eq!(labels(&ValueUnit::cores(), 2.2), ["0 cores", "1 core", "2 cores"]);
        assert_eq!(labels(&ValueUnit::per_second(), 25.0), ["0", "10/s", "20/s"]);
        assert_eq!(labels(&ValueUnit::bytes(), 3.0 * 1048576.0), ["0", "1 MiB", "2 MiB", "3 MiB"]);
        assert_eq!(labels(&ValueUnit::count(), 2.0), ["0", "1", "2"]);
    }

    #[test]
    fn ticks_of_ratios_are_fractions() {
        let values: Vec<f64> = ValueUnit::ratio().ticks(0.0, 1.0, 2).iter().map(|tick| tick.value).collect();
        assert_eq!(values, [0.0, 0.5, 1.0]);
    }

    #[test]
    fn values_of_a_chart_have_one_unit() {
        let text = |unit: ValueUnit, values: [f64; 2]| {
            let scale = unit.scale(values);
            values.map(|value| scale.amount(value))
        };
        assert_eq!(text(ValueUnit::ratio(), [0.125, 0.004]), ["12.5 %", "0.4 %"]);
        assert_eq!(text(ValueUnit::seconds(), [0.25, 1.2]), ["0.25 s", "1.2 s"]);
        assert_eq!(text(ValueUnit::cores(), [1.0, 0.25]), ["1 core", "0.25 cores"]);
        assert_eq!(text(ValueUnit::per_second(), [2000.0, f64::NAN]), ["2,000/s", "–"]);
    }
}

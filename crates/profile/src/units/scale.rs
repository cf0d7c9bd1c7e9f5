//! One unit for many values: a column of a table, a chart, the cells of a heat map.
//!
//! Values below each other are compared by their length, so they must be in one unit: `3.82 mcores` above `0.0191 cores` reads
//! as if the first were larger. The unit is chosen once, from the largest absolute value:
//!
//! ```
//! use flarepath_profile::units::{Unit, UnitScale};
//!
//! let cores = Unit::of("cpu", "nanoseconds").per_second();
//! let column = UnitScale::for_values(&cores, [3.82e6, 19.1e6, -89e3, 0.0]);
//! assert_eq!([3.82e6, 19.1e6].map(|v| column.text(v)), ["0.00382 cores", "0.0191 cores"]);
//! assert_eq!([19.1e6, -89e3, 0.0].map(|v| column.signed(v)), ["+0.0191 cores", "−0.000089 cores", "–"]);
//! ```

use super::decimal::decimal;
use super::number::{bounded, magnitude, thousands};
use super::{Measure, Unit};

/// Up to here counts and seconds are written in full: `1,234,567` beside `870`, and not `1.23 M` beside `0.00087 M`; `4,320 s`
/// beside `0.36 s`, and not `1.2 h` beside `0.0001 h`.
const IN_FULL: f64 = 9_999_999.5;
const SECOND: (f64, &str) = (1e9, "s");
/// Digits behind those that the largest value has: a hundredth of its last digit is the smallest difference shown.
const MORE_DIGITS: usize = 2;

/// The unit of a column or chart. Values have three significant digits; what is too small for the unit is `<0.0001 cores`.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitScale {
    unit: Unit,
    /// Size of the step in units of ours, and its name.
    step: (f64, &'static str),
    /// Most digits behind the point.
    decimals: usize,
    /// Digits behind the point that all numbers take the room of; 0: each takes its own.
    room: usize,
}

impl UnitScale {
    /// The unit in which a value of this size is best written; anything but a finite number counts as 0.
    pub fn for_largest(unit: &Unit, largest: f64) -> UnitScale {
        let largest = if largest.is_finite() { largest.abs() * unit.scale } else { 0.0 };
        let step = match unit.measure {
            Measure::Count | Measure::Other(_) if largest < IN_FULL => unit.ladder()[0],
            Measure::CpuTime | Measure::Time
                if !unit.per_second && (59.95e9..IN_FULL * 1e9).contains(&largest) =>
            {
                SECOND
            }
            _ => unit.step(largest),
        };
        UnitScale { unit: unit.clone(), step, decimals: decimals(largest / step.0), room: 0 }
    }

    /// The same unit for one of the columns that share it, whose largest value is this. It has as many digits as the column needs:
    /// beside 2.5 cores, a column of at most 0.00382 cores shows 0.000089 cores.
    pub fn column(&self, largest: f64) -> UnitScale {
        let largest = if largest.is_finite() { largest.abs() * self.unit.scale } else { 0.0 };
        UnitScale { decimals: decimals(largest / self.step.0), ..self.clone() }
    }

    /// The same for a column with the points below each other, in which the smallest value but zero is this: blanks take the room of the digits
    /// that a number lacks. Counts that are written in full have none.
    #[must_use]
    pub fn aligned(&self, smallest: f64) -> UnitScale {
        let is_whole = matches!(self.unit.measure, Measure::Count | Measure::Other(_))
            && !self.unit.per_second
            && self.step == self.unit.ladder()[0];
        let size = (smallest * self.unit.scale / self.step.0).abs();
        let digits = match size > 0.0 && size.is_finite() && !is_whole {
            true => (2 - magnitude(size)).max(0) as usize,
            false => 0,
        };
        UnitScale { room: digits.min(self.decimals), ..self.clone() }
    }

    /// Blanks for the digits that a number lacks: a punctuation space is as wide as a point, a figure space as a digit.
    fn blanks(&self, number: &str) -> String {
        let digits = number.split_once('.').map_or(0, |(_, digits)| digits.len());
        let point = if digits == 0 && self.room > 0 { "\u{2008}" } else { "" };
        format!("{point}{}", "\u{2007}".repeat(self.room.saturating_sub(digits)))
    }

    /// The unit for all of `values`, chosen by the largest absolute value.
    pub fn for_values(unit: &Unit, values: impl IntoIterator<Item = f64>) -> UnitScale {
        let size = |value: f64| if value.is_finite() { value.abs() } else { 0.0 };
        UnitScale::for_largest(unit, values.into_iter().map(size).fold(0.0, f64::max))
    }

    /// A value in a table: `0.0191 cores`, `-1.2 MiB`; `–` for zero, which says "nothing here" without a number to read.
    pub fn text(&self, value: f64) -> String {
        if value == 0.0 { "–".to_owned() } else { self.amount(value) }
    }

    /// The same where zero is a value among others, as under a cursor: `0 cores`. `–` for what is no number.
    pub fn amount(&self, value: f64) -> String {
        if !value.is_finite() {
            return "–".to_owned();
        }
        let shown = value * self.unit.scale / self.step.0;
        let number = if shown.abs() >= 999.5 { thousands(shown) } else { bounded(shown, self.decimals) };
        // Whether it is one core or more is for the number alone to say.
        let text = self.unit.named(&number, self.step.1);
        let (number, unit) = text.split_at(number.len().min(text.len()));
        format!("{number}{}{unit}", self.blanks(number))
    }

    /// A difference: `+0.0191 cores`, `−1.2 MiB`; `–` for zero.
    pub fn signed(&self, value: f64) -> String {
        match value {
            v if v > 0.0 => format!("+{}", self.amount(v)),
            v if v < 0.0 => format!("−{}", self.amount(-v)),
            _ => "–".to_owned(),
        }
    }
}

/// Most digits behind the point, where the largest number is this.
fn decimals(largest: f64) -> usize {
    let whole = if largest > 0.0 { magnitude(largest) } else { 0 };
    (2 - whole).clamp(0, 10) as usize + MORE_DIGITS
}

/// A difference of two shares, given as a fraction of 1, in percentage points: `+16.4 pp`, `−0.42 pp`, `+<0.01 pp`; `–` for none.
pub fn format_points(difference: f64) -> String {
    let points = difference.abs() * 100.0;
    let sign = if difference < 0.0 { "−" } else { "+" };
    match points {
        p if p == 0.0 || !p.is_finite() => "–".to_owned(),
        p if p < 0.005 => format!("{sign}<0.01 pp"),
        p => format!("{sign}{} pp", decimal(p, if p < 9.995 { 2 } else { 1 })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts<const N: usize>(unit: &Unit, values: [f64; N]) -> [String; N] {
        let scale = UnitScale::for_values(unit, values);
        values.map(|value| scale.text(value))
    }

    #[test]
    fn a_column_has_the_unit_of_its_largest_value() {
        let cores = Unit::of("cpu", "nanoseconds").per_second();
        assert_eq!(texts(&cores, [3.82e6, 19.1e6]), ["0.00382 cores", "0.0191 cores"]);
        assert_eq!(texts(&cores, [3.82e6, 0.089e6]), ["3.82 mcores", "0.089 mcores"]);
        assert_eq!(texts(&cores, [1e9, 2.5e9, 40.0]), ["1 core", "2.5 cores", "<0.0001 cores"]);
        let bytes = Unit::parse("bytes");
        assert_eq!(texts(&bytes, [2048.0, 3145728.0, 1.0]), ["0.002 MiB", "3 MiB", "<0.0001 MiB"]);
        assert_eq!(texts(&bytes, [1023.0, 5.0]), ["1,023 B", "5 B"]);
        assert_eq!(texts(&bytes.per_second(), [-2.5 * 1048576.0, 1048576.0]), ["-2.5 MiB/s", "1 MiB/s"]);
    }

    #[test]
    fn columns_share_a_unit_and_keep_their_digits() {
        let cores = Unit::of("cpu", "nanoseconds").per_second();
        let table = UnitScale::for_largest(&cores, 2.5e9);
        let (own, total) = (table.column(3.82e6), table.column(2.5e9));
        assert_eq!([3.82e6, 89e3].map(|v| own.text(v)), ["0.00382 cores", "0.000089 cores"]);
        assert_eq!(
            [2.5e9, 3.82e6, 40.0].map(|v| total.text(v)),
            ["2.5 cores", "0.0038 cores", "<0.0001 cores"]
        );
        assert_eq!(
            (table.column(0.0).text(0.0), table.column(f64::NAN)),
            ("–".to_owned(), table.column(0.0))
        );
    }

    #[test]
    fn points_of_a_column_are_below_each_other() {
        let cores = Unit::of("cpu", "nanoseconds").per_second();
        let column = UnitScale::for_largest(&cores, 12.5e9).aligned(0.25e9);
        assert_eq!(
            [12.5e9, 1e9, 0.25e9, 0.0].map(|v| column.text(v)),
            [
                "12.5\u{2007}\u{2007} cores",
                "1\u{2008}\u{2007}\u{2007}\u{2007} core",
                "0.25\u{2007} cores",
                "–"
            ]
        );
        let counts = UnitScale::for_largest(&Unit::parse("count"), 1200.0).aligned(3.0);
        assert_eq!([1200.0, 3.0].map(|v| counts.text(v)), ["1,200", "3"]);
        let none = UnitScale::for_largest(&cores, 0.0);
        assert_eq!(none.aligned(0.0), none);
    }

    #[test]
    fn counts_and_seconds_are_written_in_full_while_they_fit() {
        let seconds = Unit::parse("seconds");
        assert_eq!(texts(&seconds, [4320.0, 90.0, 0.36]), ["4,320 s", "90 s", "0.36 s"]);
        assert_eq!(texts(&seconds, [0.09, 0.0123]), ["90 ms", "12.3 ms"]);
        assert_eq!(texts(&seconds, [86_400_000.0, 864_000.0]), ["1,000 d", "10 d"]);
        let count = Unit::parse("count");
        assert_eq!(texts(&count, [1_234_567.0, 870.0, 0.0]), ["1,234,567", "870", "–"]);
        assert_eq!(texts(&count, [12_345_678.0, 870_000.0]), ["12.3 M", "0.87 M"]);
        assert_eq!(texts(&count.per_second(), [2_000.0, 12.5]), ["2,000/s", "12.5/s"]);
        assert_eq!(texts(&Unit::parse("widgets"), [3.0, 5e7]), ["<0.001 M widgets", "50 M widgets"]);
    }

    #[test]
    fn zero_is_a_dash_in_a_table_and_a_number_under_a_cursor() {
        let cores = Unit::of("cpu", "nanoseconds").per_second();
        let scale = UnitScale::for_values(&cores, [0.0, f64::NAN]);
        assert_eq!((scale.text(0.0).as_str(), scale.amount(0.0).as_str()), ("–", "0 cores"));
        assert_eq!([f64::NAN, f64::INFINITY].map(|v| scale.text(v)), ["–", "–"]);
    }

    #[test]
    fn differences_have_a_sign() {
        let scale = UnitScale::for_largest(&Unit::of("cpu", "nanoseconds").per_second(), 39.5e6);
        let all = [39.5e6, -3.56e6, 1.0, -1.0, 0.0].map(|v| scale.signed(v));
        assert_eq!(all, ["+0.0395 cores", "−0.00356 cores", "+<0.000001 cores", "−<0.000001 cores", "–"]);
        let points = [0.164, -0.0042, 0.00001, -0.00001, 0.0, 1.0, f64::NAN].map(format_points);
        assert_eq!(points, ["+16.4 pp", "−0.42 pp", "+<0.01 pp", "−<0.01 pp", "–", "+100.0 pp", "–"]);
    }

    proptest! {
        #[test]
        fn all_values_of_a_column_end_in_the_same_unit(
            values in prop::collection::vec(-1e15..1e15f64, 1..20), unit in "(bytes|ns|min)", rate: bool,
        ) {
            let unit = Unit::of("cpu", &unit);
            let scale = UnitScale::for_values(&if rate { unit.per_second() } else { unit }, values.clone());
            let ends: Vec<String> = values.iter().map(|v| scale.text(*v)).filter(|text| text != "–").collect();
            let name = |text: &String| text.rsplit(' ').next().unwrap_or_default().trim_end_matches('s').to_owned();
            prop_assert!(ends.windows(2).all(|pair| name(&pair[0]) == name(&pair[1])), "{ends:?}");
        }
    }
}

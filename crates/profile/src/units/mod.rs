//! Formatting of values with units: `1.25 s`, `12.4 MiB`, `2.3 cores`, `0.42 %`, and ticks for the axis of a chart.
//!
//! A profile's values are whole numbers in the unit that the profiler named. A [`Unit`] knows what such a
//! number measures; [`Unit::per_second`] is the same divided by a time, for rates: CPU time a second is cores.
//! Precision is honest: three digits that matter, never a rounded `100 %` or `0 %` for what is not.
//!
//! A single value is written by [`format_value`], in the unit that suits it best. Values that stand together, in a column or a
//! chart, are written by one [`UnitScale`]. Axes have [`ticks`], shares [`format_share`], differences of shares
//! [`format_points`]. What is no measure is written by [`decimal`] and [`trimmed_decimal`]; both programs of the page write floats by them
//! alone.

mod axis;
mod decimal;
mod number;
mod scale;
mod share;

pub use axis::{Tick, ticks};
pub use decimal::decimal;
pub use number::trimmed_decimal;
pub use scale::{UnitScale, format_points};
pub use share::format_share;

use number::{significant, thousands};

/// What is measured.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Measure {
    /// Time on a CPU; a second of it every second is one core.
    CpuTime,
    /// Other time: waiting, wall clock.
    Time,
    /// Memory, traffic.
    Bytes,
    /// How many.
    Count,
    /// Anything else, under its own name.
    Other(String),
}

/// What a value measures and how much one of it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    measure: Measure,
    /// Nanoseconds, bytes or pieces in one.
    scale: f64,
    per_second: bool,
}

impl Unit {
    /// A unit as profilers write it: `nanoseconds`, `ms`, `bytes`, `count` …; anything else is shown as it is.
    /// Time is taken for CPU time; [`Unit::of`] knows better.
    pub fn parse(unit: &str) -> Unit {
        let (measure, scale) = match unit.to_ascii_lowercase().as_str() {
            "nanoseconds" | "nanosecond" | "nanos" | "ns" => (Measure::CpuTime, 1.0),
            "microseconds" | "microsecond" | "us" | "µs" => (Measure::CpuTime, 1e3),
            "milliseconds" | "millisecond" | "ms" => (Measure::CpuTime, 1e6),
            "seconds" | "second" | "s" => (Measure::CpuTime, 1e9),
            "minutes" | "minute" | "min" => (Measure::CpuTime, 60e9),
            "hours" | "hour" | "h" => (Measure::CpuTime, 3600e9),
            "bytes" | "byte" | "b" | "by" => (Measure::Bytes, 1.0),
            "kilobytes" | "kb" | "kib" => (Measure::Bytes, 1024.0),
            "megabytes" | "mb" | "mib" => (Measure::Bytes, 1024.0 * 1024.0),
            "gigabytes" | "gb" | "gib" => (Measure::Bytes, 1024.0 * 1024.0 * 1024.0),
            "" | "count" | "counts" | "none" | "1" | "samples" | "sample" | "objects" | "operations"
            | "short" => (Measure::Count, 1.0),
            _ => (Measure::Other(unit.to_owned()), 1.0),
        };
        Unit { measure, scale, per_second: false }
    }

    /// The unit of a sample type, such as `cpu` in `nanoseconds`. Only time named after a CPU becomes cores as
    /// a rate: a second of waiting every second (`wall`, `delay`, `off_cpu`) is none.
    pub fn of(sample_type: &str, unit: &str) -> Unit {
        let mut unit = Unit::parse(unit);
        let on_cpu = matches!(sample_type, "cpu" | "itimer" | "on_cpu" | "process_cpu" | "cpu_time");
        if unit.measure == Measure::CpuTime && !on_cpu {
            unit.measure = Measure::Time;
        }
        unit
    }

    /// The same, a second: cores, bytes/s, counts/s.
    #[must_use]
    pub fn per_second(mut self) -> Unit {
        self.per_second = true;
        self
    }

    /// The steps in which this unit is written: names and sizes in units of ours, smallest first.
    fn ladder(&self) -> &'static [(f64, &'static str)] {
        const TIME: &[(f64, &str)] = &[
            (1.0, "ns"),
            (1e3, "µs"),
            (1e6, "ms"),
            (1e9, "s"),
            (60e9, "min"),
            (3600e9, "h"),
            (86_400e9, "d"),
        ];
        const WAIT: &[(f64, &str)] = &[(1.0, "ns/s"), (1e3, "µs/s"), (1e6, "ms/s"), (1e9, "s/s")];
        const CORES: &[(f64, &str)] = &[(1e6, "mcores"), (1e9, "cores")];
        const BYTES: &[(f64, &str)] = &[
            (1.0, "B"),
            (1024.0, "KiB"),
            (1048576.0, "MiB"),
            (1073741824.0, "GiB"),
            (1099511627776.0, "TiB"),
            (1125899906842624.0, "PiB"),
        ];
        const BYTE_RATE: &[(f64, &str)] = &[
            (1.0, "B/s"),
            (1024.0, "KiB/s"),
            (1048576.0, "MiB/s"),
            (1073741824.0, "GiB/s"),
            (1099511627776.0, "TiB/s"),
        ];
        const COUNT: &[(f64, &str)] = &[(1.0, ""), (1e3, "k"), (1e6, "M"), (1e9, "G"), (1e12, "T")];
        const COUNT_RATE: &[(f64, &str)] =
            &[(1.0, "/s"), (1e3, "k/s"), (1e6, "M/s"), (1e9, "G/s"), (1e12, "T/s")];
        match (&self.measure, self.per_second) {
            (Measure::CpuTime | Measure::Time, false) => TIME,
            (Measure::CpuTime, true) => CORES,
            (Measure::Time, true) => WAIT,
            (Measure::Bytes, false) => BYTES,
            (Measure::Bytes, true) => BYTE_RATE,
            (Measure::Count | Measure::Other(_), false) => COUNT,
            (Measure::Count | Measure::Other(_), true) => COUNT_RATE,
        }
    }

    /// The step that `value`, in units of ours, is best written in.
    fn step(&self, value: f64) -> (f64, &'static str) {
        let ladder = self.ladder();
        // What rounds up to the next step is written in it: 1 024 KiB is 1 MiB.
        // Cores are written as such down to a hundredth: half a core is 0.5 cores, not 500 mcores.
        let fits = |(size, name): &&(f64, &str)| {
            let from = if *name == "cores" { size * 0.01 } else { *size };
            value.abs() >= from * 0.99951 || (value == 0.0 && *name == "cores")
        };
        *ladder.iter().rev().find(fits).unwrap_or(&ladder[0])
    }

    /// A number with the name of its step, such as `12.4 MiB`, `1 core`, `3 M widgets/s`.
    fn named(&self, number: &str, step: &str) -> String {
        let step = if step == "cores" && number == "1" { "core" } else { step };
        let space = if step.is_empty() || step.starts_with('/') { "" } else { " " };
        match &self.measure {
            Measure::Other(own) if self.per_second => {
                format!("{number}{space}{} {own}/s", step.strip_suffix("/s").unwrap_or(step))
            }
            Measure::Other(own) => format!("{number}{space}{step} {own}"),
            _ => format!("{number}{space}{step}"),
        }
    }
}

/// A value with its unit, such as `1.25 s`, `12.4 MiB`, `12,345`, `1.2 M`, `3 widgets`.
pub fn format_value(value: f64, unit: &Unit) -> String {
    format_like(value, value, unit)
}

/// Values in one unit, that of the largest, such as `0.0395 cores` and `0.0089 cores`.
pub fn format_alike<const N: usize>(values: [f64; N], unit: &Unit) -> [String; N] {
    let largest = values.into_iter().filter(|v| v.is_finite()).fold(0.0, |most: f64, v| most.max(v.abs()));
    values.map(|value| format_like(value, largest, unit))
}

/// A value in the unit that `like` is best written in.
fn format_like(value: f64, like: f64, unit: &Unit) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let (scaled, like) = (value * unit.scale, like * unit.scale);
    let small_count = matches!(unit.measure, Measure::Count | Measure::Other(_)) && like.abs() < 99_999.5;
    let (size, name) = if small_count { unit.ladder()[0] } else { unit.step(like) };
    let number = match small_count && scaled.abs() >= 999.5 {
        true => thousands(scaled.round()),
        false => significant(scaled / size),
    };
    unit.named(&number, name)
}

/// A total over a time as a rate, such as `2.3 cores` or `12.4 MiB/s`. Without a time there is no rate: `–`.
pub fn format_rate(total: f64, unit: &Unit, seconds: f64) -> String {
    if seconds > 0.0 { format_value(total / seconds, &unit.clone().per_second()) } else { "–".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(0.0, "nanoseconds", "0 ns")]
    #[case(999.0, "nanoseconds", "999 ns")]
    #[case(1_250_000_000.0, "nanoseconds", "1.25 s")]
    #[case(-1_250_000_000.0, "nanoseconds", "-1.25 s")]
    #[case(999_999_999.0, "nanoseconds", "1 s")]
    #[case(59.99e9, "nanoseconds", "1 min")]
    #[case(90.0, "seconds", "1.5 min")]
    #[case(250.0, "ms", "250 ms")]
    #[case(86_400e9 * 3.0, "nanoseconds", "3 d")]
    #[case(13_002_342.0, "bytes", "12.4 MiB")]
    #[case(1023.9, "bytes", "1 KiB")]
    #[case(1023.0, "bytes", "1,023 B")]
    #[case(512.0, "bytes", "512 B")]
    #[case(2.0, "kb", "2 KiB")]
    #[case(870.0, "count", "870")]
    #[case(12_345.0, "count", "12,345")]
    #[case(-1_234.0, "count", "-1,234")]
    #[case(1_234_567.0, "samples", "1.23 M")]
    #[case(0.25, "count", "0.25")]
    #[case(3.0, "widgets", "3 widgets")]
    #[case(3e6, "widgets", "3 M widgets")]
    #[case(f64::NAN, "count", "–")]
    fn formats_values(#[case] value: f64, #[case] unit: &str, #[case] text: &str) {
        assert_eq!(format_value(value, &Unit::parse(unit)), text);
    }

    #[test]
    fn values_beside_each_other_have_one_unit() {
        let cores = Unit::of("cpu", "nanoseconds").per_second();
        assert_eq!(format_alike([8.9e6, 39.5e6], &cores), ["0.0089 cores", "0.0395 cores"]);
        assert_eq!(format_alike([0.0, 5e6], &cores), ["0 mcores", "5 mcores"]);
        assert_eq!(format_alike([900.0, 2e6], &Unit::parse("bytes")), ["0.000858 MiB", "1.91 MiB"]);
        assert_eq!(format_alike([f64::NAN, 1.0], &Unit::parse("count")), ["–", "1"]);
    }

    #[rstest]
    #[case("cpu", "nanoseconds", 34.5e9, 15.0, "2.3 cores")]
    #[case("cpu", "nanoseconds", 15e9, 15.0, "1 core")]
    #[case("cpu", "nanoseconds", 1e6, 10.0, "0.1 mcores")]
    #[case("cpu", "nanoseconds", 25e6, 1.0, "0.025 cores")]
    #[case("cpu", "nanoseconds", 0.0, 1.0, "0 cores")]
    #[case("delay", "nanoseconds", 15e9, 10.0, "1.5 s/s")]
    #[case("alloc_space", "bytes", 1048576.0 * 25.0, 10.0, "2.5 MiB/s")]
    #[case("samples", "count", 1_000.0, 10.0, "100/s")]
    #[case("samples", "count", 1e7, 10.0, "1 M/s")]
    #[case("x", "widgets", 10.0, 2.0, "5 widgets/s")]
    #[case("x", "widgets", 10.0, 0.0, "–")]
    fn formats_rates(
        #[case] kind: &str,
        #[case] unit: &str,
        #[case] total: f64,
        #[case] seconds: f64,
        #[case] text: &str,
    ) {
        assert_eq!(format_rate(total, &Unit::of(kind, unit), seconds), text);
    }
}

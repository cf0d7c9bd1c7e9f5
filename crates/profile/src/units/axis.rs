//! Axis ticks: few, at round values, all in one step of the unit.

use super::number::{magnitude, thousands, trimmed_decimal};
use super::{Measure, Unit};

/// A mark on an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where it is, in the unit given.
    pub value: f64,
    /// What is written there.
    pub label: String,
}

/// At most about `count` ticks from `low` to `high` at round values; 0 is one of them if it lies between.
/// Bytes are cut in powers of two, minutes and hours as on a clock. Empty when there is no range.
pub fn ticks(low: f64, high: f64, count: usize, unit: &Unit) -> Vec<Tick> {
    let range_is_sound = low.is_finite() && high.is_finite() && high > low;
    if !range_is_sound || count == 0 {
        return Vec::new();
    }
    let count = count.min(100);
    let (size, name) = unit.step(low.abs().max(high.abs()) * unit.scale);
    // From here on in the step that labels are written in, such as MiB.
    let factor = unit.scale / size;
    let step = round_step((high - low) * factor / count as f64, unit, name);
    let (first, last) = ((low * factor / step).ceil(), (high * factor / step + 1e-9).floor());
    // A range far from zero against its width has no ticks that f64 could tell apart.
    if !(step > 0.0 && (last - first) < 1000.0) || first + 1.0 == first {
        return Vec::new();
    }
    let decimals = (-magnitude(step * (1.0 + 1e-9))).clamp(0, 12) as usize;
    let mut out = Vec::new();
    let mut i = first;
    while i <= last {
        let shown = i * step;
        out.push(Tick { value: shown / factor, label: label(shown, decimals, unit, name) });
        i += 1.0;
    }
    out
}

/// The next round number from `rough` on.
fn round_step(rough: f64, unit: &Unit, name: &str) -> f64 {
    if unit.measure == Measure::Bytes && rough >= 1.0 {
        return next_power_of_two(rough);
    }
    if matches!(name, "min" | "h")
        && rough > 1.0
        && let Some(step) = [2.0, 5.0, 10.0, 15.0, 30.0, 60.0].into_iter().find(|&s| s >= rough)
    {
        return step;
    }
    let magnitude = 10f64.powi(magnitude(rough));
    let lead = [1.0, 2.0, 5.0, 10.0].into_iter().find(|l| l * magnitude >= rough * 0.999_999);
    let step = lead.unwrap_or(10.0) * magnitude;
    // There is no half a sample, but there may be half a sample a second.
    let whole = matches!(unit.measure, Measure::Count) && !unit.per_second && name.is_empty();
    if whole { step.max(1.0) } else { step }
}

/// The least power of two that is not below a number from 1 on.
fn next_power_of_two(number: f64) -> f64 {
    // Without the bits of the mantissa (IEEE 754, binary64), a number is the power of two below it.
    let below = f64::from_bits(number.to_bits() >> 52 << 52);
    if below < number { below * 2.0 } else { below }
}

fn label(shown: f64, decimals: usize, unit: &Unit, name: &str) -> String {
    let number = match shown.abs() >= 999.5 {
        true => thousands(shown),
        false => trimmed_decimal(shown, decimals),
    };
    if shown == 0.0 && !name.ends_with("cores") {
        return "0".to_owned();
    }
    let name = if name == "cores" && number == "1" { "core" } else { name };
    let space = if name.is_empty() || name.starts_with('/') { "" } else { " " };
    match &unit.measure {
        Measure::Other(own) => format!("{number}{space}{name} {own}"),
        _ => format!("{number}{space}{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn labels(low: f64, high: f64, unit: Unit) -> Vec<String> {
        ticks(low, high, 5, &unit).into_iter().map(|t| t.label).collect()
    }

    #[test]
    fn ticks_are_round_numbers() {
        let cores = Unit::of("cpu", "nanoseconds").per_second();
        assert_eq!(
            labels(0.0, 2.2e9, cores.clone()),
            ["0 cores", "0.5 cores", "1 core", "1.5 cores", "2 cores"]
        );
        assert_eq!(labels(0.0, 1.1e6, cores), ["0 mcores", "0.5 mcores", "1 mcores"]);
        let bytes = Unit::parse("bytes");
        assert_eq!(labels(0.0, 3.0 * 1048576.0, bytes), ["0", "1 MiB", "2 MiB", "3 MiB"]);
        assert_eq!(labels(0.0, 2.0, Unit::parse("count")), ["0", "1", "2"]);
        assert_eq!(labels(-1e6, 1e6, Unit::parse("count")), ["-1 M", "-0.5 M", "0", "0.5 M", "1 M"]);
        assert_eq!(labels(0.0, 30.0 * 60.0, Unit::parse("seconds")), ["0", "10 min", "20 min", "30 min"]);
        assert_eq!(labels(1.0, 1.0, Unit::parse("count")), [] as [&str; 0]);
        assert_eq!(labels(0.0, f64::INFINITY, Unit::parse("count")), [] as [&str; 0]);
    }

    proptest! {
        #[test]
        fn ticks_lie_in_the_range_and_are_few(
            low in -1e15f64..1e15, width in 1e-9f64..1e15, count in 1usize..12, unit in "(bytes|ns|count|cores|min)",
        ) {
            let high = low + width;
            let all = ticks(low, high, count, &Unit::parse(&unit));
            prop_assert!(all.len() <= count + 2, "{} ticks", all.len());
            let slack = (high - low).abs() * 1e-6 + low.abs().max(high.abs()) * 1e-12;
            for tick in &all {
                prop_assert!(tick.value >= low - slack && tick.value <= high + slack);
            }
        }
    }
}

//! Line charts: lines over time on one axis, and what is said of them in words.

use crate::state::clock_text::Zone;
use flarepath_charts::{ValueScale, ValueUnit};

/// A longer chart says the date of an instant, too.
const DAY_MS: i64 = 86_400_000;

/// What the values of a chart are, for axes and texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChartUnit {
    /// Events a second, such as requests.
    PerSecond,
    /// Fractions of 1, printed as percentages.
    Ratio,
    Seconds,
    Cores,
    Bytes,
    Count,
}

/// Lines over time on one axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LineChart {
    /// Also the accessible name.
    pub(crate) title: String,
    pub(crate) unit: ChartUnit,
    /// The first instant, in milliseconds since the epoch.
    pub(crate) start_ms: i64,
    pub(crate) step_ms: i64,
    /// Number of instants.
    pub(crate) count: usize,
    pub(crate) lines: Vec<ChartLine>,
    /// A horizontal line with its name, such as `CPU limit`.
    pub(crate) limit: Option<(String, f64)>,
    /// Vertical lines, such as deployments: milliseconds since the epoch, name.
    pub(crate) marks: Vec<(i64, String)>,
}

/// A line of a chart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChartLine {
    pub(crate) name: String,
    /// One an instant; `None` is a gap.
    pub(crate) values: Vec<Option<f64>>,
}

/// The least, the largest and the last value of a line, as texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LineSummary {
    pub(crate) min: String,
    pub(crate) max: String,
    pub(crate) last: String,
}

impl ChartUnit {
    /// The unit that values are written in.
    pub(crate) fn value_unit(self) -> ValueUnit {
        match self {
            ChartUnit::PerSecond => ValueUnit::per_second(),
            ChartUnit::Ratio => ValueUnit::ratio(),
            ChartUnit::Seconds => ValueUnit::seconds(),
            ChartUnit::Cores => ValueUnit::cores(),
            ChartUnit::Bytes => ValueUnit::bytes(),
            ChartUnit::Count => ValueUnit::count(),
        }
    }
}

impl LineChart {
    /// An instant in milliseconds since the epoch.
    pub(crate) fn instant_ms(&self, at: usize) -> i64 {
        self.start_ms.saturating_add(self.step_ms.saturating_mul(at as i64))
    }

    /// The last instant.
    pub(crate) fn end_ms(&self) -> i64 {
        self.instant_ms(self.count.saturating_sub(1))
    }

    /// Where a time is, in instants.
    pub(crate) fn position(&self, ms: i64) -> f64 {
        ms.saturating_sub(self.start_ms) as f64 / self.step_ms.max(1) as f64
    }

    /// The range between two instants; around one alone, as long as a step.
    pub(crate) fn range_ms(&self, (first, last): (usize, usize)) -> (i64, i64) {
        let (from, until) = (self.instant_ms(first), self.instant_ms(last));
        if first < last {
            return (from, until);
        }
        let before = from.saturating_sub(self.step_ms / 2);
        (before, before.saturating_add(self.step_ms.max(1)))
    }

    /// The format of all values.
    pub(crate) fn scale(&self) -> ValueScale {
        let values = self.lines.iter().flat_map(|line| line.values.iter().copied().flatten());
        self.unit.value_unit().scale(values)
    }

    /// When an instant is: `03:05 UTC+1`, with the date in a chart of more than a day.
    pub(crate) fn time_text(&self, at: usize, zone: Zone) -> String {
        let ms = self.instant_ms(at);
        let at = zone.civil(ms);
        let is_long = self.end_ms().saturating_sub(self.start_ms) > DAY_MS;
        let date = if is_long { format!("{} ", at.date()) } else { String::new() };
        format!("{date}{} {}", at.time(), zone.name(ms))
    }

    /// Names of the marks that are nearer to this instant than to any other.
    pub(crate) fn marks_at(&self, at: usize) -> Vec<&str> {
        let is_here = |ms: i64| (self.position(ms) - at as f64).abs() < 0.5;
        self.marks.iter().filter(|(ms, _)| is_here(*ms)).map(|(_, name)| name.as_str()).collect()
    }

    /// The chart in a sentence, for those who do not see it.
    pub(crate) fn summary(&self, zone: Zone) -> String {
        if self.lines.is_empty() || self.count == 0 {
            return "Chart without data.".to_owned();
        }
        let lines =
            if self.lines.len() == 1 { "1 line".to_owned() } else { format!("{} lines", self.lines.len()) };
        let [from, until] = [0, self.count - 1].map(|at| self.time_text(at, zone));
        let mut text = format!("Chart of {lines} from {from} to {until}.");
        if let Some((name, value)) = &self.limit {
            text.push_str(&format!(" {name}: {}.", self.unit.value_unit().scale([*value]).amount(*value)));
        }
        text
    }
}

impl ChartLine {
    /// The value at an instant, as text.
    pub(crate) fn value_text(&self, at: usize, scale: &ValueScale) -> String {
        let value = self.values.get(at).copied().flatten().filter(|value| value.is_finite());
        value.map_or_else(|| "no data".to_owned(), |value| scale.amount(value))
    }

    /// `None` without any value.
    pub(crate) fn summary(&self, scale: &ValueScale) -> Option<LineSummary> {
        let values = || self.values.iter().copied().flatten().filter(|value| value.is_finite());
        let last = scale.amount(values().next_back()?);
        let min = scale.amount(values().fold(f64::INFINITY, f64::min));
        let max = scale.amount(values().fold(f64::NEG_INFINITY, f64::max));
        Some(LineSummary { min, max, last })
    }
}

impl LineSummary {
    /// `min 0.2 cores, max 1.4 cores, last 0.9 cores`.
    pub(crate) fn text(&self) -> String {
        format!("min {}, max {}, last {}", self.min, self.max, self.last)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// 2025-11-24 16:00 UTC.
    pub(crate) const T: i64 = 1_764_000_000_000;

    /// A chart by the minute.
    pub(crate) fn chart(lines: &[(&str, &[Option<f64>])]) -> LineChart {
        let line = |(name, values): &(&str, &[Option<f64>])| ChartLine {
            name: (*name).to_owned(),
            values: values.to_vec(),
        };
        LineChart {
            title: "CPU".to_owned(),
            unit: ChartUnit::Cores,
            start_ms: T,
            step_ms: 60_000,
            count: lines.first().map_or(0, |(_, values)| values.len()),
            lines: lines.iter().map(line).collect(),
            limit: None,
            marks: Vec::new(),
        }
    }

    #[test]
    fn a_line_is_summed_up_by_its_values() {
        let chart = chart(&[("a", &[Some(0.5), None, Some(1.5), Some(1.0), None]), ("b", &[None; 5])]);
        let texts: Vec<Option<String>> =
            chart.lines.iter().map(|line| line.summary(&chart.scale()).map(|found| found.text())).collect();
        assert_eq!(texts, [Some("min 0.5 cores, max 1.5 cores, last 1 core".to_owned()), None]);
    }

    #[test]
    fn a_gap_is_said() {
        let chart = chart(&[("a", &[Some(0.25), None, Some(f64::NAN)])]);
        let texts: Vec<String> = (0..4).map(|at| chart.lines[0].value_text(at, &chart.scale())).collect();
        assert_eq!(texts, ["0.25 cores", "no data", "no data", "no data"]);
    }

    #[test]
    fn instants_are_told_in_the_zone() {
        let chart = chart(&[("a", &[Some(1.0); 3])]);
        assert_eq!(chart.time_text(1, Zone::UTC), "16:01 UTC");
        assert_eq!(chart.time_text(1, Zone(|_| 60)), "17:01 UTC+1");
        let long = LineChart { step_ms: DAY_MS, ..chart };
        assert_eq!(long.time_text(2, Zone::UTC), "2025-11-26 16:00 UTC");
        let fine = LineChart { step_ms: 15_000, ..long };
        assert_eq!(fine.time_text(1, Zone::UTC), "16:00:15 UTC");
    }

    #[test]
    fn a_range_is_never_empty() {
        let chart = chart(&[("a", &[Some(1.0); 3])]);
        assert_eq!(chart.range_ms((0, 2)), (T, T + 120_000));
        assert_eq!(chart.range_ms((1, 1)), (T + 30_000, T + 90_000));
        let empty = LineChart { step_ms: 0, ..chart };
        assert_eq!(empty.range_ms((0, 0)), (T, T + 1));
    }

    #[test]
    fn marks_belong_to_the_nearest_instant() {
        let marks = vec![(T + 50_000, "v2 deployed".to_owned()), (T + 70_000, "flag on".to_owned())];
        let chart = LineChart { marks, ..chart(&[("a", &[Some(1.0); 3])]) };
        assert_eq!(chart.marks_at(1), ["v2 deployed", "flag on"]);
        assert_eq!(chart.marks_at(0), [""; 0]);
    }

    #[test]
    fn the_chart_is_a_sentence() {
        let limit = Some(("CPU limit".to_owned(), 2.0));
        let with_limit = LineChart { limit, ..chart(&[("a", &[Some(1.0); 3]), ("b", &[None; 3])]) };
        assert_eq!(
            with_limit.summary(Zone::UTC),
            "Chart of 2 lines from 16:00 UTC to 16:02 UTC. CPU limit: 2 cores."
        );
        assert_eq!(chart(&[]).summary(Zone::UTC), "Chart without data.");
    }

    #[test]
    fn ratios_are_percentages() {
        let errors = LineChart { unit: ChartUnit::Ratio, ..chart(&[("5xx", &[Some(0.0125)])]) };
        assert_eq!(errors.lines[0].value_text(0, &errors.scale()), "1.25 %");
    }
}

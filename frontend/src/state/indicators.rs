//! Metrics of a service over time, as its page shows them, and charts of them. Pure.

use super::line_chart::{ChartLine, ChartUnit, LineChart};

/// Lines of a chart, at most: more cannot be told apart.
const MOST_LINES: usize = 8;

/// Metrics of a service.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Metrics {
    /// Why there are none and what to do, as a sentence; empty if there is a source.
    pub(crate) missing: String,
    /// Name of the source.
    pub(crate) source: String,
    /// The first instant, milliseconds since the epoch.
    pub(crate) start_ms: i64,
    /// Distance of two instants.
    pub(crate) step_ms: i64,
    /// How many instants there are.
    pub(crate) count: usize,
    pub(crate) indicators: Vec<Indicator>,
    pub(crate) slos: Vec<Slo>,
}

/// One indicator.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Indicator {
    /// Its name in the API, such as `latency-p95`.
    pub(crate) name: String,
    /// Name of the template that had data; empty if none had.
    pub(crate) template: String,
    /// The query that was sent; empty if no template had data.
    pub(crate) query: String,
    /// One of the service, or one of each pod.
    pub(crate) series: Vec<IndicatorSeries>,
    /// What the source says about the answer.
    pub(crate) warnings: Vec<String>,
    /// What happened and what to do, where there is no answer.
    pub(crate) failure: Option<String>,
}

/// One series.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct IndicatorSeries {
    /// Empty for a series of the whole service.
    pub(crate) pod: String,
    /// One an instant; `None` is a gap.
    pub(crate) values: Vec<Option<f64>>,
}

/// An objective, and what is left of its error budget.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Slo {
    pub(crate) name: String,
    /// The part of all events that must be good, as a fraction.
    pub(crate) objective: f64,
    pub(crate) period_s: u64,
    /// As a fraction; below 0 it is overdrawn. `None` without data.
    pub(crate) budget_left: Option<f64>,
    /// The fastest first.
    pub(crate) alerts: Vec<BurnRateAlert>,
    /// What happened and what to do, where there is no answer.
    pub(crate) failure: Option<String>,
    /// Where the objective is from: `configuration`, or a file of rules.
    pub(crate) source: String,
}

/// An alert on burn rates. A rate of 1 uses the budget up in exactly the period.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct BurnRateAlert {
    /// From this burn rate on it fires.
    pub(crate) threshold: f64,
    /// The long window, then the short one, in seconds.
    pub(crate) windows_s: [u64; 2],
    /// Burn rates of both; `None` without traffic.
    pub(crate) burn_rates: [Option<f64>; 2],
    /// `page` or `ticket`.
    pub(crate) urgency: String,
    pub(crate) firing: bool,
}

impl IndicatorSeries {
    /// Mean of the instants with a value; `None` without any.
    pub(crate) fn mean(&self) -> Option<f64> {
        let values = self.values.iter().flatten();
        let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
        (count > 0).then(|| sum / f64::from(count))
    }
}

impl Metrics {
    /// The indicator of a name, if it was asked for.
    pub(crate) fn indicator(&self, name: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.name == name)
    }

    /// A chart of some indicators, each with the name of its line; those of pods have the name of the pod. `None` if none has data.
    pub(crate) fn chart(
        &self,
        title: &str,
        unit: ChartUnit,
        wanted: &[(&str, &str)],
        marks: &[(i64, String)],
    ) -> Option<LineChart> {
        let found = wanted.iter().filter_map(|(name, line)| Some((self.indicator(name)?, *line)));
        let lines = found.flat_map(|(indicator, line)| {
            let named = move |series: &IndicatorSeries| ChartLine {
                name: if series.pod.is_empty() { line.to_owned() } else { series.pod.clone() },
                values: series.values.clone(),
            };
            indicator.series.iter().map(named)
        });
        let lines: Vec<ChartLine> = lines.take(MOST_LINES).collect();
        let any = lines.iter().any(|line| line.values.iter().any(Option::is_some));
        any.then(|| LineChart {
            title: title.to_owned(),
            unit,
            start_ms: self.start_ms,
            step_ms: self.step_ms,
            count: self.count,
            lines,
            limit: None,
            marks: marks.to_vec(),
        })
    }

    /// The limit that all pods share, such as that of `cpu-limit`: the mean of each. `None` where they differ, or there is none.
    pub(crate) fn common_limit(&self, indicator: &str) -> Option<f64> {
        let mut limits = self.indicator(indicator)?.series.iter().filter_map(IndicatorSeries::mean);
        let first = limits.next().filter(|limit| *limit > 0.0)?;
        limits.all(|limit| (limit / first - 1.0).abs() < 1e-6).then_some(first)
    }

    /// What each pod uses of its limit, as a fraction, by name. Pods without a limit are left out.
    pub(crate) fn of_limit(&self, used: &str, limit: &str) -> Vec<(String, f64)> {
        let (Some(used), Some(limits)) = (self.indicator(used), self.indicator(limit)) else {
            return Vec::new();
        };
        let of_pod = |pod: &str| limits.series.iter().find(|limit| limit.pod == pod)?.mean();
        let part = |series: &IndicatorSeries| {
            let limit = of_pod(&series.pod).filter(|limit| *limit > 0.0)?;
            Some((series.pod.clone(), series.mean()? / limit))
        };
        used.series.iter().filter(|series| !series.pod.is_empty()).filter_map(part).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indicator(name: &str, series: &[(&str, &[Option<f64>])]) -> Indicator {
        let one = |(pod, values): &(&str, &[Option<f64>])| IndicatorSeries {
            pod: (*pod).to_owned(),
            values: values.to_vec(),
        };
        Indicator { name: name.into(), series: series.iter().map(one).collect(), ..Indicator::default() }
    }

    fn metrics(indicators: Vec<Indicator>) -> Metrics {
        Metrics { start_ms: 60_000, step_ms: 15_000, count: 3, indicators, ..Metrics::default() }
    }

    #[test]
    fn a_chart_has_a_line_for_each_indicator_and_keeps_gaps() {
        let both = metrics(vec![
            indicator("latency-p95", &[("", &[Some(0.1), None, Some(0.2)])]),
            indicator("latency-p99", &[]),
        ]);
        let wanted = [("latency-p95", "p95"), ("latency-p99", "p99")];
        let chart = both.chart("Latency", ChartUnit::Seconds, &wanted, &[]).unwrap();
        assert_eq!((chart.start_ms, chart.step_ms, chart.count), (60_000, 15_000, 3));
        let lines: Vec<_> =
            chart.lines.iter().map(|line| (line.name.as_str(), line.values.clone())).collect();
        assert_eq!(lines, [("p95", vec![Some(0.1), None, Some(0.2)])]);
        assert_eq!(both.chart("Latency", ChartUnit::Seconds, &[("latency-p99", "p99")], &[]), None);
        let gaps = metrics(vec![indicator("memory", &[("a", &[None, None, None])])]);
        assert_eq!(gaps.chart("Memory", ChartUnit::Bytes, &[("memory", "")], &[]), None);
    }

    #[test]
    fn pods_are_measured_against_their_own_limits() {
        let all = metrics(vec![
            indicator(
                "cpu-cores",
                &[("a", &[Some(1.0), Some(3.0), None]), ("b", &[Some(1.0)]), ("c", &[Some(9.0)])],
            ),
            indicator("cpu-limit", &[("a", &[Some(4.0)]), ("b", &[Some(1.0)])]),
        ]);
        let parts = all.of_limit("cpu-cores", "cpu-limit");
        assert_eq!(parts, [("a".to_owned(), 0.5), ("b".to_owned(), 1.0)]);
        assert_eq!(all.common_limit("cpu-limit"), None, "they differ");
        let same = metrics(vec![indicator("cpu-limit", &[("a", &[Some(2.0)]), ("b", &[Some(2.0)])])]);
        assert_eq!(same.common_limit("cpu-limit"), Some(2.0));
        assert_eq!(same.of_limit("cpu-cores", "cpu-limit"), []);
    }
}

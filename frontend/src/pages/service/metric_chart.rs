//! A chart of metrics: its lines, what the source says about them, and behind a disclosure the queries that they are from.

use super::state::ServiceState;
use crate::reactive::{Memo, list, shown};
use crate::state::indicators::{Indicator, Metrics};
use crate::state::line_chart::{ChartUnit, LineChart};
use crate::views::chart::LineChartView;
use leptos::prelude::*;

/// What a chart is of.
#[derive(Clone, Copy)]
pub(super) struct MetricChart {
    pub(super) title: &'static str,
    pub(super) unit: ChartUnit,
    /// Indicators, each with the name of its line; those of pods have the name of the pod.
    pub(super) indicators: &'static [(&'static str, &'static str)],
    /// The indicator of a limit that all pods share, with the name of its line.
    pub(super) limit: Option<(&'static str, &'static str)>,
}

/// The chart, or in a line why there is none.
pub(super) fn metric_chart(state: ServiceState, of: MetricChart) -> AnyView {
    let metrics = state.metrics.data;
    let chart = Memo::new(move || {
        let marks = state.marks();
        metrics.with(|metrics| metrics.as_ref().and_then(|metrics| line_chart(metrics, of, &marks)))
    });
    let notes =
        Memo::new(move || metrics.with(|metrics| of.all(metrics).flat_map(notes).collect::<Vec<_>>()));
    let queries = Memo::new(move || {
        let texts = |i: &Indicator| (i.name.clone(), i.template.clone(), i.query.clone());
        let with_query = |i: &&Indicator| !i.query.is_empty();
        metrics.with(|metrics| of.all(metrics).filter(with_query).map(texts).collect::<Vec<_>>())
    });
    let is_empty = move || chart.with(Option::is_none) && notes.with(Vec::is_empty);
    let note = |text: String| view! { <li>{text}</li> }.into_any();
    view! {
        <div class="service-chart">
            {shown(move || chart.with(Option::is_none), move || view! { <h3>{of.title}</h3> }.into_any())}
            {shown(move || chart.with(Option::is_some), move || view! { <LineChartView chart on_select=state.on_select() /> }.into_any())}
            {shown(is_empty, || view! { <p class="muted">"No template had data."</p> }.into_any())}
            {shown(move || notes.with(|notes| !notes.is_empty()), move || view! {
                <ul class="service-notes">{move || list(notes.get().into_iter().map(note))}</ul>
            }.into_any())}
            {shown(move || queries.with(|queries| !queries.is_empty()), move || view! {
                <details class="service-query"><summary>"Query"</summary>
                    <dl>{move || list(queries.get().into_iter().map(query))}</dl></details>
            }.into_any())}
        </div>
    }
    .into_any()
}

impl MetricChart {
    /// The indicators that it shows, and that of its limit, as far as they were asked for.
    fn all(self, metrics: &Option<Metrics>) -> impl Iterator<Item = &Indicator> {
        let names = self.indicators.iter().copied().chain(self.limit);
        names.filter_map(move |(name, _)| metrics.as_ref()?.indicator(name))
    }
}

fn line_chart(metrics: &Metrics, of: MetricChart, marks: &[(i64, String)]) -> Option<LineChart> {
    let chart = metrics.chart(of.title, of.unit, of.indicators, marks)?;
    let limit =
        of.limit.and_then(|(indicator, name)| Some((name.to_owned(), metrics.common_limit(indicator)?)));
    Some(LineChart { limit, ..chart })
}

/// What there is to know about an indicator: why it could not be read, and warnings.
fn notes(indicator: &Indicator) -> Vec<String> {
    let failed = indicator.failure.iter().map(|why| format!("{} could not be read: {why}", indicator.name));
    let warned = indicator.warnings.iter().map(|text| format!("{}: {text}", indicator.name));
    failed.chain(warned).collect()
}

fn query((name, template, query): (String, String, String)) -> AnyView {
    let what = format!("{name}, template {template}");
    view! { <div><dt>{what}</dt><dd><code>{query}</code></dd></div> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::indicators::IndicatorSeries;

    const MEMORY: MetricChart = MetricChart {
        title: "Memory of pods",
        unit: ChartUnit::Bytes,
        indicators: &[("memory", "memory")],
        limit: Some(("memory-limit", "memory limit")),
    };

    fn metrics() -> Metrics {
        let indicator = |name: &str, value: f64| Indicator {
            name: name.into(),
            series: vec![IndicatorSeries { pod: "a".into(), values: vec![Some(value)] }],
            warnings: vec!["partial".into()],
            ..Indicator::default()
        };
        Metrics {
            count: 1,
            indicators: vec![indicator("memory", 1.0), indicator("memory-limit", 2.0)],
            ..Metrics::default()
        }
    }

    #[test]
    fn a_chart_has_the_limit_of_its_pods() {
        let chart = line_chart(&metrics(), MEMORY, &[]).unwrap();
        assert_eq!(chart.limit, Some(("memory limit".to_owned(), 2.0)));
        assert_eq!(MEMORY.all(&Some(metrics())).count(), 2);
        assert_eq!(line_chart(&Metrics::default(), MEMORY, &[]), None);
    }

    #[test]
    fn failures_come_before_warnings() {
        let failed = Indicator { failure: Some("Too slow.".into()), ..metrics().indicators.remove(0) };
        assert_eq!(notes(&failed), ["memory could not be read: Too slow.", "memory: partial"]);
    }
}

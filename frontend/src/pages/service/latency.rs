//! Latency, requests and errors of the service; without a source of metrics one line that says what to do.

use super::metric_chart::{MetricChart, metric_chart};
use super::panel::{Phase, panel};
use super::state::ServiceState;
use crate::components::code_text::code_text;
use crate::components::notice::by_cause;
use crate::reactive::{Memo, list};
use crate::state::line_chart::ChartUnit;
use leptos::prelude::*;

const CHARTS: [MetricChart; 3] = [
    MetricChart {
        title: "Latency",
        unit: ChartUnit::Seconds,
        indicators: &[("latency-p95", "p95"), ("latency-p99", "p99")],
        limit: None,
    },
    MetricChart {
        title: "Requests per second",
        unit: ChartUnit::PerSecond,
        indicators: &[("request-rate", "requests")],
        limit: None,
    },
    MetricChart {
        title: "Error ratio",
        unit: ChartUnit::Ratio,
        indicators: &[("error-ratio", "errors")],
        limit: None,
    },
];

/// See the module.
pub(super) fn latency(state: ServiceState, section: (&'static str, &'static str)) -> AnyView {
    let metrics = state.metrics;
    let phase = Memo::new(move || {
        let has_failed = metrics.error.with(Option::is_some);
        metrics.data.with(|metrics| {
            let missing = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
            Phase::of(metrics.as_ref(), has_failed, |metrics| missing(&metrics.missing))
        })
    });
    let failed = Memo::new(move || by_cause([("the metrics", metrics.error.get())]));
    let source = move || {
        let name =
            metrics.data.with(|metrics| metrics.as_ref().map(|m| m.source.clone())).unwrap_or_default();
        code_text(&format!("From `{name}`."), &|name| name.to_owned())
    };
    panel(state, section, phase, failed, move || {
        view! {
            <div class="service-charts">{list(CHARTS.map(|chart| metric_chart(state, chart)))}</div>
            <p class="muted">{move || source()}</p>
        }
        .into_any()
    })
}

//! Converts indicators to wire messages.

use crate::indicators::{Alert, Answer, Failure, Panel, PanelSeries, SloPanel, Urgency};
use flarepath_wire::indicators::{
    BurnRateAlert, IndicatorFailure, IndicatorPanel, IndicatorSeries, IndicatorsResponse,
    SloPanel as SloMessage,
};

pub(super) const NOT_CONFIGURED: &str =
    "No metrics source is configured: set [metrics.NAME] in the configuration.";
const NO_SOURCE: &str =
    "No metrics source has metrics of this service: check `services` of [metrics.NAME] in the configuration.";

/// The answer to a question about a service.
pub(super) fn indicators(answer: Answer) -> IndicatorsResponse {
    let without = |state: &str, sentence: &str| IndicatorsResponse {
        state: state.to_owned(),
        sentence: sentence.to_owned(),
        ..IndicatorsResponse::default()
    };
    match answer {
        Answer::NotConfigured => without("not-configured", NOT_CONFIGURED),
        Answer::NoSource => without("no-source", NO_SOURCE),
        Answer::Found { source, grid, panels, slos } => IndicatorsResponse {
            state: "found".to_owned(),
            sentence: String::new(),
            source,
            start_ms: grid.start_secs.saturating_mul(1000),
            step_ms: grid.step_secs.saturating_mul(1000),
            point_count: u32::try_from(grid.points).unwrap_or(u32::MAX),
            indicators: panels.into_iter().map(panel).collect(),
            slos: slos.into_iter().map(slo).collect(),
        },
    }
}

fn panel(panel: Panel) -> IndicatorPanel {
    IndicatorPanel {
        indicator: panel.indicator.name().to_owned(),
        unit: panel.indicator.unit().to_owned(),
        template: panel.template,
        query: panel.query,
        series: panel.series.into_iter().map(series).collect(),
        warnings: panel.warnings,
        failure: panel.failure.as_ref().map(failure),
    }
}

fn series(series: PanelSeries) -> IndicatorSeries {
    let (instants, amounts) = series.points.into_iter().unzip();
    IndicatorSeries { pod: series.pod, instants, amounts }
}

pub(super) fn failure(failure: &Failure) -> IndicatorFailure {
    IndicatorFailure { failure_kind: failure.kind().to_owned(), detail: failure.to_string() }
}

fn slo(slo: SloPanel) -> SloMessage {
    SloMessage {
        slo: slo.name,
        objective: slo.objective,
        period_s: slo.window.as_secs(),
        budget_left: slo.budget.left,
        alerts: slo.budget.alerts.iter().map(alert).collect(),
        failure: slo.failure.as_ref().map(failure),
        source: slo.source,
    }
}

fn alert(alert: &Alert) -> BurnRateAlert {
    let [long_burn_rate, short_burn_rate] = alert.burn_rates;
    BurnRateAlert {
        threshold: alert.threshold,
        long_s: alert.long.as_secs(),
        short_s: alert.short.as_secs(),
        long_burn_rate,
        short_burn_rate,
        urgency: urgency(alert.urgency).to_owned(),
        firing: alert.is_firing(),
    }
}

/// Its name in messages.
pub(super) fn urgency(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Page => "page",
        Urgency::Ticket => "ticket",
    }
}

//! Metrics of a service.

use super::request::in_store;
use super::{ApiError, get};
use crate::state::indicators::{BurnRateAlert, Indicator, IndicatorSeries, Metrics, Slo};
use crate::state::time_range::Span;
use crate::state::time_text::api_text;
use crate::state::url_text::write_pairs;
use flarepath_wire::indicators as wire;
use web_sys::AbortController;

/// The state of a response that has metrics.
const FOUND: &str = "found";
/// Instants that are kept, at most; the server answers about a thousand.
const MOST_INSTANTS: usize = 11_000;

/// All metrics of a service within a time, and its objectives.
pub(crate) async fn metrics(
    store: Option<String>,
    service: String,
    span: Span,
    abort: AbortController,
) -> Result<Metrics, ApiError> {
    let answer: wire::IndicatorsResponse = get(&path(store.as_deref(), &service, span), Some(&abort)).await?;
    Ok(from_wire(answer))
}

fn path(store: Option<&str>, service: &str, span: Span) -> String {
    let (from, until) = (api_text(span.from_ns), api_text(span.until_ns));
    let pairs = [("service", service), ("from", from.as_str()), ("until", until.as_str())];
    format!("/api/v1/indicators?{}{}", in_store(store), write_pairs(pairs))
}

fn from_wire(answer: wire::IndicatorsResponse) -> Metrics {
    let count = (answer.point_count as usize).min(MOST_INSTANTS);
    Metrics {
        missing: if answer.state == FOUND { String::new() } else { answer.sentence },
        source: answer.source,
        start_ms: answer.start_ms,
        step_ms: answer.step_ms.max(1),
        count,
        indicators: answer.indicators.into_iter().map(|panel| indicator(panel, count)).collect(),
        slos: answer.slos.into_iter().map(slo).collect(),
    }
}

fn indicator(panel: wire::IndicatorPanel, count: usize) -> Indicator {
    Indicator {
        name: panel.indicator,
        template: panel.template,
        query: panel.query,
        series: panel.series.into_iter().map(|one| series(one, count)).collect(),
        warnings: panel.warnings,
        failure: panel.failure.map(|failure| failure.detail),
    }
}

/// What is no number is a gap.
fn series(series: wire::IndicatorSeries, count: usize) -> IndicatorSeries {
    let mut values = vec![None; count];
    for (instant, amount) in series.instants.into_iter().zip(series.amounts) {
        if let Some(value) = values.get_mut(instant as usize) {
            *value = Some(amount).filter(|amount| amount.is_finite());
        }
    }
    IndicatorSeries { pod: series.pod, values }
}

fn slo(panel: wire::SloPanel) -> Slo {
    let alert = |alert: wire::BurnRateAlert| BurnRateAlert {
        threshold: alert.threshold,
        windows_s: [alert.long_s, alert.short_s],
        burn_rates: [alert.long_burn_rate, alert.short_burn_rate],
        urgency: alert.urgency,
        firing: alert.firing,
    };
    Slo {
        name: panel.slo,
        objective: panel.objective,
        period_s: panel.period_s,
        budget_left: panel.budget_left,
        alerts: panel.alerts.into_iter().map(alert).collect(),
        failure: panel.failure.map(|failure| failure.detail),
        source: panel.source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_service_and_time() {
        let span = Span::of_ms(1_000_000_000_000, 1_000_003_600_000);
        assert_eq!(
            path(None, "team/checkout", span),
            "/api/v1/indicators?service=team%2Fcheckout&from=1000000000000&until=1000003600000"
        );
        assert!(path(Some("prod"), "a", span).starts_with("/api/v1/indicators?store=prod&service=a&"));
    }

    #[test]
    fn gaps_stay_gaps_and_a_missing_source_says_what_to_do() {
        let series = wire::IndicatorSeries {
            pod: String::new(),
            instants: vec![0, 2, 7],
            amounts: vec![1.0, f64::NAN, 5.0],
        };
        let panel = wire::IndicatorPanel {
            indicator: "memory".into(),
            series: vec![series],
            failure: Some(wire::IndicatorFailure {
                failure_kind: "timeout".into(),
                detail: "Too slow.".into(),
            }),
            ..wire::IndicatorPanel::default()
        };
        let found = from_wire(wire::IndicatorsResponse {
            state: FOUND.into(),
            point_count: 3,
            indicators: vec![panel],
            ..wire::IndicatorsResponse::default()
        });
        let memory = found.indicator("memory").unwrap();
        assert_eq!(memory.series[0].values, [Some(1.0), None, None]);
        assert_eq!((memory.failure.as_deref(), found.missing.as_str()), (Some("Too slow."), ""));
        let sentence = "No metrics source is configured.".to_owned();
        let missing =
            wire::IndicatorsResponse { state: "not-configured".into(), sentence, ..Default::default() };
        assert_eq!(from_wire(missing).missing, "No metrics source is configured.");
    }
}

//! Metrics of the services in the rows of Home.

use super::{ApiError, get};
use crate::state::query::STORE;
use crate::state::row_metrics::{MetricsAnswer, Round, RowMetrics};
use crate::state::time_text::api_text;
use crate::state::url_text::{path_with, put};
use flarepath_wire::overview_metrics::{ServiceMetrics, ServiceMetricsResponse};
use web_sys::AbortController;

/// Metrics of at most 50 services of a store.
pub(crate) async fn overview_metrics(
    store: Option<String>,
    services: Vec<String>,
    round: Round,
    abort: AbortController,
) -> Result<MetricsAnswer, ApiError> {
    let mut params = Vec::new();
    put(&mut params, STORE, store.unwrap_or_default());
    for service in services {
        put(&mut params, "service", service);
    }
    put(&mut params, "from", api_text(round.0.from_ns));
    put(&mut params, "until", api_text(round.0.until_ns));
    let path = path_with("/api/v1/overview/metrics", &params);
    let answer: ServiceMetricsResponse = get(&path, Some(&abort)).await?;
    Ok(MetricsAnswer {
        round,
        is_configured: answer.state == "found",
        rows: answer.services.into_iter().map(row).collect(),
    })
}

fn row(found: ServiceMetrics) -> RowMetrics {
    RowMetrics {
        service: found.service,
        requests_per_s: found.requests_per_s,
        error_ratio: found.error_ratio,
        latency_s: [found.latency_p95_s, found.latency_p99_s],
        cpu_of_limit: found.cpu_of_limit,
        pod: found.cpu_of_limit_pod,
        objective: found.slo,
        budget_left: found.budget_left,
        burn_rate: found.burn_rate,
        urgency: if found.firing { found.urgency } else { String::new() },
        failure: found.failure.map(|failure| failure.detail).unwrap_or_default(),
    }
}

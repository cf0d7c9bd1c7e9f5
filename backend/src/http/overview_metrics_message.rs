//! Converts the metrics of many services to wire messages.

use super::indicators_message::{NOT_CONFIGURED, failure, urgency};
use crate::indicators::ServiceMetrics;
use flarepath_wire::overview_metrics::{ServiceMetrics as ServiceMetricsMessage, ServiceMetricsResponse};

/// The answer about services; `None` without any source.
pub(super) fn overview_metrics(services: Option<Vec<ServiceMetrics>>) -> ServiceMetricsResponse {
    let (state, sentence) = match services {
        Some(_) => ("found", ""),
        None => ("not-configured", NOT_CONFIGURED),
    };
    let services = services.into_iter().flatten().map(of_service).collect();
    ServiceMetricsResponse { state: state.to_owned(), sentence: sentence.to_owned(), services }
}

fn of_service(found: ServiceMetrics) -> ServiceMetricsMessage {
    let (cpu_of_limit_pod, cpu_of_limit) = found.cpu_of_limit.unzip();
    let objective = found.objective.as_ref();
    let firing = objective.and_then(|objective| objective.urgency);
    ServiceMetricsMessage {
        service: found.service,
        requests_per_s: found.requests_per_s,
        error_ratio: found.error_ratio,
        latency_p95_s: found.latency_p95_s,
        latency_p99_s: found.latency_p99_s,
        cpu_of_limit,
        cpu_of_limit_pod: cpu_of_limit_pod.unwrap_or_default(),
        slo: objective.map(|objective| objective.name.clone()).unwrap_or_default(),
        budget_left: objective.and_then(|objective| objective.budget_left),
        burn_rate: objective.and_then(|objective| objective.burn_rate),
        firing: firing.is_some(),
        urgency: firing.map_or("", urgency).to_owned(),
        failure: found.failure.as_ref().map(failure),
    }
}

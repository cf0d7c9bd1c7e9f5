//! Messages about the metrics of many services: one line for each.

use crate::indicators::IndicatorFailure;
use prost::Message;
use serde::{Deserialize, Serialize};

/// Metrics of services, a line each. `GET /api/v1/overview/metrics`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceMetricsResponse {
    /// `found`, or `not-configured`: there is no source of metrics.
    #[prost(string, tag = "1")]
    pub state: String,
    /// The state as a sentence that says what to do; empty if there is a source.
    #[prost(string, tag = "2")]
    pub sentence: String,
    /// The services that were asked for, in their order.
    #[prost(message, repeated, tag = "3")]
    pub services: Vec<ServiceMetrics>,
}

/// Metrics of a service in the last ten minutes of the range. What is not known is absent.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceMetrics {
    /// The service.
    #[prost(string, tag = "1")]
    pub service: String,
    /// Mean of requests per second.
    #[prost(double, optional, tag = "2")]
    pub requests_per_s: Option<f64>,
    /// Mean of failed requests as a fraction of all.
    #[prost(double, optional, tag = "3")]
    pub error_ratio: Option<f64>,
    /// The last known 95th percentile of latency, in seconds.
    #[prost(double, optional, tag = "4")]
    pub latency_p95_s: Option<f64>,
    /// The last known 99th percentile of latency, in seconds.
    #[prost(double, optional, tag = "5")]
    pub latency_p99_s: Option<f64>,
    /// Mean cores of the pod that is nearest to its CPU limit, as a fraction of that limit.
    #[prost(double, optional, tag = "6")]
    pub cpu_of_limit: Option<f64>,
    /// That pod; empty if no pod has a limit.
    #[prost(string, tag = "7")]
    pub cpu_of_limit_pod: String,
    /// The objective that is worst off; empty if the service has none.
    #[prost(string, tag = "8")]
    pub slo: String,
    /// The part of its error budget that is left, as a fraction; below 0 it is overdrawn.
    #[prost(double, optional, tag = "9")]
    pub budget_left: Option<f64>,
    /// Burn rate of the long window of its fastest alert; absent without traffic.
    #[prost(double, optional, tag = "10")]
    pub burn_rate: Option<f64>,
    /// Whether one of its alerts fires.
    #[prost(bool, tag = "11")]
    pub firing: bool,
    /// How soon to look, if one fires: `page` is at once, `ticket` during working hours. Otherwise empty.
    #[prost(string, tag = "12")]
    pub urgency: String,
    /// The first failure; what did not fail is there. Absent if nothing failed.
    #[prost(message, optional, tag = "13")]
    pub failure: Option<IndicatorFailure>,
}

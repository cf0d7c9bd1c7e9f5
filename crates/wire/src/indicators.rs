//! Messages about indicators: metrics of a service, beside its profiles.

use prost::Message;
use serde::{Deserialize, Serialize};

/// Indicators of a service over time. `GET /api/v1/indicators`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IndicatorsResponse {
    /// `found`; `not-configured`: there is no source of metrics; `no-source`: no source has metrics of this service.
    #[prost(string, tag = "1")]
    pub state: String,
    /// The state as a sentence that says what to do; empty if metrics were found.
    #[prost(string, tag = "2")]
    pub sentence: String,
    /// Name of the source.
    #[prost(string, tag = "3")]
    pub source: String,
    /// The first instant, milliseconds since the epoch: a multiple of the step.
    #[prost(int64, tag = "4")]
    pub start_ms: i64,
    /// Distance of two instants in milliseconds.
    #[prost(int64, tag = "5")]
    pub step_ms: i64,
    /// How many instants there are.
    #[prost(uint32, tag = "6")]
    pub point_count: u32,
    /// The indicators that were asked for, in their order.
    #[prost(message, repeated, tag = "7")]
    pub indicators: Vec<IndicatorPanel>,
    /// Objectives of the service; empty if single indicators were asked for.
    #[prost(message, repeated, tag = "8")]
    pub slos: Vec<SloPanel>,
}

/// One indicator.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IndicatorPanel {
    /// Name of the indicator.
    #[prost(string, tag = "1")]
    pub indicator: String,
    /// Unit of its values; of a `ratio` 1 is everything.
    #[prost(string, tag = "2")]
    pub unit: String,
    /// Name of the template that had data; empty if none had.
    #[prost(string, tag = "3")]
    pub template: String,
    /// The query that was sent, in PromQL, with the caller's bounds in it; empty if no template had data.
    #[prost(string, tag = "4")]
    pub query: String,
    /// Its series: one of the service, or one of each pod.
    #[prost(message, repeated, tag = "5")]
    pub series: Vec<IndicatorSeries>,
    /// What the source says about the answer: that it is partial, for instance.
    #[prost(string, repeated, tag = "6")]
    pub warnings: Vec<String>,
    /// Why there is no answer; absent if there is one, also if it is empty.
    #[prost(message, optional, tag = "7")]
    pub failure: Option<IndicatorFailure>,
}

/// One series of an indicator.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IndicatorSeries {
    /// The pod; empty for a series of the whole service.
    #[prost(string, tag = "1")]
    pub pod: String,
    /// Numbers of the instants with a value, ascending; what is missing is a gap, not 0.
    #[prost(uint32, repeated, tag = "2")]
    pub instants: Vec<u32>,
    /// The value at each of these instants.
    #[prost(double, repeated, tag = "3")]
    pub amounts: Vec<f64>,
}

/// Why an indicator or an objective has no answer.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IndicatorFailure {
    /// `unreachable`, `denied`, `timeout`, `not-prometheus`, `bad-query`, `too-large`, `failed`, `secret`: of the source; `bounds`: the
    /// caller's access is limited by what metrics cannot express.
    #[prost(string, tag = "1")]
    pub failure_kind: String,
    /// What happened and what to do.
    #[prost(string, tag = "2")]
    pub detail: String,
}

/// An objective, and what is left of its error budget.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SloPanel {
    /// Name of the objective.
    #[prost(string, tag = "1")]
    pub slo: String,
    /// The part of all events that must be good, as a fraction.
    #[prost(double, tag = "2")]
    pub objective: f64,
    /// The period in seconds.
    #[prost(uint64, tag = "3")]
    pub period_s: u64,
    /// The part of the error budget that is left, as a fraction; below 0 it is overdrawn. Absent without data.
    #[prost(double, optional, tag = "4")]
    pub budget_left: Option<f64>,
    /// Alerts on burn rates, the fastest first.
    #[prost(message, repeated, tag = "5")]
    pub alerts: Vec<BurnRateAlert>,
    /// Why there is no answer.
    #[prost(message, optional, tag = "6")]
    pub failure: Option<IndicatorFailure>,
    /// Where it is defined: `configuration`, or a format and the name of a file, such as `sloth: checkout.yaml`. `recorded by Sloth`: its
    /// error ratios are read from what Sloth records.
    #[prost(string, tag = "7")]
    pub source: String,
}

/// An alert that fires when an error budget burns faster than a threshold in two windows.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BurnRateAlert {
    /// The burn rate from which it fires; 1 uses the budget up in exactly the period.
    #[prost(double, tag = "1")]
    pub threshold: f64,
    /// The long window in seconds.
    #[prost(uint64, tag = "2")]
    pub long_s: u64,
    /// The short window in seconds.
    #[prost(uint64, tag = "3")]
    pub short_s: u64,
    /// Burn rate of the long window; absent without traffic.
    #[prost(double, optional, tag = "4")]
    pub long_burn_rate: Option<f64>,
    /// Burn rate of the short window; absent without traffic.
    #[prost(double, optional, tag = "5")]
    pub short_burn_rate: Option<f64>,
    /// `page`: look at once; `ticket`: look during working hours.
    #[prost(string, tag = "6")]
    pub urgency: String,
    /// Whether both burn rates are at the threshold or above.
    #[prost(bool, tag = "7")]
    pub firing: bool,
}

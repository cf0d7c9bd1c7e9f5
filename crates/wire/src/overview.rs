//! Messages of the overview: what changed in each service, those that need attention first.

use crate::markers::Marker;
use prost::Message;
use serde::{Deserialize, Serialize};

/// Services by what needs attention. `GET /api/v1/overview`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OverviewResponse {
    /// The rows of this page.
    #[prost(message, repeated, tag = "1")]
    pub rows: Vec<OverviewRow>,
    /// `cursor` of the next page; empty on the last.
    #[prost(string, tag = "2")]
    pub next_cursor: String,
    /// Services that match in all.
    #[prost(uint64, tag = "3")]
    pub services: u64,
    /// All services that match, together.
    #[prost(message, optional, tag = "4")]
    pub fleet: Option<Fleet>,
    /// Start of the range, nanoseconds since the epoch.
    #[prost(int64, tag = "5")]
    pub start_ns: i64,
    /// End of the range, excluded, nanoseconds since the epoch.
    #[prost(int64, tag = "6")]
    pub end_ns: i64,
    /// What to know about the answer, in sentences: how many rows have no verdict yet, services left out. Often empty.
    #[prost(string, repeated, tag = "7")]
    pub notes: Vec<String>,
}

/// A service and what changed in it.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OverviewRow {
    /// The service.
    #[prost(string, tag = "1")]
    pub service: String,
    /// `regressed`, `improved`, `changed` (functions, and not the total), `unchanged`, `too-little-data`, `not-comparable`, `silent` (no profile in
    /// the last ten minutes of the range), or `pending` (no verdict yet).
    #[prost(string, tag = "2")]
    pub state: String,
    /// The verdict in a sentence; of a pending row, why it is.
    #[prost(string, tag = "3")]
    pub sentence: String,
    /// Mean cores by its CPU profiles, all replicas together; absent without CPU profiles.
    #[prost(double, optional, tag = "4")]
    pub cores: Option<f64>,
    /// The same of the baseline.
    #[prost(double, optional, tag = "5")]
    pub cores_before: Option<f64>,
    /// Change of the cost of a replica, or of a request where requests are known, as a fraction of the baseline's; absent unless it is
    /// significant.
    #[prost(double, optional, tag = "6")]
    pub change: Option<f64>,
    /// The function of own code with the largest self cost, or the one that the verdict names; may be empty.
    #[prost(string, tag = "7")]
    pub top_function: String,
    /// Cost of that function as a fraction of the service's: in total of the one that the verdict names, and otherwise its own.
    #[prost(double, optional, tag = "8")]
    pub top_function_share: Option<f64>,
    /// Versions that ran in the range, the newest first; at most 5.
    #[prost(string, repeated, tag = "9")]
    pub versions: Vec<String>,
    /// Mean cores by interval of the range, oldest first; NaN where no profile covers it.
    #[prost(double, repeated, tag = "10")]
    pub sparkline: Vec<f64>,
    /// Width of an interval of the sparkline in nanoseconds; the first one starts at the response's `start_ns`.
    #[prost(int64, tag = "11")]
    pub sparkline_step_ns: i64,
    /// The latest marker in the range.
    #[prost(message, optional, tag = "12")]
    pub marker: Option<Marker>,
    /// The profile type that the row is about.
    #[prost(string, tag = "13")]
    pub profile_type: String,
    /// When the verdict was computed, nanoseconds since the epoch; 0 without one.
    #[prost(int64, tag = "14")]
    pub computed_at_ns: i64,
    /// When the change began, nanoseconds since the epoch; 0 if nothing changed or it is not known.
    #[prost(int64, tag = "15")]
    pub changed_at_ns: i64,
    /// The baseline in words: `version 1.4.1`, `the hour before`. May be empty.
    #[prost(string, tag = "16")]
    pub baseline: String,
    /// Replicas in the range.
    #[prost(uint64, tag = "17")]
    pub replicas: u64,
    /// The largest cause and the verdict without its numbers, where a change has both: for a row of a list. Otherwise empty; then the sentence
    /// is short.
    #[prost(string, tag = "18")]
    pub brief: String,
}

/// Numbers of all services together.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fleet {
    /// Mean cores by CPU profiles.
    #[prost(double, tag = "1")]
    pub cores: f64,
    /// Services with a profile in the last ten minutes of the range.
    #[prost(uint64, tag = "2")]
    pub reporting: u64,
    /// Services with profiles in the range, but none in its last ten minutes.
    #[prost(uint64, tag = "3")]
    pub silent: u64,
    /// Services whose profiles leave more than 10 % of the range uncovered between their first and last profile.
    #[prost(uint64, tag = "4")]
    pub with_gaps: u64,
    /// Share of the cost whose functions have no name; absent if it is not known.
    #[prost(double, optional, tag = "5")]
    pub without_symbols: Option<f64>,
    /// Services whose verdict is a significant change.
    #[prost(uint64, tag = "6")]
    pub changed: u64,
}

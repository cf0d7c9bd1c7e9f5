//! Breakdown messages: what each value of a label costs, and which values differ from the others.

use prost::Message;
use serde::{Deserialize, Serialize};

/// Values of a label by cost. `GET /api/v1/breakdown`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BreakdownResponse {
    /// The label.
    #[prost(string, tag = "1")]
    pub label: String,
    /// Unit of the costs: that of the profile type. Rates are in this unit divided by what `per` says.
    #[prost(string, tag = "2")]
    pub unit: String,
    /// What rates are divided by: covered `second` of a replica or, for levels such as memory in use, `profile`.
    #[prost(string, tag = "3")]
    pub per: String,
    /// The cost of all values. Of levels the sum over all replicas, averaged over the time.
    #[prost(double, tag = "4")]
    pub total: f64,
    /// The rate of all values: of one replica.
    #[prost(double, tag = "5")]
    pub rate: f64,
    /// How many values there are.
    #[prost(uint64, tag = "6")]
    pub value_count: u64,
    /// How many of them contain the text that was asked for.
    #[prost(uint64, tag = "7")]
    pub matching: u64,
    /// How many of all values differ from the others of their group.
    #[prost(uint64, tag = "8")]
    pub odd_count: u64,
    /// Start of the range and of the first bucket of the small timelines, milliseconds since the epoch.
    #[prost(int64, tag = "9")]
    pub start_ms: i64,
    /// Width of a bucket in milliseconds.
    #[prost(int64, tag = "10")]
    pub step_ms: i64,
    /// How many buckets the range has; the last may be shorter.
    #[prost(uint32, tag = "11")]
    pub bucket_count: u32,
    /// The values, in the order that was asked for.
    #[prost(message, repeated, tag = "12")]
    pub rows: Vec<BreakdownRow>,
    /// `cursor` of the next page; empty at the end.
    #[prost(string, tag = "13")]
    pub next: String,
    /// Whether the store knows the service named in the selector at all, in any range; true when none is named.
    #[prost(bool, tag = "14")]
    pub service_known: bool,
    /// Whether a series that the selector's service has ever had is of the profile type asked for.
    #[prost(bool, tag = "15")]
    pub profile_type_known: bool,
}

/// A value of the label.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BreakdownRow {
    /// The value; empty for series without the label.
    #[prost(string, tag = "1")]
    pub value: String,
    /// Cost by covered second and replica, or average level.
    #[prost(double, tag = "2")]
    pub rate: f64,
    /// Cost over the range, of all replicas. Of levels their sum, averaged over the time.
    #[prost(double, tag = "3")]
    pub total: f64,
    /// Part of the total of all values, as a fraction.
    #[prost(double, tag = "4")]
    pub share: f64,
    /// How many series have the value.
    #[prost(uint64, tag = "5")]
    pub series: u64,
    /// How many replicas; 1 where no label tells them apart.
    #[prost(uint64, tag = "6")]
    pub replicas: u64,
    /// How many profiles; one whose samples have several sets of labels counts once.
    #[prost(uint64, tag = "7")]
    pub profiles: u64,
    /// Covered time of all replicas together, in milliseconds.
    #[prost(int64, tag = "8")]
    pub replica_ms: i64,
    /// `odd`: differs from the others of its service; `usual`: does not, or not significantly; `too-little-data`; `other-time`: never
    /// ran at the time of the others; `no-others`; `not-compared`: is a service, or holds several.
    #[prost(string, tag = "9")]
    pub outcome: String,
    /// The outcome as a sentence.
    #[prost(string, tag = "10")]
    pub sentence: String,
    /// The difference from the others; absent unless they were compared.
    #[prost(message, optional, tag = "11")]
    pub deviation: Option<BreakdownDeviation>,
    /// Numbers of the buckets with data, ascending. One that is not finished is left out.
    #[prost(uint32, repeated, tag = "12")]
    pub buckets: Vec<u32>,
    /// The rate in each of these buckets.
    #[prost(double, repeated, tag = "13")]
    pub bucket_rates: Vec<f64>,
    /// The service that has the value; empty if several have it.
    #[prost(string, tag = "14")]
    pub service: String,
}

/// How a value differs from the others of its service, in the time that they have in common.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BreakdownDeviation {
    /// How many others there are.
    #[prost(uint64, tag = "1")]
    pub others: u64,
    /// The rate of the others: their median, or the nearer one of two.
    #[prost(double, tag = "2")]
    pub others_rate: f64,
    /// The difference, as a fraction of the others' rate; absent if they cost nothing.
    #[prost(double, optional, tag = "3")]
    pub relative: Option<f64>,
    /// Lower end of the 95 % confidence interval of the difference, in the unit of rates.
    #[prost(double, tag = "4")]
    pub low: f64,
    /// Upper end.
    #[prost(double, tag = "5")]
    pub high: f64,
    /// Probability of a difference at least as large by chance.
    #[prost(double, tag = "6")]
    pub p: f64,
    /// The smallest false discovery rate at which they differ.
    #[prost(double, tag = "7")]
    pub q: f64,
}

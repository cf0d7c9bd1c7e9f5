//! Messages of `parca.query.v1alpha1.QueryService`, as far as they are used. Fields that are left out are skipped when reading.
//!
//! Field numbers are those of Parca's `query.proto` and `profilestore.proto`, as of July 2026. The request of a merge is one case
//! of a `oneof`, and so is the pprof of an answer; each is written as an optional field, which is the same on the wire.

use bytes::Bytes;

/// `QueryRequest.Mode`: all profiles of a range, summed up.
pub(super) const MODE_MERGE: i32 = 2;
/// `QueryRequest.ReportType`: a gzipped pprof.
pub(super) const REPORT_PPROF: i32 = 1;

/// `google.protobuf.Timestamp`.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(super) struct Timestamp {
    /// Since the Unix epoch.
    #[prost(int64, tag = "1")]
    pub(super) seconds: i64,
    /// 0 to 999 999 999, counted forward also before the epoch.
    #[prost(int32, tag = "2")]
    pub(super) nanos: i32,
}

/// `google.protobuf.Duration`.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(super) struct Duration {
    #[prost(int64, tag = "1")]
    pub(super) seconds: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ProfileTypesRequest {
    #[prost(message, optional, tag = "1")]
    pub(super) start: Option<Timestamp>,
    #[prost(message, optional, tag = "2")]
    pub(super) end: Option<Timestamp>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ProfileTypesResponse {
    #[prost(message, repeated, tag = "1")]
    pub(super) types: Vec<StoredType>,
}

/// `ProfileType`.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct StoredType {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    #[prost(string, tag = "2")]
    pub(super) sample_type: String,
    #[prost(string, tag = "3")]
    pub(super) sample_unit: String,
    #[prost(string, tag = "4")]
    pub(super) period_type: String,
    #[prost(string, tag = "5")]
    pub(super) period_unit: String,
    /// Whether its profiles have a duration.
    #[prost(bool, tag = "6")]
    pub(super) delta: bool,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct LabelsRequest {
    #[prost(message, optional, tag = "2")]
    pub(super) start: Option<Timestamp>,
    #[prost(message, optional, tag = "3")]
    pub(super) end: Option<Timestamp>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct LabelsResponse {
    #[prost(string, repeated, tag = "1")]
    pub(super) label_names: Vec<String>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ValuesRequest {
    #[prost(string, tag = "1")]
    pub(super) label_name: String,
    #[prost(message, optional, tag = "3")]
    pub(super) start: Option<Timestamp>,
    #[prost(message, optional, tag = "4")]
    pub(super) end: Option<Timestamp>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ValuesResponse {
    #[prost(string, repeated, tag = "1")]
    pub(super) label_values: Vec<String>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct QueryRangeRequest {
    #[prost(string, tag = "1")]
    pub(super) query: String,
    #[prost(message, optional, tag = "2")]
    pub(super) start: Option<Timestamp>,
    #[prost(message, optional, tag = "3")]
    pub(super) end: Option<Timestamp>,
    #[prost(message, optional, tag = "5")]
    pub(super) step: Option<Duration>,
    #[prost(string, repeated, tag = "6")]
    pub(super) sum_by: Vec<String>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct QueryRangeResponse {
    #[prost(message, repeated, tag = "1")]
    pub(super) series: Vec<MetricsSeries>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct MetricsSeries {
    #[prost(message, optional, tag = "1")]
    pub(super) labelset: Option<LabelSet>,
    #[prost(message, repeated, tag = "2")]
    pub(super) samples: Vec<MetricsSample>,
    /// What the values count; absent for types without a duration.
    #[prost(message, optional, tag = "4")]
    pub(super) sample_type: Option<ValueType>,
}

/// `MetricsSample`. Its `count` is left out: it counts stacks and not profiles.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(super) struct MetricsSample {
    #[prost(message, optional, tag = "1")]
    pub(super) timestamp: Option<Timestamp>,
    #[prost(int64, tag = "2")]
    pub(super) value: i64,
    /// Nanoseconds.
    #[prost(int64, tag = "4")]
    pub(super) duration: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct LabelSet {
    #[prost(message, repeated, tag = "1")]
    pub(super) labels: Vec<Label>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Label {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    #[prost(string, tag = "2")]
    pub(super) value: String,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ValueType {
    #[prost(string, tag = "1")]
    pub(super) kind: String,
    #[prost(string, tag = "2")]
    pub(super) unit: String,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct QueryRequest {
    #[prost(int32, tag = "1")]
    pub(super) mode: i32,
    #[prost(message, optional, tag = "3")]
    pub(super) merge: Option<MergeProfile>,
    #[prost(int32, tag = "5")]
    pub(super) report_type: i32,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct MergeProfile {
    #[prost(string, tag = "1")]
    pub(super) query: String,
    #[prost(message, optional, tag = "2")]
    pub(super) start: Option<Timestamp>,
    #[prost(message, optional, tag = "3")]
    pub(super) end: Option<Timestamp>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct QueryResponse {
    #[prost(bytes = "bytes", optional, tag = "6")]
    pub(super) pprof: Option<Bytes>,
}

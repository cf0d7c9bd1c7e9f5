//! Messages about the stores that profiles are read from.

use prost::Message;
use serde::{Deserialize, Serialize};

/// The stores that the caller may read. `GET /api/v1/stores`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoresResponse {
    /// Name of the store that is read where a request names none; empty if the caller may not read it.
    #[prost(string, tag = "1")]
    pub default: String,
    /// By name.
    #[prost(message, repeated, tag = "2")]
    pub stores: Vec<StoreState>,
}

/// A store, and how its requests went.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoreState {
    /// Name: the value of the parameter `store`.
    #[prost(string, tag = "1")]
    pub name: String,
    /// `embedded`, `pyroscope`, `parca` or `clickhouse`.
    #[prost(string, tag = "2")]
    pub kind: String,
    /// Whether it is read where a request names no store.
    #[prost(bool, tag = "3")]
    pub is_default: bool,
    /// Whether pushed profiles go to it.
    #[prost(bool, tag = "4")]
    pub takes_pushes: bool,
    /// `ok`, `failing` or `not asked yet`.
    #[prost(string, tag = "5")]
    pub state: String,
    /// Version of the store; empty if unknown.
    #[prost(string, tag = "6")]
    pub version: String,
    /// Requests of this server to it in the last 5 minutes; 0 of the embedded store.
    #[prost(uint64, tag = "7")]
    pub requests: u64,
    /// Those that failed.
    #[prost(uint64, tag = "8")]
    pub errors: u64,
    /// Median duration of these requests, in seconds; absent without any.
    #[prost(double, optional, tag = "9")]
    pub latency_p50_s: Option<f64>,
    /// 95th percentile of their duration, in seconds.
    #[prost(double, optional, tag = "10")]
    pub latency_p95_s: Option<f64>,
    /// The last failure in words; empty if there was none.
    #[prost(string, tag = "11")]
    pub last_error: String,
    /// Its time, in nanoseconds since the epoch; 0 if there was none.
    #[prost(sint64, tag = "12")]
    pub last_error_at_ns: i64,
    /// What it does not offer, in words.
    #[prost(string, repeated, tag = "13")]
    pub missing: Vec<String>,
}

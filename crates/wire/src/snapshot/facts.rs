//! Origin of the numbers of a snapshot, and its most telling functions.

use prost::Message;
use serde::{Deserialize, Serialize};

/// Where the numbers are from, as it was known when the snapshot was taken.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Facts {
    /// The service; empty if several or unknown.
    #[prost(string, tag = "1")]
    pub service: String,
    /// Its versions in the range, sorted.
    #[prost(string, repeated, tag = "2")]
    pub versions: Vec<String>,
    /// Distance of two samples in units of `sampling_unit`; 0 if unknown.
    #[prost(sint64, tag = "3")]
    pub sampling_period: i64,
    /// Unit of the sampling period, such as `nanoseconds`.
    #[prost(string, tag = "4")]
    pub sampling_unit: String,
    /// How many samples were taken; 0 if unknown.
    #[prost(uint64, tag = "5")]
    pub samples: u64,
    /// Instances that sent profiles in the range.
    #[prost(uint64, tag = "6")]
    pub instances_covered: u64,
    /// Instances of the service that the storage knew; 0 if unknown.
    #[prost(uint64, tag = "7")]
    pub instances_known: u64,
    /// Parts of the range without any profile, in order.
    #[prost(message, repeated, tag = "8")]
    pub gaps: Vec<Gap>,
    /// How long the storage kept profiles, in nanoseconds; absent if `kept_forever`, or if unknown.
    #[prost(sint64, optional, tag = "9")]
    pub retention_ns: Option<i64>,
    /// The functions that changed most, or that cost most when there is one side; at most a handful.
    #[prost(message, repeated, tag = "10")]
    pub top_movers: Vec<TopMover>,
    /// Whether the storage kept profiles forever. Snapshots from before this field do not say.
    #[prost(bool, tag = "11")]
    #[serde(default)]
    pub kept_forever: bool,
    /// Whether the sampling period is the time of all samples by their number, as no profiler states it.
    #[prost(bool, tag = "12")]
    #[serde(default)]
    pub sampling_derived: bool,
    /// Names and versions of profilers, SDKs and runtimes, as labels tell them, such as `runtime go go1.26.8`; at most 20. Empty if none
    /// is sent, and in snapshots from before this field.
    #[prost(string, repeated, tag = "13")]
    #[serde(default)]
    pub profilers: Vec<String>,
    /// Sample types of the profiles with their units, such as `cpu (nanoseconds)`; at most 20. Empty in snapshots from before this field.
    #[prost(string, repeated, tag = "14")]
    #[serde(default)]
    pub sample_types: Vec<String>,
    /// Name of the store that the profiles were read from; empty in files, and in snapshots from before this field.
    #[prost(string, tag = "15")]
    #[serde(default)]
    pub store: String,
    /// Kind of the store, such as `pyroscope`.
    #[prost(string, tag = "16")]
    #[serde(default)]
    pub store_kind: String,
    /// Version of the store, such as `2.2.1`; empty if unknown.
    #[prost(string, tag = "17")]
    #[serde(default)]
    pub store_version: String,
}

impl Facts {
    /// The store in words, such as `prod (pyroscope 2.2.1)`; absent if it is not recorded.
    pub fn store_text(&self) -> Option<String> {
        let of = [&self.store_kind, &self.store_version].map(String::as_str);
        let words: Vec<&str> =
            of.into_iter().filter(|word| !word.is_empty() && *word != self.store).collect();
        match words.join(" ") {
            _ if self.store.is_empty() => None,
            of if of.is_empty() => Some(self.store.clone()),
            of => Some(format!("{} ({of})", self.store)),
        }
    }
}

/// A time without profiles.
#[derive(Clone, Copy, PartialEq, Eq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Gap {
    /// Start, nanoseconds since the epoch.
    #[prost(sint64, tag = "1")]
    pub from_ns: i64,
    /// End, excluded, nanoseconds since the epoch.
    #[prost(sint64, tag = "2")]
    pub until_ns: i64,
}

/// What a function cost before and after, in the unit of the sides. With one side, `*_before` is 0.
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopMover {
    /// Name.
    #[prost(string, tag = "1")]
    pub function: String,
    /// Spent in the function itself, baseline.
    #[prost(sint64, tag = "2")]
    pub self_before: i64,
    /// Spent in the function itself, comparison.
    #[prost(sint64, tag = "3")]
    pub self_after: i64,
    /// Spent in the function and what it called, baseline; recursion counts once.
    #[prost(sint64, tag = "4")]
    pub total_before: i64,
    /// Spent in the function and what it called, comparison.
    #[prost(sint64, tag = "5")]
    pub total_after: i64,
}

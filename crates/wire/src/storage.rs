//! Messages about disk usage.

use prost::Message;
use serde::{Deserialize, Serialize};

/// What stored profiles take of the disk, and when it will be full. `GET /api/v1/storage`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StorageResponse {
    /// Whether the profiles are on a disk of this server; otherwise all other fields are empty.
    #[prost(bool, tag = "1")]
    pub measured: bool,
    /// Bytes of the data.
    #[prost(uint64, tag = "2")]
    pub used_bytes: u64,
    /// Bytes of free pages: the database keeps them for new data.
    #[prost(uint64, tag = "3")]
    pub free_page_bytes: u64,
    /// Bytes of the database's log.
    #[prost(uint64, tag = "4")]
    pub log_bytes: u64,
    /// Free bytes of the file system.
    #[prost(uint64, tag = "5")]
    pub disk_free_bytes: u64,
    /// `retention.max_size`, if it is set: beyond, the oldest and finest data is dropped.
    #[prost(uint64, optional, tag = "6")]
    pub max_size_bytes: Option<u64>,
    /// Start of the oldest data, in nanoseconds since the epoch; absent without data.
    #[prost(sint64, optional, tag = "7")]
    pub oldest_ns: Option<i64>,
    /// Bytes that a day adds; negative when the data shrinks; absent while it is unknown.
    #[prost(sint64, optional, tag = "8")]
    pub growth_bytes_per_day: Option<i64>,
    /// Hours until the growth is known; absent once it is.
    #[prost(uint32, optional, tag = "9")]
    pub growth_known_in_hours: Option<u32>,
    /// Days until the disk is full; absent while that is unknown, and without growth.
    #[prost(double, optional, tag = "10")]
    pub full_in_days: Option<f64>,
    /// Days until `retention.max_size` is reached; absent while that is unknown, without growth and without a limit.
    #[prost(double, optional, tag = "11")]
    pub limit_in_days: Option<f64>,
    /// The forecast as text, such as `full in 23 days`.
    #[prost(string, tag = "12")]
    pub forecast: String,
}

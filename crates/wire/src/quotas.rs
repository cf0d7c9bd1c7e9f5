//! Messages about the quotas of senders.

use prost::Message;
use serde::{Deserialize, Serialize};

/// How much of a limit is used.
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuotaUse {
    /// Key of the limit in the section `quotas` of the configuration, such as `series_per_service`.
    #[prost(string, tag = "1")]
    pub key: String,
    /// What the limit counts.
    #[prost(string, tag = "2")]
    pub meaning: String,
    /// The service that the line is about; empty if the limit is not one for each service.
    #[prost(string, tag = "3")]
    pub service: String,
    /// How much is used; absent for rates of senders, which are not counted in all.
    #[prost(uint64, optional, tag = "4")]
    pub used: Option<u64>,
    /// The limit; 0 means no limit.
    #[prost(uint64, tag = "5")]
    pub limit: u64,
}

/// Profiles of a service that a limit refused.
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuotaRefusal {
    /// The service; empty for requests that were refused before they were decoded.
    #[prost(string, tag = "1")]
    pub service: String,
    /// Key of the limit in the section `quotas` of the configuration.
    #[prost(string, tag = "2")]
    pub key: String,
    /// What the limit counts.
    #[prost(string, tag = "3")]
    pub meaning: String,
    /// How many profiles, or requests.
    #[prost(uint64, tag = "4")]
    pub count: u64,
}

/// The limits of senders and their use. `GET /api/v1/quotas`
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuotasResponse {
    /// All limits; of a limit for each service a line for each of the ten services that use most of it.
    #[prost(message, repeated, tag = "1")]
    pub uses: Vec<QuotaUse>,
    /// The most refused services of the last hour, at most 20 lines, the most frequent first.
    #[prost(message, repeated, tag = "2")]
    pub refusals: Vec<QuotaRefusal>,
}

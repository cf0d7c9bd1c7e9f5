//! Messages about markers: what happened to a service and when (deployments, changes of configuration, incidents).

use prost::Message;
use serde::{Deserialize, Serialize};

/// Something that happened to a service.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Marker {
    /// Id of a posted marker; empty if it was inferred from the profiles.
    #[prost(string, tag = "1")]
    pub id: String,
    /// `deploy`, `config`, `flag`, `scale` or `incident`.
    #[prost(string, tag = "2")]
    pub kind: String,
    /// When it happened, nanoseconds since the epoch.
    #[prost(int64, tag = "3")]
    pub at_ns: i64,
    /// The service.
    #[prost(string, tag = "4")]
    pub service: String,
    /// Narrows the service to the series that it applies to, such as `{region="eu"}`; empty for all of the service.
    #[prost(string, tag = "5")]
    pub selector: String,
    /// The version that was deployed; empty if it is not known.
    #[prost(string, tag = "6")]
    pub version: String,
    /// A description in words; may be empty.
    #[prost(string, tag = "7")]
    pub text: String,
    /// An http or https link to more about it; may be empty.
    #[prost(string, tag = "8")]
    pub url: String,
    /// `posted`, `inferred` (from a version label that is new), or `both`.
    #[prost(string, tag = "9")]
    pub source: String,
    /// Name of the account or token that posted it; empty if it was inferred.
    #[prost(string, tag = "10")]
    pub created_by: String,
    /// Whether the caller may delete it.
    #[prost(bool, tag = "11")]
    pub deletable: bool,
}

/// Markers, the oldest first. `GET /api/v1/markers`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkersResponse {
    /// The markers of this page.
    #[prost(message, repeated, tag = "1")]
    pub markers: Vec<Marker>,
    /// `cursor` of the next page; empty on the last.
    #[prost(string, tag = "2")]
    pub next_cursor: String,
    /// What the list does not show, in a sentence: `40 versions within the range; the first 20 are shown`. May be empty.
    #[prost(string, tag = "3")]
    pub note: String,
}

/// A new marker. `POST /api/v1/markers`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkerDraft {
    /// `deploy`, `config`, `flag`, `scale` or `incident`.
    #[prost(string, tag = "1")]
    #[serde(default)]
    pub kind: String,
    /// When it happened: RFC 3339, Unix seconds, milliseconds, microseconds or nanoseconds, or `now-5m`. Now if it is empty.
    #[prost(string, tag = "2")]
    #[serde(default)]
    pub time: String,
    /// The service. Required, unless the selector names one.
    #[prost(string, tag = "3")]
    #[serde(default)]
    pub service: String,
    /// Narrows the service, such as `{region="eu"}`.
    #[prost(string, tag = "4")]
    #[serde(default)]
    pub selector: String,
    /// The version that was deployed.
    #[prost(string, tag = "5")]
    #[serde(default)]
    pub version: String,
    /// A description in words.
    #[prost(string, tag = "6")]
    #[serde(default)]
    pub text: String,
    /// An http or https link to more about it.
    #[prost(string, tag = "7")]
    #[serde(default)]
    pub url: String,
    /// A second request with the same key and service answers with the marker of the first.
    #[prost(string, tag = "8")]
    #[serde(default)]
    pub idempotency_key: String,
}

//! Messages about what counts as own code of a service.

use prost::Message;
use serde::{Deserialize, Serialize};

/// What counts as own code of a service. `GET /api/v1/own-code`, `PUT /api/v1/own-code`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnCodeResponse {
    /// The service.
    #[prost(string, tag = "1")]
    pub service: String,
    /// Whether it is set; otherwise it is guessed from names, files and binaries.
    #[prost(bool, tag = "2")]
    pub set: bool,
    /// Functions that match one of them are own code, all others are library code.
    #[prost(message, repeated, tag = "3")]
    pub patterns: Vec<OwnCodePattern>,
    /// Name of the account that set it; empty unless it is set.
    #[prost(string, tag = "4")]
    pub changed_by: String,
    /// When it was set, nanoseconds since the epoch; 0 unless it is set.
    #[prost(int64, tag = "5")]
    pub changed_at_ns: i64,
    /// Whether the caller may change it.
    #[prost(bool, tag = "6")]
    pub editable: bool,
}

/// Functions that are own code.
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnCodePattern {
    /// What is compared: `name` begins with the text, `package` is the text or within it, the path of the `file` contains it.
    #[prost(string, tag = "1")]
    pub of: String,
    /// The text.
    #[prost(string, tag = "2")]
    pub text: String,
}

/// Services whose own code is set, by name. `GET /api/v1/own-code/services`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnCodesResponse {
    /// Those that the caller may change.
    #[prost(message, repeated, tag = "1")]
    pub services: Vec<OwnCodeResponse>,
    /// `after` of the next page; empty on the last.
    #[prost(string, tag = "2")]
    pub next: String,
}

/// What is to count as own code of a service. `PUT /api/v1/own-code`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnCodeDraft {
    /// The service.
    #[prost(string, tag = "1")]
    #[serde(default)]
    pub service: String,
    /// The patterns, at most 50.
    #[prost(message, repeated, tag = "2")]
    #[serde(default)]
    pub patterns: Vec<OwnCodePattern>,
}

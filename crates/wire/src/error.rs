//! Error answers: `application/problem+json` (RFC 9457), and the same in protobuf.

use prost::Message;
use serde::{Deserialize, Serialize};

/// A problem, for people and for programs.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Stable name of the kind of problem, such as `bad-selector`; the `type` member of RFC 9457.
    #[prost(string, tag = "1")]
    #[serde(rename = "type")]
    pub kind: String,
    /// Short summary of the kind.
    #[prost(string, tag = "2")]
    pub title: String,
    /// HTTP status.
    #[prost(uint32, tag = "3")]
    pub status: u32,
    /// What happened this time, and what to do.
    #[prost(string, tag = "4")]
    pub detail: String,
    /// Byte offset in the offending text (selector) or body, if known.
    #[prost(uint64, optional, tag = "5")]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub position: Option<u64>,
}

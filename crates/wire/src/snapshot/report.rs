//! The report of sanitization that a snapshot keeps.

use prost::Message;
use serde::{Deserialize, Serialize};

/// What sanitising took out and what it left. Never holds what was taken out.
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SanitizeReport {
    /// Name of the policy: `strict` or `light`.
    #[prost(string, tag = "1")]
    pub policy: String,
    /// Version of the policy's rules.
    #[prost(uint32, tag = "2")]
    pub policy_version: u32,
    /// What was found, by rule; rules that found nothing are absent.
    #[prost(message, repeated, tag = "3")]
    pub lines: Vec<ReportLine>,
    /// How many functions there are in what stays.
    #[prost(uint64, tag = "4")]
    pub functions: u64,
    /// Names that stay and are worth a look: the longest and the most random.
    #[prost(string, repeated, tag = "5")]
    pub notable_names: Vec<String>,
    /// Names of labels that stay.
    #[prost(string, repeated, tag = "6")]
    pub labels_kept: Vec<String>,
    /// Names of labels whose values stay as hashes, which only this share's own can be compared with.
    #[prost(string, repeated, tag = "7")]
    pub labels_hashed: Vec<String>,
    /// Names of labels that were dropped.
    #[prost(string, repeated, tag = "8")]
    pub labels_dropped: Vec<String>,
    /// How many nodes too small to be shown alone were merged into others.
    #[prost(uint64, tag = "9")]
    pub nodes_merged: u64,
}

/// What one rule found.
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportLine {
    /// The rule, for people, such as `e-mail address`.
    #[prost(string, tag = "1")]
    pub rule: String,
    /// How often, in distinct texts.
    #[prost(uint64, tag = "2")]
    pub count: u64,
    /// Where and of which shape, such as `e-mail address in a function name`; at most three.
    #[prost(string, repeated, tag = "3")]
    pub examples: Vec<String>,
}

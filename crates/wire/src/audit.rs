//! Audit log messages.

use prost::Message;
use serde::{Deserialize, Serialize};

/// One line: who did what, on what, from where. A line of `GET /api/v1/audit/export`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditLine {
    /// Id.
    #[prost(string, tag = "1")]
    pub id: String,
    /// When, in nanoseconds since the epoch.
    #[prost(int64, tag = "2")]
    pub at_ns: i64,
    /// `user`, `service_account`, `local`, `anonymous` or `system`.
    #[prost(string, tag = "3")]
    pub actor_kind: String,
    /// Id of who did it; may be empty.
    #[prost(string, tag = "4")]
    pub actor_id: String,
    /// Its name at that time.
    #[prost(string, tag = "5")]
    pub actor_name: String,
    /// Address of the client.
    #[prost(string, tag = "6")]
    pub ip: String,
    /// What the client calls itself.
    #[prost(string, tag = "7")]
    pub user_agent: String,
    /// Id of the request, as in the server's log.
    #[prost(string, tag = "8")]
    pub request_id: String,
    /// What was done, such as `user.create`.
    #[prost(string, tag = "9")]
    pub action: String,
    /// Kind of what it was done to.
    #[prost(string, tag = "10")]
    pub object_kind: String,
    /// Id of it; may be empty.
    #[prost(string, tag = "11")]
    pub object_id: String,
    /// Its name at that time.
    #[prost(string, tag = "12")]
    pub object_name: String,
    /// What it was, as JSON.
    #[prost(string, optional, tag = "13")]
    pub before: Option<String>,
    /// What it is now, as JSON.
    #[prost(string, optional, tag = "14")]
    pub after: Option<String>,
}

/// A page of the log, newest first. `GET /api/v1/audit`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditResponse {
    /// The lines.
    #[prost(message, repeated, tag = "1")]
    pub lines: Vec<AuditLine>,
    /// Give it as `before` for the next page; absent when there is none.
    #[prost(string, optional, tag = "2")]
    pub next: Option<String>,
}

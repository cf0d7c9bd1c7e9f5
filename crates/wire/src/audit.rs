//! Audit log messages.

use prost::Message;
use serde::{Deserialize, Serialize};

/// Every action that the log has. The backend's tests compare it with what its sources write, the frontend's with the words that it
/// has for them.
pub const ACTIONS: [&str; 48] = [
    "session.start",
    "session.end",
    "session.end_all",
    "session.refuse",
    "session.reuse",
    "user.create",
    "user.update",
    "user.rename",
    "user.change_password",
    "user.disable",
    "user.enable",
    "invitation.create",
    "invitation.accept",
    "identity.link",
    "instance.claim",
    "team.create",
    "team.update",
    "team.delete",
    "team.add_member",
    "team.remove_member",
    "binding.create",
    "binding.delete",
    "service_account.create",
    "service_account.update",
    "service_account.delete",
    "token.create",
    "token.rotate",
    "token.revoke",
    "token.refuse",
    "token.reuse",
    "own_code.set",
    "own_code.delete",
    "marker.create",
    "marker.delete",
    "share.create",
    "share.view",
    "share.change",
    "share.revoke",
    "share.revoke_all",
    "share.relink",
    "share.transfer",
    "share.transfer_all",
    "share.set_view",
    "share.delete_view",
    "share.annotate",
    "share.delete_annotation",
    "audit.export",
    "audit.trim",
];

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

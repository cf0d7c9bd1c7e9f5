//! Share messages: requests to create one, the envelope around its snapshot, and management.
//!
//! Two names of a share must not be mixed up. The **link id** (32 characters) is what opens it: who has it may look, as far as
//! the visibility goes, and do nothing else; the server keeps only its hash, so it is returned once, to the creator of the share.
//! The **row id** (26 characters) is what it is managed by; it opens nothing.

use crate::snapshot::{SanitizeReport, Snapshot};
use prost::Message;
use serde::{Deserialize, Serialize};

/// What to freeze and for whom. `POST /api/v1/shares`, and `POST /api/v1/shares/preview`, which stores nothing.
///
/// As JSON with `source`; as protobuf also with `local`, for a file that only the browser has.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CreateShareRequest {
    /// What to call it; at most 200 characters.
    #[prost(string, tag = "1")]
    pub title: String,
    /// What to say about it; at most 10 000 characters.
    #[prost(string, tag = "2")]
    pub note: String,
    /// Who may open it: `private` (you), `team`, `org` (anyone with a role over the whole organisation) or `link` (anyone who
    /// has the link). Empty: the team of `team_id`, else your first team by name, else `org`.
    #[prost(string, tag = "3")]
    pub visibility: String,
    /// The team, of visibility `team`.
    #[prost(string, tag = "4")]
    pub team_id: String,
    /// For how long, such as `30d`; `never`; empty for the usual: `never`, or what the server sets for `link`.
    #[prost(string, tag = "5")]
    pub expires_in: String,
    /// Sanitise by the strict rules regardless of visibility. Those are always used for `link`.
    #[prost(bool, tag = "6")]
    pub strict: bool,
    /// The question whose answer is frozen.
    #[prost(message, optional, tag = "7")]
    pub source: Option<ShareSource>,
    /// How it is looked at first: parameters of a view as the page writes them into its address.
    #[prost(string, tag = "8")]
    pub view: String,
    /// In place of `source`: what the browser has read from a file, of kind `Local`.
    #[prost(message, optional, tag = "9")]
    pub local: Option<Snapshot>,
}

/// The question whose answer is frozen.
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ShareSource {
    /// `explore`, `compare` or `heatmap`.
    #[prost(string, tag = "1")]
    pub kind: String,
    /// Parameters as `GET /api/v1/call-tree`, `/diff` and `/heatmap` take them, by the kind.
    #[prost(string, tag = "2")]
    pub query: String,
    /// Of a heat map: the call tree of what is selected, as `GET /api/v1/call-tree` takes it; empty for none.
    #[prost(string, tag = "3")]
    pub selection: String,
    /// Of a heat map with two selections: the call tree of the second one; empty for none.
    #[prost(string, tag = "4")]
    pub second_selection: String,
}

/// What would be frozen. `POST /api/v1/shares/preview`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SharePreview {
    /// What sanitization removes and what it keeps.
    #[prost(message, optional, tag = "1")]
    pub report: Option<SanitizeReport>,
    /// The title as it would be kept.
    #[prost(string, tag = "2")]
    pub title: String,
    /// The note as it would be kept.
    #[prost(string, tag = "3")]
    pub note: String,
    /// What it shows, in one line: the verdict of a comparison, or what there is to see.
    #[prost(string, tag = "4")]
    pub verdict: String,
    /// Compressed bytes.
    #[prost(uint64, tag = "5")]
    pub bytes: u64,
    /// When the share would end, nanoseconds since the epoch; absent: never.
    #[prost(sint64, optional, tag = "6")]
    pub expires_ns: Option<i64>,
    /// Nodes of all trees.
    #[prost(uint64, tag = "7")]
    pub nodes: u64,
}

/// A share as its owner sees it. `PATCH /api/v1/shares/{id}` and others.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Share {
    /// Row id, to manage it by.
    #[prost(string, tag = "1")]
    pub id: String,
    /// What it is called.
    #[prost(string, tag = "2")]
    pub title: String,
    /// What is said about it.
    #[prost(string, tag = "3")]
    pub note: String,
    /// `private`, `team`, `org` or `link`.
    #[prost(string, tag = "4")]
    pub visibility: String,
    /// Of visibility `team`; else empty.
    #[prost(string, tag = "5")]
    pub team_id: String,
    /// Id of the owner.
    #[prost(string, tag = "6")]
    pub owner_id: String,
    /// Name of the owner.
    #[prost(string, tag = "7")]
    pub owner_name: String,
    /// Version of all that may change; to be named by a change.
    #[prost(int64, tag = "8")]
    pub version: i64,
    /// `explore`, `compare`, `heatmap` or `local`.
    #[prost(string, tag = "9")]
    pub kind: String,
    /// What it shows, in one line: the verdict of a comparison, or what there is to see.
    #[prost(string, tag = "10")]
    pub verdict: String,
    /// The service; empty if several or unknown.
    #[prost(string, tag = "11")]
    pub service: String,
    /// Profile type.
    #[prost(string, tag = "12")]
    pub profile_type: String,
    /// Start of the range, nanoseconds since the epoch; 0 if unknown.
    #[prost(sint64, tag = "13")]
    pub from_ns: i64,
    /// End of the range.
    #[prost(sint64, tag = "14")]
    pub until_ns: i64,
    /// When it was made, nanoseconds since the epoch.
    #[prost(sint64, tag = "15")]
    pub created_ns: i64,
    /// When it was last changed.
    #[prost(sint64, tag = "16")]
    pub changed_ns: i64,
    /// When it ends; absent: never.
    #[prost(sint64, optional, tag = "17")]
    pub expires_ns: Option<i64>,
    /// When it was revoked.
    #[prost(sint64, optional, tag = "18")]
    pub revoked_ns: Option<i64>,
    /// How often it was opened.
    #[prost(uint64, tag = "19")]
    pub views: u64,
    /// When it was last opened.
    #[prost(sint64, optional, tag = "20")]
    pub viewed_ns: Option<i64>,
    /// The rules it was sanitised by: `strict` or `light`.
    #[prost(string, tag = "21")]
    pub policy: String,
    /// Their version; the server's own may be newer.
    #[prost(uint64, tag = "22")]
    pub policy_version: u64,
    /// Whether the rules have become stricter since.
    #[prost(bool, tag = "23")]
    pub policy_outdated: bool,
    /// BLAKE3 of the snapshot's bytes.
    #[prost(string, tag = "24")]
    pub snapshot: String,
    /// BLAKE3 of the snapshot that this one was made from; else empty.
    #[prost(string, tag = "25")]
    pub derived_from: String,
    /// Compressed bytes of the snapshot.
    #[prost(uint64, tag = "26")]
    pub bytes: u64,
    /// `active`, `expired`, `revoked` or `purged` (the snapshot is gone).
    #[prost(string, tag = "27")]
    pub state: String,
    /// Of visibility `org`: whether everyone who signs in can open it, as it was made before this required a role over the
    /// whole organisation.
    #[prost(bool, tag = "28")]
    pub everyone_signed_in: bool,
}

/// A new share. `POST /api/v1/shares`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedShare {
    /// The share.
    #[prost(message, optional, tag = "1")]
    pub share: Option<Share>,
    /// What opens it. Told this once: the server keeps only a hash.
    #[prost(string, tag = "2")]
    pub link_id: String,
    /// Path of the page that shows it: `/s/{link_id}`.
    #[prost(string, tag = "3")]
    pub path: String,
    /// The whole address, when the server knows its own.
    #[prost(string, tag = "4")]
    pub address: String,
    /// What went and what stays.
    #[prost(message, optional, tag = "5")]
    pub report: Option<SanitizeReport>,
}

/// Shares, newest first. `GET /api/v1/shares`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SharesResponse {
    /// At most as many as asked for.
    #[prost(message, repeated, tag = "1")]
    pub shares: Vec<Share>,
    /// What to give as `before` to get those that follow; empty at the end.
    #[prost(string, tag = "2")]
    pub next: String,
    /// Whether links that need no sign-in can be made here.
    #[prost(bool, tag = "3")]
    pub public_links: bool,
}

/// A change; what is absent stays. `PATCH /api/v1/shares/{id}`
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ChangeShareRequest {
    /// The version that the change is made to.
    #[prost(int64, tag = "1")]
    pub version: i64,
    /// What to call it.
    #[prost(string, optional, tag = "2")]
    pub title: Option<String>,
    /// What to say about it.
    #[prost(string, optional, tag = "3")]
    pub note: Option<String>,
    /// Who may open it. `org` ends `everyone_signed_in`.
    #[prost(string, optional, tag = "4")]
    pub visibility: Option<String>,
    /// The team, of visibility `team`.
    #[prost(string, optional, tag = "5")]
    pub team_id: Option<String>,
    /// For how long from now on, such as `30d`, or `never`.
    #[prost(string, optional, tag = "6")]
    pub expires_in: Option<String>,
    /// That more people may open it from now on is meant so. Without it such a change is refused.
    #[prost(bool, tag = "7")]
    pub confirm: bool,
}

/// A new owner. `POST /api/v1/shares/{id}/transfer`
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TransferShareRequest {
    /// Name of the user.
    #[prost(string, tag = "1")]
    pub to: String,
}

/// What to do with all shares of an owner, when that person has left. `POST /api/v1/shares/bulk`
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct BulkShareRequest {
    /// Id of the owner.
    #[prost(string, tag = "1")]
    pub owner_id: String,
    /// `revoke` or `transfer`.
    #[prost(string, tag = "2")]
    pub action: String,
    /// Name of the new owner, of `transfer`.
    #[prost(string, tag = "3")]
    pub to: String,
}

/// How many shares were changed. `POST /api/v1/shares/bulk`
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkShareResponse {
    /// Their number.
    #[prost(uint64, tag = "1")]
    pub shares: u64,
}

/// A view with a number and a name. `PUT /api/v1/shares/{id}/views/{number}`
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ShareView {
    /// From 1 on; `/s/{link_id}/v/{number}` opens it. In a request it stands in the path.
    #[prost(uint32, tag = "1")]
    pub number: u32,
    /// Such as `Fig. 1`.
    #[prost(string, tag = "2")]
    pub name: String,
    /// Parameters of the view as the page writes them into its address.
    #[prost(string, tag = "3")]
    pub state: String,
}

/// A remark at a place in the tree. `POST /api/v1/shares/{id}/annotations`
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ShareAnnotation {
    /// Its id; given by the server.
    #[prost(string, tag = "1")]
    pub id: String,
    /// Function names from the root on; empty: the whole.
    #[prost(string, repeated, tag = "2")]
    pub path: Vec<String>,
    /// Plain text.
    #[prost(string, tag = "3")]
    pub text: String,
    /// Who wrote it, for those who are signed in; given by the server.
    #[prost(string, tag = "4")]
    pub author: String,
    /// When, nanoseconds since the epoch; given by the server.
    #[prost(sint64, tag = "5")]
    pub created_ns: i64,
}

/// Envelope around a snapshot, for its reader. `GET /api/v1/shares/open/{link_id}/envelope`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShareEnvelope {
    /// What it is called.
    #[prost(string, tag = "1")]
    pub title: String,
    /// What is said about it; plain text.
    #[prost(string, tag = "2")]
    pub note: String,
    /// What it shows, in one line: the verdict of a comparison, or what there is to see.
    #[prost(string, tag = "3")]
    pub verdict: String,
    /// `private`, `team`, `org` or `link`.
    #[prost(string, tag = "4")]
    pub visibility: String,
    /// When it was made, nanoseconds since the epoch.
    #[prost(sint64, tag = "5")]
    pub created_ns: i64,
    /// When it ends; absent: never.
    #[prost(sint64, optional, tag = "6")]
    pub expires_ns: Option<i64>,
    /// Who shared it, for those who are signed in.
    #[prost(string, tag = "7")]
    pub owner_name: String,
    /// How it is looked at first.
    #[prost(string, tag = "8")]
    pub view: String,
    /// Views with names.
    #[prost(message, repeated, tag = "9")]
    pub views: Vec<ShareView>,
    /// Remarks, oldest first.
    #[prost(message, repeated, tag = "10")]
    pub annotations: Vec<ShareAnnotation>,
    /// BLAKE3 of the snapshot's bytes.
    #[prost(string, tag = "11")]
    pub snapshot: String,
    /// Row id, for those who may manage it; else empty.
    #[prost(string, tag = "12")]
    pub id: String,
    /// Version of the envelope.
    #[prost(int64, tag = "13")]
    pub version: i64,
}

/// When the profiles of a range will be dropped. `GET /api/v1/retention`
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RetentionResponse {
    /// Whether they are kept for ever; then the others are absent. Of a remote store neither is known: false, and the others are absent.
    #[prost(bool, tag = "1")]
    pub forever: bool,
    /// When the first of them go, nanoseconds since the epoch.
    #[prost(sint64, optional, tag = "2")]
    pub first_dropped_ns: Option<i64>,
    /// When none is left.
    #[prost(sint64, optional, tag = "3")]
    pub all_dropped_ns: Option<i64>,
    /// `first_dropped_ns` as RFC 3339.
    #[prost(string, tag = "4")]
    pub first_dropped: String,
    /// `all_dropped_ns` as RFC 3339.
    #[prost(string, tag = "5")]
    pub all_dropped: String,
}

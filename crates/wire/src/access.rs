//! Access control messages: teams, bindings, service accounts, API tokens.
//!
//! Roles are `viewer`, `editor`, `admin` and `agent`. Times are nanoseconds since the epoch.

use prost::Message;
use serde::{Deserialize, Serialize};

/// A team. An item of `GET /api/v1/teams`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Team {
    /// Id.
    #[prost(string, tag = "1")]
    pub id: String,
    /// Name, unique.
    #[prost(string, tag = "2")]
    pub name: String,
    /// Which profiles are the team's, such as `{service_name=~"pay-.*"}`.
    #[prost(string, tag = "3")]
    pub selector: String,
    /// Who is in it, by name.
    #[prost(message, repeated, tag = "4")]
    pub members: Vec<Member>,
    /// When it was made.
    #[prost(int64, tag = "5")]
    pub created_at_ns: i64,
}

/// A user in a team.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// Id of the user.
    #[prost(string, tag = "1")]
    pub user_id: String,
    /// Name of the user.
    #[prost(string, tag = "2")]
    pub name: String,
    /// `manual`, or `oidc` where the identity provider's groups say so.
    #[prost(string, tag = "3")]
    pub source: String,
}

/// All teams, by name. `GET /api/v1/teams`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamsResponse {
    /// The teams.
    #[prost(message, repeated, tag = "1")]
    pub teams: Vec<Team>,
}

/// A new team, or what one is to become. `POST /api/v1/teams`, `PUT /api/v1/teams/{id}`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamDraft {
    /// Name, 1 to 100 characters, unique.
    #[prost(string, tag = "1")]
    pub name: String,
    /// Which profiles are the team's; `{}` is all.
    #[prost(string, tag = "2")]
    pub selector: String,
}

/// Who has which role over which profiles. An item of `GET /api/v1/bindings`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Binding {
    /// Id.
    #[prost(string, tag = "1")]
    pub id: String,
    /// `user`, `team` or `service_account`.
    #[prost(string, tag = "2")]
    pub subject_kind: String,
    /// Id of it.
    #[prost(string, tag = "3")]
    pub subject_id: String,
    /// The role.
    #[prost(string, tag = "4")]
    pub role: String,
    /// `org` (everything), `team` (the profiles of a team) or `selector`.
    #[prost(string, tag = "5")]
    pub scope_kind: String,
    /// Id of the team, or the selector; empty for `org`.
    #[prost(string, tag = "6")]
    pub scope: String,
    /// `manual`, or `oidc` where the identity provider's groups say so.
    #[prost(string, tag = "7")]
    pub source: String,
    /// When it was made.
    #[prost(int64, tag = "8")]
    pub created_at_ns: i64,
}

/// All bindings, oldest first. `GET /api/v1/bindings`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BindingsResponse {
    /// The bindings.
    #[prost(message, repeated, tag = "1")]
    pub bindings: Vec<Binding>,
}

/// A new binding. `POST /api/v1/bindings`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BindingDraft {
    /// `user`, `team` or `service_account`.
    #[prost(string, tag = "1")]
    pub subject_kind: String,
    /// Id of it.
    #[prost(string, tag = "2")]
    pub subject_id: String,
    /// The role.
    #[prost(string, tag = "3")]
    pub role: String,
    /// `org`, `team` or `selector`.
    #[prost(string, tag = "4")]
    pub scope_kind: String,
    /// Id of the team, or the selector; omitted for `org`.
    #[prost(string, tag = "5")]
    #[serde(default)]
    pub scope: String,
}

/// A program with tokens of its own. An item of `GET /api/v1/service-accounts`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceAccount {
    /// Id.
    #[prost(string, tag = "1")]
    pub id: String,
    /// Name, unique.
    #[prost(string, tag = "2")]
    pub name: String,
    /// When it was made.
    #[prost(int64, tag = "3")]
    pub created_at_ns: i64,
    /// Whether it is switched off: its tokens are then refused.
    #[prost(bool, tag = "4")]
    pub disabled: bool,
}

/// All service accounts, by name. `GET /api/v1/service-accounts`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceAccountsResponse {
    /// The accounts.
    #[prost(message, repeated, tag = "1")]
    pub service_accounts: Vec<ServiceAccount>,
}

/// A new service account; it may do nothing until a binding says what. `POST /api/v1/service-accounts`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceAccountDraft {
    /// Name, 1 to 100 characters, unique.
    #[prost(string, tag = "1")]
    pub name: String,
}

/// What to change of a service account. `PATCH /api/v1/service-accounts/{id}`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceAccountChange {
    /// Whether it is switched off.
    #[prost(bool, tag = "1")]
    pub disabled: bool,
}

/// An API token, without its secret. An item of `GET /api/v1/me/tokens` and the like
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Token {
    /// Id.
    #[prost(string, tag = "1")]
    pub id: String,
    /// What it begins with, such as `fp_pat_`.
    #[prost(string, tag = "2")]
    pub prefix: String,
    /// The last four characters of its random part.
    #[prost(string, tag = "3")]
    pub last_four: String,
    /// `pat` (of a person), `sa` (of a service account) or `agt` (adds profiles only).
    #[prost(string, tag = "4")]
    pub kind: String,
    /// `user` or `service_account`.
    #[prost(string, tag = "5")]
    pub owner_kind: String,
    /// Id of the owner.
    #[prost(string, tag = "6")]
    pub owner_id: String,
    /// What its owner calls it.
    #[prost(string, tag = "7")]
    pub name: String,
    /// It gives at most this role, whatever the owner may do.
    #[prost(string, tag = "8")]
    pub role: String,
    /// Over at most these profiles; `{}`: no narrower than the owner.
    #[prost(string, tag = "9")]
    pub selector: String,
    /// `live`, `replaced` (by rotation, still good for a while), `expired` or `revoked`.
    #[prost(string, tag = "10")]
    pub state: String,
    /// When it was made.
    #[prost(int64, tag = "11")]
    pub created_at_ns: i64,
    /// When it dies.
    #[prost(int64, tag = "12")]
    pub expires_at_ns: i64,
    /// When it was revoked.
    #[prost(int64, optional, tag = "13")]
    pub revoked_at_ns: Option<i64>,
    /// When it was last used, to the minute.
    #[prost(int64, optional, tag = "14")]
    pub used_at_ns: Option<i64>,
    /// From which address.
    #[prost(string, optional, tag = "15")]
    pub used_ip: Option<String>,
    /// Id of the token that took its place.
    #[prost(string, optional, tag = "16")]
    pub replaced_by: Option<String>,
    /// Id of the person that made it.
    #[prost(string, tag = "17")]
    pub created_by: String,
}

/// Tokens that live, and those that died in the last 90 days; newest first.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokensResponse {
    /// The tokens.
    #[prost(message, repeated, tag = "1")]
    pub tokens: Vec<Token>,
}

/// A new token. `POST /api/v1/me/tokens`, `POST /api/v1/service-accounts/{id}/tokens`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenDraft {
    /// What to call it, 1 to 100 characters.
    #[prost(string, tag = "1")]
    pub name: String,
    /// At most this role. With `agent`, a service account's token is of the kind `agt`. With `deployer` it posts markers only.
    #[prost(string, tag = "2")]
    pub role: String,
    /// Over at most these profiles; omitted: no narrower than the owner.
    #[prost(string, tag = "3")]
    #[serde(default)]
    pub selector: String,
    /// Days until it dies, 1 to 365; omitted or 0: 90.
    #[prost(uint32, tag = "4")]
    #[serde(default)]
    pub expires_days: u32,
}

/// How to replace a token. `POST /api/v1/me/tokens/{id}/rotate`, `POST /api/v1/tokens/{id}/rotate`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenRotation {
    /// Seconds that the old one is still good for, at most 86400; omitted: an hour.
    #[prost(uint32, optional, tag = "1")]
    #[serde(default)]
    pub overlap_s: Option<u32>,
}

/// A token that was just made. The secret is shown this once.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewToken {
    /// What is known of it from now on.
    #[prost(message, optional, tag = "1")]
    pub token: Option<Token>,
    /// The token itself.
    #[prost(string, tag = "2")]
    pub secret: String,
}

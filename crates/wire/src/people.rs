//! User messages: the signed-in user, sessions, and the users of the server.
//!
//! What is asked travels as JSON (it may hold a password, so it cannot be printed); answers come as JSON or protobuf.
//! Times are nanoseconds since the epoch.

use prost::Message;
use serde::{Deserialize, Serialize};

/// `POST /api/v1/claim`: the first person of a server.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ClaimRequest {
    /// To sign in with.
    pub name: String,
    /// To be read by others; the same as `name` if empty.
    #[serde(default)]
    pub display_name: String,
    /// The password.
    pub password: String,
    /// From the setup link; not needed in a browser on the server's own machine.
    #[serde(default)]
    pub setup_token: String,
}

/// `POST /api/v1/session`: sign in.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    /// Name to sign in with.
    pub name: String,
    /// The password.
    pub password: String,
    /// Where the page wants to go then: a path with query.
    #[serde(default)]
    pub next: String,
}

/// `POST /api/v1/invitations/accept`: set a first or a new password, and be signed in.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AcceptInvitationRequest {
    /// From the link.
    pub token: String,
    /// The new password.
    pub password: String,
}

/// `POST /api/v1/invitations/look`: who a link is for.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LookAtInvitationRequest {
    /// From the link.
    pub token: String,
}

/// `PUT /api/v1/me/password`
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePasswordRequest {
    /// The password so far.
    pub old_password: String,
    /// The password from now on.
    pub new_password: String,
}

/// `PATCH /api/v1/me`
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateMeRequest {
    /// To be read by others.
    pub display_name: String,
}

/// `POST /api/v1/users`: invite a person.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateUserRequest {
    /// To sign in with.
    pub name: String,
    /// To be read by others; the same as `name` if empty.
    #[serde(default)]
    pub display_name: String,
    /// Where to write to.
    #[serde(default)]
    pub email: Option<String>,
    /// A role over everything: `viewer`, `editor` or `admin`. Without one, bindings and teams decide.
    #[serde(default)]
    pub role: Option<String>,
}

/// `PATCH /api/v1/users/{id}`; what is absent stays.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateUserRequest {
    /// To be read by others.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Where to write to; empty for nowhere.
    #[serde(default)]
    pub email: Option<String>,
    /// Whether the account is disabled.
    #[serde(default)]
    pub disabled: Option<bool>,
}

/// Who asks, and what it may do. `GET /api/v1/me`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MeResponse {
    /// `anonymous`, `local` (there is no sign-in), `user` or `service_account`.
    #[prost(string, tag = "1")]
    pub kind: String,
    /// Id; empty when signed out.
    #[prost(string, tag = "2")]
    pub id: String,
    /// Name to sign in with.
    #[prost(string, tag = "3")]
    pub name: String,
    /// Name to be read.
    #[prost(string, tag = "4")]
    pub display_name: String,
    /// What it may do, over some profiles at least: names as in `x-permission` of the API's document.
    #[prost(string, repeated, tag = "5")]
    pub permissions: Vec<String>,
    /// Its teams, by name.
    #[prost(message, repeated, tag = "6")]
    pub teams: Vec<NamedId>,
    /// When the session ends, however much it is used.
    #[prost(int64, optional, tag = "7")]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub session_expires_ns: Option<i64>,
    /// Whether it has a password here, and not only an account elsewhere.
    #[prost(bool, tag = "8")]
    pub has_password: bool,
    /// What it may do over everything, and not only over some profiles.
    #[prost(string, repeated, tag = "9")]
    pub permissions_over_everything: Vec<String>,
}

/// Something with a name.
#[derive(Clone, PartialEq, Eq, Hash, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedId {
    /// Id.
    #[prost(string, tag = "1")]
    pub id: String,
    /// Name.
    #[prost(string, tag = "2")]
    pub name: String,
}

/// The answer to a sign-in, which also sets the cookie.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedInResponse {
    /// Who it is now.
    #[prost(message, optional, tag = "1")]
    pub me: Option<MeResponse>,
    /// Where to go: the `next` that was asked for if it is a path of this server, else `/`.
    #[prost(string, tag = "2")]
    pub next: String,
}

/// The caller's own sessions, the last used first. `GET /api/v1/me/sessions`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionsResponse {
    /// Those that have not ended.
    #[prost(message, repeated, tag = "1")]
    pub sessions: Vec<SessionEntry>,
}

/// A session.
#[derive(Clone, PartialEq, Eq, Hash, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionEntry {
    /// Id, to end it by.
    #[prost(string, tag = "1")]
    pub id: String,
    /// Whether it is the one that asks.
    #[prost(bool, tag = "2")]
    pub current: bool,
    /// How it began: `password`, `oidc`, `claim`, `invitation`, `proxy`.
    #[prost(string, tag = "3")]
    pub method: String,
    /// When it began.
    #[prost(int64, tag = "4")]
    pub created_ns: i64,
    /// When it was last used, give or take a minute.
    #[prost(int64, tag = "5")]
    pub used_ns: i64,
    /// When it ends, however much it is used.
    #[prost(int64, tag = "6")]
    pub expires_ns: i64,
    /// Address it was last used from.
    #[prost(string, tag = "7")]
    pub ip: String,
    /// What the browser calls itself.
    #[prost(string, tag = "8")]
    pub user_agent: String,
}

/// The users of the server, by name. `GET /api/v1/users`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsersResponse {
    /// All.
    #[prost(message, repeated, tag = "1")]
    pub users: Vec<UserEntry>,
}

/// A user.
#[derive(Clone, PartialEq, Eq, Hash, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserEntry {
    /// Id.
    #[prost(string, tag = "1")]
    pub id: String,
    /// Name to sign in with.
    #[prost(string, tag = "2")]
    pub name: String,
    /// Name to be read.
    #[prost(string, tag = "3")]
    pub display_name: String,
    /// Where to write to.
    #[prost(string, optional, tag = "4")]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub email: Option<String>,
    /// Whether the account is disabled.
    #[prost(bool, tag = "5")]
    pub disabled: bool,
    /// Whether it has a password here; who has none was invited only, or signs in elsewhere.
    #[prost(bool, tag = "6")]
    pub has_password: bool,
    /// When it was made.
    #[prost(int64, tag = "7")]
    pub created_ns: i64,
    /// When the person last signed in.
    #[prost(int64, optional, tag = "8")]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub signed_in_ns: Option<i64>,
}

/// A link that lets a person set a password; it is shown this once.
/// `POST /api/v1/users`, `POST /api/v1/users/{id}/invitation`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationResponse {
    /// Whom it is for.
    #[prost(message, optional, tag = "1")]
    pub user: Option<UserEntry>,
    /// Address to send to the person; anyone who has it can set the password.
    #[prost(string, tag = "2")]
    pub link: String,
    /// When it ends.
    #[prost(int64, tag = "3")]
    pub expires_ns: i64,
}

/// Who a link is for. `POST /api/v1/invitations/look`
#[derive(Clone, PartialEq, Eq, Hash, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitedResponse {
    /// Name to sign in with.
    #[prost(string, tag = "1")]
    pub name: String,
    /// Name to be read.
    #[prost(string, tag = "2")]
    pub display_name: String,
    /// When the link ends.
    #[prost(int64, tag = "3")]
    pub expires_ns: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_default_missing_and_ignore_unknown_fields() {
        let request: SignInRequest = serde_json::from_str(r#"{"name":"a","password":"b"}"#).unwrap();
        assert_eq!((request.name.as_str(), request.next.as_str()), ("a", ""));
        assert!(serde_json::from_str::<SignInRequest>(r#"{"name":"a","password":"b","nxt":"/"}"#).is_err());
        let update: UpdateUserRequest = serde_json::from_str(r#"{"disabled":true}"#).unwrap();
        assert_eq!(update, UpdateUserRequest { disabled: Some(true), ..Default::default() });
    }
}

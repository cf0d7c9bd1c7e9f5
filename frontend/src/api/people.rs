//! Sign-in, the account of the caller, and users.

use super::change::{Change, delete, fetch, send};
use super::{ApiError, get};
use crate::state::instance::Instance;
use crate::state::people::{SessionInfo, User};
use crate::state::session::{Me, Who};
use crate::state::url_text::encode;
use flarepath_wire::messages::InstanceResponse;
use flarepath_wire::people::{
    AcceptInvitationRequest, ChangePasswordRequest, ClaimRequest, CreateUserRequest, InvitationResponse,
    InvitedResponse, LookAtInvitationRequest, MeResponse, SessionEntry, SessionsResponse, SignInRequest,
    SignedInResponse, UpdateMeRequest, UpdateUserRequest, UserEntry, UsersResponse,
};
use flarepath_wire::sign_in_problem::SignInProblem;
use gloo_net::http::Method;

/// A link that lets a person set a password. Shown once, and never printed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Link {
    /// The link.
    pub(crate) url: String,
    /// When it ends, in milliseconds since the epoch.
    pub(crate) expires_ms: i64,
}

/// Milliseconds of nanoseconds.
pub(super) fn ms(ns: i64) -> i64 {
    ns.div_euclid(1_000_000)
}

/// Public facts about the server.
pub(crate) async fn instance() -> Result<Instance, ApiError> {
    let answer: InstanceResponse = get("/api/v1/instance", None).await?;
    Ok(Instance {
        claimed: answer.claimed,
        sign_in: answer.sign_in,
        needs_setup_token: answer.needs_setup_token,
        password_sign_in: answer.password_sign_in,
        provider: answer.oidc,
    })
}

/// The error of a sign-in with an identity provider, by its code in the address. Text of an address is never shown:
/// anyone can write a link.
pub(crate) fn problem_text(kind: &str) -> &'static str {
    let known = SignInProblem::of_code(kind).map(SignInProblem::text);
    known.unwrap_or("Sign-in failed. Try again; the server log has the reason.")
}

/// The caller.
pub(crate) async fn me() -> Result<Me, ApiError> {
    let answer: MeResponse = get("/api/v1/me", None).await?;
    Ok(Me {
        id: answer.id,
        name: answer.name,
        display_name: answer.display_name,
        who: match answer.kind.as_str() {
            "local" => Who::Local,
            "user" => Who::User,
            _ => Who::Nobody,
        },
        permissions: answer.permissions,
        teams: answer.teams.into_iter().map(|team| team.name).collect(),
        session_ends_ms: answer.session_expires_ns.map(ms),
        has_password: answer.has_password,
    })
}

/// Makes the first administrator; the answer is signed in. `token` is empty where none is needed.
pub(crate) fn claim(name: &str, password: &str, token: &str) -> Change<()> {
    let request = ClaimRequest {
        name: name.to_owned(),
        password: password.to_owned(),
        setup_token: token.to_owned(),
        ..ClaimRequest::default()
    };
    send(Method::POST, "/api/v1/claim", &request)
}

/// Signs in; returns the path to continue with.
pub(crate) fn sign_in(name: &str, password: &str, next: &str) -> Change<String> {
    let request =
        SignInRequest { name: name.to_owned(), password: password.to_owned(), next: next.to_owned() };
    let answer = fetch::<SignedInResponse>(Method::POST, "/api/v1/session", &request);
    Box::pin(async move { Ok(answer.await?.next) })
}

/// Ends this session.
pub(crate) fn sign_out() -> Change<()> {
    delete("/api/v1/session")
}

/// The name of the person that a link is for.
pub(crate) fn look_at_invitation(token: &str) -> Change<String> {
    let request = LookAtInvitationRequest { token: token.to_owned() };
    let answer = fetch::<InvitedResponse>(Method::POST, "/api/v1/invitations/look", &request);
    Box::pin(async move { Ok(answer.await?.name) })
}

/// Sets a password by a link and signs in.
pub(crate) fn accept_invitation(token: &str, password: &str) -> Change<()> {
    let request = AcceptInvitationRequest { token: token.to_owned(), password: password.to_owned() };
    send(Method::POST, "/api/v1/invitations/accept", &request)
}

/// Changes the password of the caller.
pub(crate) fn change_password(old: &str, new: &str) -> Change<()> {
    let request = ChangePasswordRequest { old_password: old.to_owned(), new_password: new.to_owned() };
    send(Method::PUT, "/api/v1/me/password", &request)
}

/// Changes the display name of the caller.
pub(crate) fn rename_me(display_name: &str) -> Change<()> {
    send(Method::PATCH, "/api/v1/me", &UpdateMeRequest { display_name: display_name.to_owned() })
}

/// Active sessions of the caller.
pub(crate) async fn sessions() -> Result<Vec<SessionInfo>, ApiError> {
    let answer: SessionsResponse = get("/api/v1/me/sessions", None).await?;
    let info = |s: SessionEntry| SessionInfo {
        id: s.id,
        current: s.current,
        method: s.method,
        ip: s.ip,
        user_agent: s.user_agent,
        created_ms: ms(s.created_ns),
        used_ms: ms(s.used_ns),
        expires_ms: ms(s.expires_ns),
    };
    Ok(answer.sessions.into_iter().map(info).collect())
}

pub(crate) fn end_session(id: &str) -> Change<()> {
    delete(&format!("/api/v1/me/sessions/{}", encode(id)))
}

/// Ends all sessions, including this one.
pub(crate) fn end_all_sessions() -> Change<()> {
    delete("/api/v1/me/sessions")
}

/// All users.
pub(crate) async fn users() -> Result<Vec<User>, ApiError> {
    let answer: UsersResponse = get("/api/v1/users", None).await?;
    let user = |u: UserEntry| User {
        id: u.id,
        name: u.name,
        display_name: u.display_name,
        disabled: u.disabled,
        has_password: u.has_password,
        created_ms: ms(u.created_ns),
        signed_in_ms: u.signed_in_ns.map(ms),
    };
    Ok(answer.users.into_iter().map(user).collect())
}

/// Adds a user, with a role over everything unless it is empty; the link that lets them in.
pub(crate) fn create_user(name: &str, display_name: &str, role: &str) -> Change<Link> {
    let request = CreateUserRequest {
        name: name.to_owned(),
        display_name: display_name.to_owned(),
        email: None,
        role: (!role.is_empty()).then(|| role.to_owned()),
    };
    link(fetch(Method::POST, "/api/v1/users", &request))
}

/// A new link to set a password for a user.
pub(crate) fn password_link(id: &str) -> Change<Link> {
    link(fetch(Method::POST, &format!("/api/v1/users/{}/invitation", encode(id)), &serde_json::json!({})))
}

fn link(answer: Change<InvitationResponse>) -> Change<Link> {
    Box::pin(async move {
        let InvitationResponse { link, expires_ns, .. } = answer.await?;
        Ok(Link { url: link, expires_ms: ms(expires_ns) })
    })
}

/// Sets what people call a user.
pub(crate) fn rename_user(id: &str, display_name: &str) -> Change<()> {
    update(
        id,
        &UpdateUserRequest { display_name: Some(display_name.to_owned()), ..UpdateUserRequest::default() },
    )
}

/// Lets a user in no longer, or again.
pub(crate) fn set_disabled(id: &str, disabled: bool) -> Change<()> {
    update(id, &UpdateUserRequest { disabled: Some(disabled), ..UpdateUserRequest::default() })
}

fn update(id: &str, request: &UpdateUserRequest) -> Change<()> {
    send(Method::PATCH, &format!("/api/v1/users/{}", encode(id)), request)
}

/// Signs a user out everywhere.
pub(crate) fn end_user_sessions(id: &str) -> Change<()> {
    delete(&format!("/api/v1/users/{}/sessions", encode(id)))
}

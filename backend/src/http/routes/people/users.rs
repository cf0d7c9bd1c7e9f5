//! `/api/v1/users`: the accounts of people.

use crate::app::App;
use crate::auth::accounts::{self, NewUser, UserUpdate};
use crate::auth::invitation::Link;
use crate::auth::{Gate, Permission};
use crate::db::audit::Actor;
use crate::db::id::UserId;
use crate::db::users::User;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::{Format, JsonBody};
use crate::http::router::{BodyLimit, Route};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, patch, post};
use flarepath_wire::people::{
    CreateUserRequest, EndedSessionsResponse, InvitationResponse, UpdateUserRequest, UserEntry, UsersResponse,
};
use secrecy::ExposeSecret;
use std::sync::Arc;

const ID: &[Param] = &[Param::path("id", "The user, as the list names it.", "0123456789abcdefghjkmnpqrs")];
const JSON: &[&str] = &["application/json"];

pub(crate) fn routes() -> Vec<Route> {
    let line = |method, path, handler: MethodRouter<Arc<App>>, doc| Route {
        method,
        path,
        permission: Permission::ManagePeople,
        body: BodyLimit::Small,
        handler,
        doc,
    };
    vec![
        line("GET", "/api/v1/users", get(list), LIST),
        line("POST", "/api/v1/users", post(create), CREATE),
        line("PATCH", "/api/v1/users/{id}", patch(update), UPDATE),
        line("POST", "/api/v1/users/{id}/invitation", post(reset), RESET),
        line("DELETE", "/api/v1/users/{id}/sessions", delete(end_sessions), END_SESSIONS),
    ]
}

const LIST: Doc = Doc {
    answer: Answer::Message("UsersResponse"),
    errors: &[(403, "Only administrators may.")],
    example: "/api/v1/users",
    ..Doc::new("Users", "List users")
};

const CREATE: Doc = Doc {
    description: "The answer holds a link, shown this once, by which the person sets a password within a week.",
    body: JSON,
    answer: Answer::Message("InvitationResponse"),
    errors: &[(400, "A name, address or role cannot be used."), (409, "The name is taken.")],
    ..Doc::new("Users", "Invite a user")
};

const UPDATE: Doc = Doc {
    description: "An account that is shut loses its sessions at once, on every replica. The last administrator's cannot be \
                  shut.",
    params: ID,
    body: JSON,
    answer: Answer::Message("UserEntry"),
    errors: &[(404, "There is no such user."), (409, "It is the last administrator.")],
    ..Doc::new("Users", "Rename, shut or open an account")
};

const RESET: Doc = Doc {
    description: "Links of before stop working; the password of before is good until a new one is set.",
    params: ID,
    answer: Answer::Message("InvitationResponse"),
    errors: &[(404, "There is no such user."), (409, "The account is shut.")],
    ..Doc::new("Users", "Make a link to set a new password")
};

const END_SESSIONS: Doc = Doc {
    params: ID,
    answer: Answer::Message("EndedSessionsResponse"),
    errors: &[(404, "There is no such user.")],
    ..Doc::new("Users", "Sign a user out everywhere")
};

async fn list(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let gate: &Gate = &app.gate;
    let users = gate.records.users().await?;
    Ok(format.respond(&UsersResponse { users: users.into_iter().map(entry).collect() }))
}

async fn create(
    State(app): State<Arc<App>>,
    actor: Actor,
    headers: HeaderMap,
    JsonBody(request): JsonBody<CreateUserRequest>,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let CreateUserRequest { name, display_name, email, role } = request;
    let role = role.filter(|role| !role.is_empty());
    let link = accounts::invite(&app.gate, &actor, NewUser { name, display_name, email, role }).await?;
    Ok(format.respond(&shown(&app, &headers, link)))
}

async fn update(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<UserId>,
    headers: HeaderMap,
    JsonBody(request): JsonBody<UpdateUserRequest>,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let UpdateUserRequest { display_name, email, disabled } = request;
    let update = UserUpdate { display_name, email, disabled };
    let user = accounts::update(&app.gate, &actor, &id, update).await?;
    Ok(format.respond(&entry(user)))
}

async fn reset(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<UserId>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let link = accounts::reset_password(&app.gate, &actor, &id).await?;
    Ok(format.respond(&shown(&app, &headers, link)))
}

async fn end_sessions(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<UserId>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let ended = accounts::end_sessions(&app.gate, &actor, &id).await?;
    Ok(format.respond(&EndedSessionsResponse { ended }))
}

fn entry(user: User) -> UserEntry {
    UserEntry {
        has_password: user.password.is_some(),
        disabled: user.disabled_at.is_some(),
        id: user.id.into(),
        name: user.name,
        display_name: user.display_name,
        email: user.email,
        created_ns: user.created_at,
        signed_in_ns: user.signed_in_at,
    }
}

/// The secret stands behind `#`, which browsers do not send and no log sees.
fn shown(app: &App, headers: &HeaderMap, link: Link) -> InvitationResponse {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let asked = || host.map(|host| format!("http://{host}")).unwrap_or_default();
    let origin = app.public_url.as_ref().map_or_else(asked, |url| url.origin().to_owned());
    InvitationResponse {
        link: format!("{origin}/invite#token={}", link.secret.expose_secret()),
        expires_ns: link.expires_at,
        user: Some(entry(link.user)),
    }
}

//! `/api/v1/users`: user accounts.

use crate::app::App;
use crate::auth::accounts::{self, NewUser, UserUpdate};
use crate::auth::invitation::Link;
use crate::auth::{Gate, Permission};
use crate::db::id::UserId;
use crate::db::users::User;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param, RequestBody};
use crate::http::extract::{Caller, Format, JsonBody, Path};
use crate::http::route::Route;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use flarepath_wire::people::{
    CreateUserRequest, InvitationResponse, UpdateUserRequest, UserEntry, UsersResponse,
};
use secrecy::ExposeSecret;
use std::sync::Arc;

const ID: &[Param] = &[Param::id("id", "Id of the user")];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/users", list).needs(Permission::ManagePeople).doc(LIST),
        Route::post("/api/v1/users", create).needs(Permission::ManagePeople).doc(CREATE),
        Route::patch("/api/v1/users/{id}", update).needs(Permission::ManagePeople).doc(UPDATE),
        Route::post("/api/v1/users/{id}/invitation", reset).needs(Permission::ManagePeople).doc(RESET),
        Route::delete("/api/v1/users/{id}/sessions", end_sessions)
            .needs(Permission::ManagePeople)
            .doc(END_SESSIONS),
    ]
}

const LIST: Doc = Doc {
    answer: Answer::Message("UsersResponse"),
    errors: &[(403, "Not an administrator")],
    example: "/api/v1/users",
    ..Doc::new("Users", "List users")
};

const CREATE: Doc = Doc {
    description: "The response has a link for setting a password within a week; it is shown in this response only.",
    body: &[RequestBody::Json("CreateUserRequest")],
    answer: Answer::Message("InvitationResponse"),
    errors: &[(400, "The name, address or role is invalid"), (409, "The name is taken")],
    ..Doc::new("Users", "Invite a user")
};

const UPDATE: Doc = Doc {
    description: "Disabling an account ends its sessions immediately, on every replica. The last administrator cannot be disabled.",
    params: ID,
    body: &[RequestBody::Json("UpdateUserRequest")],
    answer: Answer::Message("UserEntry"),
    errors: &[(404, "No such user"), (409, "It is the last administrator")],
    ..Doc::new("Users", "Rename, disable or enable a user")
};

const RESET: Doc = Doc {
    description: "Invalidates earlier links; the current password remains valid until a new one is set.",
    params: ID,
    answer: Answer::Message("InvitationResponse"),
    errors: &[(404, "No such user"), (409, "The account is disabled")],
    ..Doc::new("Users", "Create a password link")
};

const END_SESSIONS: Doc =
    Doc { params: ID, errors: &[(404, "No such user")], ..Doc::new("Users", "Sign a user out everywhere") };

async fn list(State(app): State<Arc<App>>, format: Format) -> Result<Response, ApiError> {
    let gate: &Gate = &app.gate;
    let users = gate.records.users().await?;
    Ok(format.respond(&UsersResponse { users: users.into_iter().map(entry).collect() }))
}

async fn create(
    Caller { app, actor, .. }: Caller,
    format: Format,
    headers: HeaderMap,
    JsonBody(request): JsonBody<CreateUserRequest>,
) -> Result<Response, ApiError> {
    let CreateUserRequest { name, display_name, email, role } = request;
    let role = role.filter(|role| !role.is_empty());
    let link = accounts::invite(&app.gate, &actor, NewUser { name, display_name, email, role }).await?;
    Ok(format.respond(&invitation(&app, &headers, link)))
}

async fn update(
    Caller { app, actor, .. }: Caller,
    Path(id): Path<UserId>,
    format: Format,
    JsonBody(request): JsonBody<UpdateUserRequest>,
) -> Result<Response, ApiError> {
    let UpdateUserRequest { display_name, email, disabled } = request;
    let update = UserUpdate { display_name, email, disabled };
    let user = accounts::update(&app.gate, &actor, &id, update).await?;
    Ok(format.respond(&entry(user)))
}

async fn reset(
    Caller { app, actor, .. }: Caller,
    Path(id): Path<UserId>,
    format: Format,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let link = accounts::reset_password(&app.gate, &actor, &id).await?;
    Ok(format.respond(&invitation(&app, &headers, link)))
}

async fn end_sessions(
    Caller { app, actor, .. }: Caller,
    Path(id): Path<UserId>,
) -> Result<StatusCode, ApiError> {
    accounts::end_sessions(&app.gate, &actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn entry(user: User) -> UserEntry {
    UserEntry {
        has_password: user.password.is_some(),
        disabled: user.disabled_at.is_some(),
        id: user.id.into(),
        name: user.name,
        display_name: user.display_name,
        email: user.email,
        created_ns: user.created_at.0,
        signed_in_ns: user.signed_in_at.map(|at| at.0),
    }
}

/// The secret follows `#`: browsers do not send that part, and no log contains it.
fn invitation(app: &App, headers: &HeaderMap, link: Link) -> InvitationResponse {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let requested = || host.map(|host| format!("http://{host}")).unwrap_or_default();
    let origin = app.public_url.as_ref().map_or_else(requested, |url| url.origin().to_owned());
    InvitationResponse {
        link: format!("{origin}/invite#token={}", link.secret.expose_secret()),
        expires_ns: link.expires_at.0,
        user: Some(entry(link.user)),
    }
}

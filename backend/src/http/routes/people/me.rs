//! `/api/v1/me`: who asks, and the own account.

use crate::app::App;
use crate::auth::{Bounds, Client, Permission, Principal, me};
use crate::db::audit::Actor;
use crate::http::doc::{Answer, Doc};
use crate::http::extract::{Format, JsonBody};
use crate::http::router::{BodyLimit, Route};
use crate::http::{ApiError, cookie};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::routing::{get, patch, put};
use flarepath_wire::people::{ChangePasswordRequest, MeResponse, NamedId, UpdateMeRequest};
use std::sync::Arc;

pub(crate) fn routes() -> Vec<Route> {
    let line = |method, path, permission, handler, doc| Route {
        method,
        path,
        permission,
        body: BodyLimit::Small,
        handler,
        doc,
    };
    vec![
        line(
            "GET",
            "/api/v1/me",
            Permission::Public,
            get(who),
            Doc {
                description: "Answers for everyone: `kind` is `anonymous` for who is not signed in.",
                answer: Answer::Message("MeResponse"),
                errors: &[(503, "Nobody has claimed this server yet.")],
                example: "/api/v1/me",
                ..Doc::new("Own account", "Who am I")
            },
        ),
        line(
            "PATCH",
            "/api/v1/me",
            Permission::SignedIn,
            patch(rename),
            Doc {
                description: "Sets the name that others read.",
                body: &["application/json"],
                answer: Answer::Message("MeResponse"),
                errors: &[(400, "The name cannot be used."), (401, "Not signed in.")],
                ..Doc::new("Own account", "Change the own name")
            },
        ),
        line(
            "PUT",
            "/api/v1/me/password",
            Permission::SignedIn,
            put(change_password),
            Doc {
                description: "Needs the password so far. Ends all other sessions; this one goes on under a new cookie.",
                body: &["application/json"],
                answer: Answer::Message("MeResponse"),
                errors: &[
                    (400, "The new password cannot be used."),
                    (401, "The old password is wrong, or nobody is signed in."),
                    (429, "Too many attempts; `Retry-After` says how long to wait."),
                ],
                ..Doc::new("Own account", "Change the own password")
            },
        ),
    ]
}

async fn who(State(app): State<Arc<App>>, who: Principal, headers: HeaderMap) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    app.gate.must_be_claimed().await?;
    Ok(format.respond(&message(&app, &who).await?))
}

async fn rename(
    State(app): State<Arc<App>>,
    who: Principal,
    actor: Actor,
    headers: HeaderMap,
    JsonBody(request): JsonBody<UpdateMeRequest>,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    me::rename(&app.gate, &who, &actor, &request.display_name).await?;
    Ok(format.respond(&message(&app, &who).await?))
}

async fn change_password(
    State(app): State<Arc<App>>,
    who: Principal,
    client: Client,
    headers: HeaderMap,
    JsonBody(request): JsonBody<ChangePasswordRequest>,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let (old, new) = (request.old_password.into(), request.new_password.into());
    let secret = me::change_password(&app.gate, &who, &client, old, new).await?;
    let who = app.gate.just_signed_in(&secret, &client).await?;
    let mut response = format.respond(&message(&app, &who).await?);
    let value = cookie::session(&app, &secret).ok_or_else(ApiError::internal)?;
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(response)
}

/// What is told to `who` about itself.
pub(super) async fn message(app: &App, who: &Principal) -> Result<MeResponse, ApiError> {
    let account = me::account(&app.gate, who).await?;
    let names = |has: &dyn Fn(Permission) -> bool| {
        Permission::ALL.into_iter().filter(|p| has(*p)).map(|p| p.name().to_owned()).collect()
    };
    Ok(MeResponse {
        kind: who.kind().name().to_owned(),
        id: who.id().into(),
        name: who.name().to_owned(),
        display_name: account.display_name,
        permissions: names(&|permission| who.may(permission)),
        teams: account.teams.into_iter().map(|(id, name)| NamedId { id: id.into(), name }).collect(),
        session_expires_ns: account.session_expires_at,
        has_password: account.has_password,
        permissions_over_everything: names(&|permission| who.bounds(permission) == Bounds::Everything),
    })
}

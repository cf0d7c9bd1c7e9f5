//! `/api/v1/me`: the caller's account.

use super::with_cookie;
use crate::app::App;
use crate::auth::{Bounds, Client, Permission, Principal, me};
use crate::http::doc::{Answer, Doc, RequestBody};
use crate::http::extract::{Caller, Format, JsonBody};
use crate::http::route::Route;
use crate::http::{ApiError, cookie};
use axum::extract::State;
use axum::response::Response;
use flarepath_wire::people::{ChangePasswordRequest, MeResponse, NamedId, UpdateMeRequest};
use std::sync::Arc;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/me", who).needs(Permission::Public).doc(Doc {
                description: "Also for callers that are not signed in: `kind` is `anonymous` then.",
                answer: Answer::Message("MeResponse"),
                errors: &[(503, "The server has not been claimed yet")],
                example: "/api/v1/me",
                ..Doc::new("Account", "Get your account")
            }),
        Route::patch("/api/v1/me", rename).needs(Permission::SignedIn).doc(Doc {
                description: "Sets the name shown to others.",
                body: &[RequestBody::Json("UpdateMeRequest")],
                answer: Answer::Message("MeResponse"),
                errors: &[(400, "The name is invalid"), (401, "Not signed in")],
                ..Doc::new("Account", "Change your display name")
            }),
        Route::put("/api/v1/me/password", change_password).needs(Permission::SignedIn).doc(Doc {
                description: "Requires the current password. Ends all other sessions; this one continues with a new cookie.",
                body: &[RequestBody::Json("ChangePasswordRequest")],
                answer: Answer::Message("MeResponse"),
                errors: &[
                    (400, "The new password is invalid"),
                    (401, "The current password is wrong, or not signed in"),
                    (429, "Too many attempts; see `Retry-After`"),
                ],
                ..Doc::new("Account", "Change your password")
            }),
    ]
}

async fn who(State(app): State<Arc<App>>, who: Principal, format: Format) -> Result<Response, ApiError> {
    app.gate.must_be_claimed().await?;
    Ok(format.respond(&message(&app, &who).await?))
}

async fn rename(
    Caller { app, who, actor }: Caller,
    format: Format,
    JsonBody(request): JsonBody<UpdateMeRequest>,
) -> Result<Response, ApiError> {
    me::rename(&app.gate, &who, &actor, &request.display_name).await?;
    Ok(format.respond(&message(&app, &who).await?))
}

async fn change_password(
    State(app): State<Arc<App>>,
    who: Principal,
    client: Client,
    format: Format,
    JsonBody(request): JsonBody<ChangePasswordRequest>,
) -> Result<Response, ApiError> {
    let (old, new) = (request.old_password.into(), request.new_password.into());
    let secret = me::change_password(&app.gate, &who, &client, old, new).await?;
    let who = app.gate.just_signed_in(&secret, &client).await?;
    with_cookie(format.respond(&message(&app, &who).await?), cookie::session(&app, &secret))
}

/// The account of `who`.
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
        session_expires_ns: account.session_expires_at.map(|at| at.0),
        has_password: account.has_password,
        permissions_over_everything: names(&|permission| who.bounds(permission) == Bounds::Everything),
    })
}

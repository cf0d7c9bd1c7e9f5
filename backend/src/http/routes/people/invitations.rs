//! `/api/v1/invitations`: links for setting a password.

use super::signed_in;
use crate::app::App;
use crate::auth::{Client, Permission, invitation};
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, RequestBody};
use crate::http::extract::{Format, JsonBody};
use crate::http::route::Route;
use axum::extract::State;
use axum::response::Response;
use flarepath_wire::people::{AcceptInvitationRequest, InvitedResponse, LookAtInvitationRequest};
use std::sync::Arc;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/v1/invitations/look", look).needs(Permission::Public).doc(Doc {
            description: "Changes nothing; uses POST to keep the token out of URLs.",
            body: &[RequestBody::Json("LookAtInvitationRequest")],
            answer: Answer::Message("InvitedResponse"),
            errors: &[(404, "The link is invalid, used or expired"), (429, "Too many attempts")],
            ..Doc::new("Sign-in", "Look up an invitation")
        }),
        Route::post("/api/v1/invitations/accept", accept).needs(Permission::Public).doc(Doc {
            description: "Sets the password and signs in; ends the user's other sessions.",
            body: &[RequestBody::Json("AcceptInvitationRequest")],
            answer: Answer::Message("SignedInResponse"),
            errors: &[
                (400, "The password is invalid; the link still works"),
                (404, "The link is invalid, used or expired"),
                (429, "Too many attempts; see `Retry-After`"),
            ],
            ..Doc::new("Sign-in", "Accept an invitation")
        }),
    ]
}

async fn look(
    State(app): State<Arc<App>>,
    client: Client,
    format: Format,
    JsonBody(request): JsonBody<LookAtInvitationRequest>,
) -> Result<Response, ApiError> {
    let (user, found) = invitation::inspect(&app.gate, &request.token.into(), &client).await?;
    let (name, display_name) = (user.name, user.display_name);
    Ok(format.respond(&InvitedResponse { name, display_name, expires_ns: found.expires_at.0 }))
}

async fn accept(
    State(app): State<Arc<App>>,
    client: Client,
    format: Format,
    JsonBody(request): JsonBody<AcceptInvitationRequest>,
) -> Result<Response, ApiError> {
    let (token, password) = (request.token.into(), request.password.into());
    let accepted = invitation::accept(&app.gate, &token, password, &client).await?;
    signed_in(&app, format, &client, accepted, "/").await
}

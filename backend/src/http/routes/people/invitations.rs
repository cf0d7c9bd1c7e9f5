//! `/api/v1/invitations`: links by which a person sets a password.

use super::signed_in;
use crate::app::App;
use crate::auth::{Client, Permission, invitation};
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc};
use crate::http::extract::{Format, JsonBody};
use crate::http::router::{BodyLimit, Route};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::post;
use flarepath_wire::people::{AcceptInvitationRequest, InvitedResponse, LookAtInvitationRequest};
use std::sync::Arc;

pub(crate) fn routes() -> Vec<Route> {
    let line = |path, handler, doc| Route {
        method: "POST",
        path,
        permission: Permission::Public,
        body: BodyLimit::Small,
        handler,
        doc,
    };
    vec![
        line(
            "/api/v1/invitations/look",
            post(look),
            Doc {
                description: "Changes nothing; asked with POST so that the token stands in no address.",
                body: &["application/json"],
                answer: Answer::Message("InvitedResponse"),
                errors: &[(404, "The link is wrong, used or too old."), (429, "Too many attempts.")],
                ..Doc::new("Sign-in", "Whom an invitation is for")
            },
        ),
        line(
            "/api/v1/invitations/accept",
            post(accept),
            Doc {
                description: "Sets the password and signs in; other sessions of the person end.",
                body: &["application/json"],
                answer: Answer::Message("SignedInResponse"),
                errors: &[
                    (400, "The password cannot be used; the link still can."),
                    (404, "The link is wrong, used or too old."),
                    (429, "Too many attempts; `Retry-After` says how long to wait."),
                ],
                ..Doc::new("Sign-in", "Accept an invitation")
            },
        ),
    ]
}

async fn look(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    JsonBody(request): JsonBody<LookAtInvitationRequest>,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let (user, found) = invitation::inspect(&app.gate, &request.token.into(), &client).await?;
    let (name, display_name) = (user.name, user.display_name);
    Ok(format.respond(&InvitedResponse { name, display_name, expires_ns: found.expires_at }))
}

async fn accept(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    JsonBody(request): JsonBody<AcceptInvitationRequest>,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let (token, password) = (request.token.into(), request.password.into());
    let accepted = invitation::accept(&app.gate, &token, password, &client).await?;
    signed_in(&app, format, &client, accepted, "/").await
}

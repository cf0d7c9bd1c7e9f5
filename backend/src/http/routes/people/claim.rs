//! `POST /api/v1/claim`: the first person.

use super::signed_in;
use crate::app::App;
use crate::auth::claim::{self, Claim, Proof};
use crate::auth::{Client, Permission};
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc};
use crate::http::extract::{Format, JsonBody};
use crate::http::router::{BodyLimit, Route};
use crate::http::routes::instance::is_one_step;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::post;
use flarepath_wire::people::ClaimRequest;
use std::sync::Arc;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route {
        method: "POST",
        path: "/api/v1/claim",
        permission: Permission::Public,
        body: BodyLimit::Small,
        handler: post(claim),
        doc: Doc {
            description: "Makes the first administrator and signs in. In a browser on the server's own machine name and \
                          password are enough; from elsewhere `setup_token` from the link that the server printed.",
            body: &["application/json"],
            answer: Answer::Message("SignedInResponse"),
            errors: &[
                (400, "The name or the password cannot be used."),
                (403, "The setup link is wrong or too old."),
                (409, "Somebody has claimed the server already."),
                (429, "Too many attempts; `Retry-After` says how long to wait."),
            ],
            ..Doc::new("Sign-in", "Claim a new server")
        },
    }]
}

async fn claim(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    JsonBody(request): JsonBody<ClaimRequest>,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let proof = if is_one_step(&app, &client, &headers) {
        Proof::ThisMachine
    } else {
        Proof::Token(Some(request.setup_token).filter(|token| !token.is_empty()).map(Into::into))
    };
    let claim =
        Claim { name: request.name, display_name: request.display_name, password: request.password.into() };
    let claimed = claim::claim(&app.gate, claim, proof, &client).await?;
    signed_in(&app, format, &client, claimed, "/").await
}

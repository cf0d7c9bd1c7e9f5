//! `POST /api/v1/claim`: creates the first administrator.

use super::signed_in;
use crate::app::App;
use crate::auth::claim::{self, Claim, Proof};
use crate::auth::{Client, Permission};
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, RequestBody};
use crate::http::extract::{Format, JsonBody};
use crate::http::route::Route;
use crate::http::routes::instance::is_one_step;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use flarepath_wire::people::ClaimRequest;
use std::sync::Arc;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::post("/api/v1/claim", claim)
        .needs(Permission::Public)
        .doc(Doc {
            description: "Creates the first administrator and signs in. On the server's own machine, name and password are sufficient; from \
                          elsewhere `setup_token` is required, from the link that the server printed.",
            body: &[RequestBody::Json("ClaimRequest")],
            answer: Answer::Message("SignedInResponse"),
            errors: &[
                (400, "The name or the password is invalid"),
                (403, "The setup link is invalid or expired"),
                (409, "The server is claimed already"),
                (429, "Too many attempts; see `Retry-After`"),
            ],
            ..Doc::new("Sign-in", "Claim the server")
        })]
}

async fn claim(
    State(app): State<Arc<App>>,
    client: Client,
    format: Format,
    headers: HeaderMap,
    JsonBody(request): JsonBody<ClaimRequest>,
) -> Result<Response, ApiError> {
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

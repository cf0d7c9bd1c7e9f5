//! `/api/v1/session`: signing in and out.

use super::{signed_in, signed_out};
use crate::app::App;
use crate::auth::{AuthError, Client, Permission, session, sign_in};
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, RequestBody};
use crate::http::extract::{Caller, Format, JsonBody};
use crate::http::route::Route;
use axum::extract::State;
use axum::response::Response;
use flarepath_wire::people::SignInRequest;
use std::sync::Arc;

const PATH: &str = "/api/v1/session";

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post(PATH, start).needs(Permission::Public).doc(Doc {
                description: "With name and password; sets the session cookie. `next` is returned if it is a path of this server, otherwise `/`.",
                body: &[RequestBody::Json("SignInRequest")],
                answer: Answer::Message("SignedInResponse"),
                errors: &[
                    (401, "Name or password is wrong, or the account is disabled"),
                    (403, "Password sign-in is disabled"),
                    (429, "Too many attempts; see `Retry-After`"),
                    (503, "The server has not been claimed yet"),
                ],
                ..Doc::new("Sign-in", "Sign in")
            }),
        Route::delete(PATH, end).needs(Permission::Public).doc(Doc {
                description: "Ends the session and removes its cookie. Succeeds without a session too.",
                errors: &[(403, "The request comes from another site's page")],
                ..Doc::new("Sign-in", "Sign out")
            }),
    ]
}

async fn start(
    State(app): State<Arc<App>>,
    client: Client,
    format: Format,
    JsonBody(request): JsonBody<SignInRequest>,
) -> Result<Response, ApiError> {
    let done = sign_in::with_password(&app.gate, &request.name, request.password.into(), &client).await?;
    signed_in(&app, format, &client, done, &request.next).await
}

async fn end(Caller { app, who, actor }: Caller) -> Result<Response, ApiError> {
    if let Some(id) = who.session() {
        match session::end(&app.gate, &actor, &who.user_id(), id).await {
            // Another tab has signed out already.
            Ok(()) | Err(AuthError::NotFound(_)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    signed_out(&app)
}

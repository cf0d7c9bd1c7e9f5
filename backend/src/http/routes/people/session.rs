//! `/api/v1/session`: sign in, sign out.

use super::signed_in;
use crate::app::App;
use crate::auth::{AuthError, Client, Permission, Principal, session, sign_in};
use crate::db::audit::Actor;
use crate::http::doc::{Answer, Doc};
use crate::http::extract::{Format, JsonBody};
use crate::http::router::{BodyLimit, Route};
use crate::http::{ApiError, cookie};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, post};
use flarepath_wire::people::SignInRequest;
use std::sync::Arc;

pub(crate) fn routes() -> Vec<Route> {
    let line = |method, handler, doc| Route {
        method,
        path: "/api/v1/session",
        permission: Permission::Public,
        body: BodyLimit::Small,
        handler,
        doc,
    };
    vec![
        line(
            "POST",
            post(start),
            Doc {
                description: "With name and password; sets the session's cookie. `next` comes back if it is a path of \
                              this server, and as `/` if not.",
                body: &["application/json"],
                answer: Answer::Message("SignedInResponse"),
                errors: &[
                    (401, "Name or password is wrong, or the account is shut."),
                    (403, "Passwords are turned off here."),
                    (429, "Too many attempts; `Retry-After` says how long to wait."),
                    (503, "Nobody has claimed this server yet."),
                ],
                ..Doc::new("Sign-in", "Sign in")
            },
        ),
        line(
            "DELETE",
            delete(end),
            Doc {
                description: "Ends the session of the cookie and removes the cookie. Without one, that is done already.",
                errors: &[(403, "The request was made by a page of another site.")],
                ..Doc::new("Sign-in", "Sign out")
            },
        ),
    ]
}

async fn start(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    JsonBody(request): JsonBody<SignInRequest>,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let done = sign_in::with_password(&app.gate, &request.name, request.password.into(), &client).await?;
    signed_in(&app, format, &client, done, &request.next).await
}

async fn end(State(app): State<Arc<App>>, who: Principal, actor: Actor) -> Result<Response, ApiError> {
    if let Some(id) = who.session() {
        match session::end(&app.gate, &actor, &who.user_id(), id).await {
            // Another tab was faster.
            Ok(()) | Err(AuthError::NotFound(_)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    let mut response = (StatusCode::OK, [(header::CACHE_CONTROL, "no-store")]).into_response();
    let value = cookie::no_session(&app).ok_or_else(ApiError::internal)?;
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(response)
}

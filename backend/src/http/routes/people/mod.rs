//! Sign-in, users, teams, roles, tokens, audit log. One resource per file.

mod active_sessions;
mod audit;
mod bindings;
mod claim;
mod invitations;
mod me;
mod oidc;
mod service_accounts;
mod sign_in;
mod teams;
mod tokens;
mod users;

use crate::app::App;
use crate::auth::sign_in::SignedIn;
use crate::auth::{Client, known_browsers, return_path};
use crate::http::ApiError;
use crate::http::cookie;
use crate::http::extract::Format;
use crate::http::route::Route;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flarepath_wire::people::SignedInResponse;

pub(crate) fn routes() -> Vec<Route> {
    let all = [
        claim::routes(),
        sign_in::routes(),
        oidc::routes(),
        invitations::routes(),
        me::routes(),
        active_sessions::routes(),
        users::routes(),
        tokens::routes(),
        teams::routes(),
        bindings::routes(),
        service_accounts::routes(),
        audit::routes(),
    ];
    all.into_iter().flatten().collect()
}

/// The response to a completed sign-in: the account, the page to open, and the cookie.
async fn signed_in(
    app: &App,
    format: Format,
    client: &Client,
    SignedIn { user, secret }: SignedIn,
    next: &str,
) -> Result<Response, ApiError> {
    let who = app.gate.just_signed_in(&secret, client).await?;
    tracing::info!(user = user.name, "signed in");
    let me = me::message(app, &who).await?;
    let answer = SignedInResponse { me: Some(me), next: return_path::local_path(next).to_owned() };
    let response = with_cookie(format.respond(&answer), cookie::session(app, &secret))?;
    match known_browsers::remember(&app.gate, &user.id, client).await? {
        Some(secret) => with_cookie(response, cookie::browser(app, &secret)),
        None => Ok(response),
    }
}

/// The response to a sign-out: nothing but the removal of the cookie.
fn signed_out(app: &App) -> Result<Response, ApiError> {
    let response = (StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]).into_response();
    with_cookie(response, cookie::no_session(app))
}

/// Adds `Set-Cookie` to a response.
fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Result<Response, ApiError> {
    response.headers_mut().append(header::SET_COOKIE, cookie.ok_or_else(ApiError::internal)?);
    Ok(response)
}

//! People: the first one, signing in, own account, users. One resource a file.

mod audit;
mod bindings;
mod claim;
mod invitations;
mod me;
mod oidc;
mod own_sessions;
mod service_accounts;
mod session;
mod teams;
mod tokens;
mod users;

use crate::app::App;
use crate::auth::sign_in::SignedIn;
use crate::auth::{Client, return_path};
use crate::http::ApiError;
use crate::http::cookie;
use crate::http::extract::Format;
use crate::http::router::Route;
use axum::http::header;
use axum::response::Response;
use flarepath_wire::people::SignedInResponse;

/// The lines of the route table.
pub(crate) fn routes() -> Vec<Route> {
    let all = [
        claim::routes(),
        session::routes(),
        oidc::routes(),
        invitations::routes(),
        me::routes(),
        own_sessions::routes(),
        users::routes(),
        tokens::routes(),
        teams::routes(),
        bindings::routes(),
        service_accounts::routes(),
        audit::routes(),
    ];
    all.into_iter().flatten().collect()
}

/// The answer to somebody who has just signed in: who it is, where to go, and the cookie.
async fn signed_in(
    app: &App,
    format: Format,
    client: &Client,
    SignedIn { user, secret }: SignedIn,
    wish: &str,
) -> Result<Response, ApiError> {
    let who = app.gate.just_signed_in(&secret, client).await?;
    tracing::info!(user = user.name, "signed in");
    let me = me::message(app, &who).await?;
    let answer = SignedInResponse { me: Some(me), next: return_path::local_path(wish).to_owned() };
    let mut response = format.respond(&answer);
    let value = cookie::session(app, &secret).ok_or_else(ApiError::internal)?;
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(response)
}

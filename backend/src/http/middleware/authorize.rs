//! Authentication, and authorization by the route table.

use super::client;
use super::host_guard::{self, ForeignName};
use crate::app::App;
use crate::auth::{AuthError, Client, Credentials, Identified, Permission, Principal, SignIn};
use crate::http::extract::authorization;
use crate::http::{ApiError, cookie};
use crate::problem::ProblemKind;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// Identifies the caller and runs the handler if the caller has the permission `needed`.
pub(crate) async fn authorize(
    app: &App,
    needed: Permission,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let client = client::of(app, &request);
    if needed != Permission::Public {
        app.gate.must_be_claimed().await?;
    }
    let Identified { principal: who, new_secret } = identify(app, needed, request.headers(), &client).await?;
    if request.extensions().get::<ForeignName>().is_some() && who.token().is_none() {
        return Err(host_guard::refusal(app, host_guard::host(&request).unwrap_or_default()));
    }
    if !who.may(needed) {
        tracing::info!(who = who.name(), needed = needed.name(), "permission denied");
        return Err(refusal(&who, needed));
    }
    request.extensions_mut().insert(who.at(client.ip));
    request.extensions_mut().insert(client);
    let mut response = next.run(request).await;
    if needed != Permission::Public {
        // Shared caches must not serve one user's response to another.
        let keep = HeaderValue::from_static("no-store");
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(keep);
    }
    // A handler that set a cookie began or ended a session; the renewed cookie of the old one must not replace it.
    let set = response.headers().contains_key(header::SET_COOKIE);
    if let Some(value) = new_secret.filter(|_| !set).and_then(|secret| cookie::session(app, &secret)) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}

/// On public routes invalid credentials count as none: a page with an expired cookie can still call them.
async fn identify(
    app: &App,
    needed: Permission,
    headers: &HeaderMap,
    client: &Client,
) -> Result<Identified, ApiError> {
    let credentials = credentials(app, headers, client);
    match app.gate.identify(&credentials, client).await {
        Err(AuthError::SignedOut | AuthError::BadToken | AuthError::Forbidden(_))
            if needed == Permission::Public =>
        {
            Ok(Principal::anonymous().into())
        }
        other => Ok(other?),
    }
}

fn refusal(who: &Principal, needed: Permission) -> ApiError {
    if who.kind() == crate::auth::Kind::Anonymous {
        return AuthError::SignedOut.into();
    }
    let detail = format!("this requires the permission {}, which you do not have", needed.name());
    ApiError::new(ProblemKind::Forbidden, detail)
}

/// The credentials of a request.
pub(crate) fn credentials(app: &App, headers: &HeaderMap, client: &Client) -> Credentials {
    if app.gate.sign_in == SignIn::Off {
        return Credentials::None;
    }
    // A token takes precedence over a cookie, see [`Credentials`].
    if let Some(token) = authorization::token(headers) {
        return Credentials::Token(token);
    }
    // The proxy knows the current user; a cookie may belong to a previous one.
    if let Some(name) = client::proxied_user(app, client, headers) {
        return Credentials::Proxy { name };
    }
    cookie::read_session(app, headers).map_or(Credentials::None, Credentials::Session)
}

//! Protection against cross-site request forgery.
//!
//! A browser attaches our cookie to requests of any page, within the limits of `SameSite=Lax`. Requests that change something
//! must therefore come from our own pages, signing in included (or a user would work in the attacker's account). Browsers send
//! the origin of a request in `Sec-Fetch-Site` (Fetch Metadata), older ones in `Origin` only. Programs send neither; they pass
//! unless they send a cookie. Requests with a token pass: other pages have none.

use super::client;
use super::host_guard::{host, is_allowed, is_this_machine};
use crate::app::App;
use crate::auth::SignIn;
use crate::http::{ApiError, cookie};
use crate::problem::ProblemKind;
use axum::extract::{Request, State};
use axum::http::{HeaderName, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Rejects changes requested by other sites' pages.
pub(crate) async fn guard(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let safe = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    // Reads reveal nothing to another site's page, as no response allows CORS. A foreign `Origin` is rejected all the same,
    // unless the server is open to the network without sign-in.
    let is_open = app.gate.sign_in == SignIn::Off && app.open_to_network;
    let has_origin = request.headers().contains_key(header::ORIGIN) && !is_open;
    if (!safe || has_origin) && !request.headers().contains_key(header::AUTHORIZATION) {
        check(&app, &request)?;
    }
    Ok(next.run(request).await)
}

fn check(app: &App, request: &Request) -> Result<(), ApiError> {
    let header = |name: &HeaderName| request.headers().get(name).map(|v| v.to_str().unwrap_or("?"));
    let refuse = |detail: String| Err(ApiError::new(ProblemKind::ForeignSite, detail));
    if let Some(site) = header(&SEC_FETCH_SITE) {
        // `none`: the user entered the address.
        return match site {
            "same-origin" | "none" => Ok(()),
            other => refuse(format!("cross-site requests ({other}) are rejected")),
        };
    }
    match header(&header::ORIGIN) {
        Some(origin) if is_our_origin(app, origin, host(request)) => Ok(()),
        Some(origin) => refuse(format!("cross-site requests (from `{origin}`) are rejected")),
        None if !has_ambient_identity(app, request) => Ok(()),
        None => refuse(
            "requests with a session cookie, or through an authenticating proxy, must have the header Sec-Fetch-Site or Origin; \
             programs use an API token"
                .to_owned(),
        ),
    }
}

/// Whether a browser attaches the identity by itself: by cookie or through a proxy.
fn has_ambient_identity(app: &App, request: &Request) -> bool {
    cookie::read_session(app, request.headers()).is_some() || client::has_user_header(app, request.headers())
}

/// Whether `Origin` is our address: the public one, or the requested host, which [`super::host_guard`] has accepted.
fn is_our_origin(app: &App, origin: &str, host: Option<&str>) -> bool {
    if app.public_url.as_ref().is_some_and(|url| url.origin().eq_ignore_ascii_case(origin)) {
        return true;
    }
    let Some((scheme, authority)) = origin.split_once("://") else { return false };
    let same = host.is_some_and(|host| host.eq_ignore_ascii_case(authority));
    // With sign-in, names that are not in the configuration are expected without TLS only.
    let is_certain = app.gate.sign_in == SignIn::Off || is_allowed(app, authority);
    same && (is_certain || (scheme == "http" && is_this_machine(authority)))
}

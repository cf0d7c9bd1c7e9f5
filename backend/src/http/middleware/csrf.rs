//! Keeps pages of other sites from acting for the person at the browser.
//!
//! A browser sends our cookie with whatever request any page makes, as far as `SameSite=Lax` lets it. What changes something
//! must therefore come from a page of ours, signing in included (or a person would work in somebody else's account).
//! Browsers say where a request comes from in `Sec-Fetch-Site` (Fetch Metadata), older ones in `Origin` only. Programs say
//! neither; they are let through as long as they show no cookie. Who shows a token means it: other pages have none.

use super::client;
use super::host_guard::{host, is_this_machine};
use crate::app::App;
use crate::http::{ApiError, cookie};
use axum::extract::{Request, State};
use axum::http::{HeaderName, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses what a foreign page asks to be changed.
pub(crate) async fn guard(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let safe = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    // What only reads tells a foreign page nothing, as no answer allows it to look (no CORS); but where pages of ours are the
    // only ones that could ask, another's `Origin` is refused there, too.
    let said = request.headers().contains_key(header::ORIGIN) && app.is_named_surely();
    if (!safe || said) && !request.headers().contains_key(header::AUTHORIZATION) {
        check(&app, &request)?;
    }
    Ok(next.run(request).await)
}

fn check(app: &App, request: &Request) -> Result<(), ApiError> {
    let said = |name: &HeaderName| request.headers().get(name).map(|v| v.to_str().unwrap_or("?"));
    let refuse = |detail: String| Err(ApiError::new(StatusCode::FORBIDDEN, "foreign-site", detail));
    if let Some(site) = said(&SEC_FETCH_SITE) {
        // `none`: typed by the person.
        return match site {
            "same-origin" | "none" => Ok(()),
            other => refuse(format!("requests from pages of another site ({other}) are refused")),
        };
    }
    match said(&header::ORIGIN) {
        Some(origin) if is_our_origin(app, origin, host(request)) => Ok(()),
        Some(origin) => refuse(format!("requests from pages of another site (`{origin}`) are refused")),
        None if !is_carried(app, request) => Ok(()),
        None => refuse(
            "a request with the session's cookie, or through a proxy that signs people in, must say where it comes from (Sec-Fetch-Site or Origin); programs use \
             an API token"
                .to_owned(),
        ),
    }
}

/// Whether a browser adds by itself who somebody is: in a cookie, or by way of a proxy.
fn is_carried(app: &App, request: &Request) -> bool {
    cookie::read_session(app, request.headers()).is_some() || client::names_somebody(app, request.headers())
}

/// Whether `Origin` is our address: the public one; or the very name that was asked for, where that can be trusted.
fn is_our_origin(app: &App, origin: &str, host: Option<&str>) -> bool {
    if app.public_url.as_ref().is_some_and(|url| url.origin().eq_ignore_ascii_case(origin)) {
        return true;
    }
    let Some((scheme, authority)) = origin.split_once("://") else { return false };
    let same = host.is_some_and(|host| host.eq_ignore_ascii_case(authority));
    match app.is_named_surely() {
        true => scheme == "http" && same && is_this_machine(authority),
        // Open to the network under any name: whoever reaches it may do everything anyway.
        false => same,
    }
}

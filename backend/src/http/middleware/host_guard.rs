//! Protection against DNS rebinding: rejects host names that are not the server's.
//!
//! A page on the internet can have its own name resolve to 127.0.0.1 or to a server inside a company; to the browser both
//! are then the same site. `Host` reveals that. It must be
//! - a name of this machine (`localhost`, `127.0.0.1`, `[::1]`, `*.localhost`),
//! - the host of `public_url`, or one of `allowed_hosts`,
//! - or, without sign-in on an address that other machines can reach, any IP address, as DNS rebinding needs a name.
//!
//! Programs inside a cluster use other names. They send a token, which no foreign page has: their requests pass here, and
//! [`super::authorize`] rejects them if the token is invalid. Health checks may use any name.

use crate::app::App;
use crate::auth::SignIn;
use crate::http::ApiError;
use crate::problem::ProblemKind;
use axum::extract::{Request, State};
use axum::http::header;
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::Response;
use std::net::IpAddr;
use std::sync::Arc;

/// Request extension: the host name is foreign, so only a token counts as credentials.
#[derive(Clone, Copy)]
pub(crate) struct ForeignName;

/// Paths that may be requested under any name.
const HEALTH: [&str; 2] = ["/healthz", "/readyz"];

/// Rejects requests with a malformed or foreign host name.
pub(crate) async fn guard(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let Some(host) = host(&request) else { return Ok(next.run(request).await) };
    if !is_well_formed(host) {
        let detail = "the host name of the request is malformed; expected HOST or HOST:PORT";
        return Err(ApiError::new(ProblemKind::BadRequest, detail));
    }
    if !HEALTH.contains(&request.uri().path()) && !is_ours(&app, host) {
        if !request.headers().contains_key(header::AUTHORIZATION) {
            return Err(refusal(&app, host));
        }
        request.extensions_mut().insert(ForeignName);
    }
    Ok(next.run(request).await)
}

/// The host name of the request, with its port.
pub(super) fn host(request: &Request) -> Option<&str> {
    let header = || request.headers().get(header::HOST).map(|value| value.to_str().unwrap_or("?"));
    request.uri().authority().map(|authority| authority.as_str()).or_else(header)
}

/// Whether it is `HOST` or `HOST:PORT`. `localhost@evil.example` is the user `localhost` at another host.
fn is_well_formed(host: &str) -> bool {
    !host.contains('@') && host.parse::<Authority>().is_ok_and(|authority| !authority.host().is_empty())
}

/// The error for a foreign host name.
pub(super) fn refusal(app: &App, host: &str) -> ApiError {
    let by_name = "if it belongs to this server, add it to `allowed_hosts`";
    let detail = match &app.public_url {
        Some(url) => format!(
            "this server is reachable as {}; `{host}` is not among its names: {by_name}. Programs that use another name \
             can also send a token",
            url.origin()
        ),
        None if app.accepts_any_address() => format!(
            "this server is reachable by its IP address; `{host}` is not among its names: {by_name}, or set \
             `public_url`"
        ),
        None => format!(
            "this server is reachable as localhost or a loopback address; `{host}` is not among its names: \
             {by_name}. To serve other machines, set `public_url` to the address that they use"
        ),
    };
    ApiError::new(ProblemKind::ForeignSite, detail)
}

fn is_ours(app: &App, host: &str) -> bool {
    let public = app.public_url.as_ref().map(|url| url.authority());
    public.is_some_and(|name| name.eq_ignore_ascii_case(without_default_port(app, host)))
        || is_this_machine(host)
        || is_allowed(app, host)
        || (app.accepts_any_address() && name_of(host).parse::<IpAddr>().is_ok())
}

/// Whether `allowed_hosts` has the name of `HOST` or `HOST:PORT`.
pub(super) fn is_allowed(app: &App, authority: &str) -> bool {
    let name = name_of(authority).trim_end_matches('.');
    app.allowed_hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(name))
}

/// Some proxies add the default port.
fn without_default_port<'a>(app: &App, host: &'a str) -> &'a str {
    let port = if app.is_secure() { ":443" } else { ":80" };
    host.strip_suffix(port).unwrap_or(host)
}

/// The name or address in `HOST` or `HOST:PORT`, without brackets.
fn name_of(authority: &str) -> &str {
    match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// Whether `HOST` or `HOST:PORT` can only mean this machine.
pub(crate) fn is_this_machine(authority: &str) -> bool {
    let host = name_of(authority);
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    // Names below `localhost` never leave the machine (RFC 6761, section 6.3).
    name == "localhost"
        || name.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

impl App {
    /// Whether any IP address is accepted as host.
    fn accepts_any_address(&self) -> bool {
        self.gate.sign_in == SignIn::Off && self.open_to_network
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognizes_names_of_this_machine() {
        for ours in
            ["localhost", "LOCALHOST:4280", "127.0.0.1:4280", "[::1]:80", "127.9.9.9", "a.localhost:1"]
        {
            assert!(is_this_machine(ours), "{ours}");
        }
        for foreign in [
            "evil.example",
            "localhost.evil.example",
            "10.0.0.1:4280",
            "",
            "[::2]:1",
            "127.0.0.1.evil.io",
            "null",
        ] {
            assert!(!is_this_machine(foreign), "{foreign}");
        }
    }

    #[test]
    fn recognizes_well_formed_hosts() {
        for good in ["localhost", "localhost:80", "[::1]:80", "a.b-c.example:1", "10.0.0.1", "under_score"] {
            assert!(is_well_formed(good), "{good}");
        }
        for bad in ["", "localhost:80@evil.example", "a@b", "a/b", "a b", "?", ":80", "[::1", "a:b:c"] {
            assert!(!is_well_formed(bad), "{bad}");
        }
    }
}

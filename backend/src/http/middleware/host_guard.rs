//! Protection against DNS rebinding: rejects host names that are not the server's.
//!
//! A page on the internet can have its own name resolve to 127.0.0.1 or to a server inside a company; to the browser both
//! are then the same site. `Host` reveals that: it must be the public address, or a name of this machine.
//!
//! Programs inside a cluster use other names. They send a token, which no foreign page has: their requests pass here, and
//! [`super::authorize`] rejects them if the token is invalid. Health checks may use any name.

use crate::app::App;
use crate::http::ApiError;
use crate::problem::ProblemKind;
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use std::net::IpAddr;
use std::sync::Arc;

/// Request extension: the host name is foreign, so only a token counts as credentials.
#[derive(Clone, Copy)]
pub(crate) struct ForeignName;

/// Paths that may be requested under any name.
const HEALTH: [&str; 2] = ["/healthz", "/readyz"];

/// Rejects requests with a foreign host name, unless the server is open to the network under any name.
pub(crate) async fn guard(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let by_any_name = !app.knows_its_host() || HEALTH.contains(&request.uri().path());
    if let Some(host) = host(&request).filter(|host| !by_any_name && !is_ours(&app, host)) {
        if !request.headers().contains_key(header::AUTHORIZATION) {
            return Err(refusal(&app, host));
        }
        request.extensions_mut().insert(ForeignName);
    }
    Ok(next.run(request).await)
}

/// The host name of the request.
pub(super) fn host(request: &Request) -> Option<&str> {
    let header = || request.headers().get(header::HOST).map(|value| value.to_str().unwrap_or("?"));
    request.uri().authority().map(|authority| authority.as_str()).or_else(header)
}

/// The error for a foreign host name.
pub(super) fn refusal(app: &App, host: &str) -> ApiError {
    let detail = match &app.public_url {
        Some(url) => format!(
            "this server is reachable as {}, not as `{host}`; programs that use another name need a token",
            url.origin()
        ),
        None => format!(
            "this server is only reachable as localhost or a loopback address, not as `{host}`; to serve other machines, \
             set `public_url` to the address that they use"
        ),
    };
    ApiError::new(ProblemKind::ForeignSite, detail)
}

fn is_ours(app: &App, host: &str) -> bool {
    let public = app.public_url.as_ref().map(|url| url.authority());
    public.is_some_and(|name| name.eq_ignore_ascii_case(without_default_port(app, host)))
        || is_this_machine(host)
}

/// Some proxies add the default port.
fn without_default_port<'a>(app: &App, host: &'a str) -> &'a str {
    let port = if app.is_secure() { ":443" } else { ":80" };
    host.strip_suffix(port).unwrap_or(host)
}

/// Whether `HOST` or `HOST:PORT` can only mean this machine.
pub(crate) fn is_this_machine(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    // Names below `localhost` never leave the machine (RFC 6761, section 6.3).
    name == "localhost"
        || name.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_this_machine;

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
}

//! Keeps other web sites out of a server that trusts whoever reaches it.
//!
//! A page on the internet can make a person's browser send requests to 127.0.0.1. Two doors are closed here:
//! DNS rebinding (the page's own name resolves to 127.0.0.1; `Host` gives it away) and cross-site posts
//! (`Origin` names the page). Programs send neither a foreign `Host` nor an `Origin`.

use crate::app::App;
use crate::http::ApiError;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use std::net::IpAddr;
use std::sync::Arc;

/// Refuses requests that a foreign page made, unless the server is open to the network anyway.
pub(crate) async fn guard(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    if !app.open_to_network {
        let header = |name| request.headers().get(name).map(|v| v.to_str().unwrap_or("?"));
        let host = request.uri().authority().map(|a| a.as_str()).or_else(|| header(header::HOST));
        if let Some(host) = host.filter(|host| !is_this_machine(host)) {
            return Err(refuse(format!(
                "this server is only reached as localhost or a loopback address, not as `{host}`; to serve others, \
                 start it with --insecure-no-auth"
            )));
        }
        let origin =
            header(header::ORIGIN).map(|origin| origin.split_once("://").map_or(origin, |(_, rest)| rest));
        if let Some(origin) = origin.filter(|origin| !is_this_machine(origin)) {
            return Err(refuse(format!("requests from pages of another site (`{origin}`) are refused")));
        }
    }
    Ok(next.run(request).await)
}

fn refuse(detail: String) -> ApiError {
    ApiError::new(StatusCode::FORBIDDEN, "foreign-site", detail)
}

/// Whether `HOST` or `HOST:PORT` can only mean this machine.
fn is_this_machine(authority: &str) -> bool {
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
    fn only_names_of_this_machine_pass() {
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

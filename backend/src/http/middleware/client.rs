//! Client address of a request, and the user that a proxy in front vouches for.
//!
//! Only the peer address of the socket is certain. If it is a trusted proxy, so are the headers that it adds:
//! `X-Forwarded-For` is read from the right, as each proxy appends the address of its client, up to the first address that is
//! not a trusted proxy; the client may have forged what is left of that.

use crate::app::App;
use crate::auth::{Client, secret};
use crate::http::cookie;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, HeaderValue, header};
use std::net::{IpAddr, SocketAddr};

const FORWARDED_FOR: &str = "x-forwarded-for";
/// Maximum number of proxies in a row.
const MAX_HOPS: usize = 32;
/// Maximum length of a user name in bytes.
const MAX_NAME: usize = 200;

/// The client of a request.
pub(crate) fn of(app: &App, request: &Request) -> Client {
    let mut client = by_address(app, request.extensions().get().copied(), request.headers());
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).chars().take(200).collect();
    client.user_agent = request.headers().get(header::USER_AGENT).map(text).unwrap_or_default();
    let id = request.extensions().get::<super::observe::RequestId>();
    client.request_id = id.map(|id| id.0.clone()).unwrap_or_default();
    client.browser = cookie::read_browser(app, request.headers()).map(|secret| secret::digest(&secret));
    client
}

/// The client by address only. Without a socket the request comes from a test.
pub(crate) fn by_address(
    app: &App,
    connected: Option<ConnectInfo<SocketAddr>>,
    headers: &HeaderMap,
) -> Client {
    let mut client = Client::this_machine();
    if let Some(ConnectInfo(address)) = connected {
        client.peer = address.ip().to_canonical();
    }
    client.ip = address(app, client.peer, headers);
    client
}

/// The address in front of the proxies, or the furthest that one of them vouches for.
fn address(app: &App, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let lines: Vec<&str> =
        headers.get_all(FORWARDED_FOR).iter().map(|value| value.to_str().unwrap_or_default()).collect();
    let mut hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
    let mut last = peer;
    for _ in 0..MAX_HOPS {
        if !app.proxy.trusts(last) {
            break;
        }
        let Some(before) = hops.next().and_then(hop) else { break };
        last = before;
    }
    last
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`; some proxies add quotes.
fn hop(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let ip = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0.parse().ok(),
        None => text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip())),
    };
    ip.map(|ip: IpAddr| ip.to_canonical())
}

/// The user name that a trusted proxy vouches for; `None` without the header or from any other peer. An ambiguous header gives
/// the empty name, which matches no user.
pub(crate) fn proxied_user(app: &App, client: &Client, headers: &HeaderMap) -> Option<String> {
    let name = app.proxy.user_header.as_ref()?;
    if !app.proxy.trusts(client.peer) {
        return None;
    }
    let mut values = headers.get_all(name.as_str()).iter();
    let first = values.next()?;
    let one = values.next().is_none();
    let text = first.to_str().ok().filter(|text| one && text.len() <= MAX_NAME);
    Some(text.unwrap_or_default().trim().to_owned())
}

/// Whether a request has the proxy's user header, no matter who set it.
pub(crate) fn has_user_header(app: &App, headers: &HeaderMap) -> bool {
    app.proxy.user_header.as_ref().is_some_and(|name| headers.contains_key(name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::hop;

    #[test]
    fn parses_hops_in_all_notations() {
        for (text, expected) in [
            (" 192.0.2.1 ", "192.0.2.1"),
            ("192.0.2.1:4711", "192.0.2.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("\"[2001:db8::1]:80\"", "2001:db8::1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
        ] {
            assert_eq!(hop(text), Some(expected.parse().unwrap()), "{text}");
        }
        for none in
            ["", "unknown", "_hidden", "192.0.2", "192.0.2.1, 192.0.2.2", "[2001:db8::1", "192.0.2.1:x"]
        {
            assert_eq!(hop(none), None, "{none}");
        }
    }
}

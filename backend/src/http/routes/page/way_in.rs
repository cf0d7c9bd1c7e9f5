//! Where a browser is sent that asks for a page before anybody is signed in.

use crate::app::App;
use crate::auth::{Client, SignIn};
use crate::http::ApiError;
use crate::http::middleware::authorize::credentials;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::fmt::Write;

/// Longer ways on are forgotten.
const MAX_NEXT: usize = 4096;

/// The page to see first, unless this one may be seen.
pub(super) async fn detour(
    app: &App,
    uri: &Uri,
    client: &Client,
    headers: &HeaderMap,
) -> Result<Option<Response>, ApiError> {
    if app.gate.sign_in == SignIn::Off {
        return Ok(None);
    }
    let first = uri.path().trim_start_matches('/').split('/').next().unwrap_or_default();
    let to = match (app.gate.is_claimed().await?, first) {
        (false, "claim") => None,
        (false, _) => Some("/claim".to_owned()),
        (true, "claim") => Some("/login".to_owned()),
        // A share says itself who may see it.
        (true, "login" | "invite" | "s") => None,
        (true, _) if app.gate.is_signed_in(&credentials(app, headers, client)).await? => None,
        (true, _) => Some(login(uri)),
    };
    Ok(to.map(|to| {
        let headers = [(header::LOCATION, to), (header::CACHE_CONTROL, "no-store".to_owned())];
        (StatusCode::FOUND, headers).into_response()
    }))
}

/// The page to sign in at, with the way on.
fn login(uri: &Uri) -> String {
    let next = uri.path_and_query().map_or("/", |path| path.as_str());
    if next == "/" || next.len() > MAX_NEXT {
        return "/login".to_owned();
    }
    let mut to = "/login?next=".to_owned();
    for byte in next.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                to.push(char::from(byte))
            }
            // Writing to a string cannot fail.
            _ => drop(write!(to, "%{byte:02X}")),
        }
    }
    to
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_on_is_one_parameter() {
        let to = |uri: &str| login(&uri.parse().unwrap());
        assert_eq!(to("/"), "/login");
        assert_eq!(
            to("/explore?service=a&from=now-1h"),
            "/login?next=/explore%3Fservice%3Da%26from%3Dnow-1h"
        );
        assert_eq!(
            to("//evil.example"),
            "/login?next=//evil.example",
            "which is checked where it is followed"
        );
        assert_eq!(to(&format!("/{}", "a".repeat(5000))), "/login");
    }
}

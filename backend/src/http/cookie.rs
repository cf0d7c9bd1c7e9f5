//! Session cookies.

use crate::app::App;
use axum::http::{HeaderMap, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};

/// Over TLS; with this prefix the browser refuses one set by another host or path (RFC 6265bis, 4.1.3).
const SECURE_NAME: &str = "__Host-fp_session";
/// Over plain HTTP on this machine, where `Secure` does not work in every browser.
const LOOPBACK_NAME: &str = "fp_session";

/// Ties a sign-in at the identity provider to this browser while it is under way.
const SECURE_OIDC: &str = "__Host-fp_oidc";
const LOOPBACK_OIDC: &str = "fp_oidc";

fn name(app: &App) -> &'static str {
    if app.is_secure() { SECURE_NAME } else { LOOPBACK_NAME }
}

fn oidc_name(app: &App) -> &'static str {
    if app.is_secure() { SECURE_OIDC } else { LOOPBACK_OIDC }
}

/// The session secret in the request.
pub(crate) fn read_session(app: &App, headers: &HeaderMap) -> Option<SecretString> {
    read(headers, name(app))
}

/// The secret of a sign-in at the identity provider.
pub(crate) fn read_oidc(app: &App, headers: &HeaderMap) -> Option<SecretString> {
    read(headers, oidc_name(app))
}

fn read(headers: &HeaderMap, name: &str) -> Option<SecretString> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| SecretString::from(value.to_owned()))
}

/// `Set-Cookie` with a session secret. It has no expiry of its own: the server knows when the session ends.
pub(crate) fn session(app: &App, secret: &SecretString) -> Option<HeaderValue> {
    set(app, name(app), secret.expose_secret(), "")
}

/// `Set-Cookie` that removes the session cookie.
pub(crate) fn no_session(app: &App) -> Option<HeaderValue> {
    set(app, name(app), "", "; Max-Age=0")
}

/// `Set-Cookie` that lasts as long as a sign-in at the identity provider may take. `Lax` lets the browser send it on the
/// way back.
pub(crate) fn oidc(app: &App, secret: &SecretString) -> Option<HeaderValue> {
    set(app, oidc_name(app), secret.expose_secret(), "; Max-Age=600")
}

fn set(app: &App, name: &str, value: &str, more: &str) -> Option<HeaderValue> {
    let secure = if app.is_secure() { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}");
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

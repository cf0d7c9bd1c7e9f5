//! The cookie that a browser's session lives in.

use crate::app::App;
use axum::http::{HeaderMap, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};

/// Over TLS; the prefix has the browser refuse one that another host or path set (RFC 6265bis, 4.1.3).
const SECURE_NAME: &str = "__Host-fp_session";
/// Over plain HTTP on this machine, where `Secure` does not work in every browser.
const LOOPBACK_NAME: &str = "fp_session";

/// Which sign-in at the identity provider is this browser's, while the person is there.
const SECURE_OIDC: &str = "__Host-fp_oidc";
const LOOPBACK_OIDC: &str = "fp_oidc";

fn name(app: &App) -> &'static str {
    if app.is_secure() { SECURE_NAME } else { LOOPBACK_NAME }
}

fn oidc_name(app: &App) -> &'static str {
    if app.is_secure() { SECURE_OIDC } else { LOOPBACK_OIDC }
}

/// The secret in the request's cookie.
pub(crate) fn read_session(app: &App, headers: &HeaderMap) -> Option<SecretString> {
    read(headers, name(app))
}

/// The secret of sign-ins at the identity provider.
pub(crate) fn read_oidc(app: &App, headers: &HeaderMap) -> Option<SecretString> {
    read(headers, oidc_name(app))
}

fn read(headers: &HeaderMap, name: &str) -> Option<SecretString> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| SecretString::from(value.to_owned()))
}

/// `Set-Cookie` with a session's secret. It has no expiry of its own: the server knows when it ends.
pub(crate) fn session(app: &App, secret: &SecretString) -> Option<HeaderValue> {
    set(app, name(app), secret.expose_secret(), "")
}

/// `Set-Cookie` that removes it.
pub(crate) fn no_session(app: &App) -> Option<HeaderValue> {
    set(app, name(app), "", "; Max-Age=0")
}

/// `Set-Cookie` for as long as a sign-in at the identity provider may take. `Lax` lets it come back with the browser.
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

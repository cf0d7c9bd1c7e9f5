//! Session cookies.

use crate::app::App;
use crate::auth::secret;
use axum::http::{HeaderMap, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};

/// Over TLS; with this prefix the browser refuses one set by another host or path (RFC 6265bis, 4.1.3).
const SECURE_NAME: &str = "__Host-fp_session";
/// Over plain HTTP on this machine, where `Secure` does not work in every browser.
const LOOPBACK_NAME: &str = "fp_session";

/// Ties a sign-in at the identity provider to this browser while it is under way.
const SECURE_OIDC: &str = "__Host-fp_oidc";
const LOOPBACK_OIDC: &str = "fp_oidc";

/// A browser in which somebody has signed in before (see `auth::known_browsers`).
const SECURE_BROWSER: &str = "__Host-fp_browser";
const LOOPBACK_BROWSER: &str = "fp_browser";

fn name(app: &App) -> &'static str {
    if app.is_secure() { SECURE_NAME } else { LOOPBACK_NAME }
}

fn oidc_name(app: &App) -> &'static str {
    if app.is_secure() { SECURE_OIDC } else { LOOPBACK_OIDC }
}

fn browser_name(app: &App) -> &'static str {
    if app.is_secure() { SECURE_BROWSER } else { LOOPBACK_BROWSER }
}

/// The session secret in the request.
pub(crate) fn read_session(app: &App, headers: &HeaderMap) -> Option<SecretString> {
    read(headers, name(app))
}

/// The secret of a sign-in at the identity provider.
pub(crate) fn read_oidc(app: &App, headers: &HeaderMap) -> Option<SecretString> {
    read(headers, oidc_name(app))
}

/// The browser's secret, if it can be one.
pub(crate) fn read_browser(app: &App, headers: &HeaderMap) -> Option<SecretString> {
    read(headers, browser_name(app)).filter(secret::is_well_formed)
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

/// `Set-Cookie` with a browser's secret, for as long as browsers keep cookies (400 days; RFC 6265bis, 5.5). The server
/// forgets it earlier.
pub(crate) fn browser(app: &App, secret: &SecretString) -> Option<HeaderValue> {
    set(app, browser_name(app), secret.expose_secret(), "; Max-Age=34560000")
}

fn set(app: &App, name: &str, value: &str, more: &str) -> Option<HeaderValue> {
    let secure = if app.is_secure() { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}");
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

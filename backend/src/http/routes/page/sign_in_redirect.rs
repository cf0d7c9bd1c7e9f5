//! Redirects a browser that requests a page before anybody is signed in.

use crate::app::App;
use crate::auth::{Client, SignIn};
use crate::http::ApiError;
use crate::http::login_path::login_path;
use crate::http::middleware::authorize::credentials;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

/// The redirect to the page that must come first; `None` when the requested page may be shown.
pub(super) async fn redirect(
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
        // The page of a share checks itself who may see it.
        (true, "login" | "invite" | "s") => None,
        (true, _) if app.gate.is_signed_in(&credentials(app, headers, client)).await? => None,
        (true, _) => Some(login_path(None, uri.path_and_query().map_or("/", |path| path.as_str()))),
    };
    Ok(to.map(|to| {
        let headers = [(header::LOCATION, to), (header::CACHE_CONTROL, "no-store".to_owned())];
        (StatusCode::FOUND, headers).into_response()
    }))
}

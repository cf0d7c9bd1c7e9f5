//! `GET /api/v1/instance`: version, sign-in methods and warnings.

use crate::app::App;
use crate::auth::Client;
use crate::http::doc::{Answer, Doc};
use crate::http::extract::{Format, Params};
use crate::http::{ApiError, convert};
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use std::sync::Arc;

pub(crate) const DOC: Doc = Doc {
    description: "Version, sign-in methods, and warnings to keep on screen.",
    answer: Answer::Message("InstanceResponse"),
    example: "/api/v1/instance",
    ..Doc::new("Server", "Server information")
};

/// Headers that reveal a proxy.
const FORWARDING: [&str; 6] =
    ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

pub(crate) async fn instance(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    uri: Uri,
    format: Format,
) -> Result<Response, ApiError> {
    Params::read(&uri)?.check(&DOC)?;
    let claimed = app.gate.is_claimed().await?;
    let needs_setup_token = !claimed && !is_one_step(&app, &client, &headers);
    Ok(format.respond(&convert::instance(&app, claimed, needs_setup_token)))
}

/// Whether the caller may claim the server without the setup token: the caller is on this machine, and the server can be
/// reached from nowhere else. Through a proxy on this machine everyone would look local, so there must be no trace of one.
pub(super) fn is_one_step(app: &App, client: &Client, headers: &HeaderMap) -> bool {
    !app.open_to_network
        && app.public_url.is_none()
        && client.peer.to_canonical().is_loopback()
        && !FORWARDING.iter().any(|name| headers.contains_key(*name))
}

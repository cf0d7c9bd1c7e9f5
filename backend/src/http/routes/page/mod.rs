//! Everything that is no route of the API: the web page, its files, or a 404.
//!
//! Paths that the browser's router knows get a document: `/` and `/explore` that of the small first program, all others
//! that of the full one. A missing file is a 404, as HTML in the place of a script would only confuse the browser.

mod sign_in_redirect;

use crate::app::App;
use crate::http::ApiError;
use crate::http::middleware::client::by_address;
use crate::http::page_files::{FIRST_PAGE, FULL_PAGE, NOT_BUILT, send};
use crate::problem::ProblemKind;
use crate::sharing::ShareError;
use axum::extract::{ConnectInfo, Extension, State};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use std::net::SocketAddr;
use std::sync::Arc;

/// What the paths of services' pages begin with. The rest is the name as one escaped segment, which only the browser's router reads: an
/// escaped `/` in it separates nothing here.
const SERVICE: &str = "service/";

/// 405, for a route of the table called with another method.
pub(crate) async fn method_not_allowed(method: Method, uri: Uri) -> ApiError {
    let detail = format!("{} does not support {method}; see /api/docs", uri.path());
    ApiError::new(ProblemKind::MethodNotAllowed, detail)
}

/// Answers paths outside of the route table.
pub(crate) async fn fallback(
    State(app): State<Arc<App>>,
    connected: Option<Extension<ConnectInfo<SocketAddr>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let path = uri.path().trim_start_matches('/');
    // A link without an id gets the same answer as one with a wrong id.
    if path == "api/v1/shares/open" || path.starts_with("api/v1/shares/open/") {
        return ApiError::from(ShareError::NotFound).into_response();
    }
    let not_found = |detail| ApiError::new(ProblemKind::NotFound, detail).into_response();
    if is_api(path) {
        return not_found(format!("no route matches {}; see /api/docs", uri.path()));
    }
    if method != Method::GET && method != Method::HEAD {
        return method_not_allowed(method, uri).await.into_response();
    }
    if let Some(file) = send(&app, path, &headers).filter(|_| !path.is_empty()) {
        return file;
    }
    // Only file names have an extension, and names of services may look like it.
    if !path.starts_with(SERVICE) && path.rsplit('/').next().is_some_and(|last| last.contains('.')) {
        return not_found(format!("no such file: {}", uri.path()));
    }
    let client = by_address(&app, connected.map(|Extension(address)| address), &headers);
    match sign_in_redirect::redirect(&app, &uri, &client, &headers).await {
        Ok(None) => {}
        Ok(Some(redirect)) => return redirect,
        Err(error) => return error.into_response(),
    }
    let document = if matches!(path, "" | "explore" | "explore/") { FIRST_PAGE } else { FULL_PAGE };
    send(&app, document, &headers).unwrap_or_else(|| {
        let headers =
            [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
        (headers, NOT_BUILT).into_response()
    })
}

/// Paths that only programs request: they get a problem and never the page.
fn is_api(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    ["api", "ingest", "pyroscope", "v1development"].contains(&first)
        || first.contains("Service")
        || first.contains(".v1")
}

//! The page: files that Trunk made, held in the binary. Everything that is no route of the API ends here.
//!
//! Paths of pages get the page, as the router in the browser knows them: `/` and `/explore` the one that starts the small
//! first program, all others the one that starts the full one. A file that is missing is a 404, since a script answered
//! with HTML would only confuse the browser.

mod way_in;

use crate::app::App;
use crate::http::ApiError;
use crate::http::middleware::client::by_address;
use crate::http::page_file::{PageFile, send};
use axum::extract::{ConnectInfo, Extension, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use std::net::SocketAddr;
use std::sync::Arc;

/// The folder that Trunk writes. A debug build reads it from disk, a release build holds it.
#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Dist;

const INDEX: &str = "index.html";
const FULL: &str = "full.html";
const NOT_BUILT: &str = include_str!("page/not_built.html");

/// 405, for routes of the table asked with another method.
pub(crate) async fn wrong_method(method: Method, uri: Uri) -> ApiError {
    let detail = format!("{} does not answer to {method}; see /api/docs", uri.path());
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail)
}

/// What is no route: a file of the page, the page itself, or nothing.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    connected: Option<Extension<ConnectInfo<SocketAddr>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let path = uri.path().trim_start_matches('/');
    // A link without an id is as wrong as one with a wrong id.
    if path == "api/v1/shares/open" || path.starts_with("api/v1/shares/open/") {
        return super::shares::NOT_FOUND().into_response();
    }
    if is_api(path) {
        let detail = format!("there is nothing at {}; /api/docs lists what there is", uri.path());
        return ApiError::new(StatusCode::NOT_FOUND, "not-found", detail).into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return wrong_method(method, uri).await.into_response();
    }
    if let Some(answer) = send(path, &headers, find).filter(|_| !path.is_empty()) {
        return answer;
    }
    // Only names of files have an extension.
    if path.rsplit('/').next().is_some_and(|last| last.contains('.')) {
        let detail = format!("there is no file {}", uri.path());
        return ApiError::new(StatusCode::NOT_FOUND, "not-found", detail).into_response();
    }
    let client = by_address(&app, connected.map(|Extension(address)| address), &headers);
    match way_in::detour(&app, &uri, &client, &headers).await {
        Ok(None) => {}
        Ok(Some(detour)) => return detour,
        Err(error) => return error.into_response(),
    }
    let document = if matches!(path, "" | "explore" | "explore/") { INDEX } else { FULL };
    send(document, &headers, find).unwrap_or_else(|| {
        let headers =
            [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
        (StatusCode::OK, headers, NOT_BUILT).into_response()
    })
}

/// The full program's document, for a head to be put into.
pub(super) fn document() -> String {
    let full = Dist::get(FULL).map(|file| String::from_utf8_lossy(&file.data).into_owned());
    full.unwrap_or_else(|| NOT_BUILT.to_owned())
}

fn find(path: &str) -> Option<PageFile> {
    Dist::get(path).map(|file| PageFile { hash: file.metadata.sha256_hash(), data: file.data })
}

/// Paths that only programs ask for: they get a problem and never the page.
fn is_api(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    ["api", "ingest", "pyroscope", "v1development"].contains(&first)
        || first.contains("Service")
        || first.contains(".v1")
}

//! The page: files that Trunk made, held in the binary. Everything that is no route of the API ends here.
//!
//! - Files with a hash in their name never change: cached for ever. `index.html` is asked for each time.
//! - Next to `X` there may be `X.br` and `X.gz`, made at build time; they are sent as they are.
//! - Paths of pages (`/explore`) get `index.html`, as the router in the browser knows them; a file that is
//!   missing is a 404, since a script answered with HTML would only confuse the browser.

use crate::http::ApiError;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

/// The folder that Trunk writes. A debug build reads it from disk, a release build holds it.
#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Dist;

const INDEX: &str = "index.html";
const NOT_BUILT: &str = include_str!("page/not_built.html");

/// 405, for routes of the table asked with another method.
pub(crate) async fn wrong_method(method: Method, uri: Uri) -> ApiError {
    let detail = format!("{} does not answer to {method}; see /api/docs", uri.path());
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail)
}

/// What is no route: a file of the page, the page itself, or nothing.
pub(crate) async fn page(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if is_api(path) {
        let detail = format!("there is nothing at {}; /api/docs lists what there is", uri.path());
        return ApiError::new(StatusCode::NOT_FOUND, "not-found", detail).into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return wrong_method(method, uri).await.into_response();
    }
    if let Some(file) = Dist::get(path).filter(|_| !path.is_empty()) {
        return send(path, file, &headers);
    }
    // Only names of files have an extension.
    if path.rsplit('/').next().is_some_and(|last| last.contains('.')) {
        let detail = format!("there is no file {}", uri.path());
        return ApiError::new(StatusCode::NOT_FOUND, "not-found", detail).into_response();
    }
    match Dist::get(INDEX) {
        Some(file) => send(INDEX, file, &headers),
        None => {
            let headers =
                [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
            (StatusCode::OK, headers, NOT_BUILT).into_response()
        }
    }
}

/// Paths that only programs ask for: they get a problem and never the page.
fn is_api(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    ["api", "ingest", "pyroscope", "v1development"].contains(&first)
        || first.contains("Service")
        || first.contains(".v1")
}

/// `file`, or its compressed twin if the caller takes that.
fn send(path: &str, file: EmbeddedFile, request: &HeaderMap) -> Response {
    let etag = etag(&file);
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, content_type(path));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let cache = if is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    let sent_before = request.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    headers.insert(header::ETAG, etag.clone());
    if sent_before.is_some_and(|tags| etag.to_str().is_ok_and(|etag| tags.contains(etag))) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    for (encoding, suffix) in [("br", ".br"), ("gzip", ".gz")] {
        if accepts(request, encoding)
            && let Some(twin) = Dist::get(&format!("{path}{suffix}"))
        {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            return (headers, twin.data).into_response();
        }
    }
    (headers, file.data).into_response()
}

/// Weak, as the same tag stands for all encodings.
fn etag(file: &EmbeddedFile) -> HeaderValue {
    let hash = file.metadata.sha256_hash();
    let hex: String = hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::from_str(&format!("W/\"{hex}\"")).unwrap_or(HeaderValue::from_static("W/\"\""))
}

fn content_type(path: &str) -> HeaderValue {
    let name = match path.rsplit('.').next() {
        Some("wasm") => "application/wasm",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("webmanifest") => "application/manifest+json",
        _ => mime_guess::from_path(path).first_raw().unwrap_or("application/octet-stream"),
    };
    HeaderValue::from_static(name)
}

/// Whether the name has a hash in it, as Trunk (`app-0123456789abcdef.js`, `…_bg.wasm`) and the build's own
/// step give them: 16 hexadecimal digits after a dash.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split('-').skip(1).any(|part| {
        let digits = part.bytes().take_while(u8::is_ascii_hexdigit).count();
        digits >= 12 && !part.as_bytes().get(digits).is_some_and(u8::is_ascii_alphanumeric)
    })
}

fn accepts(request: &HeaderMap, encoding: &str) -> bool {
    let values = request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok());
    values.flat_map(|v| v.split(',')).any(|part| {
        let mut fields = part.split(';').map(str::trim);
        let named = fields.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        named && !fields.any(|field| field.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hashed_names_are_immutable() {
        for hashed in
            ["flarepath-ui-0123456789abcdef.js", "a/app-0123456789abcdef_bg.wasm", "boot-abcdef012345.js"]
        {
            assert!(is_hashed(hashed), "{hashed}");
        }
        for plain in
            ["index.html", "app.js", "flarepath-ui.js", "feed-decade.js", "app-0123456789abcdefgh.js"]
        {
            assert!(!is_hashed(plain), "{plain}");
        }
    }

    #[test]
    fn encodings_are_taken_by_name() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, "gzip;q=0, br".parse().unwrap());
        assert!(accepts(&headers, "br"));
        assert!(!accepts(&headers, "gzip"));
        assert!(!accepts(&HeaderMap::new(), "br"));
    }

    #[test]
    fn wasm_and_scripts_have_their_types() {
        assert_eq!(content_type("a-1_bg.wasm"), "application/wasm");
        assert_eq!(content_type("a.js"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("favicon.svg"), "image/svg+xml");
        assert_eq!(content_type("x"), "application/octet-stream");
    }
}

//! The web page's files and how they are sent. The binary embeds them; see [`PageFiles`].
//!
//! - Files with a hash in their name never change and are cached forever. Others are revalidated by their `ETag`.
//! - `X` may have precompressed variants `X.br` and `X.gz`, made at build time; they are sent as they are.

use crate::app::{App, PageFile, PageFiles};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Document of Home and Explore, the small program of a first visit.
pub(super) const FIRST_PAGE: &str = "index.html";
/// Document of the full program.
pub(super) const FULL_PAGE: &str = "full.html";
/// Sent in place of a document when the page was not built.
pub(super) const NOT_BUILT: &str = include_str!("routes/page/not_built.html");

/// The embedded file at `path`, precompressed if the caller accepts that; `None` when there is no such file.
pub(super) fn send(app: &App, path: &str, request: &HeaderMap) -> Option<Response> {
    send_from(app.page_files, path, request)
}

/// Text of the full program's document.
pub(super) fn full_page(app: &App) -> String {
    let document = (app.page_files)(FULL_PAGE).map(|file| String::from_utf8_lossy(&file.data).into_owned());
    document.unwrap_or_else(|| NOT_BUILT.to_owned())
}

fn send_from(find: PageFiles, path: &str, request: &HeaderMap) -> Option<Response> {
    let file = find(path)?;
    let etag = etag(&file);
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, content_type(path));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let cache = if is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    let sent_before = request.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    headers.insert(header::ETAG, etag.clone());
    if sent_before.is_some_and(|tags| etag.to_str().is_ok_and(|etag| tags.contains(etag))) {
        return Some((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    for (encoding, suffix) in [("br", ".br"), ("gzip", ".gz")] {
        if accepts(request, encoding)
            && let Some(variant) = find(&format!("{path}{suffix}"))
        {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            return Some((headers, variant.data).into_response());
        }
    }
    Some((headers, file.data).into_response())
}

/// Weak, as one tag stands for all encodings.
fn etag(file: &PageFile) -> HeaderValue {
    let hex: String = file.sha256.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
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

/// Whether the name contains a hash of 12 or more hexadecimal digits after a dash, as the bundler
/// (`app-0123456789abcdef.js`, `…_bg.wasm`) and the build's own step name files.
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
    use axum::http::HeaderName;

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
    fn respects_accepted_encodings() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, "gzip;q=0, br".parse().unwrap());
        assert!(accepts(&headers, "br"));
        assert!(!accepts(&headers, "gzip"));
        assert!(!accepts(&HeaderMap::new(), "br"));
    }

    #[test]
    fn sets_content_types_by_extension() {
        assert_eq!(content_type("a-1_bg.wasm"), "application/wasm");
        assert_eq!(content_type("a.js"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("favicon.svg"), "image/svg+xml");
        assert_eq!(content_type("x"), "application/octet-stream");
    }

    fn sent(path: &str, request: &[(HeaderName, &str)]) -> Option<Response> {
        let mut headers = HeaderMap::new();
        for (name, value) in request {
            headers.insert(name, value.parse().unwrap());
        }
        let find = |path: &str| {
            let names = [
                "index.html",
                "app-0123456789abcdef.js",
                "app-0123456789abcdef.js.br",
                "app-0123456789abcdef.js.gz",
            ];
            let name = names.into_iter().find(|name| *name == path)?;
            Some(PageFile { data: name.as_bytes().into(), sha256: [7; 32] })
        };
        send_from(find, path, &headers)
    }

    #[test]
    fn sends_precompressed_variants_with_the_original_content_type() {
        for (accepted, encoding) in [("br, gzip", Some("br")), ("gzip", Some("gzip")), ("zstd", None)] {
            let answer = sent("app-0123456789abcdef.js", &[(header::ACCEPT_ENCODING, accepted)]).unwrap();
            let header = |name| answer.headers().get(name).map(|v| v.to_str().unwrap());
            assert_eq!(header(header::CONTENT_ENCODING), encoding);
            assert_eq!(header(header::CONTENT_TYPE), Some("text/javascript; charset=utf-8"));
            assert_eq!(header(header::CACHE_CONTROL), Some("public, max-age=31536000, immutable"));
            assert_eq!(header(header::VARY), Some("accept-encoding"));
        }
        assert!(sent("app.js", &[]).is_none());
    }

    #[test]
    fn answers_304_when_the_etag_matches() {
        let first = sent("index.html", &[(header::ACCEPT_ENCODING, "br")]).unwrap();
        assert_eq!(first.headers()[header::CACHE_CONTROL], "no-cache");
        assert!(!first.headers().contains_key(header::CONTENT_ENCODING));
        let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        let again = sent("index.html", &[(header::IF_NONE_MATCH, &tag)]).unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        let other = sent("index.html", &[(header::IF_NONE_MATCH, "W/\"00\"")]).unwrap();
        assert_eq!(other.status(), StatusCode::OK);
    }
}

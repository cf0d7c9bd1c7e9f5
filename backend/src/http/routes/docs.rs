//! `GET /api/openapi.json`, and the same document for people at `/api/docs`: a page of our own, in files, as
//! the content security policy wants it.

use crate::http::doc::{Answer, Doc, Param};
use crate::http::{ApiError, openapi};
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::OnceLock;

pub(crate) const DOCUMENT: Doc = Doc {
    answer: Answer::Content(&["application/json"]),
    example: "/api/openapi.json",
    ..Doc::new("Server", "This description, as OpenAPI 3.1")
};

pub(crate) const PAGE: Doc = Doc {
    answer: Answer::Content(&["text/html"]),
    example: "/api/docs",
    ..Doc::new("Server", "This description, as a page")
};

pub(crate) const FILE: Doc = Doc {
    params: &[Param::path("file", "`docs.js` or `docs.css`", "docs.js")],
    answer: Answer::Content(&["text/javascript", "text/css"]),
    errors: &[(404, "No such file")],
    ..Doc::new("Server", "Files of that page")
};

pub(crate) async fn document() -> impl IntoResponse {
    static DOCUMENT: OnceLock<String> = OnceLock::new();
    let text = DOCUMENT.get_or_init(|| openapi::document().to_string());
    ([(header::CONTENT_TYPE, "application/json")], text.as_str())
}

pub(crate) async fn page() -> Response {
    text("text/html; charset=utf-8", include_str!("docs/docs.html"))
}

pub(crate) async fn file(Path(name): Path<String>) -> Result<Response, ApiError> {
    match name.as_str() {
        "docs.js" => Ok(text("text/javascript; charset=utf-8", include_str!("docs/docs.js"))),
        "docs.css" => Ok(text("text/css; charset=utf-8", include_str!("docs/docs.css"))),
        _ => {
            Err(ApiError::new(StatusCode::NOT_FOUND, "not-found", format!("there is no file `{name}` here")))
        }
    }
}

fn text(content_type: &'static str, body: &'static str) -> Response {
    ([(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, "no-cache")], body).into_response()
}

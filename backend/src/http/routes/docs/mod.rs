//! `GET /api/openapi.json`, and the same document for people at `/api/docs`. The page's script and style are files of
//! their own, as the content security policy requires.

use crate::auth::Permission;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::Path;
use crate::http::route::Route;
use crate::problem::ProblemKind;
use axum::http::header;
use axum::response::{IntoResponse, Response};

const DOCUMENT: Doc = Doc {
    answer: Answer::Json("OpenApiDocument", &[]),
    example: "/api/openapi.json",
    ..Doc::new("Server", "This API as an OpenAPI 3.1 document")
};

const PAGE: Doc = Doc {
    answer: Answer::Content(&["text/html"]),
    example: "/api/docs",
    ..Doc::new("Server", "This API as a web page")
};

const FILE: Doc = Doc {
    params: &[Param::path("file", "Name of the file", "docs.js").one_of(&["docs.js", "docs.css", "icon.svg"])],
    answer: Answer::Content(&["text/javascript", "text/css", "image/svg+xml"]),
    errors: &[(404, "No such file")],
    ..Doc::new("Server", "Files of the API page")
};

/// With the colours of the app.
const STYLE: &str = concat!(include_str!("../../../../../style/tokens.css"), include_str!("docs.css"));

const ICON: &str = include_str!("../../../../../frontend/favicon.svg");

/// `openapi` gives the document; it is a parameter because the document lists these routes too.
pub(crate) fn routes(openapi: fn() -> &'static str) -> [Route; 3] {
    let document = move || async move { ([(header::CONTENT_TYPE, "application/json")], openapi()) };
    [
        Route::get("/api/openapi.json", document).needs(Permission::Public).doc(DOCUMENT),
        Route::get("/api/docs", page).needs(Permission::Public).doc(PAGE),
        Route::get("/api/docs/{file}", file).needs(Permission::Public).doc(FILE),
    ]
}

async fn page() -> Response {
    text("text/html; charset=utf-8", include_str!("docs.html"))
}

async fn file(Path(name): Path<String>) -> Result<Response, ApiError> {
    match name.as_str() {
        "docs.js" => Ok(text("text/javascript; charset=utf-8", include_str!("docs.js"))),
        "docs.css" => Ok(text("text/css; charset=utf-8", STYLE)),
        "icon.svg" => Ok(text("image/svg+xml", ICON)),
        _ => Err(ApiError::new(ProblemKind::NotFound, format!("no such file: {name}"))),
    }
}

fn text(content_type: &'static str, body: &'static str) -> Response {
    ([(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, "no-cache")], body).into_response()
}

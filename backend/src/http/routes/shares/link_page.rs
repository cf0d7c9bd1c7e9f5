//! `/s/{link}`: the page that shows a share, with a head for where the link is pasted; `/og/{link}.png`: its picture.
//!
//! Of shares that anyone with the link may open, the head says what they show. Of all others, and of links that are wrong, it
//! names the product and nothing else, the same bytes for each.

use crate::app::App;
use crate::auth::{Permission, Principal};
use crate::db::shares::ShareRow;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::router::{BodyLimit, Route};
use crate::http::routes::page;
use crate::sharing::head::Head;
use crate::sharing::{ShareError, manage, open, preview};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::{Arc, OnceLock};

const LINK: Param = Param::path("link", "Id of the link", "0123456789abcdefghjkmnpqrstvwxyz");
const FILE: Param = Param::path("file", "Id of the link, and `.png`", "0123456789abcdefghjkmnpqrstvwxyz.png");
/// The picture for everything that is not for everyone.
const CARD: &str = "/og/card.png";

pub(super) fn routes() -> [Route; 3] {
    let route = |path, handler, doc| Route {
        method: "GET",
        path,
        permission: Permission::Public,
        body: BodyLimit::Small,
        handler,
        doc,
    };
    let page = Doc {
        description: "The page. Its head has Open Graph tags: of a public share what it shows, of all others the product's \
                      name only.",
        params: &[LINK],
        answer: Answer::Content(&["text/html"]),
        ..Doc::new("Shares", "The page of a share")
    };
    const NUMBER: Param = Param::path("number", "Number of a view", "1");
    [
        route("/s/{link}", get(show), page),
        route("/s/{link}/v/{number}", get(show), Doc { params: &[LINK, NUMBER], ..page }),
        route(
            "/og/{file}",
            get(picture),
            Doc {
                description: "1200 × 630 pixels. Of a public share what it shows, of all others a card with the product's name.",
                params: &[FILE],
                answer: Answer::Content(&["image/png"]),
                ..Doc::new("Shares", "The picture of a share")
            },
        ),
    ]
}

/// The share, if anyone with this link may open it.
async fn public(app: &App, link: &str) -> Option<ShareRow> {
    match open::find(&app.shares, link, &Principal::anonymous()).await {
        Ok(share) => Some(share),
        Err(ShareError::NotFound) => None,
        Err(error) => {
            tracing::error!(%error, "share lookup failed");
            None
        }
    }
}

async fn show(State(app): State<Arc<App>>, uri: Uri) -> Response {
    let link = segment(&uri, "/s/");
    let share = public(&app, link).await;
    let absolute = |path: &str| app.public_url.as_ref().map(|url| format!("{}{path}", url.origin()));
    let html = page::document();
    let html = match &share {
        Some(share) => {
            let (address, picture) = (absolute(&format!("/s/{link}")), absolute(&format!("/og/{link}.png")));
            let summary = manage::summary(share);
            let head = Head {
                title: &share.title,
                description: &summary.verdict,
                address: address.as_deref(),
                picture: picture.as_deref(),
            };
            head.put_into(&html)
        }
        None => Head::generic(absolute(CARD).as_deref()).put_into(&html),
    };
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-cache"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (headers, html).into_response()
}

async fn picture(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, ApiError> {
    let link = segment(&uri, "/og/").trim_end_matches(".png");
    let stored = match public(&app, link).await {
        Some(share) => app.records.share_picture(&share.id).await?,
        None => None,
    };
    let bytes = match stored {
        Some(bytes) => bytes,
        None => card()?,
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/png"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok((headers, bytes).into_response())
}

/// Drawn once.
fn card() -> Result<Vec<u8>, ApiError> {
    static CARD: OnceLock<Vec<u8>> = OnceLock::new();
    if let Some(bytes) = CARD.get() {
        return Ok(bytes.clone());
    }
    let bytes = preview::generic().map_err(ShareError::from)?;
    Ok(CARD.get_or_init(|| bytes).clone())
}

/// The first part of the path after a prefix, as it was sent.
fn segment<'a>(uri: &'a Uri, prefix: &str) -> &'a str {
    uri.path().strip_prefix(prefix).unwrap_or_default().split('/').next().unwrap_or_default()
}

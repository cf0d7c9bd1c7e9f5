//! `/s/{link}`: the page of a share, with metadata for link previews; `/og/{link}.png`: its preview image.
//!
//! The metadata of public shares describes their content. For all others, and for invalid links, it only names the product, byte
//! for byte the same.

use crate::app::App;
use crate::auth::{Permission, Principal};
use crate::db::shares::ShareRow;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::page_files::full_page;
use crate::http::route::Route;
use crate::sharing::head::Head;
use crate::sharing::{ShareError, description, open, preview, renewal};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use std::sync::{Arc, OnceLock};

const LINK: Param = Param::path("link", "Id of the link", "0123456789abcdefghjkmnpqrstvwxyz");
const FILE: Param = Param::path("file", "Id of the link, and `.png`", "0123456789abcdefghjkmnpqrstvwxyz.png");
/// The image of shares that are not public.
const CARD: &str = "/og/card.png";

pub(super) fn routes() -> [Route; 3] {
    let page = Doc {
        description: "The page, with Open Graph tags: for a public share its content, for all others the product's name only.",
        params: &[LINK],
        answer: Answer::Content(&["text/html"]),
        ..Doc::new("Shares", "Page of a share")
    };
    const NUMBER: Param = Param::path("number", "Number of a view", "1");
    [
        Route::get("/s/{link}", show).needs(Permission::Public).doc(page),
        Route::get("/s/{link}/v/{number}", show).needs(Permission::Public).doc(Doc { params: &[LINK, NUMBER], ..page }),
        Route::get("/og/{file}", picture).needs(Permission::Public).doc(Doc {
                description: "1200 × 630 pixels. For a public share its content, for all others a card with the product's name.",
                params: &[FILE],
                answer: Answer::Content(&["image/png"]),
                ..Doc::new("Shares", "Preview image of a share")
            }),
    ]
}

/// The share, if it is public, with a current summary.
async fn public(app: &App, link: &str) -> Option<ShareRow> {
    match open::find(&app.shares, link, &Principal::anonymous()).await {
        Ok(share) => Some(renewal::renewed(&app.shares, share).await),
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
    let html = full_page(&app);
    let html = match &share {
        Some(share) => {
            let (address, picture) = (absolute(&format!("/s/{link}")), absolute(&format!("/og/{link}.png")));
            let (summary, title) = (description::summary(share), description::title(share));
            let head = Head {
                title: &title,
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
        Some(share) if !renewal::is_outdated(&share) => app.records.share_picture(&share.id).await?,
        Some(_) | None => None,
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

/// The generic image, drawn once.
fn card() -> Result<Vec<u8>, ApiError> {
    static CARD: OnceLock<Vec<u8>> = OnceLock::new();
    if let Some(bytes) = CARD.get() {
        return Ok(bytes.clone());
    }
    let bytes = preview::generic().map_err(ShareError::from)?;
    Ok(CARD.get_or_init(|| bytes).clone())
}

/// The path segment after a prefix, as sent.
fn segment<'a>(uri: &'a Uri, prefix: &str) -> &'a str {
    uri.path().strip_prefix(prefix).unwrap_or_default().split('/').next().unwrap_or_default()
}

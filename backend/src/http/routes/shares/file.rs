//! `GET /api/v1/shares/{id}/postmortem`: a text to paste.

use super::manage::{ERRORS, ROW, route};
use crate::app::App;
use crate::auth::{Permission, Principal};
use crate::db::id::ShareId;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::Params;
use crate::http::router::Route;
use crate::sharing::link::hash_of;
use crate::sharing::manage;
use crate::sharing::postmortem_export::{self, Format, Urls};
use axum::extract::{Path, State};
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;

const POSTMORTEM: Doc = Doc {
    description: "Finding, facts and the functions that matter, so that the text stands alone when the link is dead. The server \
                  does not know the link; give it as `link` to have it and the picture in the text.",
    params: &[
        ROW,
        Param::query("format", "`markdown` (default), `html` or `confluence`", "markdown"),
        Param::query("link", "Id of the share's link, as it was told when the share was made", ""),
    ],
    answer: Answer::Content(&["text/plain"]),
    errors: ERRORS,
    ..Doc::new("Shares", "A share as a text for a postmortem")
};

pub(super) fn routes() -> [Route; 1] {
    [route("GET", "/api/v1/shares/{id}/postmortem", Permission::CreateShares, get(postmortem), POSTMORTEM)]
}

async fn postmortem(
    State(app): State<Arc<App>>,
    who: Principal,
    Path(id): Path<ShareId>,
    uri: Uri,
) -> Result<Response, ApiError> {
    let params = Params::read(&uri)?;
    params.check(&POSTMORTEM)?;
    let format: Format = params.get("format").unwrap_or("markdown").parse()?;
    let share = manage::managed(&app.shares, &id, &who).await?;
    let mut urls = Urls::default();
    if let Some(link) = params.get("link") {
        if hash_of(link) != share.link_hash {
            return Err(ApiError::bad_request("bad-link", "`link` is not this share's"));
        }
        if let Some(url) = &app.public_url {
            urls.link = format!("{}/s/{link}", url.origin());
            let public = share.visibility == "link";
            urls.picture = public.then(|| format!("{}/og/{link}.png", url.origin()));
        }
    }
    let text = postmortem_export::export(&app.shares, &share, format, urls).await?;
    // Never as HTML: it is to be pasted, not to be shown from here.
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, text).into_response())
}

//! `GET /api/v1/shares/{id}/postmortem`: a share as text for a postmortem, and `/picture`: the picture beside it.

use super::manage::{ERRORS, ROW};
use crate::app::App;
use crate::auth::{Permission, Principal};
use crate::db::id::ShareId;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param, names};
use crate::http::extract::{Caller, Params, Path};
use crate::http::route::Route;
use crate::problem::ProblemKind;
use crate::sharing::link::hash_of;
use crate::sharing::manage;
use crate::sharing::open::find_by_id;
use crate::sharing::picture;
use crate::sharing::postmortem_export::{self, Format, Urls};
use axum::extract::State;
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

const POSTMORTEM: Doc = Doc {
    description: "Finding, facts and top functions, so that the text is complete even when the link has expired. The server does not know \
                  the link; with `link` the text includes it. The picture is embedded in HTML; other formats link that of a public share, if the server has a `public_url`.",
    params: &[
        ROW,
        Param::query("format", "Of the text", "html").one_of(const { &names(&Format::NAMED) }),
        Param::query(
            "link",
            "Id of the share's link, from the response that created it",
            "0123456789abcdefghjkmnpqrstvwxyz",
        ),
    ],
    answer: Answer::Content(&["text/plain"]),
    errors: ERRORS,
    ..Doc::new("Shares", "Write a postmortem")
};

const PICTURE_ERRORS: &[(u16, &str)] =
    &[ERRORS[1], ERRORS[2], ERRORS[3], (410, "The caller's own share has ended; see `detail`")];

pub(super) fn routes() -> [Route; 2] {
    [
        Route::get("/api/v1/shares/{id}/postmortem", postmortem).needs(Permission::CreateShares).doc(POSTMORTEM),
        Route::get("/api/v1/shares/{id}/picture", picture_file).needs(Permission::CreateShares).doc(Doc {
            description: "1200 × 630 pixels, of shares that are not public, too: to attach to a text that cannot embed it.",
            params: &[ROW],
            answer: Answer::Content(&["image/png"]),
            errors: PICTURE_ERRORS,
            ..Doc::new("Shares", "Picture of your share")
        }),
    ]
}

async fn picture_file(
    Caller { app, who, .. }: Caller,
    Path(id): Path<ShareId>,
) -> Result<Response, ApiError> {
    let share = find_by_id(&app.shares, &id, &who).await?;
    let bytes = picture::picture(&app.shares, &share).await?;
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"share.png\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, bytes).into_response())
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
            return Err(ApiError::new(ProblemKind::BadLink, "`link` does not belong to this share"));
        }
        if let Some(url) = &app.public_url {
            urls.link = format!("{}/s/{link}", url.origin());
            let public = share.visibility == "link";
            urls.picture = public.then(|| format!("{}/og/{link}.png", url.origin()));
        }
    }
    let text = postmortem_export::export(&app.shares, &share, format, urls).await?;
    // Never as HTML: the text is for pasting, not for rendering from this origin.
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, text).into_response())
}

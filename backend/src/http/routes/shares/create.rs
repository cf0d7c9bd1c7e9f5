//! `POST /api/v1/shares` and `POST /api/v1/shares/preview`

use super::source;
use crate::app::App;
use crate::auth::{Permission, Principal};
use crate::db::shares::ShareRow;
use crate::http::doc::{Answer, Doc, RequestBody};
use crate::http::extract::body::SizedMessage;
use crate::http::extract::{Caller, Format, MessageBody};
use crate::http::route::{BodyLimit, Route};
use crate::http::{ApiError, share_message};
use crate::sharing::ShareError;
use crate::sharing::audience::audience;
use crate::sharing::create::{self, Draft};
use crate::sharing::link::LinkId;
use crate::sharing::payload::SanitizeReport;
use crate::sharing::title::distinct_title;
use axum::extract::State;
use axum::response::Response;
use flarepath_wire::decoded_size::{CREATE_SHARE, Shape};
use flarepath_wire::shares::{CreateShareRequest, CreatedShare, SharePreview};
use std::sync::Arc;

const BODY: &[RequestBody] = &[
    RequestBody::Json("CreateShareRequest"),
    RequestBody::Bytes(
        "application/x-protobuf",
        "The same message, which may also have `local`: the snapshot of a file",
    ),
];
const ERRORS: &[(u16, &str)] = &[
    (400, "The request or the query in it is malformed"),
    (401, "Not signed in"),
    (403, "This visibility is not allowed, or public links are disabled"),
    (404, "No profile matches, or the caller may read no store of the name in the query"),
    (413, "The share would be too large"),
    (415, "Neither JSON nor protobuf, or an unknown Content-Encoding"),
    (429, "Too many shares in an hour"),
];

impl SizedMessage for CreateShareRequest {
    fn shape() -> &'static Shape {
        &CREATE_SHARE
    }
}

pub(super) fn routes() -> [Route; 2] {
    [
        Route::post("/api/v1/shares/preview", preview)
        .needs(Permission::CreateShares)
        .body(BodyLimit::Profile)
        .doc(Doc {
                description: "The content of the share and what sanitization would remove. Nothing is stored.",
                body: BODY,
                answer: Answer::Message("SharePreview"),
                errors: ERRORS,
                ..Doc::new("Shares", "Preview a share")
            }),
        Route::post("/api/v1/shares", create)
        .needs(Permission::CreateShares)
        .body(BodyLimit::Profile)
        .doc(Doc {
                description: "Without `visibility`, the share is for the caller's team (the first by name), or for the organisation \
                              if the caller has none. Runs the query in `source` as the caller, sanitizes the result, and stores a snapshot: it opens even after the \
                              profiles have been dropped. JSON is limited to 64 KiB; protobuf, of at most 16 MiB, may carry what a file shows in \
                              `local`, and be compressed with gzip or zstd.",
                body: BODY,
                answer: Answer::Message("CreatedShare"),
                errors: ERRORS,
                ..Doc::new("Shares", "Create a share")
            }),
    ]
}

async fn preview(
    State(app): State<Arc<App>>,
    who: Principal,
    format: Format,
    MessageBody(mut request, memory): MessageBody<CreateShareRequest>,
) -> Result<Response, ApiError> {
    let draft = draft(&app, &who, &request).await?;
    let expires_at = create::check(&app.shares, &who, &draft).await?;
    let evidence = source::evidence(&app, &who, &mut request, memory).await?;
    let prepared = create::prepare(&app.shares, &draft, evidence).await?;
    Ok(format.respond(&SharePreview {
        report: Some(prepared.report),
        title: distinct_title(&app.shares, who.id(), &prepared.title).await?,
        note: prepared.note,
        verdict: prepared.summary.verdict,
        bytes: prepared.payload.bytes.len() as u64,
        expires_ns: expires_at.map(|at| at.0),
        nodes: prepared.nodes as u64,
    }))
}

async fn create(
    Caller { app, who, actor }: Caller,
    format: Format,
    MessageBody(mut request, memory): MessageBody<CreateShareRequest>,
) -> Result<Response, ApiError> {
    let draft = draft(&app, &who, &request).await?;
    // Checked before anything is computed, and again when it is stored.
    create::check(&app.shares, &who, &draft).await?;
    let evidence = source::evidence(&app, &who, &mut request, memory).await?;
    let created = create::create(&app.shares, &who, &actor, &draft, evidence).await?;
    Ok(format.respond(&self::created(&app, &created.share, &created.link, Some(created.report))))
}

/// A share with a new link.
pub(super) fn created(
    app: &App,
    share: &ShareRow,
    link: &LinkId,
    report: Option<SanitizeReport>,
) -> CreatedShare {
    let path = format!("/s/{}", link.expose());
    CreatedShare {
        share: Some(share_message::share(share, app.clock.now())),
        link_id: link.expose().to_owned(),
        address: app.public_url.as_ref().map_or_else(String::new, |url| format!("{}{path}", url.origin())),
        path,
        report,
    }
}

async fn draft(app: &App, who: &Principal, request: &CreateShareRequest) -> Result<Draft, ShareError> {
    let team = Some(request.team_id.clone()).filter(|id| !id.is_empty()).map(Into::into);
    let (visibility, team_id) = audience(&app.shares, who, &request.visibility, team).await?;
    Ok(Draft {
        title: request.title.clone(),
        note: request.note.clone(),
        visibility,
        team_id,
        expires_in: request.expires_in.clone(),
        strict: request.strict,
        view: request.view.clone(),
    })
}

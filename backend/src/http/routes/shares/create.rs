//! `POST /api/v1/shares` and `POST /api/v1/shares/preview`

use super::{body, source};
use crate::app::App;
use crate::auth::{Permission, Principal};
use crate::db::audit::Actor;
use crate::http::doc::{Answer, Doc};
use crate::http::extract::Format;
use crate::http::router::{BodyLimit, Route};
use crate::http::{ApiError, share_message};
use crate::sharing::create::{self, Draft};
use crate::sharing::{ShareError, Visibility};
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::post;
use flarepath_wire::shares::{CreateShareRequest, CreatedShare, SharePreview};
use std::sync::Arc;

const BODY: &[&str] = &["application/json", "application/x-protobuf"];
const ERRORS: &[(u16, &str)] = &[
    (400, "The request or the question in it cannot be read"),
    (401, "Nobody is signed in"),
    (403, "Sharing with these people is not allowed, or links that need no sign-in are off"),
    (404, "No profile matches: there is nothing to share"),
    (413, "More than a share may hold"),
    (415, "Neither JSON nor protobuf"),
    (429, "Too many shares in an hour"),
];

pub(super) fn routes() -> [Route; 2] {
    [
        Route {
            method: "POST",
            path: "/api/v1/shares/preview",
            permission: Permission::CreateShares,
            body: BodyLimit::Profile,
            handler: post(preview),
            doc: Doc {
                description: "What a share would hold and what would be taken out of it before. Nothing is stored.",
                body: BODY,
                answer: Answer::Message("SharePreview"),
                errors: ERRORS,
                ..Doc::new("Shares", "Look at a share before it is made")
            },
        },
        Route {
            method: "POST",
            path: "/api/v1/shares",
            permission: Permission::CreateShares,
            body: BodyLimit::Profile,
            handler: post(create),
            doc: Doc {
                description: "Asks the question in `source` as the caller, sanitises the answer, and freezes it: it opens \
                              when the profiles are gone. JSON has at most 64 KiB; protobuf may carry a file's call tree in \
                              `local`, and be gzipped or compressed with zstd.",
                body: BODY,
                answer: Answer::Message("CreatedShare"),
                errors: ERRORS,
                ..Doc::new("Shares", "Share what a question answers")
            },
        },
    ]
}

async fn preview(
    State(app): State<Arc<App>>,
    who: Principal,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let mut request: CreateShareRequest = body::message(&headers, body).await?;
    let draft = draft(&request)?;
    let expires_ns = create::check(&app.shares, &who, &draft).await?;
    let evidence = source::evidence(&app, &who, &mut request).await?;
    let prepared = create::prepare(&app.shares, &draft, evidence).await?;
    Ok(format.respond(&SharePreview {
        report: Some(prepared.report),
        title: prepared.title,
        note: prepared.note,
        verdict: prepared.summary.verdict,
        bytes: prepared.payload.bytes.len() as u64,
        expires_ns,
        nodes: prepared.nodes as u64,
    }))
}

async fn create(
    State(app): State<Arc<App>>,
    who: Principal,
    actor: Actor,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let mut request: CreateShareRequest = body::message(&headers, body).await?;
    let draft = draft(&request)?;
    // Before anything is computed, and again when it is kept.
    create::check(&app.shares, &who, &draft).await?;
    let evidence = source::evidence(&app, &who, &mut request).await?;
    let made = create::create(&app.shares, &who, &actor, &draft, evidence).await?;
    let path = format!("/s/{}", made.link.expose());
    Ok(format.respond(&CreatedShare {
        share: Some(share_message::share(&made.share, app.clock.now_ns())),
        link_id: made.link.expose().to_owned(),
        address: app.public_url.as_ref().map_or_else(String::new, |url| format!("{}{path}", url.origin())),
        path,
        report: Some(made.report),
    }))
}

fn draft(request: &CreateShareRequest) -> Result<Draft, ShareError> {
    let visibility = match request.visibility.as_str() {
        "" => Visibility::Org,
        text => text.parse()?,
    };
    Ok(Draft {
        title: request.title.clone(),
        note: request.note.clone(),
        visibility,
        team_id: Some(request.team_id.clone()).filter(|id| !id.is_empty()).map(Into::into),
        expires_in: request.expires_in.clone(),
        strict: request.strict,
        view: request.view.clone(),
    })
}

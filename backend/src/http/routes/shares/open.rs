//! `/api/v1/shares/open/{link}`: opens a share by its link: the snapshot, its envelope, and its tree as a file.
//!
//! The routes are public; [`crate::sharing::policy::may_open`] decides whether the caller may open the share. Whatever is wrong
//! with a link, the response is the same, byte for byte.

use crate::app::App;
use crate::auth::{AuthError, Client, Permission, Principal, attempts};
use crate::db::audit::Actor;
use crate::db::shares::ShareRow;
use crate::http::doc::{Answer, Doc, Param, names};
use crate::http::extract::{Format, Params};
use crate::http::route::Route;
use crate::http::{ApiError, share_message};
use crate::sharing::pprof::{self, ShareSide};
use crate::sharing::{self, ShareError, payload};
use crate::work::ANSWERS;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

const PREFIX: &str = "/api/v1/shares/open/";
const LINK: Param = Param::path("link", "Id of the link, 32 characters", "0123456789abcdefghjkmnpqrstvwxyz");
pub(super) const SIDE: Param = Param::query("side", "For a comparison: which side", "baseline")
    .one_of(const { &names(&ShareSide::NAMED) });
const ERRORS: &[(u16, &str)] = &[
    (404, "The link is invalid, has ended, or is not for this caller; the response does not say which"),
    (410, "The caller's own share has ended; see `detail`"),
    (429, "Too many invalid links from this address"),
];

const OPEN_ERRORS: &[(u16, &str)] =
    &[(304, "The snapshot is the one that `If-None-Match` names"), ERRORS[0], ERRORS[1], ERRORS[2]];

pub(super) fn routes() -> [Route; 3] {
    [
        Route::get("/api/v1/shares/open/{link}", open).needs(Permission::Public).doc(Doc {
                description: "The stored snapshot: the protobuf message `Snapshot`, compressed with zstd if the caller accepts that.",
                params: &[LINK],
                answer: Answer::Content(&["application/x-protobuf"]),
                errors: OPEN_ERRORS,
                ..Doc::new("Shares", "Open a share")
            }),
        Route::get("/api/v1/shares/open/{link}/envelope", envelope).needs(Permission::Public).doc(Doc {
                description: "Title, note, views and annotations.",
                params: &[LINK],
                answer: Answer::Message("ShareEnvelope"),
                errors: ERRORS,
                ..Doc::new("Shares", "Get the envelope of a share")
            }),
        Route::get("/api/v1/shares/open/{link}/pprof", as_pprof).needs(Permission::Public).doc(Doc {
                description: "The call tree as a gzipped pprof file.",
                params: &[LINK, SIDE],
                answer: Answer::Content(&["application/gzip"]),
                errors: ERRORS,
                ..Doc::new("Shares", "Export a share as pprof")
            }),
    ]
}

/// The share of the link in the path, or the same error for all that may be wrong. Invalid links are counted by address.
pub(super) async fn found(
    app: &App,
    who: &Principal,
    client: &Client,
    uri: &Uri,
    prefix: &str,
) -> Result<ShareRow, ApiError> {
    let rest = uri.path().strip_prefix(prefix).unwrap_or_default();
    let link = rest.split('/').next().unwrap_or_default();
    match sharing::open::find(&app.shares, link, who).await {
        Err(ShareError::NotFound) => match attempts::count_address(&app.gate, "share", client).await {
            Err(error @ AuthError::TooMany(_)) => Err(error.into()),
            Ok(_) => Err(ShareError::NotFound.into()),
            Err(error) => Err(error.into()),
        },
        other => Ok(other?),
    }
}

async fn open(
    State(app): State<Arc<App>>,
    who: Principal,
    client: Client,
    actor: Actor,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let share = found(&app, &who, &client, &uri, PREFIX).await?;
    snapshot(&app, &share, &who, actor, &headers).await
}

/// The snapshot of a share that the caller may open. Counts the view.
pub(super) async fn snapshot(
    app: &App,
    share: &ShareRow,
    who: &Principal,
    actor: Actor,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let hash = share.snapshot_hash.clone().unwrap_or_default();
    let tag = HeaderValue::from_str(&format!("W/\"{hash}\"")).map_err(|_| ApiError::internal())?;
    let mut answer = HeaderMap::new();
    answer.insert(header::ETAG, tag);
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    if known.is_some_and(|tags| tags.contains(&hash)) {
        return Ok((StatusCode::NOT_MODIFIED, answer).into_response());
    }
    let bytes = sharing::stored_snapshot::bytes(&app.shares, share).await?;
    if let Err(error) = sharing::open::record_view(&app.shares, share, who, actor).await {
        tracing::error!(%error, "counting a share view failed");
    }
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-protobuf"));
    if accepts_zstd(headers) {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static("zstd"));
        return Ok((answer, bytes).into_response());
    }
    let plain = ANSWERS.run(move || payload::plain(&bytes, &hash)).await?;
    Ok((answer, plain.map_err(ShareError::from)?).into_response())
}

fn accepts_zstd(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok());
    values.flat_map(|v| v.split(',')).any(|part| {
        let mut fields = part.split(';').map(str::trim);
        let named = fields.next().is_some_and(|name| name.eq_ignore_ascii_case("zstd"));
        named && !fields.any(|field| field.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32)))
    })
}

async fn envelope(
    State(app): State<Arc<App>>,
    who: Principal,
    client: Client,
    uri: Uri,
    format: Format,
) -> Result<Response, ApiError> {
    let share = found(&app, &who, &client, &uri, PREFIX).await?;
    let opened = sharing::open::envelope(&app.shares, share).await?;
    Ok(format.respond(&share_message::envelope(opened, &who)))
}

async fn as_pprof(
    State(app): State<Arc<App>>,
    who: Principal,
    client: Client,
    uri: Uri,
) -> Result<Response, ApiError> {
    let share = found(&app, &who, &client, &uri, PREFIX).await?;
    pprof_file(&app, &share, &uri).await
}

/// The call tree of a share that the caller may open.
pub(super) async fn pprof_file(app: &App, share: &ShareRow, uri: &Uri) -> Result<Response, ApiError> {
    let side: ShareSide = Params::read(uri)?.get("side").unwrap_or("comparison").parse()?;
    let file = pprof::pprof(&app.shares, share, side).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/gzip"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"share.pb.gz\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, file).into_response())
}

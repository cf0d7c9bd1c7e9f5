//! `/api/v1/shares/{id}/snapshot` and others: opens a share from the list of shares, where its link is not known.
//!
//! [`crate::sharing::policy::may_open_by_id`] decides whether the caller may. All others get the answer of an unknown id.

use super::manage::{ERRORS, ROW};
use super::open::{self, SIDE};
use crate::auth::Permission;
use crate::db::id::ShareId;
use crate::http::doc::{Answer, Doc};
use crate::http::extract::{Caller, Format, Path};
use crate::http::route::Route;
use crate::http::{ApiError, share_message};
use crate::sharing::open::{envelope as opened, find_by_id};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

const GONE: (u16, &str) = (410, "The caller's own share has ended; see `detail`");
const SNAPSHOT_ERRORS: &[(u16, &str)] =
    &[(304, "The snapshot is the one that `If-None-Match` names"), ERRORS[1], ERRORS[2], ERRORS[3], GONE];
const OPEN_ERRORS: &[(u16, &str)] = &[ERRORS[1], ERRORS[2], ERRORS[3], GONE];

pub(super) fn routes() -> [Route; 3] {
    [
        Route::get("/api/v1/shares/{id}/snapshot", snapshot).needs(Permission::CreateShares).doc(Doc {
            description: "Like opening it by its link, for those who may manage the share, as far as its audience includes them. A \
                          token that is limited to some profiles needs the link.",
            params: &[ROW],
            answer: Answer::Content(&["application/x-protobuf"]),
            errors: SNAPSHOT_ERRORS,
            ..Doc::new("Shares", "Open your share")
        }),
        Route::get("/api/v1/shares/{id}/envelope", envelope).needs(Permission::CreateShares).doc(Doc {
            description: "Title, note, views and annotations.",
            params: &[ROW],
            answer: Answer::Message("ShareEnvelope"),
            errors: OPEN_ERRORS,
            ..Doc::new("Shares", "Get the envelope of your share")
        }),
        Route::get("/api/v1/shares/{id}/pprof", pprof).needs(Permission::CreateShares).doc(Doc {
            description: "The call tree as a gzipped pprof file.",
            params: &[ROW, SIDE],
            answer: Answer::Content(&["application/gzip"]),
            errors: OPEN_ERRORS,
            ..Doc::new("Shares", "Export your share as pprof")
        }),
    ]
}

async fn snapshot(
    Caller { app, who, actor }: Caller,
    Path(id): Path<ShareId>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let share = find_by_id(&app.shares, &id, &who).await?;
    open::snapshot(&app, &share, &who, actor, &headers).await
}

async fn envelope(
    Caller { app, who, .. }: Caller,
    Path(id): Path<ShareId>,
    format: Format,
) -> Result<Response, ApiError> {
    let share = find_by_id(&app.shares, &id, &who).await?;
    let opened = opened(&app.shares, share).await?;
    Ok(format.respond(&share_message::envelope(opened, &who)))
}

async fn pprof(
    Caller { app, who, .. }: Caller,
    Path(id): Path<ShareId>,
    uri: Uri,
) -> Result<Response, ApiError> {
    let share = find_by_id(&app.shares, &id, &who).await?;
    open::pprof_file(&app, &share, &uri).await
}

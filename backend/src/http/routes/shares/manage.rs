//! Lists and changes shares.

use super::create::created;
use crate::app::App;
use crate::auth::Permission;
use crate::db::id::{PrincipalId, ShareId};
use crate::db::shares::{ShareCursor, ShareRow};
use crate::http::doc::{Answer, Doc, Param, RequestBody};
use crate::http::extract::{Caller, Format, JsonBody, Params, Path};
use crate::http::route::Route;
use crate::http::routes::params::CURSOR;
use crate::http::{ApiError, share_message};
use crate::problem::ProblemKind;
use crate::sharing::change::{self, Changes};
use crate::sharing::manage::{self, Listed};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_wire::shares::*;

pub(super) const ROW: Param = Param::id("id", "Id of the share's row");
pub(super) const ERRORS: &[(u16, &str)] = &[
    (400, "The request is malformed"),
    (401, "Not signed in"),
    (403, "Permission denied"),
    (404, "No such share, or not the caller's"),
    (409, "The share has changed meanwhile or has been purged, or the change must be confirmed"),
];
const ALL: Param = Param::query("all", "All users' shares; requires shares:manage", "true").flag();
const EVERYONE: Param = Param::query(
    "everyone",
    "Only shares with the organisation that everyone who signs in can open, as they were made before this required a role \
     over the whole organisation. A change with `visibility: org` narrows one",
    "true",
)
.flag();
const LIMIT: Param = Param::query("limit", "Shares per page", "100").integer(1..=500).default("100");

const LIST: Doc = Doc {
    description: "Newest first, including ended ones. They are managed by `id`, which does not open them; the link was only in the \
                  response that created the share.",
    params: &[
        ALL,
        EVERYONE,
        LIMIT,
        Param::query(
            "before",
            "`next` of the previous page",
            "1795227540000000000-01h455vb4pex5vsknk084sn02q",
        )
        .pattern(CURSOR),
    ],
    answer: Answer::Message("SharesResponse"),
    errors: &[(400, "A parameter is malformed"), (401, "Not signed in"), (403, "Permission denied")],
    example: "/api/v1/shares",
    ..Doc::new("Shares", "List your shares")
};

pub(super) fn routes() -> [Route; 7] {
    use Permission::{CreateShares, ManageShares};
    [
        Route::get("/api/v1/shares", list).needs(CreateShares).doc(LIST),
        Route::get("/api/v1/shares/{id}", one).needs(CreateShares).doc(Doc {
                params: &[ROW],
                answer: Answer::Message("Share"),
                errors: ERRORS,
                ..Doc::new("Shares", "Get a share")
            }),
        Route::patch("/api/v1/shares/{id}", change).needs(CreateShares).doc(Doc {
                description: "Title, note, visibility and expiry; absent fields remain unchanged. `visibility: org` means those with a role over the whole \
                          organisation, also for a share that everyone who signs in could open before. Widening the audience requires \
                          `confirm`, and sanitizes the snapshot again if the rules of the new audience are stricter.",
                params: &[ROW],
                body: &[RequestBody::Json("ChangeShareRequest")],
                answer: Answer::Message("Share"),
                errors: ERRORS,
                ..Doc::new("Shares", "Update a share")
            }),
        Route::delete("/api/v1/shares/{id}", revoke).needs(CreateShares).doc(Doc {
                description: "The link stops working immediately; the snapshot is purged a week later.",
                params: &[ROW],
                errors: ERRORS,
                ..Doc::new("Shares", "Revoke a share")
            }),
        Route::post("/api/v1/shares/{id}/link", relink).needs(CreateShares).doc(Doc {
                description: "For a lost or leaked link: the old one stops working immediately.",
                params: &[ROW],
                answer: Answer::Message("CreatedShare"),
                errors: ERRORS,
                ..Doc::new("Shares", "Replace the link of a share")
            }),
        Route::post("/api/v1/shares/{id}/transfer", transfer).needs(CreateShares).doc(Doc {
                params: &[ROW],
                body: &[RequestBody::Json("TransferShareRequest")],
                answer: Answer::Message("Share"),
                errors: ERRORS,
                ..Doc::new("Shares", "Transfer a share to another user")
            }),
        Route::post("/api/v1/shares/bulk", bulk).needs(ManageShares).doc(Doc {
                description: "For users who have left: revokes all shares of an owner, or transfers them to another user.",
                body: &[RequestBody::Json("BulkShareRequest")],
                answer: Answer::Message("BulkShareResponse"),
                errors: ERRORS,
                ..Doc::new("Shares", "Revoke or transfer all shares of an owner")
            }),
    ]
}

async fn list(Caller { app, who, .. }: Caller, uri: Uri, format: Format) -> Result<Response, ApiError> {
    let params = Params::read(&uri)?;
    params.check(&LIST)?;
    let listed = Listed { all: params.flag(&ALL)?, for_everyone: params.flag(&EVERYONE)? };
    let limit = params.integer(&LIMIT, ProblemKind::BadParameter)?;
    let bad = || ApiError::new(ProblemKind::BadParameter, "`before`: expected `next` of the previous page");
    let before = params.get("before").map(|text| parse_cursor(text).ok_or_else(bad)).transpose()?;
    let rows = manage::list(&app.shares, &who, listed, before.as_ref(), limit).await?;
    let more = rows.len() as i64 == limit;
    let next = rows.last().filter(|_| more).map(|row| format!("{}-{}", row.created_at.0, row.id));
    let now = app.clock.now();
    Ok(format.respond(&SharesResponse {
        shares: rows.iter().map(|row| share_message::share(row, now)).collect(),
        next: next.unwrap_or_default(),
        public_links: app.shares.config.public_links,
    }))
}

fn parse_cursor(text: &str) -> Option<ShareCursor> {
    let (at, id) = text.split_once('-')?;
    Some(ShareCursor { created_at: UnixNanos(at.parse().ok()?), id: id.into() })
}

fn respond(app: &App, format: Format, share: &ShareRow) -> Response {
    format.respond(&share_message::share(share, app.clock.now()))
}

async fn one(
    Caller { app, who, .. }: Caller,
    Path(id): Path<ShareId>,
    format: Format,
) -> Result<Response, ApiError> {
    let share = manage::managed(&app.shares, &id, &who).await?;
    Ok(respond(&app, format, &share))
}

async fn change(
    Caller { app, who, actor }: Caller,
    Path(id): Path<ShareId>,
    format: Format,
    JsonBody(request): JsonBody<ChangeShareRequest>,
) -> Result<Response, ApiError> {
    let audience = match (request.visibility, request.team_id) {
        (None, None) => None,
        (None, Some(_)) => {
            return Err(ApiError::new(ProblemKind::BadTeam, "`team_id` needs `visibility` beside it"));
        }
        (Some(visibility), team) => {
            Some((visibility.parse()?, team.filter(|id| !id.is_empty()).map(Into::into)))
        }
    };
    let changes = Changes {
        version: request.version,
        title: request.title,
        note: request.note,
        audience,
        expires_in: request.expires_in,
        confirmed: request.confirm,
    };
    let share = change::change(&app.shares, &who, &actor, &id, changes).await?;
    Ok(respond(&app, format, &share))
}

async fn revoke(Caller { app, who, actor }: Caller, Path(id): Path<ShareId>) -> Result<StatusCode, ApiError> {
    manage::revoke(&app.shares, &who, &actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn relink(
    Caller { app, who, actor }: Caller,
    Path(id): Path<ShareId>,
    format: Format,
) -> Result<Response, ApiError> {
    let (share, link) = manage::relink(&app.shares, &who, &actor, &id).await?;
    Ok(format.respond(&created(&app, &share, &link, None)))
}

async fn transfer(
    Caller { app, who, actor }: Caller,
    Path(id): Path<ShareId>,
    format: Format,
    JsonBody(request): JsonBody<TransferShareRequest>,
) -> Result<Response, ApiError> {
    let share = manage::transfer(&app.shares, &who, &actor, &id, &request.to).await?;
    Ok(respond(&app, format, &share))
}

async fn bulk(
    Caller { app, actor, .. }: Caller,
    format: Format,
    JsonBody(request): JsonBody<BulkShareRequest>,
) -> Result<Response, ApiError> {
    if request.owner_id.is_empty() {
        return Err(ApiError::new(ProblemKind::BadOwner, "`owner_id` is required"));
    }
    let owner = PrincipalId::from(request.owner_id);
    let shares = match request.action.as_str() {
        "revoke" => manage::revoke_all(&app.shares, &actor, &owner).await?,
        "transfer" => manage::transfer_all(&app.shares, &actor, &owner, &request.to).await?,
        _ => return Err(ApiError::new(ProblemKind::BadAction, "`action`: expected revoke or transfer")),
    };
    Ok(format.respond(&BulkShareResponse { shares }))
}

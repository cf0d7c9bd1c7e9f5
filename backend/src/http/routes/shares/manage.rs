//! Lists of shares, and changes to what stands around them.

use super::body;
use crate::app::App;
use crate::auth::{Permission, Principal};
use crate::db::audit::Actor;
use crate::db::id::{PrincipalId, ShareId};
use crate::db::shares::ShareCursor;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::{Format, Params};
use crate::http::router::{BodyLimit, Route};
use crate::http::{ApiError, share_message};
use crate::sharing::ShareError;
use crate::sharing::manage::{self, Changes};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, delete, get, patch, post};
use flarepath_wire::shares::*;
use std::sync::Arc;

pub(super) const ROW: Param =
    Param::path("id", "Id of the share's row, 26 characters", "0123456789abcdefghjkmnpqrs");
pub(super) const ERRORS: &[(u16, &str)] = &[
    (400, "The request cannot be read"),
    (401, "Nobody is signed in"),
    (403, "Not allowed"),
    (404, "There is no such share, or it is somebody else's"),
    (409, "It was changed meanwhile, has ended for good, or the change has to be confirmed"),
];
const JSON: &[&str] = &["application/json"];
const DEFAULT_LIMIT: i64 = 100;
const MAX_LIMIT: i64 = 500;

const LIST: Doc = Doc {
    description: "Newest first, those that have ended among them. They are managed by `id`, which opens nothing; the link was \
                  told when the share was made.",
    params: &[
        Param::query("all", "`true`: everybody's, for those who manage shares", "true"),
        Param::query("limit", "How many, 1 to 500 (default 100)", "100"),
        Param::query("before", "`next` of the list before", ""),
    ],
    answer: Answer::Message("SharesResponse"),
    errors: &[(400, "A parameter cannot be read"), (401, "Nobody is signed in"), (403, "Not allowed")],
    example: "/api/v1/shares",
    ..Doc::new("Shares", "Shares that one has made")
};

pub(super) fn routes() -> [Route; 7] {
    use Permission::{CreateShares, ManageShares};
    [
        route("GET", "/api/v1/shares", CreateShares, get(list), LIST),
        route(
            "GET",
            "/api/v1/shares/{id}",
            CreateShares,
            get(one),
            Doc {
                params: &[ROW],
                answer: Answer::Message("Share"),
                errors: ERRORS,
                ..Doc::new("Shares", "A share of one's own")
            },
        ),
        route(
            "PATCH",
            "/api/v1/shares/{id}",
            CreateShares,
            patch(change),
            Doc {
                description: "Title, note, who may open it and until when. What is absent stays. Where more people may open it than \
                          before, `confirm` is needed, and the snapshot is sanitised anew if their rules are stricter.",
                params: &[ROW],
                body: JSON,
                answer: Answer::Message("Share"),
                errors: ERRORS,
                ..Doc::new("Shares", "Change a share")
            },
        ),
        route(
            "DELETE",
            "/api/v1/shares/{id}",
            CreateShares,
            delete(revoke),
            Doc {
                description: "The link is dead at once; the snapshot is purged a week later.",
                params: &[ROW],
                errors: ERRORS,
                ..Doc::new("Shares", "Revoke a share")
            },
        ),
        route(
            "POST",
            "/api/v1/shares/{id}/link",
            CreateShares,
            post(relink),
            Doc {
                description: "For a link that is lost or went too far: the old one is dead at once.",
                params: &[ROW],
                answer: Answer::Message("CreatedShare"),
                errors: ERRORS,
                ..Doc::new("Shares", "A new link in place of the old one")
            },
        ),
        route(
            "POST",
            "/api/v1/shares/{id}/transfer",
            CreateShares,
            post(transfer),
            Doc {
                params: &[ROW],
                body: JSON,
                answer: Answer::Message("Share"),
                errors: ERRORS,
                ..Doc::new("Shares", "Give a share to another user")
            },
        ),
        route(
            "POST",
            "/api/v1/shares/bulk",
            ManageShares,
            post(bulk),
            Doc {
                description: "When somebody has left: revoke all shares of an owner, or give them to another user.",
                body: JSON,
                answer: Answer::Message("BulkShareResponse"),
                errors: ERRORS,
                ..Doc::new("Shares", "Revoke or transfer all shares of an owner")
            },
        ),
    ]
}

pub(super) fn route(
    method: &'static str,
    path: &'static str,
    permission: Permission,
    handler: MethodRouter<Arc<App>>,
    doc: Doc,
) -> Route {
    Route { method, path, permission, body: BodyLimit::Small, handler, doc }
}

async fn list(
    State(app): State<Arc<App>>,
    who: Principal,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let params = Params::read(&uri)?;
    params.check(&LIST)?;
    let bad = |name: &str, expected: &str| {
        ApiError::bad_request("bad-parameter", format!("`{name}`: expected {expected}"))
    };
    let all = match params.get("all") {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(bad("all", "true or false")),
    };
    let limit = match params.get("limit") {
        None => DEFAULT_LIMIT,
        Some(text) => text
            .parse()
            .ok()
            .filter(|limit| (1..=MAX_LIMIT).contains(limit))
            .ok_or_else(|| bad("limit", "a whole number from 1 to 500"))?,
    };
    let before =
        params.get("before").map(|text| read_place(text).ok_or_else(|| bad("before", "`next` of a list")));
    let rows = manage::list(&app.shares, &who, all, before.transpose()?.as_ref(), limit).await?;
    let more = rows.len() as i64 == limit;
    let next = rows.last().filter(|_| more).map(|row| format!("{}-{}", row.created_at, row.id));
    let now_ns = app.clock.now_ns();
    Ok(format.respond(&SharesResponse {
        shares: rows.iter().map(|row| share_message::share(row, now_ns)).collect(),
        next: next.unwrap_or_default(),
        public_links: app.shares.config.public_links,
    }))
}

fn read_place(text: &str) -> Option<ShareCursor> {
    let (at, id) = text.split_once('-')?;
    Some(ShareCursor { created_at: at.parse().ok()?, id: id.into() })
}

async fn one(
    State(app): State<Arc<App>>,
    who: Principal,
    Path(id): Path<ShareId>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let share = manage::managed(&app.shares, &id, &who).await?;
    Ok(Format::accepted(&headers)?.respond(&share_message::share(&share, app.clock.now_ns())))
}

async fn change(
    State(app): State<Arc<App>>,
    who: Principal,
    actor: Actor,
    Path(id): Path<ShareId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let request: ChangeShareRequest = body::json(&headers, body).await?;
    let audience = match (request.visibility, request.team_id) {
        (None, None) => None,
        (None, Some(_)) => {
            return Err(ShareError::invalid("bad-team", "`team_id` needs `visibility` beside it").into());
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
    let share = manage::change(&app.shares, &who, &actor, &id, changes).await?;
    Ok(format.respond(&share_message::share(&share, app.clock.now_ns())))
}

async fn revoke(
    State(app): State<Arc<App>>,
    who: Principal,
    actor: Actor,
    Path(id): Path<ShareId>,
) -> Result<Response, ApiError> {
    manage::revoke(&app.shares, &who, &actor, &id).await?;
    Ok(done())
}

async fn relink(
    State(app): State<Arc<App>>,
    who: Principal,
    actor: Actor,
    Path(id): Path<ShareId>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let (share, link) = manage::relink(&app.shares, &who, &actor, &id).await?;
    let path = format!("/s/{}", link.expose());
    Ok(format.respond(&CreatedShare {
        share: Some(share_message::share(&share, app.clock.now_ns())),
        link_id: link.expose().to_owned(),
        address: app.public_url.as_ref().map_or_else(String::new, |url| format!("{}{path}", url.origin())),
        path,
        report: None,
    }))
}

async fn transfer(
    State(app): State<Arc<App>>,
    who: Principal,
    actor: Actor,
    Path(id): Path<ShareId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let request: TransferShareRequest = body::json(&headers, body).await?;
    let share = manage::transfer(&app.shares, &who, &actor, &id, &request.to).await?;
    Ok(format.respond(&share_message::share(&share, app.clock.now_ns())))
}

async fn bulk(
    State(app): State<Arc<App>>,
    actor: Actor,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let request: BulkShareRequest = body::json(&headers, body).await?;
    if request.owner_id.is_empty() {
        return Err(ApiError::bad_request("bad-owner", "`owner_id` is required"));
    }
    let owner = PrincipalId::from(request.owner_id);
    let shares = match request.action.as_str() {
        "revoke" => manage::revoke_all(&app.shares, &actor, &owner).await?,
        "transfer" => manage::transfer_all(&app.shares, &actor, &owner, &request.to).await?,
        _ => return Err(ApiError::bad_request("bad-action", "`action`: expected revoke or transfer")),
    };
    Ok(format.respond(&BulkShareResponse { shares }))
}

/// 204.
pub(super) fn done() -> Response {
    (StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]).into_response()
}

//! `/api/v1/me/tokens`: one's own API tokens; `/api/v1/tokens`: everybody's, for administrators.

use crate::app::App;
use crate::auth::tokens::{self, Access, CreatedToken, NewToken as TokenRequest};
use crate::auth::{AuthError, Permission, Principal, Role};
use crate::db::api_tokens::TokenRow;
use crate::db::audit::Actor;
use crate::db::id::{PrincipalId, TokenId};
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::{Format, JsonBody};
use crate::http::router::{BodyLimit, Route};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, post};
use flarepath_wire::access::{NewToken, Token, TokenDraft, TokenRotation, TokensResponse};
use secrecy::ExposeSecret;
use std::sync::Arc;
use std::time::Duration;

const ID: &[Param] = &[Param::path("id", "Id of the token", "01h455vb4pex5vsknk084sn02q")];
const JSON: &[&str] = &["application/json"];
const LISTED: &[(u16, &str)] = &[(406, "Neither JSON nor protobuf is acceptable to the caller")];
const MISSING: &[(u16, &str)] = &[(404, "There is no such token.")];
const ROTATED: &[(u16, &str)] = &[
    (400, "The overlap is longer than a day."),
    (404, "There is no such token."),
    (409, "It is expired, revoked or replaced already."),
];
const ABOUT_ROTATION: &str = "Makes a new token with the same rights, whose secret is in this answer and nowhere else. \
     The old one is good for `overlap_s` more seconds. If it is used after that, somebody holds a copy: all tokens that \
     came from the same one are revoked.";

pub(crate) fn routes() -> Vec<Route> {
    let own = own_routes();
    own.into_iter().chain(all_routes()).collect()
}

fn line(
    permission: Permission,
    method: &'static str,
    path: &'static str,
    handler: MethodRouter<Arc<App>>,
    doc: Doc,
) -> Route {
    Route { method, path, permission, body: BodyLimit::Small, handler, doc }
}

fn own_routes() -> Vec<Route> {
    let line = |method, path, handler, doc| line(Permission::SignedIn, method, path, handler, doc);
    let doc = |summary| Doc::new("API tokens", summary);
    vec![
        line(
            "GET",
            "/api/v1/me/tokens",
            get(list_own),
            Doc {
                description: "Those that died in the last 90 days included, so that one can see why a program stopped.",
                answer: Answer::Message("TokensResponse"),
                errors: LISTED,
                example: "/api/v1/me/tokens",
                ..doc("Own tokens")
            },
        ),
        line(
            "POST",
            "/api/v1/me/tokens",
            post(create_own),
            Doc {
                description: "The secret is in this answer and nowhere else. The token gives what its owner may do at the time \
                              of use, but at most `role` over `selector`.",
                body: JSON,
                answer: Answer::Message("NewToken"),
                errors: &[
                    (400, "The name, role, selector or expiry cannot be kept."),
                    (403, "It would give more than you have."),
                    (409, "There are too many tokens."),
                ],
                ..doc("Make a token")
            },
        ),
        line(
            "POST",
            "/api/v1/me/tokens/{id}/rotate",
            post(rotate_own),
            Doc {
                description: ABOUT_ROTATION,
                params: ID,
                body: JSON,
                answer: Answer::Message("NewToken"),
                errors: ROTATED,
                ..doc("Replace an own token")
            },
        ),
        line(
            "DELETE",
            "/api/v1/me/tokens/{id}",
            delete(revoke_own),
            Doc { params: ID, errors: MISSING, ..doc("Revoke an own token") },
        ),
    ]
}

fn all_routes() -> Vec<Route> {
    let line = |method, path, handler, doc| line(Permission::ManagePeople, method, path, handler, doc);
    let doc = |summary| Doc::new("API tokens", summary);
    vec![
        line(
            "GET",
            "/api/v1/tokens",
            get(list_all),
            Doc {
                answer: Answer::Message("TokensResponse"),
                errors: LISTED,
                example: "/api/v1/tokens",
                ..doc("Everybody's tokens")
            },
        ),
        line(
            "POST",
            "/api/v1/tokens/{id}/rotate",
            post(rotate_service),
            Doc {
                description: ABOUT_ROTATION,
                params: ID,
                body: JSON,
                answer: Answer::Message("NewToken"),
                errors: ROTATED,
                ..doc("Replace a service account's token")
            },
        ),
        line(
            "DELETE",
            "/api/v1/tokens/{id}",
            delete(revoke_any),
            Doc { params: ID, errors: MISSING, ..doc("Revoke anybody's token") },
        ),
    ]
}

async fn list_own(
    State(app): State<Arc<App>>,
    who: Principal,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    list_of(&app, &headers, ("user", who.id())).await
}

/// Answers with the tokens of an owner.
pub(super) async fn list_of(
    app: &App,
    headers: &HeaderMap,
    owner: (&str, &PrincipalId),
) -> Result<Response, ApiError> {
    let format = Format::accepted(headers)?;
    let now = app.clock.now_ns();
    Ok(listed(format, tokens::list(&app.records, owner, now).await?, now))
}

async fn list_all(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let now = app.clock.now_ns();
    Ok(listed(format, tokens::list_all(&app.records, now).await?, now))
}

fn listed(format: Format, rows: Vec<TokenRow>, now: i64) -> Response {
    format.respond(&TokensResponse { tokens: rows.into_iter().map(|row| message(row, now)).collect() })
}

async fn create_own(
    State(app): State<Arc<App>>,
    who: Principal,
    actor: Actor,
    headers: HeaderMap,
    JsonBody(draft): JsonBody<TokenDraft>,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let made_one = tokens::create_own(&app.records, &actor, &who, &wish(draft)?).await?;
    Ok(made(format, &made_one, actor.at))
}

async fn rotate_own(
    State(app): State<Arc<App>>,
    who: Principal,
    actor: Actor,
    Path(id): Path<TokenId>,
    headers: HeaderMap,
    JsonBody(rotation): JsonBody<TokenRotation>,
) -> Result<Response, ApiError> {
    rotate(&app, &actor, Access::Own(who.id()), &id, &headers, &rotation).await
}

async fn rotate_service(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<TokenId>,
    headers: HeaderMap,
    JsonBody(rotation): JsonBody<TokenRotation>,
) -> Result<Response, ApiError> {
    rotate(&app, &actor, Access::ServiceAccounts, &id, &headers, &rotation).await
}

async fn rotate(
    app: &App,
    actor: &Actor,
    access: Access<'_>,
    id: &TokenId,
    headers: &HeaderMap,
    rotation: &TokenRotation,
) -> Result<Response, ApiError> {
    let format = Format::accepted(headers)?;
    let overlap =
        rotation.overlap_s.map_or(tokens::DEFAULT_OVERLAP, |seconds| Duration::from_secs(seconds.into()));
    let made_one = tokens::rotate(&app.records, actor, access, id, overlap).await?;
    Ok(made(format, &made_one, actor.at))
}

async fn revoke_own(
    State(app): State<Arc<App>>,
    who: Principal,
    actor: Actor,
    Path(id): Path<TokenId>,
) -> Result<StatusCode, ApiError> {
    tokens::revoke(&app.records, &actor, Access::Own(who.id()), &id).await?;
    Ok(StatusCode::OK)
}

async fn revoke_any(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<TokenId>,
) -> Result<StatusCode, ApiError> {
    tokens::revoke(&app.records, &actor, Access::All, &id).await?;
    Ok(StatusCode::OK)
}

/// What was asked for.
///
/// # Errors
/// 400 when there is no such role.
pub(super) fn wish(draft: TokenDraft) -> Result<TokenRequest, AuthError> {
    let role: Role = draft.role.parse().map_err(|e| AuthError::invalid("bad-role", format!("{e}")))?;
    let lifetime = match draft.expires_days {
        0 => tokens::DEFAULT_LIFETIME,
        days => Duration::from_secs(u64::from(days) * 24 * 3600),
    };
    Ok(TokenRequest { name: draft.name, role, selector: draft.selector, lifetime })
}

/// Answers with a token that was just made: the one time that its secret is shown.
pub(super) fn made(format: Format, made: &CreatedToken, now: i64) -> Response {
    let secret = made.secret.expose_secret().to_owned();
    format.respond(&NewToken { token: Some(message(made.token.clone(), now)), secret })
}

fn message(row: TokenRow, now: i64) -> Token {
    let state = match (&row.revoked_at, row.expires_at <= now, &row.replaced_by) {
        (Some(_), ..) => "revoked",
        (None, true, _) => "expired",
        (None, false, Some(_)) => "replaced",
        (None, false, None) => "live",
    };
    Token {
        id: row.id.into(),
        prefix: row.prefix,
        last_four: row.last_four,
        kind: row.kind,
        owner_kind: row.owner_kind,
        owner_id: row.owner_id.into(),
        name: row.name,
        role: row.role,
        selector: row.selector,
        state: state.to_owned(),
        created_at_ns: row.created_at,
        expires_at_ns: row.expires_at,
        revoked_at_ns: row.revoked_at,
        used_at_ns: row.used_at,
        used_ip: row.used_ip,
        replaced_by: row.replaced_by.map(Into::into),
        created_by: row.created_by.into(),
    }
}

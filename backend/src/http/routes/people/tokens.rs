//! `/api/v1/me/tokens`: one's own API tokens; `/api/v1/tokens`: everybody's, for administrators.

use crate::app::App;
use crate::auth::tokens::{self, Access, CreatedToken, NewToken as TokenRequest};
use crate::auth::{AuthError, Permission, Principal, Role};
use crate::db::api_tokens::TokenRow;
use crate::db::audit::Actor;
use crate::db::id::{PrincipalId, TokenId};
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param, RequestBody};
use crate::http::extract::{Caller, Format, JsonBody, Path};
use crate::http::route::Route;
use crate::problem::ProblemKind;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_wire::access::{NewToken, Token, TokenDraft, TokenRotation, TokensResponse};
use secrecy::ExposeSecret;
use std::sync::Arc;
use std::time::Duration;

const ID: &[Param] = &[Param::id("id", "Id of the token")];
const MISSING: &[(u16, &str)] = &[(404, "No such token")];
const ROTATED: &[(u16, &str)] = &[
    (400, "The overlap is longer than a day"),
    (404, "No such token"),
    (409, "The token is expired, revoked or replaced"),
];
const ABOUT_ROTATION: &str = "Creates a new token with the same permissions, whose secret is shown in this response only. The old one stays valid for \
     `overlap_s` more seconds. Use after that means that it was copied: all tokens rotated from the same one are revoked.";

pub(crate) fn routes() -> Vec<Route> {
    let own = own_routes();
    own.into_iter().chain(all_routes()).collect()
}

fn own_routes() -> Vec<Route> {
    let doc = |summary| Doc::new("API tokens", summary);
    vec![
        Route::get("/api/v1/me/tokens", list_own).needs(Permission::SignedIn).doc(Doc {
                description: "Includes tokens that became invalid in the last 90 days, which explains why a program stopped working.",
                answer: Answer::Message("TokensResponse"),
                        example: "/api/v1/me/tokens",
                ..doc("List your tokens")
            }),
        Route::post("/api/v1/me/tokens", create_own).needs(Permission::SignedIn).doc(Doc {
                description: "The secret is shown in this response only. The token grants the permissions that its owner has at the time of use, \
                              limited to `role` on `selector`.",
                body: &[RequestBody::Json("TokenDraft")],
                answer: Answer::Message("NewToken"),
                errors: &[
                    (400, "The name, role, selector or expiry is invalid"),
                    (403, "The token would exceed your permissions"),
                    (409, "Too many tokens"),
                ],
                ..doc("Create a token")
            }),
        Route::post("/api/v1/me/tokens/{id}/rotate", rotate_own).needs(Permission::SignedIn).doc(Doc {
                description: ABOUT_ROTATION,
                params: ID,
                body: &[RequestBody::Json("TokenRotation")],
                answer: Answer::Message("NewToken"),
                errors: ROTATED,
                ..doc("Rotate your token")
            }),
        Route::delete("/api/v1/me/tokens/{id}", revoke_own).needs(Permission::SignedIn).doc(Doc { params: ID, errors: MISSING, ..doc("Revoke your token") }),
    ]
}

fn all_routes() -> Vec<Route> {
    let doc = |summary| Doc::new("API tokens", summary);
    vec![
        Route::get("/api/v1/tokens", list_all).needs(Permission::ManagePeople).doc(Doc {
            answer: Answer::Message("TokensResponse"),
            example: "/api/v1/tokens",
            ..doc("List all tokens")
        }),
        Route::post("/api/v1/tokens/{id}/rotate", rotate_service).needs(Permission::ManagePeople).doc(Doc {
            description: ABOUT_ROTATION,
            params: ID,
            body: &[RequestBody::Json("TokenRotation")],
            answer: Answer::Message("NewToken"),
            errors: ROTATED,
            ..doc("Rotate a service account's token")
        }),
        Route::delete("/api/v1/tokens/{id}", revoke_any).needs(Permission::ManagePeople).doc(Doc {
            params: ID,
            errors: MISSING,
            ..doc("Revoke any token")
        }),
    ]
}

async fn list_own(State(app): State<Arc<App>>, who: Principal, format: Format) -> Result<Response, ApiError> {
    list_of(&app, format, ("user", who.id())).await
}

/// Responds with the tokens of an owner.
pub(super) async fn list_of(
    app: &App,
    format: Format,
    owner: (&str, &PrincipalId),
) -> Result<Response, ApiError> {
    let now = app.clock.now();
    Ok(listed(format, tokens::list(&app.records, owner, now).await?, now))
}

async fn list_all(State(app): State<Arc<App>>, format: Format) -> Result<Response, ApiError> {
    let now = app.clock.now();
    Ok(listed(format, tokens::list_all(&app.records, now).await?, now))
}

fn listed(format: Format, rows: Vec<TokenRow>, now: UnixNanos) -> Response {
    format.respond(&TokensResponse { tokens: rows.into_iter().map(|row| message(row, now)).collect() })
}

async fn create_own(
    Caller { app, who, actor }: Caller,
    format: Format,
    JsonBody(draft): JsonBody<TokenDraft>,
) -> Result<Response, ApiError> {
    let created = tokens::create_own(&app.records, &actor, &who, &parse_draft(draft)?).await?;
    Ok(respond_created(format, &created, actor.at))
}

async fn rotate_own(
    Caller { app, who, actor }: Caller,
    Path(id): Path<TokenId>,
    format: Format,
    JsonBody(rotation): JsonBody<TokenRotation>,
) -> Result<Response, ApiError> {
    rotate(&app, &actor, Access::Own(who.id()), &id, format, &rotation).await
}

async fn rotate_service(
    Caller { app, actor, .. }: Caller,
    Path(id): Path<TokenId>,
    format: Format,
    JsonBody(rotation): JsonBody<TokenRotation>,
) -> Result<Response, ApiError> {
    rotate(&app, &actor, Access::ServiceAccounts, &id, format, &rotation).await
}

async fn rotate(
    app: &App,
    actor: &Actor,
    access: Access<'_>,
    id: &TokenId,
    format: Format,
    rotation: &TokenRotation,
) -> Result<Response, ApiError> {
    let overlap =
        rotation.overlap_s.map_or(tokens::DEFAULT_OVERLAP, |seconds| Duration::from_secs(seconds.into()));
    let created = tokens::rotate(&app.records, actor, access, id, overlap).await?;
    Ok(respond_created(format, &created, actor.at))
}

async fn revoke_own(
    Caller { app, who, actor }: Caller,
    Path(id): Path<TokenId>,
) -> Result<StatusCode, ApiError> {
    tokens::revoke(&app.records, &actor, Access::Own(who.id()), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn revoke_any(
    Caller { app, actor, .. }: Caller,
    Path(id): Path<TokenId>,
) -> Result<StatusCode, ApiError> {
    tokens::revoke(&app.records, &actor, Access::All, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Parses a token draft.
///
/// # Errors
/// 400 for an unknown role.
pub(super) fn parse_draft(draft: TokenDraft) -> Result<TokenRequest, AuthError> {
    let role: Role =
        draft.role.parse().map_err(|e| AuthError::invalid(ProblemKind::BadRole, format!("{e}")))?;
    let lifetime = match draft.expires_days {
        0 => tokens::DEFAULT_LIFETIME,
        days => Duration::from_secs(u64::from(days) * 24 * 3600),
    };
    Ok(TokenRequest { name: draft.name, role, selector: draft.selector, lifetime })
}

/// Responds with a new token: the only time that its secret is shown.
pub(super) fn respond_created(format: Format, created: &CreatedToken, now: UnixNanos) -> Response {
    let secret = created.secret.expose_secret().to_owned();
    format.respond(&NewToken { token: Some(message(created.token.clone(), now)), secret })
}

fn message(row: TokenRow, now: UnixNanos) -> Token {
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
        created_at_ns: row.created_at.0,
        expires_at_ns: row.expires_at.0,
        revoked_at_ns: row.revoked_at.map(|at| at.0),
        used_at_ns: row.used_at.map(|at| at.0),
        used_ip: row.used_ip,
        replaced_by: row.replaced_by.map(Into::into),
        created_by: row.created_by.into(),
    }
}

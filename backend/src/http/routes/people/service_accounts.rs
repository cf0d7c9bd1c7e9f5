//! `/api/v1/service-accounts`: programs, and their tokens.

use super::tokens;
use crate::app::App;
use crate::auth::{Permission, Principal, service_accounts};
use crate::db::audit::Actor;
use crate::db::id::{PrincipalId, ServiceAccountId};
use crate::db::service_accounts::ServiceAccountRow;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::{Format, JsonBody};
use crate::http::router::{BodyLimit, Route};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, patch, post};
use flarepath_wire::access::{
    ServiceAccount, ServiceAccountChange, ServiceAccountDraft, ServiceAccountsResponse, TokenDraft,
};
use std::sync::Arc;

const ID: &[Param] = &[Param::path("id", "Id of the service account", "01h455vb4pex5vsknk084sn02q")];
const JSON: &[&str] = &["application/json"];
const MISSING: &[(u16, &str)] = &[(404, "There is no such service account.")];

pub(crate) fn routes() -> Vec<Route> {
    let line = |method, path, handler: MethodRouter<Arc<App>>, doc| Route {
        method,
        path,
        permission: Permission::ManagePeople,
        body: BodyLimit::Small,
        handler,
        doc,
    };
    let doc = |summary| Doc::new("Service accounts", summary);
    vec![
        line(
            "GET",
            "/api/v1/service-accounts",
            get(list),
            Doc {
                answer: Answer::Message("ServiceAccountsResponse"),
                errors: &[(406, "Neither JSON nor protobuf is acceptable to the caller")],
                example: "/api/v1/service-accounts",
                ..doc("Service accounts")
            },
        ),
        line(
            "POST",
            "/api/v1/service-accounts",
            post(create),
            Doc {
                description: "It may do nothing until a binding says what.",
                body: JSON,
                answer: Answer::Message("ServiceAccount"),
                errors: &[
                    (400, "The name cannot be kept."),
                    (409, "There is a service account of this name already."),
                ],
                ..doc("Make a service account")
            },
        ),
        line(
            "PATCH",
            "/api/v1/service-accounts/{id}",
            patch(change),
            Doc {
                params: ID,
                body: JSON,
                answer: Answer::Message("ServiceAccount"),
                errors: MISSING,
                ..doc("Switch a service account off or on")
            },
        ),
        line(
            "DELETE",
            "/api/v1/service-accounts/{id}",
            delete(remove),
            Doc {
                description: "With its bindings and tokens.",
                params: ID,
                errors: MISSING,
                ..doc("Remove a service account")
            },
        ),
        line(
            "GET",
            "/api/v1/service-accounts/{id}/tokens",
            get(list_tokens),
            Doc {
                params: ID,
                answer: Answer::Message("TokensResponse"),
                errors: &[(406, "Neither JSON nor protobuf is acceptable to the caller")],
                ..doc("Tokens of a service account")
            },
        ),
        line(
            "POST",
            "/api/v1/service-accounts/{id}/tokens",
            post(create_token),
            Doc {
                description: "The secret is in this answer and nowhere else. With the role `agent` it can add profiles and \
                              nothing else.",
                params: ID,
                body: JSON,
                answer: Answer::Message("NewToken"),
                errors: &[
                    (400, "The name, role, selector or expiry cannot be kept."),
                    (404, "There is no such service account."),
                    (409, "The account does not have the role itself, or has too many tokens."),
                ],
                ..doc("Make a token of a service account")
            },
        ),
    ]
}

async fn list(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let service_accounts = app.records.service_accounts().await?.into_iter().map(message).collect();
    Ok(format.respond(&ServiceAccountsResponse { service_accounts }))
}

async fn create(
    State(app): State<Arc<App>>,
    actor: Actor,
    headers: HeaderMap,
    JsonBody(draft): JsonBody<ServiceAccountDraft>,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    Ok(format.respond(&message(service_accounts::create(&app.records, &actor, &draft.name).await?)))
}

async fn change(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<ServiceAccountId>,
    headers: HeaderMap,
    JsonBody(change): JsonBody<ServiceAccountChange>,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let account = service_accounts::set_disabled(&app.records, &actor, &id, change.disabled).await?;
    Ok(format.respond(&message(account)))
}

async fn remove(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<ServiceAccountId>,
) -> Result<StatusCode, ApiError> {
    service_accounts::delete(&app.records, &actor, &id).await?;
    Ok(StatusCode::OK)
}

async fn list_tokens(
    State(app): State<Arc<App>>,
    Path(id): Path<ServiceAccountId>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    tokens::list_of(&app, &headers, ("service_account", &PrincipalId::from(&id))).await
}

async fn create_token(
    State(app): State<Arc<App>>,
    who: Principal,
    actor: Actor,
    Path(id): Path<ServiceAccountId>,
    headers: HeaderMap,
    JsonBody(draft): JsonBody<TokenDraft>,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let wish = tokens::wish(draft)?;
    let made =
        crate::auth::tokens::create_for_service_account(&app.records, &actor, who.grants(), &id, &wish);
    Ok(tokens::made(format, &made.await?, actor.at))
}

fn message(row: ServiceAccountRow) -> ServiceAccount {
    ServiceAccount {
        id: row.id.into(),
        name: row.name,
        created_at_ns: row.created_at,
        disabled: row.disabled_at.is_some(),
    }
}

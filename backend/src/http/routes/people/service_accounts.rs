//! `/api/v1/service-accounts`: accounts of programs, and their tokens.

use super::tokens;
use crate::app::App;
use crate::auth::tokens::create_for_service_account;
use crate::auth::{Permission, service_accounts};
use crate::db::id::{PrincipalId, ServiceAccountId};
use crate::db::service_accounts::ServiceAccountRow;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param, RequestBody};
use crate::http::extract::{Caller, Format, JsonBody, Path};
use crate::http::route::Route;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use flarepath_wire::access::{
    ServiceAccount, ServiceAccountChange, ServiceAccountDraft, ServiceAccountsResponse, TokenDraft,
};
use std::sync::Arc;

const ID: &[Param] = &[Param::id("id", "Id of the service account")];
const MISSING: &[(u16, &str)] = &[(404, "No such service account")];

pub(crate) fn routes() -> Vec<Route> {
    let doc = |summary| Doc::new("Service accounts", summary);
    vec![
        Route::get("/api/v1/service-accounts", list).needs(Permission::ManagePeople).doc(Doc {
                answer: Answer::Message("ServiceAccountsResponse"),
                                example: "/api/v1/service-accounts",
                ..doc("List service accounts")
            }),
        Route::post("/api/v1/service-accounts", create).needs(Permission::ManagePeople).doc(Doc {
                description: "It has no permissions until it is bound to a role.",
                body: &[RequestBody::Json("ServiceAccountDraft")],
                answer: Answer::Message("ServiceAccount"),
                errors: &[
                    (400, "The name is invalid"),
                    (409, "The name is taken"),
                ],
                ..doc("Create a service account")
            }),
        Route::patch("/api/v1/service-accounts/{id}", change).needs(Permission::ManagePeople).doc(Doc {
                params: ID,
                body: &[RequestBody::Json("ServiceAccountChange")],
                answer: Answer::Message("ServiceAccount"),
                errors: MISSING,
                ..doc("Disable or enable a service account")
            }),
        Route::delete("/api/v1/service-accounts/{id}", remove).needs(Permission::ManagePeople).doc(Doc {
                description: "Deletes its bindings and tokens too.",
                params: ID,
                errors: MISSING,
                ..doc("Delete a service account")
            }),
        Route::get("/api/v1/service-accounts/{id}/tokens", list_tokens).needs(Permission::ManagePeople).doc(Doc {
                params: ID,
                answer: Answer::Message("TokensResponse"),
                                ..doc("List the tokens of a service account")
            }),
        Route::post("/api/v1/service-accounts/{id}/tokens", create_token).needs(Permission::ManagePeople).doc(Doc {
                description: "The secret is shown in this response only. With the role `agent` the token can push profiles and nothing else, with `deployer` post and delete markers and nothing else.",
                params: ID,
                body: &[RequestBody::Json("TokenDraft")],
                answer: Answer::Message("NewToken"),
                errors: &[
                    (400, "The name, role, selector or expiry is invalid"),
                    (404, "No such service account"),
                    (409, "The account does not have the role, or has too many tokens"),
                ],
                ..doc("Create a token of a service account")
            }),
    ]
}

async fn list(State(app): State<Arc<App>>, format: Format) -> Result<Response, ApiError> {
    let service_accounts = app.records.service_accounts().await?.into_iter().map(message).collect();
    Ok(format.respond(&ServiceAccountsResponse { service_accounts }))
}

async fn create(
    Caller { app, actor, .. }: Caller,
    format: Format,
    JsonBody(draft): JsonBody<ServiceAccountDraft>,
) -> Result<Response, ApiError> {
    Ok(format.respond(&message(service_accounts::create(&app.records, &actor, &draft.name).await?)))
}

async fn change(
    Caller { app, actor, .. }: Caller,
    Path(id): Path<ServiceAccountId>,
    format: Format,
    JsonBody(change): JsonBody<ServiceAccountChange>,
) -> Result<Response, ApiError> {
    let account = service_accounts::set_disabled(&app.records, &actor, &id, change.disabled).await?;
    Ok(format.respond(&message(account)))
}

async fn remove(
    Caller { app, actor, .. }: Caller,
    Path(id): Path<ServiceAccountId>,
) -> Result<StatusCode, ApiError> {
    service_accounts::delete(&app.records, &actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn list_tokens(
    State(app): State<Arc<App>>,
    Path(id): Path<ServiceAccountId>,
    format: Format,
) -> Result<Response, ApiError> {
    tokens::list_of(&app, format, ("service_account", &PrincipalId::from(&id))).await
}

async fn create_token(
    Caller { app, who, actor }: Caller,
    Path(id): Path<ServiceAccountId>,
    format: Format,
    JsonBody(draft): JsonBody<TokenDraft>,
) -> Result<Response, ApiError> {
    let draft = tokens::parse_draft(draft)?;
    let created = create_for_service_account(&app.records, &actor, who.grants(), &id, &draft).await?;
    Ok(tokens::respond_created(format, &created, actor.at))
}

fn message(row: ServiceAccountRow) -> ServiceAccount {
    ServiceAccount {
        id: row.id.into(),
        name: row.name,
        created_at_ns: row.created_at.0,
        disabled: row.disabled_at.is_some(),
    }
}

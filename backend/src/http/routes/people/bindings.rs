//! `/api/v1/bindings`: role bindings.

use crate::app::App;
use crate::auth::{Permission, bindings};
use crate::db::bindings::BindingRow;
use crate::db::id::BindingId;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param, RequestBody};
use crate::http::extract::{Caller, Format, JsonBody, Path};
use crate::http::route::Route;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use flarepath_wire::access::{Binding, BindingDraft, BindingsResponse};
use std::sync::Arc;

const ID: &[Param] = &[Param::id("id", "Id of the binding")];

pub(crate) fn routes() -> Vec<Route> {
    let doc = |summary| Doc::new("Teams and roles", summary);
    vec![
        Route::get("/api/v1/bindings", list).needs(Permission::ManagePeople).doc(Doc {
                answer: Answer::Message("BindingsResponse"),
                                example: "/api/v1/bindings",
                ..doc("List role bindings")
            }),
        Route::post("/api/v1/bindings", create).needs(Permission::ManagePeople).doc(Doc {
                description: "Binds a user, a team or a service account to a role on everything, on the profiles of a team, or on those that a \
                              selector matches. Takes effect with the next request. Organization-wide permissions, such as \
                              managing people, require the scope `org`.",
                body: &[RequestBody::Json("BindingDraft")],
                answer: Answer::Message("Binding"),
                errors: &[
                    (400, "A kind, the role or the selector is invalid"),
                    (404, "No such user, team or service account"),
                    (409, "The binding exists already"),
                ],
                ..doc("Create a role binding")
            }),
        Route::delete("/api/v1/bindings/{id}", remove).needs(Permission::ManagePeople).doc(Doc {
                description: "Takes effect with the next request; sessions and tokens keep the remaining permissions.",
                params: ID,
                errors: &[
                    (404, "No such binding"),
                    (409, "It is the last administrator's"),
                ],
                ..doc("Delete a role binding")
            }),
    ]
}

async fn list(State(app): State<Arc<App>>, format: Format) -> Result<Response, ApiError> {
    let bindings = app.records.bindings().await?.into_iter().map(message).collect();
    Ok(format.respond(&BindingsResponse { bindings }))
}

async fn create(
    Caller { app, actor, .. }: Caller,
    format: Format,
    JsonBody(draft): JsonBody<BindingDraft>,
) -> Result<Response, ApiError> {
    let new = bindings::NewBinding {
        subject: (&draft.subject_kind, &draft.subject_id),
        role: &draft.role,
        scope: (&draft.scope_kind, &draft.scope),
    };
    let binding = bindings::create(&app.records, &actor, new).await?;
    Ok(format.respond(&message(binding)))
}

async fn remove(
    Caller { app, actor, .. }: Caller,
    Path(id): Path<BindingId>,
) -> Result<StatusCode, ApiError> {
    bindings::delete(&app.records, &actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn message(row: BindingRow) -> Binding {
    Binding {
        id: row.id.into(),
        subject_kind: row.subject_kind,
        subject_id: row.subject_id.into(),
        role: row.role,
        scope_kind: row.scope_kind,
        scope: row.scope,
        source: row.source,
        created_at_ns: row.created_at.0,
    }
}

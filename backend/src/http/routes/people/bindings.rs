//! `/api/v1/bindings`: who has which role over which profiles.

use crate::app::App;
use crate::auth::{Permission, bindings};
use crate::db::audit::Actor;
use crate::db::bindings::BindingRow;
use crate::db::id::BindingId;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::{Format, JsonBody};
use crate::http::router::{BodyLimit, Route};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, post};
use flarepath_wire::access::{Binding, BindingDraft, BindingsResponse};
use std::sync::Arc;

const ID: &[Param] = &[Param::path("id", "Id of the binding", "01h455vb4pex5vsknk084sn02q")];

pub(crate) fn routes() -> Vec<Route> {
    let line = |method, path, handler: MethodRouter<Arc<App>>, doc| Route {
        method,
        path,
        permission: Permission::ManagePeople,
        body: BodyLimit::Small,
        handler,
        doc,
    };
    let doc = |summary| Doc::new("Teams and roles", summary);
    vec![
        line(
            "GET",
            "/api/v1/bindings",
            get(list),
            Doc {
                answer: Answer::Message("BindingsResponse"),
                errors: &[(406, "Neither JSON nor protobuf is acceptable to the caller")],
                example: "/api/v1/bindings",
                ..doc("Who has which role over which profiles")
            },
        ),
        line(
            "POST",
            "/api/v1/bindings",
            post(create),
            Doc {
                description: "Gives a user, a team or a service account a role over everything, over the profiles of a team, \
                              or over those that a selector selects. Counts from the next request on. What is about the whole, \
                              such as managing people, comes with the scope `org` only.",
                body: &["application/json"],
                answer: Answer::Message("Binding"),
                errors: &[
                    (400, "A kind, the role or the selector cannot be understood."),
                    (404, "There is no such user, team or service account."),
                    (409, "There is such a binding already."),
                ],
                ..doc("Give a role")
            },
        ),
        line(
            "DELETE",
            "/api/v1/bindings/{id}",
            delete(remove),
            Doc {
                description: "Counts from the next request on; sessions and tokens go on with what is left.",
                params: ID,
                errors: &[
                    (404, "There is no such binding."),
                    (409, "Nobody would be administrator any more."),
                ],
                ..doc("Take a role away")
            },
        ),
    ]
}

async fn list(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let bindings = app.records.bindings().await?.into_iter().map(message).collect();
    Ok(format.respond(&BindingsResponse { bindings }))
}

async fn create(
    State(app): State<Arc<App>>,
    actor: Actor,
    headers: HeaderMap,
    JsonBody(draft): JsonBody<BindingDraft>,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let new = bindings::NewBinding {
        subject: (&draft.subject_kind, &draft.subject_id),
        role: &draft.role,
        scope: (&draft.scope_kind, &draft.scope),
    };
    let binding = bindings::create(&app.records, &actor, new).await?;
    Ok(format.respond(&message(binding)))
}

async fn remove(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<BindingId>,
) -> Result<StatusCode, ApiError> {
    bindings::delete(&app.records, &actor, &id).await?;
    Ok(StatusCode::OK)
}

fn message(row: BindingRow) -> Binding {
    Binding {
        id: row.id.into(),
        subject_kind: row.subject_kind,
        subject_id: row.subject_id,
        role: row.role,
        scope_kind: row.scope_kind,
        scope: row.scope,
        source: row.source,
        created_at_ns: row.created_at,
    }
}

//! Views with names and annotations of a share.

use super::body;
use super::manage::{ERRORS, ROW, done, route};
use crate::app::App;
use crate::auth::{Permission, Principal};
use crate::db::audit::Actor;
use crate::db::id::{AnnotationId, ShareId};
use crate::db::share_views::ViewRow;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::Format;
use crate::http::router::Route;
use crate::http::{ApiError, share_message};
use crate::sharing::annotations;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{delete, post, put};
use flarepath_wire::shares::{ShareAnnotation, ShareView};
use std::sync::Arc;

const NUMBER: Param = Param::path("number", "Number of the view, 1 to 99", "1");
const ANNOTATION: Param = Param::path("annotation", "Id of the annotation", "0123456789abcdefghjkmnpqrs");

pub(super) fn routes() -> [Route; 4] {
    let permission = Permission::CreateShares;
    [
        route(
            "PUT",
            "/api/v1/shares/{id}/views/{number}",
            permission,
            put(set_view),
            Doc {
                description: "A view with a name, such as `Fig. 1`; `/s/{link}/v/{number}` opens it.",
                params: &[ROW, NUMBER],
                body: &["application/json"],
                answer: Answer::Message("ShareView"),
                errors: ERRORS,
                ..Doc::new("Shares", "Set a view of a share")
            },
        ),
        route(
            "DELETE",
            "/api/v1/shares/{id}/views/{number}",
            permission,
            delete(delete_view),
            Doc { params: &[ROW, NUMBER], errors: ERRORS, ..Doc::new("Shares", "Remove a view of a share") },
        ),
        route(
            "POST",
            "/api/v1/shares/{id}/annotations",
            permission,
            post(annotate),
            Doc {
                description: "A remark at a path of functions; plain text.",
                params: &[ROW],
                body: &["application/json"],
                answer: Answer::Message("ShareAnnotation"),
                errors: ERRORS,
                ..Doc::new("Shares", "Annotate a share")
            },
        ),
        route(
            "DELETE",
            "/api/v1/shares/{id}/annotations/{annotation}",
            permission,
            delete(delete_annotation),
            Doc { params: &[ROW, ANNOTATION], errors: ERRORS, ..Doc::new("Shares", "Remove an annotation") },
        ),
    ]
}

async fn set_view(
    State(app): State<Arc<App>>,
    who: Principal,
    actor: Actor,
    Path((id, number)): Path<(ShareId, i64)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let request: ShareView = body::json(&headers, body).await?;
    let view = ViewRow { number, name: request.name, state: request.state };
    let view = annotations::set_view(&app.shares, &who, &actor, &id, view).await?;
    Ok(format.respond(&share_message::view(view)))
}

async fn delete_view(
    State(app): State<Arc<App>>,
    who: Principal,
    actor: Actor,
    Path((id, number)): Path<(ShareId, i64)>,
) -> Result<Response, ApiError> {
    annotations::delete_view(&app.shares, &who, &actor, &id, number).await?;
    Ok(done())
}

async fn annotate(
    State(app): State<Arc<App>>,
    who: Principal,
    actor: Actor,
    Path(id): Path<ShareId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let request: ShareAnnotation = body::json(&headers, body).await?;
    let row = annotations::annotate(&app.shares, &who, &actor, &id, &request.path, &request.text).await?;
    Ok(format.respond(&share_message::annotation(row)))
}

async fn delete_annotation(
    State(app): State<Arc<App>>,
    who: Principal,
    actor: Actor,
    Path((id, annotation)): Path<(ShareId, AnnotationId)>,
) -> Result<Response, ApiError> {
    annotations::delete_annotation(&app.shares, &who, &actor, &id, &annotation).await?;
    Ok(done())
}

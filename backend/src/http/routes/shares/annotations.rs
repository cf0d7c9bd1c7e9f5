//! Named views and annotations of a share.

use super::manage::{ERRORS, ROW};
use crate::auth::Permission;
use crate::db::id::{AnnotationId, ShareId};
use crate::db::share_views::ViewRow;
use crate::http::doc::{Answer, Doc, Param, RequestBody};
use crate::http::extract::{Caller, Format, JsonBody, Path};
use crate::http::route::Route;
use crate::http::{ApiError, share_message};
use crate::sharing::annotations::{self, MAX_VIEWS};
use axum::http::StatusCode;
use axum::response::Response;
use flarepath_wire::shares::{ShareAnnotation, ShareView};

const NUMBER: Param = Param::path("number", "Number of the view", "1").integer(1..=MAX_VIEWS);
const ANNOTATION: Param = Param::id("annotation", "Id of the annotation");

pub(super) fn routes() -> [Route; 4] {
    let permission = Permission::CreateShares;
    [
        Route::put("/api/v1/shares/{id}/views/{number}", set_view).needs(permission).doc(Doc {
            description: "A named view, such as `Fig. 1`, which `/s/{link}/v/{number}` opens.",
            params: &[ROW, NUMBER],
            body: &[RequestBody::Json("ShareView")],
            answer: Answer::Message("ShareView"),
            errors: ERRORS,
            ..Doc::new("Shares", "Save a named view")
        }),
        Route::delete("/api/v1/shares/{id}/views/{number}", delete_view).needs(permission).doc(Doc {
            params: &[ROW, NUMBER],
            errors: ERRORS,
            ..Doc::new("Shares", "Delete a named view")
        }),
        Route::post("/api/v1/shares/{id}/annotations", annotate).needs(permission).doc(Doc {
            description: "Plain text attached to a path of functions.",
            params: &[ROW],
            body: &[RequestBody::Json("ShareAnnotation")],
            answer: Answer::Message("ShareAnnotation"),
            errors: ERRORS,
            ..Doc::new("Shares", "Create an annotation")
        }),
        Route::delete("/api/v1/shares/{id}/annotations/{annotation}", delete_annotation)
            .needs(permission)
            .doc(Doc {
                params: &[ROW, ANNOTATION],
                errors: ERRORS,
                ..Doc::new("Shares", "Delete an annotation")
            }),
    ]
}

async fn set_view(
    Caller { app, who, actor }: Caller,
    Path((id, number)): Path<(ShareId, i64)>,
    format: Format,
    JsonBody(request): JsonBody<ShareView>,
) -> Result<Response, ApiError> {
    let view = ViewRow { number, name: request.name, state: request.state };
    let view = annotations::set_view(&app.shares, &who, &actor, &id, view).await?;
    Ok(format.respond(&share_message::view(view)))
}

async fn delete_view(
    Caller { app, who, actor }: Caller,
    Path((id, number)): Path<(ShareId, i64)>,
) -> Result<StatusCode, ApiError> {
    annotations::delete_view(&app.shares, &who, &actor, &id, number).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn annotate(
    Caller { app, who, actor }: Caller,
    Path(id): Path<ShareId>,
    format: Format,
    JsonBody(request): JsonBody<ShareAnnotation>,
) -> Result<Response, ApiError> {
    let row = annotations::annotate(&app.shares, &who, &actor, &id, &request.path, &request.text).await?;
    Ok(format.respond(&share_message::annotation(row)))
}

async fn delete_annotation(
    Caller { app, who, actor }: Caller,
    Path((id, annotation)): Path<(ShareId, AnnotationId)>,
) -> Result<StatusCode, ApiError> {
    annotations::delete_annotation(&app.shares, &who, &actor, &id, &annotation).await?;
    Ok(StatusCode::NO_CONTENT)
}

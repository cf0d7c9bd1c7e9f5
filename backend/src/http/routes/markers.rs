//! `/api/v1/markers`: what happened to services, and when.

use super::params::{FROM, SELECTOR, STORE, UNTIL, limit};
use crate::app::App;
use crate::auth::Permission;
use crate::db::audit::Actor;
use crate::db::id::MarkerId;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param, RequestBody};
use crate::http::extract::time::parse_time;
use crate::http::extract::{Caller, Format, JsonBody, Params, Path, QueryRequest};
use crate::http::marker_message::marker_message;
use crate::http::route::Route;
use crate::markers::KINDS;
use crate::markers::change::{self, Posted};
use crate::markers::draft::Draft;
use crate::markers::list::{self, Wanted};
use crate::markers::position::{BadPosition, Position};
use crate::problem::ProblemKind;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::selector::{MatchOp, Matcher};
use flarepath_wire::markers::{MarkerDraft, MarkersResponse};
use std::sync::Arc;

const SERVICE: Param = Param::query(
    "service",
    "Only markers of this service; without it, no deployment is inferred",
    "flarepath",
);
const KIND: Param =
    Param::query("kind", "Only markers of this kind", "deploy").one_of(&KINDS).without_default();
const LIMIT: Param = Param::query("limit", "Markers per page", "100").integer(1..=200).default("100");
/// As [`Position`] writes it.
const CURSOR: Param = Param::query(
    "cursor",
    "`next_cursor` of the previous page",
    "1795227540000000000-01h455vb4pex5vsknk084sn02q",
)
.pattern(super::params::CURSOR);

const LIST: Doc = Doc {
    description: "Of services and series that the caller sees in the store, oldest first; markers are about a service in every store. Deployments are also inferred from versions of the service \
                  that began in the range; one that was posted within 15 minutes of its version's first profile is shown once \
                  (`source`: `both`). A page may be shorter than `limit`; the last one has no `next_cursor`.",
    params: &[STORE, SERVICE, SELECTOR, FROM, UNTIL, KIND, LIMIT, CURSOR],
    answer: Answer::Message("MarkersResponse"),
    errors: &[(400, "A parameter is unknown or malformed; `position` is where in its text")],
    example: "/api/v1/markers?service=flarepath",
    ..Doc::new("Markers", "List markers")
};
const POST: Doc = Doc {
    description: "It takes a role over all of the profiles that the marker is about. With an `idempotency_key` that the service has \
                  already, the answer is the marker of the first request.",
    body: &[RequestBody::Json("MarkerDraft")],
    answer: Answer::Created("Marker"),
    errors: &[
        (400, "A field is invalid; `detail` names it"),
        (403, "The caller has no role over all of the profiles that the marker is about"),
        (409, "There are too many markers, or the key belongs to one that the caller may not change"),
    ],
    ..Doc::new("Markers", "Post a marker")
};
const DELETE: Doc = Doc {
    params: &[Param::id("id", "Id of the marker")],
    errors: &[(404, "No marker with this id that the caller may delete")],
    ..Doc::new("Markers", "Delete a marker")
};

pub(crate) fn routes() -> [Route; 3] {
    const PATH: &str = "/api/v1/markers";
    [
        Route::get(PATH, list).needs(Permission::ReadProfiles).doc(LIST),
        Route::post(PATH, post).needs(Permission::WriteMarkers).doc(POST),
        Route::delete("/api/v1/markers/{id}", remove).needs(Permission::WriteMarkers).doc(DELETE),
    ]
}

async fn list(State(app): State<Arc<App>>, request: QueryRequest) -> Result<Response, ApiError> {
    let mut question = request.question(&LIST)?;
    let params = &request.params;
    if let Some(service) = params.get(SERVICE.name) {
        let (name, value) = (SERVICE_NAME.to_owned(), service.to_owned());
        question.selector.matchers.push(Matcher { name, op: MatchOp::Equal, value });
    }
    let bad = |BadPosition| {
        ApiError::new(ProblemKind::BadPage, "`cursor`: expected `next_cursor` of the previous page")
    };
    let wanted = Wanted {
        question,
        kind: kind(params)?,
        limit: limit(params, &LIMIT)?,
        after: params.get(CURSOR.name).map(|text| text.parse::<Position>().map_err(bad)).transpose()?,
    };
    let page = list::page((&app.records, &request.store.querier), &request.who, &wanted).await?;
    Ok(request.format.respond(&MarkersResponse {
        markers: page.markers.into_iter().map(marker_message).collect(),
        next_cursor: page.next.map(|next| next.to_string()).unwrap_or_default(),
        note: page.note,
    }))
}

async fn post(
    Caller { app, who, actor }: Caller,
    format: Format,
    JsonBody(draft): JsonBody<MarkerDraft>,
) -> Result<Response, ApiError> {
    let draft = parsed(draft, &actor)?;
    let kept = app.retention.map(|retention| retention.days);
    let (status, marker) = match change::post(&app.records, (&who, &actor), draft, kept).await? {
        Posted::New(marker) => (StatusCode::CREATED, marker),
        Posted::Known(marker) => (StatusCode::OK, marker),
    };
    Ok((status, format.respond(&marker_message(marker))).into_response())
}

async fn remove(
    Caller { app, who, actor }: Caller,
    Path(id): Path<MarkerId>,
) -> Result<StatusCode, ApiError> {
    change::delete(&app.records, (&who, &actor), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The kind asked for; empty for all.
fn kind(params: &Params) -> Result<String, ApiError> {
    match params.get(KIND.name) {
        Some(kind) if !KINDS.contains(&kind) => {
            let detail = format!("`kind`: `{kind}`; expected deploy, config, flag, scale or incident");
            Err(ApiError::new(ProblemKind::BadParameter, detail))
        }
        kind => Ok(kind.unwrap_or_default().to_owned()),
    }
}

/// Without a time, it happened now.
fn parsed(draft: MarkerDraft, actor: &Actor) -> Result<Draft, ApiError> {
    let at = match draft.time.trim() {
        "" => actor.at,
        text => parse_time(text, actor.at).map_err(|error| {
            ApiError::new(ProblemKind::BadTime, format!("`time`: {error}")).at(error.position)
        })?,
    };
    Ok(Draft {
        kind: draft.kind,
        at,
        service: draft.service,
        selector: draft.selector,
        version: draft.version,
        text: draft.text,
        url: draft.url,
        idempotency_key: draft.idempotency_key,
    })
}

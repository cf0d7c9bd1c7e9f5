//! `POST /push.v1.PusherService/Push`: Pyroscope's push protocol, as a unary Connect call.
//!
//! Valid series are stored even when others are rejected; the response is then an error that names the rejected ones.

use super::profile_body::take;
use crate::app::App;
use crate::auth::{Permission, Principal};
use crate::http::doc::{Answer, Doc, RequestBody};
use crate::http::extract::body::media_type;
use crate::http::route::{BodyLimit, Route};
use crate::http::rpc_error::{connect_error, connect_partial, rpc_error};
use crate::ingest::IngestError;
use crate::ingest::batch::Received;
use crate::ingest::inflate::Budget;
use crate::ingest::push::{self, Encoding};
use crate::request_memory::Reservation;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::post("/push.v1.PusherService/Push", handle)
        .needs(Permission::WriteProfiles)
        .body(BodyLimit::Profile)
        .doc(Doc {
            description: "Connect unary call of Pyroscope's push.v1.PusherService. Each series has labels (`__name__` required, `service_name` \
                          recommended) and pprof profiles, gzipped or not. Valid series are stored even when others are \
                          rejected; the error then names the rejected ones.",
            body: &[
                RequestBody::Bytes("application/proto", "The message push.v1.PushRequest"),
                RequestBody::Json("push.PushRequest"),
            ],
            answer: Answer::Json("push.PushResponse", &["application/proto"]),
            errors: &[
                (400, "Profiles were rejected; the message lists them with the reasons."),
                (413, "More than 64 MiB, before or after decompression."),
                (415, "Neither application/proto nor application/json, or an unknown Content-Encoding."),
                (429, "The disk is full, or a quota is used up; the message says which."),
                (503, "The store is overloaded; retry."),
            ],
            ..Doc::new("Ingest", "Push profiles (Pyroscope)")
        })]
}

async fn handle(
    State(app): State<Arc<App>>,
    who: Principal,
    headers: HeaderMap,
    memory: Reservation,
    body: Body,
) -> Response {
    push(&app, &who, (&headers, memory, body)).await.unwrap_or_else(|error| {
        let (code, message) = rpc_error(error);
        connect_error(code, &message)
    })
}

async fn push(
    app: &App,
    who: &Principal,
    sent: (&HeaderMap, Reservation, Body),
) -> Result<Response, IngestError> {
    let encoding = encoding(sent.0)?;
    let read = move |body: Bytes, budget: &mut Budget, now| push::read(encoding, &body, budget, now);
    Ok(answer(encoding, &take(app, who, "push", sent, read).await?))
}

fn encoding(headers: &HeaderMap) -> Result<Encoding, IngestError> {
    match media_type(headers).as_str() {
        "application/proto" | "application/protobuf" | "application/x-protobuf" => Ok(Encoding::Proto),
        "application/json" => Ok(Encoding::Json),
        other => Err(IngestError::Unsupported(format!(
            "unsupported content type `{other}`; send application/proto or application/json"
        ))),
    }
}

fn answer(encoding: Encoding, received: &Received) -> Response {
    if !received.rejected.is_empty() {
        let (rejected, stored) = (received.rejected.len(), received.accepted);
        return connect_partial(&format!("{rejected} rejected, {stored} stored: {}", received.reasons()));
    }
    match encoding {
        Encoding::Proto => [(header::CONTENT_TYPE, "application/proto")].into_response(),
        Encoding::Json => ([(header::CONTENT_TYPE, "application/json")], "{}").into_response(),
    }
}

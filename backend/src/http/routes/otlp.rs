//! `POST /v1development/profiles`: OTLP profiles over HTTP, in protobuf or JSON.

use super::profile_body::take;
use crate::app::App;
use crate::auth::{Permission, Principal};
use crate::http::doc::{Answer, Doc, RequestBody};
use crate::http::extract::body::media_type;
use crate::http::route::{BodyLimit, Route};
use crate::http::rpc_error::{rpc_error, rpc_status};
use crate::ingest::IngestError;
use crate::ingest::batch::Received;
use crate::ingest::inflate::Budget;
use crate::ingest::otlp::{self, Encoding};
use crate::request_memory::Reservation;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use flarepath_profile::formats::otlp::{ExportProfilesPartialSuccess, ExportProfilesServiceResponse};
use prost::Message;
use serde_json::json;
use std::sync::Arc;

const JSON: &str = "application/json";
const PROTOBUF: &str = "application/x-protobuf";

/// The request without gRPC framing.
pub(super) const BODY: &[RequestBody] = &[
    RequestBody::Bytes(PROTOBUF, "The message ExportProfilesServiceRequest"),
    RequestBody::Json("otlp.ExportProfilesServiceRequest"),
];

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::post("/v1development/profiles", handle)
        .needs(Permission::WriteProfiles)
        .body(BodyLimit::Profile)
        .doc(Doc {
            description: "An ExportProfilesServiceRequest of opentelemetry-proto 1.10 or later; older layouts are rejected. Rejected profiles \
                          are counted in `partial_success`; the others are stored.",
            body: BODY,
            answer: Answer::Json("otlp.ExportProfilesServiceResponse", &[PROTOBUF]),
            errors: &[
                (400, "The request is malformed, or all of its profiles were rejected."),
                (413, "More than 64 MiB, before or after decompression."),
                (415, "Neither protobuf nor JSON, or an unknown Content-Encoding."),
                (429, "The disk is full, or a quota is used up; the message says which."),
                (503, "The store is overloaded; retry."),
            ],
            ..Doc::new("Ingest", "Export profiles (OpenTelemetry)")
        })]
}

/// Handles an export over HTTP.
pub(super) async fn handle(
    State(app): State<Arc<App>>,
    who: Principal,
    headers: HeaderMap,
    memory: Reservation,
    body: Body,
) -> Response {
    let media_type = media_type(&headers);
    let encoding = match media_type.as_str() {
        JSON => Encoding::Json,
        PROTOBUF | "application/protobuf" | "application/proto" => Encoding::Protobuf,
        other => {
            let error = IngestError::Unsupported(format!(
                "unsupported content type `{other}`; send {PROTOBUF} or {JSON}"
            ));
            return failure(Encoding::Json, error);
        }
    };
    let read = move |body: Bytes, budget: &mut Budget, now| otlp::read(encoding, &body, budget, now);
    match take(&app, &who, "otlp_http", (&headers, memory, body), read).await {
        Ok(received) => success(encoding, &response_to(&received)),
        Err(error) => failure(encoding, error),
    }
}

/// The OTLP response, with the rejected profiles.
pub(super) fn response_to(received: &Received) -> ExportProfilesServiceResponse {
    let partial_success = (!received.rejected.is_empty()).then(|| ExportProfilesPartialSuccess {
        rejected_profiles: received.rejected.len() as i64,
        error_message: received.reasons(),
    });
    ExportProfilesServiceResponse { partial_success }
}

fn success(encoding: Encoding, message: &ExportProfilesServiceResponse) -> Response {
    match encoding {
        Encoding::Protobuf => ([(header::CONTENT_TYPE, PROTOBUF)], message.encode_to_vec()).into_response(),
        Encoding::Json => ([(header::CONTENT_TYPE, JSON)], json!(message).to_string()).into_response(),
    }
}

fn failure(encoding: Encoding, error: IngestError) -> Response {
    let (code, message) = rpc_error(error);
    rpc_status(encoding, code, message)
}

//! `POST /api/v1/profiles`: one file in any supported format.

use super::params::INGEST_TIME as TIME;
use super::profile_body::take;
use crate::app::App;
use crate::auth::{Permission, Principal};
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param, RequestBody};
use crate::http::extract::{Format, Params};
use crate::http::route::{BodyLimit, Route};
use crate::ingest::attime;
use crate::ingest::upload::{self, Upload};
use crate::problem::ProblemKind;
use crate::request_memory::Reservation;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_wire::messages::PushResponse;
use std::sync::Arc;

const PARAMS: &[Param] = &[
    Param::query("service", "The service that was profiled.", "checkout").required(),
    Param::query("label.NAME", "A label of the series; NAME is its name. Repeatable with other names.", "eu"),
    Param::query(
        "time",
        "Start of the profile: Unix time, RFC 3339, now-1h. Default: the file's own time, or now.",
        "now",
    )
    .pattern(TIME),
    Param::query(
        "name",
        "First part of the profile type. Default: derived from the sample types.",
        "process_cpu",
    ),
];

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::post("/api/v1/profiles", handle)
        .needs(Permission::WriteProfiles)
        .body(BodyLimit::Profile)
        .doc(Doc {
            description: "The body is a profile file, whose format is detected: pprof, folded stacks, speedscope, OTLP, JFR, Chrome traces, \
                          profiles of Firefox and V8, and more. It may be compressed with gzip or zstd.",
            params: PARAMS,
            body: &[RequestBody::Bytes("application/octet-stream", "The file, plain or compressed with gzip or zstd")],
            answer: Answer::Message("PushResponse"),
            errors: &[
                (400, "A parameter or the file is malformed, or its time or labels are rejected."),
                (413, "More than 64 MiB, before or after decompression."),
                (415, "Unsupported format; the message lists the supported ones."),
                (429, "A quota is used up; the answer names it, and `Retry-After`."),
                (503, "The store is overloaded; retry."),
                (507, "The disk is full."),
            ],
            ..Doc::new("Ingest", "Upload a profile file")
        })]
}

async fn handle(
    State(app): State<Arc<App>>,
    who: Principal,
    uri: Uri,
    format: Format,
    headers: HeaderMap,
    memory: Reservation,
    body: Body,
) -> Result<Response, ApiError> {
    let upload = parameters(&Params::read(&uri)?, app.clock.now())?;
    let received = take(&app, &who, "upload", (&headers, memory, body), move |body, budget, now| {
        upload::read(&upload, &body, budget, now)
    })
    .await?;
    Ok(format.respond(&PushResponse {
        accepted: received.accepted,
        rejected: received.rejected.iter().map(ToString::to_string).collect(),
        notes: received.notes,
    }))
}

fn parameters(params: &Params, now: UnixNanos) -> Result<Upload, ApiError> {
    let mut labels = Vec::new();
    for (name, value) in params.iter() {
        match name.strip_prefix("label.") {
            Some(label) => labels.push((label.to_owned(), value.to_owned())),
            None if PARAMS.iter().any(|p| p.name == name) => {}
            None => {
                let detail = format!(
                    "unknown parameter `{name}`; this route accepts: service, label.NAME, time, name"
                );
                return Err(ApiError::new(ProblemKind::UnknownParameter, detail));
            }
        }
    }
    let time = params.get("time").map(|text| attime::parse("time", text, now)).transpose()?;
    Ok(Upload::new(params.get("service"), labels, time, params.get("name"))?)
}

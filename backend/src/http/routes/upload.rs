//! `POST /api/v1/profiles`: one file, in any format that can be read.

use super::profile_body::ProfileBody;
use crate::app::App;
use crate::auth::{Permission, Principal};
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::{Format, Params};
use crate::http::router::{BodyLimit, Route};
use crate::ingest::inflate::Budget;
use crate::ingest::upload::{self, Upload};
use crate::ingest::{Allowed, attime, receive};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::post;
use flarepath_wire::messages::PushResponse;
use std::sync::Arc;

const PARAMS: &[Param] = &[
    Param::query("service", "The service that was profiled.", "checkout").required(),
    Param::query(
        "label.NAME",
        "A label of the series; NAME is its name. As many as needed.",
        "label.region=eu",
    )
    .repeated(),
    Param::query(
        "time",
        "When it was taken: Unix time, RFC 3339, now-1h. Default: what the file says, or now.",
        "now",
    ),
    Param::query(
        "name",
        "First part of the profile type. Default: derived from the sample types.",
        "process_cpu",
    ),
];

/// The lines of the route table.
pub(crate) fn routes() -> Vec<Route> {
    vec![Route {
        method: "POST",
        path: "/api/v1/profiles",
        permission: Permission::WriteProfiles,
        body: BodyLimit::Profile,
        handler: post(handle),
        doc: Doc {
            description: "The body is a profile file; its format is told by its content: pprof, folded stacks, \
                          speedscope, OTLP, JFR, Chrome traces, profiles of Firefox and V8, and more. It may be \
                          gzipped or compressed with zstd.",
            params: PARAMS,
            body: &["application/octet-stream"],
            answer: Answer::Message("PushResponse"),
            errors: &[
                (400, "A parameter or the file cannot be read, or its time or labels are refused."),
                (413, "More than 64 MiB, before or after decompression."),
                (415, "A format that is not read; the message lists those that are."),
                (503, "The store cannot take more right now; send again."),
                (507, "The disk is full."),
            ],
            ..Doc::new("Ingest", "Upload a profile file")
        },
    }]
}

async fn handle(
    State(app): State<Arc<App>>,
    who: Principal,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let allowed = Allowed::within(&who.bounds(Permission::WriteProfiles))?;
    let now_ns = app.clock.now_ns();
    let upload = parameters(&Params::read(&uri)?, now_ns)?;
    let body = ProfileBody::read(&headers, body).await?;
    let received = receive("upload", body.len(), app.writer.as_deref(), allowed, move || {
        let mut budget = Budget::default();
        let body = body.decoded(&budget)?;
        upload::read(&upload, &body, &mut budget, now_ns)
    });
    let received = received.await?.into_failure()?;
    Ok(format.respond(&PushResponse {
        accepted: received.accepted,
        rejected: received.rejected.iter().map(ToString::to_string).collect(),
        notes: received.notes,
    }))
}

fn parameters(params: &Params, now_ns: i64) -> Result<Upload, ApiError> {
    let mut labels = Vec::new();
    for (name, value) in params.iter() {
        match name.strip_prefix("label.") {
            Some(label) => labels.push((label.to_owned(), value.to_owned())),
            None if PARAMS.iter().any(|p| p.name == name) => {}
            None => {
                let detail = format!(
                    "`{name}` is not a parameter of this route; it takes service, label.NAME, time, name"
                );
                return Err(ApiError::bad_request("unknown-parameter", detail));
            }
        }
    }
    let time_ns = params.get("time").map(|text| attime::parse("time", text, now_ns)).transpose()?;
    Ok(Upload::new(params.get("service"), labels, time_ns, params.get("name"))?)
}

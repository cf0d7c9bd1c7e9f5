//! `POST /ingest` and `POST /pyroscope/ingest`: Pyroscope's older push protocol, which most of its SDKs use.

use super::params::INGEST_TIME as TIME;
use super::profile_body::take;
use crate::app::App;
use crate::auth::{Permission, Principal};
use crate::http::ApiError;
use crate::http::doc::{Doc, Param, Part, RequestBody};
use crate::http::extract::Params;
use crate::http::route::{BodyLimit, Route};
use crate::ingest::legacy::{self, Request};
use crate::request_memory::Reservation;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use std::sync::Arc;

const PARTS: &[Part] = &[
    Part {
        name: "profile",
        media_type: "application/octet-stream",
        description: "A pprof, plain or gzipped",
    },
    Part {
        name: "sample_type_config",
        media_type: "application/json",
        description: "How sample types are shown, by name",
    },
    Part {
        name: "jfr",
        media_type: "application/octet-stream",
        description: "A recording, plain or gzipped",
    },
    Part {
        name: "labels",
        media_type: "application/octet-stream",
        description: "A LabelsSnapshot in protobuf",
    },
];

const DOC: Doc = Doc {
    description: "The body is one profile. A multipart form has a pprof in `profile` and optionally JSON in `sample_type_config`, or a \
                  recording in `jfr` and a LabelsSnapshot in `labels`. Bodies may be gzipped. The response has no body.",
    params: &[
        Param::query(
            "name",
            "Application and labels. For text formats the last part may name the profile type.",
            "shop.cpu{region=eu}",
        )
        .required(),
        Param::query(
            "from",
            "Start: Unix time in s, ms, us or ns, YYYYMMDD, RFC 3339, now-1h.",
            "now-10s",
        )
        .pattern(TIME)
        .default("now"),
        Param::query("until", "End, in the same notations.", "now").pattern(TIME).default("now"),
        Param::query(
            "format",
            "Format of the body; `groups`, `folded` and `collapsed` are folded stacks. Default: by the content type, or else \
             folded stacks.",
            "folded",
        )
        .one_of(&legacy::FORMATS)
        .without_default(),
        Param::query(
            "sampleRate",
            "Samples per second: converts CPU and wall samples of text formats to time.",
            "100",
        )
        .integer(0..=u32::MAX as i64)
        .default("100"),
        Param::query("spyName", "The profiler; stored as the label pyroscope_spy.", "pyspy"),
        Param::query("units", "Ignored.", "samples"),
        Param::query("aggregationType", "Ignored.", "sum"),
    ],
    body: &[
        RequestBody::Bytes("application/octet-stream", "The profile, plain or gzipped"),
        RequestBody::Form(PARTS),
        RequestBody::Bytes("text/plain", "The profile in one of the text formats, plain or gzipped"),
    ],
    errors: &[
        (400, "A parameter or the profile is malformed, or its time or labels are rejected."),
        (413, "More than 64 MiB, before or after decompression."),
        (415, "Unsupported format."),
        (429, "A quota is used up; the answer names it, and `Retry-After`."),
        (503, "The store is overloaded; retry."),
        (507, "The disk is full."),
    ],
    ..Doc::new("Ingest", "Push one profile (Pyroscope, older SDKs)")
};

/// The lines of the route table.
pub(crate) fn routes() -> Vec<Route> {
    let route =
        |path| Route::post(path, handle).needs(Permission::WriteProfiles).body(BodyLimit::Profile).doc(DOC);
    vec![route("/ingest"), route("/pyroscope/ingest")]
}

async fn handle(
    State(app): State<Arc<App>>,
    who: Principal,
    uri: Uri,
    headers: HeaderMap,
    memory: Reservation,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let params = Params::read(&uri)?;
    let request = Request::parse(params.pairs(), content_type, app.clock.now())?;
    take(&app, &who, "ingest", (&headers, memory, body), move |body, budget, now| {
        legacy::read(&request, body, budget, now)
    })
    .await?;
    Ok(StatusCode::OK)
}

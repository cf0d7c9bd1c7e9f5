//! `GET /api/v1/export`

use super::params::{FROM, SELECTOR, SPANS, TYPE, UNTIL};
use crate::app::App;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::Ask;
use crate::query::export::{ExportFormat, UnknownFormat};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

pub(crate) const DOC: Doc = Doc {
    description: "The merge of all matching profiles as a file: `pprof` (gzipped, with call sites, inlined lines and \
                  mappings), `folded` (a line a stack), `speedscope` or `firefox` (JSON, the latter for profiler.firefox.com).",
    params: &[
        TYPE,
        Param::query("format", "`pprof` (default), `folded`, `speedscope` or `firefox`", "folded"),
        SELECTOR,
        FROM,
        UNTIL,
        SPANS,
    ],
    answer: Answer::Content(&["application/gzip", "text/plain", "application/json"]),
    errors: &[
        (400, "A parameter is unknown, missing or malformed; `position` says where in its text"),
        (404, "No profile matches"),
        (500, "Storage failed"),
        (504, "The question took too long; ask for a shorter range"),
    ],
    example: "/api/v1/export?format=folded&type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&selector={service_name=\"flarepath\"}",
    ..Doc::new("Query", "A merged profile as a file")
};

pub(crate) async fn export(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, ApiError> {
    let question = ask.question(&DOC)?;
    let profile_type = ask.profile_type()?;
    let format: ExportFormat = ask
        .params
        .get("format")
        .unwrap_or("pprof")
        .parse()
        .map_err(|e: UnknownFormat| ApiError::bad_request("bad-format", format!("`format`: {e}")))?;
    let service = question.service().unwrap_or("profile").to_owned();
    let name = format!("{service} {}", profile_type.sample_type);
    let file = app.querier.export(&ask.who, &question, &profile_type, format, &name).await?;
    let Some(file) = file else {
        let detail = "no profile matches in this range; there is nothing to export";
        return Err(ApiError::new(StatusCode::NOT_FOUND, "no-data", detail));
    };
    let content_type = match format {
        ExportFormat::Pprof => "application/gzip",
        ExportFormat::Folded => "text/plain; charset=utf-8",
        ExportFormat::Speedscope | ExportFormat::Firefox => "application/json",
    };
    let seconds = question.range.start.0.div_euclid(1_000_000_000);
    let file_name =
        format!("{}-{}-{seconds}.{}", safe(&service), safe(&profile_type.sample_type), format.extension());
    let headers = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file_name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, file).into_response())
}

/// Text that may stand in the name of a file on any system.
fn safe(text: &str) -> String {
    text.chars()
        .take(64)
        .map(|c| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '_' })
        .collect()
}

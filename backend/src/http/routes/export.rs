//! `GET /api/v1/export`

use super::params::{FROM, SELECTOR, SPANS, STORE, TYPE, UNTIL};
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param, names};
use crate::http::extract::QueryRequest;
use crate::problem::ProblemKind;
use crate::query::export::{ExportFormat, UnknownFormat};
use axum::http::header;
use axum::response::{IntoResponse, Response};

pub(crate) const DOC: Doc = Doc {
    description: "All matching profiles merged into one file: `pprof` (gzipped, with call sites, inlined lines and mappings), `folded` \
                  (one stack per line), `speedscope` or `firefox` (JSON; the latter for profiler.firefox.com).",
    params: &[
        STORE,
        TYPE,
        Param::query("format", "Of the file", "folded").one_of(const { &names(&ExportFormat::NAMED) }),
        SELECTOR,
        FROM,
        UNTIL,
        SPANS,
    ],
    answer: Answer::Json("ProfileFile", &["application/gzip", "text/plain"]),
    errors: &[
        (400, "A parameter is unknown, missing or malformed; `position` is where in its text"),
        (404, "No profile matches, or the caller may read no store of this name"),
    ],
    example: "/api/v1/export?format=folded&type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&selector={service_name=\"flarepath\"}",
    ..Doc::new("Query", "Export a merged profile")
};

pub(crate) async fn export(request: QueryRequest) -> Result<Response, ApiError> {
    let (question, profile_type) = request.typed_question(&DOC)?;
    let format: ExportFormat = request
        .params
        .get("format")
        .unwrap_or("pprof")
        .parse()
        .map_err(|e: UnknownFormat| ApiError::new(ProblemKind::BadFormat, format!("`format`: {e}")))?;
    let service = question.service().unwrap_or("profile").to_owned();
    let name = format!("{service} {}", profile_type.sample_type);
    let file = request.store.querier.export(&request.who, &question, &profile_type, format, &name).await?;
    let Some(file) = file else {
        let detail = "no profile in this range matches";
        return Err(ApiError::new(ProblemKind::NoData, detail));
    };
    let content_type = match format {
        ExportFormat::Pprof => "application/gzip",
        ExportFormat::Folded => "text/plain; charset=utf-8",
        ExportFormat::Speedscope | ExportFormat::Firefox => "application/json",
    };
    let seconds = question.range.start.as_secs();
    let file_name =
        format!("{}-{}-{seconds}.{}", safe(&service), safe(&profile_type.sample_type), format.extension());
    let headers = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file_name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, file).into_response())
}

/// Replaces characters that are not safe in file names on every system.
fn safe(text: &str) -> String {
    text.chars()
        .take(64)
        .map(|c| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '_' })
        .collect()
}

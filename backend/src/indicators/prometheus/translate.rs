//! Translation of questions and answers. Pure.
//!
//! The answer is an envelope `{status, data, errorType, error, warnings, infos}`; in `data` a matrix, whose values are
//! `[unix seconds, "number"]`. See <https://prometheus.io/docs/prometheus/latest/querying/api/>.

use crate::indicators::grid::Grid;
use crate::indicators::source::{MetricSeries, SourceAnswer, SourceError};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Points of a series beyond which Prometheus answers 400.
const MOST_POINTS: i64 = 11_000;
/// Series of an answer. Sources may ignore the parameter, so that it is checked again.
const MOST_SERIES: usize = 500;
/// Warnings that are passed on, and characters of each text of a source.
const MOST_WARNINGS: usize = 10;
const MOST_CHARS: usize = 300;

/// The form of a query.
///
/// # Errors
/// [`SourceError::TooLarge`] beyond [`MOST_POINTS`].
pub(super) fn form(query: &str, grid: Grid, more: &[(String, String)]) -> Result<String, SourceError> {
    if grid.points > MOST_POINTS {
        return Err(SourceError::TooLarge(format!("more than {MOST_POINTS} points")));
    }
    let escaped = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let (start, end, step) = (grid.start_secs, grid.end_secs(), grid.step_secs);
    let mut form =
        format!("query={}&start={start}&end={end}&step={step}&limit={MOST_SERIES}", escaped(query));
    for (name, value) in more {
        form.push_str(&format!("&{}={}", escaped(name), escaped(value)));
    }
    Ok(form)
}

#[derive(Deserialize)]
struct Envelope {
    status: String,
    data: Option<Data>,
    #[serde(rename = "errorType", default)]
    error_type: String,
    #[serde(default)]
    error: String,
    warnings: Option<Vec<String>>,
    infos: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "resultType")]
    result_type: String,
    result: Vec<Series>,
}

#[derive(Deserialize)]
struct Series {
    #[serde(default)]
    metric: BTreeMap<String, String>,
    #[serde(default)]
    values: Vec<(f64, String)>,
    #[serde(default)]
    histograms: Vec<(f64, Histogram)>,
}

/// A native histogram, of which the count is read: its rate is that of the observations.
#[derive(Deserialize)]
struct Histogram {
    count: String,
}

/// The series of a response, and notes for the log.
///
/// # Errors
/// [`SourceError`].
pub(super) fn answer(
    status: u16,
    content_type: &str,
    body: &[u8],
    grid: Grid,
) -> Result<(SourceAnswer, Vec<String>), SourceError> {
    if matches!(status, 401 | 403) {
        return Err(SourceError::Denied(status));
    }
    if !content_type.starts_with("application/json") {
        return Err(not_json(status, content_type));
    }
    let envelope: Envelope = serde_json::from_slice(body)
        .map_err(|error| SourceError::NotPrometheus(format!("status {status}, {error}")))?;
    if envelope.status != "success" {
        return Err(failure(status, &envelope));
    }
    let data =
        envelope.data.ok_or_else(|| SourceError::NotPrometheus("an answer without data".to_owned()))?;
    if data.result_type != "matrix" {
        let what = format!("a result of type {}", cut(&data.result_type));
        return Err(SourceError::NotPrometheus(what));
    }
    let mut answer = SourceAnswer::default();
    let warnings = envelope.warnings.unwrap_or_default();
    answer.warnings.extend(warnings.iter().take(MOST_WARNINGS).map(|text| cut(text)));
    let found = data.result.len();
    if found > MOST_SERIES {
        answer.warnings.push(format!("the first {MOST_SERIES} of {found} series are shown"));
    }
    let mut has_infinite = false;
    for series in data.result.into_iter().take(MOST_SERIES) {
        answer.series.push(read(series, grid, &mut has_infinite)?);
    }
    if has_infinite {
        answer.warnings.push("infinite values are left out".to_owned());
    }
    let notes = envelope.infos.unwrap_or_default();
    Ok((answer, notes.iter().take(MOST_WARNINGS).map(|text| cut(text)).collect()))
}

fn read(series: Series, grid: Grid, has_infinite: &mut bool) -> Result<MetricSeries, SourceError> {
    let values = series.values.iter().map(|(at, text)| (*at, text.as_str()));
    let counts = series.histograms.iter().map(|(at, histogram)| (*at, histogram.count.as_str()));
    let mut points = Vec::with_capacity(series.values.len() + series.histograms.len());
    for (at, text) in values.chain(counts) {
        let value: f64 = text
            .parse()
            .map_err(|_| SourceError::NotPrometheus(format!("`{}` is not a number", cut(text))))?;
        *has_infinite |= value.is_infinite();
        if let Some(place) = grid.place(at).filter(|_| value.is_finite()) {
            points.push((place, value));
        }
    }
    // A series that became a native histogram has values before, and histograms after.
    points.sort_by_key(|(place, _)| *place);
    points.dedup_by_key(|(place, _)| *place);
    Ok(MetricSeries { labels: series.metric, points })
}

/// The error in an envelope.
fn failure(status: u16, envelope: &Envelope) -> SourceError {
    let text = match envelope.error.as_str() {
        "" => format!("status {status}"),
        error => cut(error),
    };
    let exceeds = ["maximum resolution", "too many samples", "err-mimir-max", "-search.max"]
        .iter()
        .any(|part| envelope.error.contains(part));
    match (envelope.error_type.as_str(), status) {
        ("bad_data" | "execution", _) | (_, 400 | 422) if exceeds => SourceError::TooLarge(text),
        ("bad_data" | "execution", _) | (_, 400 | 422) => SourceError::BadQuery(text),
        ("timeout" | "canceled", _) => SourceError::Failed(format!("it gave up: {text}")),
        (_, 429) => SourceError::Failed(format!("too many requests: {text}")),
        _ => SourceError::Failed(text),
    }
}

/// What answers without JSON: a proxy, a page of sign-in, another program.
fn not_json(status: u16, content_type: &str) -> SourceError {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    let kind = if kind.is_empty() { "no content type".to_owned() } else { cut(kind) };
    match status {
        300..=399 => {
            SourceError::NotPrometheus(format!("status {status}, a redirect, which is not followed"))
        }
        429 => SourceError::Failed("too many requests".to_owned()),
        502..=504 => SourceError::Unreachable(format!("a proxy answered with status {status}")),
        _ => SourceError::NotPrometheus(format!("status {status}, {kind}")),
    }
}

/// The beginning of a text of a source, on one line.
fn cut(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST_CHARS).collect();
    if text.chars().nth(MOST_CHARS).is_some() { format!("{line}…") } else { line }
}

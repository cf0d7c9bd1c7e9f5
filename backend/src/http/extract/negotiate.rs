//! [`Format`]: JSON or protobuf, negotiated by `Accept` (RFC 9110, 12.5.1).

use crate::app::App;
use crate::http::ApiError;
use crate::problem::ProblemKind;
use crate::work::ANSWERS;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::sync::Arc;

const PROTOBUF: &str = "application/x-protobuf";
const JSON: &str = "application/json";

/// Format of a response message; as an extractor, the one that the caller accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Protobuf,
}

impl FromRequestParts<Arc<App>> for Format {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, ApiError> {
        Format::accepted(&parts.headers)
    }
}

impl Format {
    /// The preferred of both by the `Accept` header; JSON when it has no preference.
    ///
    /// # Errors
    /// 406 when neither is acceptable.
    fn accepted(headers: &HeaderMap) -> Result<Format, ApiError> {
        let values = headers.get_all(header::ACCEPT);
        let mut ranges =
            values.iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')).map(range).peekable();
        if ranges.peek().is_none() {
            return Ok(Format::Json);
        }
        let ranges: Vec<(String, f32)> = ranges.collect();
        let json = quality(&ranges, &[JSON]);
        let protobuf = quality(&ranges, &[PROTOBUF, "application/protobuf"]);
        match (json > 0.0, protobuf > json) {
            (_, true) => Ok(Format::Protobuf),
            (true, false) => Ok(Format::Json),
            (false, false) => Err(ApiError::new(
                ProblemKind::NotAcceptable,
                format!(
                    "responses are {JSON} or {PROTOBUF}; name one of them in `Accept`, or omit the header"
                ),
            )),
        }
    }

    /// What `make` returns as a response. Made off the async threads: lists have a hundred thousand entries.
    pub(crate) async fn respond_with<M: prost::Message + Serialize>(
        self,
        make: impl FnOnce() -> M + Send + 'static,
    ) -> Result<Response, ApiError> {
        Ok(ANSWERS.run(move || self.respond(&make())).await?)
    }

    /// `message` as a response.
    pub(crate) fn respond<M: prost::Message + Serialize>(self, message: &M) -> Response {
        let (content_type, body) = match self {
            Format::Protobuf => (PROTOBUF, message.encode_to_vec()),
            Format::Json => match serde_json::to_vec(message) {
                Ok(body) => (JSON, body),
                Err(error) => {
                    tracing::error!(%error, "cannot serialize a message as JSON");
                    return ApiError::internal().into_response();
                }
            },
        };
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
            (header::VARY, HeaderValue::from_static("accept")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        (headers, body).into_response()
    }
}

/// A media range and its weight.
fn range(text: &str) -> (String, f32) {
    let mut parts = text.split(';').map(str::trim);
    let media = parts.next().unwrap_or_default().to_ascii_lowercase();
    let weight = parts.find_map(|p| p.strip_prefix("q=").or(p.strip_prefix("Q=")));
    (media, weight.map_or(1.0, |q| q.parse().unwrap_or(0.0)))
}

/// The weight of a type, given by the most specific range that covers it.
fn quality(ranges: &[(String, f32)], names: &[&str]) -> f32 {
    let of = |wanted: &[&str]| {
        let weights = ranges.iter().filter(|(media, _)| wanted.contains(&media.as_str())).map(|(_, q)| *q);
        weights.reduce(f32::max)
    };
    of(names).or_else(|| of(&["application/*"])).or_else(|| of(&["*/*"])).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(accept: &str) -> Option<Format> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        Format::accepted(&headers).ok()
    }

    #[test]
    fn chooses_the_preferred_format() {
        assert_eq!(Format::accepted(&HeaderMap::new()).ok(), Some(Format::Json));
        for json in
            ["*/*", "application/*", "application/json", "text/html, */*;q=0.8", "Application/JSON; q=0.5"]
        {
            assert_eq!(accepted(json), Some(Format::Json), "{json}");
        }
        for protobuf in [
            "application/x-protobuf",
            "application/protobuf",
            "application/json;q=0.5, application/x-protobuf",
            "*/*, application/json;q=0",
        ] {
            assert_eq!(accepted(protobuf), Some(Format::Protobuf), "{protobuf}");
        }
    }

    #[test]
    fn rejects_other_formats() {
        for other in ["text/html", "application/json;q=0", "image/*", "application/json;q=x"] {
            assert_eq!(accepted(other), None, "{other}");
        }
    }
}

//! Request bodies: JSON, or a message as JSON or protobuf.
//!
//! The content type is required: another site's form can be sent with three other types without a preflight request (Fetch
//! Standard, CORS-safelisted request-header), but not with `application/json`. No error quotes what was sent, as that may be
//! a password.

use super::json_size::{self, VALUE_BYTES};
use super::memory::reservation;
use crate::app::App;
use crate::http::ApiError;
use crate::http::route::BodyLimit;
use crate::ingest::inflate::{Compression, InflateError, Limits, bounded};
use crate::problem::ProblemKind;
use crate::request_memory::{MemoryError, Reservation};
use crate::work::Workers;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use flarepath_wire::decoded_size::{Shape, decoded_size};
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use std::error::Error;
use std::sync::{Arc, LazyLock};
use tower_http::timeout::TimeoutError;

/// Bytes of a message as sent.
const MAX_MESSAGE_BYTES: usize = 16 << 20;
/// Limits of a compressed message.
const MESSAGE_LIMITS: Limits =
    Limits { max_bytes: MAX_MESSAGE_BYTES, max_ratio: usize::MAX, zstd_window_log: 23 };
/// Bytes that a message may take, decoded.
const MAX_DECODED_BYTES: usize = 32 << 20;
/// Bytes that a request with a message may take in all: as sent, inflated, decoded, and what is computed of it.
const MAX_REQUEST_BYTES: usize = 64 << 20;

/// One at a time.
static DECODER: LazyLock<Workers> = LazyLock::new(|| Workers::new(1));

/// A JSON body of at most 64 KiB and 10 000 values.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<Self, ApiError> {
        if media_type(request.headers()) != "application/json" {
            let detail = "the body must be JSON, with `Content-Type: application/json`";
            return Err(ApiError::new(ProblemKind::BadContentType, detail));
        }
        let memory = reservation(request.extensions())?;
        json(request.into_body(), &memory).await.map(JsonBody)
    }
}

/// A message whose size in memory is known before it is decoded.
pub(crate) trait SizedMessage: prost::Message + Default + DeserializeOwned + 'static {
    /// Its shape.
    fn shape() -> &'static Shape;
}

/// A message as JSON of at most 64 KiB, or as protobuf of at most 16 MiB, plain or compressed with gzip or zstd; and the
/// memory that is reserved for it.
pub(crate) struct MessageBody<M>(pub(crate) M, pub(crate) Reservation);

impl<M: SizedMessage> FromRequest<Arc<App>> for MessageBody<M> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<Self, ApiError> {
        let memory = reservation(request.extensions())?;
        let message = match media_type(request.headers()).as_str() {
            "application/json" => json(request.into_body(), &memory).await?,
            "application/x-protobuf" | "application/protobuf" => {
                let compression = content_encoding(request.headers()).map_err(|()| unsupported(ENCODINGS))?;
                let bytes = read(request.into_body(), MAX_MESSAGE_BYTES).await?;
                let held = memory.clone();
                DECODER.run(move || decode(bytes, compression, &held)).await??
            }
            _ => {
                return Err(unsupported(
                    "the body must be of type application/json or application/x-protobuf",
                ));
            }
        };
        Ok(MessageBody(message, memory))
    }
}

const ENCODINGS: &str = "this Content-Encoding is not supported; send gzip, zstd, or none";

/// The media type of a request, lower case, without parameters; empty if it has none.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The compression that `Content-Encoding` names.
///
/// # Errors
/// An encoding that is not supported, or more than one.
pub(crate) fn content_encoding(headers: &HeaderMap) -> Result<Option<Compression>, ()> {
    let mut values = headers.get_all(header::CONTENT_ENCODING).iter();
    let (first, more) = (values.next(), values.next());
    let text = first.map_or(Ok(""), |v| v.to_str()).unwrap_or("?").trim().to_ascii_lowercase();
    match (text.as_str(), more) {
        ("" | "identity", None) => Ok(None),
        ("gzip" | "x-gzip", None) => Ok(Some(Compression::Gzip)),
        ("zstd", None) => Ok(Some(Compression::Zstd)),
        _ => Err(()),
    }
}

/// Whether reading a body failed because it is larger than the limit.
pub(crate) fn is_over_limit(error: &axum::Error) -> bool {
    has_cause::<LengthLimitError>(error)
}

/// Whether reading a body failed because it stopped arriving.
pub(crate) fn is_timed_out(error: &axum::Error) -> bool {
    has_cause::<TimeoutError>(error)
}

fn has_cause<E: Error + 'static>(error: &axum::Error) -> bool {
    let mut cause: Option<&dyn Error> = Some(error);
    while let Some(error) = cause {
        if error.is::<E>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Why the memory budget refused a body, if it did.
pub(crate) fn memory_error(error: &axum::Error) -> Option<MemoryError> {
    let mut cause: Option<&dyn Error> = Some(error);
    while let Some(error) = cause {
        if let Some(memory) = error.downcast_ref::<MemoryError>() {
            return Some(*memory);
        }
        cause = error.source();
    }
    None
}

/// Reads a body of at most `limit` bytes.
///
/// # Errors
/// 413 when it is larger, or than the memory for requests allows; 503 when others use that; 408 and 400 when it ends early.
pub(crate) async fn read(body: Body, limit: usize) -> Result<Bytes, ApiError> {
    to_bytes(body, limit).await.map_err(|error| match memory_error(&error) {
        Some(memory) => memory.into(),
        None if is_over_limit(&error) => too_large(format!("the body is larger than {} KiB", limit >> 10)),
        None if is_timed_out(&error) => {
            ApiError::new(ProblemKind::BodyTimeout, "the body stopped arriving; send it again")
        }
        None => ApiError::new(ProblemKind::BadBody, "the body could not be read to its end"),
    })
}

async fn json<T: DeserializeOwned>(body: Body, memory: &Reservation) -> Result<T, ApiError> {
    let bytes = read(body, BodyLimit::Small.bytes()).await?;
    let bad =
        |detail: String| ApiError::new(ProblemKind::BadJson, format!("cannot parse the body: {detail}"));
    let values = json_size::count_values(&bytes).map_err(|e| bad(e.to_string()))?;
    memory.grow(bytes.len() + values * VALUE_BYTES).await?;
    serde_json::from_slice(&bytes).map_err(|error| bad(without_values(&error)))
}

/// What is wrong and where, without the names and values that were sent.
fn without_values(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!("at line {} column {}", error.line(), error.column());
    if error.classify() != Category::Data || text.starts_with("missing field") {
        return text;
    }
    match text.rsplit_once("`, expected ") {
        // The rest of serde's text lists our own names, and ends with the place.
        Some((unknown, expected)) if unknown.starts_with("unknown field") => {
            format!("unknown field, expected {expected}")
        }
        _ => format!("invalid value {place}"),
    }
}

/// Inflates and decodes a message; each step reserves what it takes.
fn decode<M: SizedMessage>(
    bytes: Bytes,
    compression: Option<Compression>,
    memory: &Reservation,
) -> Result<M, ApiError> {
    let plain: Bytes = match compression {
        None => bytes,
        Some(compression) => {
            bounded(compression, &bytes, &MESSAGE_LIMITS, Some(memory)).map_err(inflate_error)?.into()
        }
    };
    let size = decoded_size(&plain, M::shape(), MAX_DECODED_BYTES)
        .map_err(|e| too_large(format!("the message is too large: {e}; share a part of it")))?;
    // What is computed of it is trees of the same size.
    memory.grow_to_blocking((plain.len() + 4 * size).min(MAX_REQUEST_BYTES))?;
    M::decode(plain).map_err(|e| {
        ApiError::new(ProblemKind::BadMessage, format!("cannot parse the body as protobuf: {e}"))
    })
}

fn inflate_error(error: InflateError) -> ApiError {
    match error {
        InflateError::TooLarge { limit } => {
            too_large(format!("more than {} MiB after decompression; share a part of it", limit >> 20))
        }
        InflateError::Memory(error) => error.into(),
        other => ApiError::new(ProblemKind::BadCompression, format!("cannot decompress the body: {other}")),
    }
}

fn too_large(detail: String) -> ApiError {
    ApiError::new(ProblemKind::BodyTooLarge, detail)
}

fn unsupported(detail: &str) -> ApiError {
    ApiError::new(ProblemKind::UnsupportedMediaType, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request_memory::RequestMemory;
    use flarepath_wire::shares::CreateShareRequest;
    use std::io::Write;
    use std::time::Duration;

    fn memory() -> Reservation {
        RequestMemory::new(256 << 20, Duration::ZERO).large()
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Draft {
        #[allow(dead_code)]
        name: String,
        #[allow(dead_code)]
        kind: Kind,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        User,
    }

    #[tokio::test]
    async fn json_errors_never_quote_the_body() {
        for (body, part) in [
            (r#"{"name": {"hunter2": 1}, "kind": "user"}"#, "invalid value at line 1"),
            (r#"{"name": "x", "kind": "hunter2"}"#, "invalid value at line 1"),
            (r#"{"name": "x", "hunter2": 1}"#, "unknown field, expected `name` or `kind` at line 1"),
            (r#"{"hunter2`, expected y": 1}"#, "unknown field, expected `name` or `kind` at line 1"),
            (r#"{"name": "hunter2"}"#, "missing field `kind`"),
            (r#"{"name": hunter2}"#, "expected value at line 1 column 10"),
            ("hunter2", "expected value at line 1 column 1"),
        ] {
            let problem = json::<Draft>(Body::from(body), &memory()).await.unwrap_err().problem;
            assert_eq!(problem.kind, "bad-json");
            assert!(
                problem.detail.contains(part) && !problem.detail.contains("hunter2"),
                "{}",
                problem.detail
            );
        }
    }

    #[tokio::test]
    async fn json_is_limited_to_64_kib() {
        let fits = format!("\"{}\"", "x".repeat((64 << 10) - 2));
        assert!(json::<String>(Body::from(fits.clone()), &memory()).await.is_ok());
        let problem = json::<String>(Body::from(fits + " "), &memory()).await.unwrap_err().problem;
        assert_eq!((problem.status, problem.kind.as_str()), (413, "body-too-large"));
    }

    fn status(bytes: Vec<u8>, compression: Compression) -> u16 {
        decode::<CreateShareRequest>(bytes.into(), Some(compression), &memory())
            .map_or_else(|e| e.status().as_u16(), |_| 200)
    }

    #[test]
    fn rejects_bombs_and_corrupt_compression() {
        let zeros = vec![0; 1 << 20];
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        let mut zstd = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
        for _ in 0..=MESSAGE_LIMITS.max_bytes / zeros.len() {
            gzip.write_all(&zeros).unwrap();
            zstd.write_all(&zeros).unwrap();
        }
        for (bytes, compression) in
            [(gzip.finish().unwrap(), Compression::Gzip), (zstd.finish().unwrap(), Compression::Zstd)]
        {
            assert!(bytes.len() < 1 << 20);
            assert_eq!(status(bytes, compression), 413, "{compression:?}");
            assert_eq!(status(b"x".to_vec(), compression), 400, "{compression:?}");
        }
        assert!(decode::<CreateShareRequest>(Bytes::new(), None, &memory()).is_ok());
        let encoding = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_ENCODING, value.parse().unwrap());
            content_encoding(&headers)
        };
        assert_eq!(encoding("identity"), Ok(None));
        assert_eq!(encoding("br"), Err(()));
    }
}

//! One unary Connect call: its request in either encoding, its answer in the same, its errors by Connect's codes.

use crate::http::ApiError;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::Read;

/// Bytes of a request after decompression.
const MAX_REQUEST: u64 = 1 << 20;

/// How a call is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Proto,
    Json,
}

/// A call: the request, and how to answer.
pub(super) struct Call<M> {
    pub(super) request: M,
    pub(super) encoding: Encoding,
    /// Whether the caller can take label names that are no identifiers, such as those with dots.
    pub(super) any_label_name: bool,
}

/// A failed call.
#[derive(Debug)]
pub(super) struct CallError {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl CallError {
    pub(super) fn invalid(message: impl Into<String>) -> CallError {
        CallError { status: StatusCode::BAD_REQUEST, code: "invalid_argument", message: message.into() }
    }

    pub(super) fn unimplemented(message: impl Into<String>) -> CallError {
        CallError { status: StatusCode::NOT_IMPLEMENTED, code: "unimplemented", message: message.into() }
    }
}

impl<E: Into<ApiError>> From<E> for CallError {
    fn from(error: E) -> CallError {
        let error: ApiError = error.into();
        let (status, code) = match error.status() {
            StatusCode::BAD_REQUEST => (StatusCode::BAD_REQUEST, "invalid_argument"),
            StatusCode::GATEWAY_TIMEOUT => (StatusCode::GATEWAY_TIMEOUT, "deadline_exceeded"),
            StatusCode::SERVICE_UNAVAILABLE => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            StatusCode::PAYLOAD_TOO_LARGE => (StatusCode::PAYLOAD_TOO_LARGE, "resource_exhausted"),
            _ => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        };
        CallError { status, code, message: error.problem.detail }
    }
}

impl IntoResponse for CallError {
    fn into_response(self) -> Response {
        let body = serde_json::json!({ "code": self.code, "message": self.message }).to_string();
        (self.status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
    }
}

impl Encoding {
    fn of(headers: &HeaderMap) -> Result<Encoding, CallError> {
        let value = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        match value.split(';').next().unwrap_or_default().trim() {
            "application/proto" | "application/protobuf" | "application/x-protobuf" => Ok(Encoding::Proto),
            "application/json" => Ok(Encoding::Json),
            other => Err(CallError {
                status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
                code: "invalid_argument",
                message: format!("content type `{other}`: expected application/proto or application/json"),
            }),
        }
    }

    pub(super) fn respond<M: prost::Message + Serialize>(self, message: &M) -> Response {
        match self {
            Encoding::Proto => proto(message.encode_to_vec()),
            Encoding::Json => match serde_json::to_vec(message) {
                Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
                Err(error) => {
                    tracing::error!(%error, "a message cannot be written as JSON");
                    CallError::from(ApiError::internal()).into_response()
                }
            },
        }
    }
}

/// A message that is encoded already.
pub(super) fn proto(body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/proto")], body).into_response()
}

impl<S: Send + Sync, M: prost::Message + Default + DeserializeOwned> FromRequest<S> for Call<M> {
    type Rejection = CallError;

    async fn from_request(request: Request, state: &S) -> Result<Self, CallError> {
        let encoding = Encoding::of(request.headers())?;
        let gzip = match request.headers().get(header::CONTENT_ENCODING).map(|v| v.as_bytes()) {
            None | Some(b"" | b"identity") => false,
            Some(b"gzip") => true,
            Some(_) => return Err(CallError::unimplemented("Content-Encoding: expected gzip or none")),
        };
        let accept = request.headers().get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let any_label_name = accept.contains("allow-utf8-labelnames=true");
        let body = Bytes::from_request(request, state).await.map_err(|error| {
            let too_large = error.status() == StatusCode::PAYLOAD_TOO_LARGE;
            let (status, code) = match too_large {
                true => (StatusCode::PAYLOAD_TOO_LARGE, "resource_exhausted"),
                false => (StatusCode::BAD_REQUEST, "invalid_argument"),
            };
            CallError { status, code, message: error.body_text() }
        })?;
        let body = if gzip { inflate(&body)? } else { body };
        let request = match encoding {
            Encoding::Proto => {
                M::decode(body).map_err(|e| CallError::invalid(format!("not the message expected: {e}")))?
            }
            Encoding::Json => serde_json::from_slice(&body)
                .map_err(|e| CallError::invalid(format!("not the message expected: {e}")))?,
        };
        Ok(Call { request, encoding, any_label_name })
    }
}

fn inflate(body: &[u8]) -> Result<Bytes, CallError> {
    let mut plain = Vec::new();
    let read = flate2::read::GzDecoder::new(body).take(MAX_REQUEST + 1).read_to_end(&mut plain);
    read.map_err(|e| CallError::invalid(format!("the body is not gzip: {e}")))?;
    if plain.len() as u64 > MAX_REQUEST {
        return Err(CallError::invalid("the request is larger than 1 MiB after decompression"));
    }
    Ok(plain.into())
}

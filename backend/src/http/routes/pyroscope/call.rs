//! [`Call`]: a unary Connect call, answered in the encoding of its request, with Connect's error codes.

use crate::http::ApiError;
use crate::http::extract::body::{media_type, read};
use crate::http::extract::json_size::{VALUE_BYTES, count_values};
use crate::http::extract::memory::reservation;
use crate::http::route::BodyLimit;
use crate::http::rpc_error::{RpcCode, code_of, connect_error};
use crate::ingest::inflate::{Compression, InflateError, Limits, bounded};
use crate::request_memory::Reservation;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flarepath_wire::decoded_size::{ANY, decoded_size};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Bytes that a request may take, decoded.
const MAX_DECODED_BYTES: usize = 8 << 20;
/// Limits of a compressed request.
const LIMITS: Limits = Limits { max_bytes: 1 << 20, max_ratio: usize::MAX, zstd_window_log: 20 };

/// Encoding of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Proto,
    Json,
}

pub(super) struct Call<M> {
    pub(super) request: M,
    pub(super) encoding: Encoding,
    /// Whether the caller supports label names that are not identifiers, such as those with dots.
    pub(super) any_label_name: bool,
}

/// A failed call.
#[derive(Debug)]
pub(super) struct CallError {
    code: RpcCode,
    message: String,
    retry_after_s: Option<u64>,
}

impl CallError {
    fn new(status: StatusCode, message: impl Into<String>) -> CallError {
        CallError { code: code_of(status), message: message.into(), retry_after_s: None }
    }

    pub(super) fn invalid(message: impl Into<String>) -> CallError {
        CallError::new(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn unimplemented(message: impl Into<String>) -> CallError {
        CallError::new(StatusCode::NOT_IMPLEMENTED, message)
    }
}

impl<E: Into<ApiError>> From<E> for CallError {
    fn from(error: E) -> CallError {
        let error: ApiError = error.into();
        let retry_after_s = error.retry_after_s;
        CallError { retry_after_s, ..CallError::new(error.status(), error.problem.detail) }
    }
}

impl IntoResponse for CallError {
    fn into_response(self) -> Response {
        let mut response = connect_error(self.code, &self.message);
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl Encoding {
    fn of(headers: &HeaderMap) -> Result<Encoding, CallError> {
        match media_type(headers).as_str() {
            "application/proto" | "application/protobuf" | "application/x-protobuf" => Ok(Encoding::Proto),
            "application/json" => Ok(Encoding::Json),
            other => Err(CallError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                format!("unsupported content type `{other}`; expected application/proto or application/json"),
            )),
        }
    }

    pub(super) fn respond<M: prost::Message + Serialize>(self, message: &M) -> Response {
        match self {
            Encoding::Proto => proto(message.encode_to_vec()),
            Encoding::Json => match serde_json::to_vec(message) {
                Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
                Err(error) => {
                    tracing::error!(%error, "cannot serialize a message as JSON");
                    CallError::from(ApiError::internal()).into_response()
                }
            },
        }
    }
}

/// A response with an encoded message.
pub(super) fn proto(body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/proto")], body).into_response()
}

impl<S: Send + Sync, M: prost::Message + Default + DeserializeOwned> FromRequest<S> for Call<M> {
    type Rejection = CallError;

    async fn from_request(request: Request, _: &S) -> Result<Self, CallError> {
        let encoding = Encoding::of(request.headers())?;
        let gzip = match request.headers().get(header::CONTENT_ENCODING).map(|v| v.as_bytes()) {
            None | Some(b"" | b"identity") => false,
            Some(b"gzip") => true,
            Some(_) => {
                return Err(CallError::unimplemented("unsupported Content-Encoding; expected gzip or none"));
            }
        };
        let accept = request.headers().get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let any_label_name = accept.contains("allow-utf8-labelnames=true");
        let memory = reservation(request.extensions())?;
        let body = read(request.into_body(), BodyLimit::Small.bytes()).await?;
        let body = if gzip { inflate(&body)? } else { body };
        let request = decode(encoding, body, &memory).await?;
        Ok(Call { request, encoding, any_label_name })
    }
}

/// Decodes a request, after it was counted what that takes.
async fn decode<M: prost::Message + Default + DeserializeOwned>(
    encoding: Encoding,
    body: Bytes,
    memory: &Reservation,
) -> Result<M, CallError> {
    let invalid = |e: &dyn std::fmt::Display| CallError::invalid(format!("cannot parse the request: {e}"));
    match encoding {
        Encoding::Proto => {
            let size = decoded_size(&body, &ANY, MAX_DECODED_BYTES).map_err(|e| invalid(&e))?;
            memory.grow(body.len() + size).await?;
            M::decode(body).map_err(|e| invalid(&e))
        }
        Encoding::Json => {
            let values = count_values(&body).map_err(|e| invalid(&e))?;
            memory.grow(body.len() + values * VALUE_BYTES).await?;
            serde_json::from_slice(&body).map_err(|e| invalid(&e))
        }
    }
}

fn inflate(body: &[u8]) -> Result<Bytes, CallError> {
    bounded(Compression::Gzip, body, &LIMITS, None).map(Bytes::from).map_err(|error| match error {
        InflateError::TooLarge { .. } => {
            CallError::invalid("the request is larger than 1 MiB after decompression")
        }
        other => CallError::invalid(format!("cannot decompress the request: {other}")),
    })
}

//! Error codes of the RPC protocols (Connect, gRPC, OTLP over HTTP) and responses that carry them.

use super::error::ApiError;
use crate::ingest::IngestError;
use crate::ingest::otlp::Encoding;
use crate::request_memory::MemoryError;
use crate::store::StoreError;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use prost::Message;
use serde_json::json;
use tonic::Status;
use tonic::metadata::MetadataMap;

/// google.rpc.Status: the body of a failed OTLP/HTTP response, and the details of a failed gRPC call.
#[derive(Clone, PartialEq, Message)]
struct RpcStatus {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
    #[prost(message, repeated, tag = "3")]
    details: Vec<AnyMessage>,
}

/// google.protobuf.Any.
#[derive(Clone, PartialEq, Message)]
struct AnyMessage {
    #[prost(string, tag = "1")]
    type_url: String,
    #[prost(bytes = "vec", tag = "2")]
    value: Vec<u8>,
}

/// google.rpc.RetryInfo.
#[derive(Clone, PartialEq, Message)]
struct RetryInfo {
    #[prost(message, optional, tag = "1")]
    retry_delay: Option<Delay>,
}

/// google.protobuf.Duration, in whole seconds.
#[derive(Clone, PartialEq, Message)]
struct Delay {
    #[prost(int64, tag = "1")]
    seconds: i64,
}

const RETRY_INFO: &str = "type.googleapis.com/google.rpc.RetryInfo";

/// An error code, as each protocol writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RpcCode {
    /// Connect's name.
    pub(crate) name: &'static str,
    /// HTTP status of a Connect or OTLP response.
    pub(crate) status: StatusCode,
    /// gRPC's number, which OTLP uses too.
    pub(crate) grpc: tonic::Code,
    /// Seconds after which a retry makes sense, for `Retry-After`.
    pub(crate) retry_after_s: Option<u64>,
}

impl RpcCode {
    /// Seconds after which a retry makes sense; absent where none does.
    fn retry_s(self) -> Option<u64> {
        let busy = (self.status == StatusCode::SERVICE_UNAVAILABLE).then_some(ApiError::RETRY_AFTER_S);
        self.retry_after_s.or(busy)
    }
}

const fn rpc_code(name: &'static str, status: StatusCode, grpc: tonic::Code) -> RpcCode {
    RpcCode { name, status, grpc, retry_after_s: None }
}

const INVALID_ARGUMENT: RpcCode =
    rpc_code("invalid_argument", StatusCode::BAD_REQUEST, tonic::Code::InvalidArgument);
const PERMISSION_DENIED: RpcCode =
    rpc_code("permission_denied", StatusCode::FORBIDDEN, tonic::Code::PermissionDenied);
const UNAUTHENTICATED: RpcCode =
    rpc_code("unauthenticated", StatusCode::UNAUTHORIZED, tonic::Code::Unauthenticated);
const NOT_FOUND: RpcCode = rpc_code("not_found", StatusCode::NOT_FOUND, tonic::Code::NotFound);
const RESOURCE_EXHAUSTED: RpcCode =
    rpc_code("resource_exhausted", StatusCode::TOO_MANY_REQUESTS, tonic::Code::ResourceExhausted);
const UNAVAILABLE: RpcCode =
    rpc_code("unavailable", StatusCode::SERVICE_UNAVAILABLE, tonic::Code::Unavailable);
const DEADLINE_EXCEEDED: RpcCode =
    rpc_code("deadline_exceeded", StatusCode::GATEWAY_TIMEOUT, tonic::Code::DeadlineExceeded);
const UNIMPLEMENTED: RpcCode =
    rpc_code("unimplemented", StatusCode::NOT_IMPLEMENTED, tonic::Code::Unimplemented);
const INTERNAL: RpcCode = rpc_code("internal", StatusCode::INTERNAL_SERVER_ERROR, tonic::Code::Internal);

/// Code and message of an ingest error. Oversized bodies and unknown content types keep their HTTP status.
pub(crate) fn rpc_error(error: IngestError) -> (RpcCode, String) {
    let code = match &error {
        IngestError::BadRequest(_)
        | IngestError::BadProfile(_)
        | IngestError::Refused(_)
        | IngestError::Labels(_) => INVALID_ARGUMENT,
        IngestError::Quota(exceeded) => {
            RpcCode { retry_after_s: Some(exceeded.retry_after_s()), ..RESOURCE_EXHAUSTED }
        }
        IngestError::TooLarge(_) => code_of(StatusCode::PAYLOAD_TOO_LARGE),
        IngestError::Unsupported(_) => code_of(StatusCode::UNSUPPORTED_MEDIA_TYPE),
        IngestError::Store(StoreError::DiskFull(_)) => RESOURCE_EXHAUSTED,
        IngestError::Memory(MemoryError::TooLarge { .. }) => code_of(StatusCode::PAYLOAD_TOO_LARGE),
        IngestError::Store(StoreError::Busy(_))
        | IngestError::Memory(MemoryError::Busy { .. })
        | IngestError::Stopping => UNAVAILABLE,
        IngestError::BodyTimeout => DEADLINE_EXCEEDED,
        IngestError::NotAllowed(_) => PERMISSION_DENIED,
        IngestError::ReadOnly => UNIMPLEMENTED,
        IngestError::Store(_) | IngestError::Bounds(_) => INTERNAL,
    };
    let message = match error {
        // Tells the sender what to do, but nothing about our files; `ApiError::from` logs the cause.
        error @ (IngestError::Store(_) | IngestError::Bounds(_)) => ApiError::from(error).problem.detail,
        other => other.to_string(),
    };
    (code, message)
}

/// The code that corresponds to an HTTP status.
pub(crate) fn code_of(status: StatusCode) -> RpcCode {
    let code = match status {
        StatusCode::BAD_REQUEST | StatusCode::UNSUPPORTED_MEDIA_TYPE => INVALID_ARGUMENT,
        StatusCode::UNAUTHORIZED => UNAUTHENTICATED,
        StatusCode::FORBIDDEN => PERMISSION_DENIED,
        StatusCode::NOT_FOUND => NOT_FOUND,
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::TOO_MANY_REQUESTS => RESOURCE_EXHAUSTED,
        StatusCode::NOT_IMPLEMENTED => UNIMPLEMENTED,
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE => UNAVAILABLE,
        StatusCode::GATEWAY_TIMEOUT => DEADLINE_EXCEEDED,
        _ => INTERNAL,
    };
    RpcCode { status, ..code }
}

/// The response to a failed Connect unary call.
pub(crate) fn connect_error(code: RpcCode, message: &str) -> Response {
    let body = json!({ "code": code.name, "message": message }).to_string();
    retry_later(code, (code.status, [(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// Adds `Retry-After` to a response that asks to try again.
fn retry_later(code: RpcCode, mut response: Response) -> Response {
    if let Some(seconds) = code.retry_s() {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// The response to a batch of which a part was rejected; the rest is stored.
pub(crate) fn connect_partial(message: &str) -> Response {
    connect_error(INVALID_ARGUMENT, message)
}

/// A failed gRPC call. When to try again is in the metadata `retry-after`, as over HTTP, and in its details: OTLP exporters give up
/// on RESOURCE_EXHAUSTED without `RetryInfo` (OTLP specification, "OTLP/gRPC Throttling").
pub(crate) fn grpc_status(code: RpcCode, message: String) -> Status {
    let Some(seconds) = code.retry_s() else { return Status::new(code.grpc, message) };
    let delay = Delay { seconds: i64::try_from(seconds).unwrap_or(i64::MAX) };
    let retry = RetryInfo { retry_delay: Some(delay) }.encode_to_vec();
    let details = vec![AnyMessage { type_url: RETRY_INFO.to_owned(), value: retry }];
    let status = RpcStatus { code: code.grpc as i32, message: message.clone(), details };
    let mut metadata = MetadataMap::new();
    metadata.insert("retry-after", seconds.into());
    Status::with_details_and_metadata(code.grpc, message, status.encode_to_vec().into(), metadata)
}

/// A failed OTLP/HTTP response.
pub(crate) fn rpc_status(encoding: Encoding, code: RpcCode, message: String) -> Response {
    let status = RpcStatus { code: code.grpc as i32, message, details: Vec::new() };
    let response = match encoding {
        Encoding::Protobuf => {
            let headers = [(header::CONTENT_TYPE, "application/x-protobuf")];
            (code.status, headers, status.encode_to_vec()).into_response()
        }
        Encoding::Json => {
            let body = json!({ "code": status.code, "message": status.message }).to_string();
            (code.status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
        }
    };
    retry_later(code, response)
}

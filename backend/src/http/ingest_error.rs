//! How a failed ingest request is answered by each protocol: HTTP problem, Connect error, gRPC status.

use super::error::ApiError;
use crate::ingest::IngestError;
use crate::store::StoreError;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

impl From<IngestError> for ApiError {
    fn from(error: IngestError) -> Self {
        let (status, kind) = match error {
            IngestError::BadRequest(_) => (StatusCode::BAD_REQUEST, "bad-request"),
            IngestError::BadProfile(_) => (StatusCode::BAD_REQUEST, "bad-profile"),
            IngestError::Refused(_) => (StatusCode::BAD_REQUEST, "profile-refused"),
            IngestError::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            IngestError::Unsupported(_) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-format"),
            IngestError::NotAllowed(_) => (StatusCode::FORBIDDEN, "forbidden"),
            IngestError::Bounds(_) => {
                tracing::error!(%error, "bounds of a sender are damaged");
                return ApiError::internal();
            }
            IngestError::Store(error) => return error.into(),
            IngestError::ReadOnly => (StatusCode::NOT_IMPLEMENTED, "read-only-store"),
            IngestError::Stopping => (StatusCode::SERVICE_UNAVAILABLE, "stopping"),
        };
        ApiError::new(status, kind, error.to_string())
    }
}

/// A code of the Connect protocol, with the HTTP status that goes with it and the number gRPC has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RpcCode {
    /// As Connect writes it.
    pub(crate) name: &'static str,
    /// HTTP status of a Connect answer.
    pub(crate) status: StatusCode,
    /// gRPC's number.
    pub(crate) grpc: tonic::Code,
}

const INVALID_ARGUMENT: RpcCode =
    RpcCode { name: "invalid_argument", status: StatusCode::BAD_REQUEST, grpc: tonic::Code::InvalidArgument };
const PERMISSION_DENIED: RpcCode =
    RpcCode { name: "permission_denied", status: StatusCode::FORBIDDEN, grpc: tonic::Code::PermissionDenied };
const UNAUTHENTICATED: RpcCode =
    RpcCode { name: "unauthenticated", status: StatusCode::UNAUTHORIZED, grpc: tonic::Code::Unauthenticated };
const RESOURCE_EXHAUSTED: RpcCode = RpcCode {
    name: "resource_exhausted",
    status: StatusCode::TOO_MANY_REQUESTS,
    grpc: tonic::Code::ResourceExhausted,
};
const UNAVAILABLE: RpcCode =
    RpcCode { name: "unavailable", status: StatusCode::SERVICE_UNAVAILABLE, grpc: tonic::Code::Unavailable };
const UNIMPLEMENTED: RpcCode =
    RpcCode { name: "unimplemented", status: StatusCode::NOT_IMPLEMENTED, grpc: tonic::Code::Unimplemented };
const INTERNAL: RpcCode =
    RpcCode { name: "internal", status: StatusCode::INTERNAL_SERVER_ERROR, grpc: tonic::Code::Internal };

/// Code and message of an error. Sizes and content types keep the HTTP status that says what is wrong.
pub(crate) fn rpc_error(error: IngestError) -> (RpcCode, String) {
    let code = match &error {
        IngestError::BadRequest(_) | IngestError::BadProfile(_) | IngestError::Refused(_) => INVALID_ARGUMENT,
        IngestError::TooLarge(_) => RpcCode { status: StatusCode::PAYLOAD_TOO_LARGE, ..RESOURCE_EXHAUSTED },
        IngestError::Unsupported(_) => {
            RpcCode { status: StatusCode::UNSUPPORTED_MEDIA_TYPE, ..INVALID_ARGUMENT }
        }
        IngestError::Store(StoreError::DiskFull(_)) => RESOURCE_EXHAUSTED,
        IngestError::Store(StoreError::Busy(_)) | IngestError::Stopping => UNAVAILABLE,
        IngestError::NotAllowed(_) => PERMISSION_DENIED,
        IngestError::ReadOnly => UNIMPLEMENTED,
        IngestError::Store(_) | IngestError::Bounds(_) => INTERNAL,
    };
    let message = match error {
        // Says what to do without telling the sender about our files; the cause is logged there.
        error @ (IngestError::Store(_) | IngestError::Bounds(_)) => ApiError::from(error).problem.detail,
        other => other.to_string(),
    };
    (code, message)
}

/// Code of a refusal before the call was looked at: by sign-in, permission, deadline and the like.
pub(crate) fn refusal_code(status: StatusCode) -> RpcCode {
    let code = match status {
        StatusCode::UNAUTHORIZED => UNAUTHENTICATED,
        StatusCode::FORBIDDEN => PERMISSION_DENIED,
        StatusCode::TOO_MANY_REQUESTS => RESOURCE_EXHAUSTED,
        StatusCode::SERVICE_UNAVAILABLE => UNAVAILABLE,
        StatusCode::BAD_REQUEST => INVALID_ARGUMENT,
        _ => INTERNAL,
    };
    RpcCode { status, ..code }
}

/// The answer of a Connect unary call that failed.
pub(crate) fn connect_error(code: RpcCode, message: &str) -> Response {
    let body = json!({ "code": code.name, "message": message }).to_string();
    (code.status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// The answer to a batch of which some were refused: what was good is stored.
pub(crate) fn connect_partial(message: &str) -> Response {
    connect_error(INVALID_ARGUMENT, message)
}

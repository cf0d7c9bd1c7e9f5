//! How a caller is refused, by signing in or by permission, in the words of the protocol it speaks: an SDK that gets the shape
//! of error it knows shows the reason, one that gets another shows a parse error.

use super::ApiError;
use super::ingest_error::{connect_error, refusal_code};
use super::routes::otlp;
use crate::ingest::otlp::Encoding;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tonic::Status;

/// What the caller of a route speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// Plain HTTP: a problem (RFC 9457).
    Http,
    /// Connect: a code in JSON.
    Connect,
    /// gRPC: status 200 and the code in a header.
    Grpc,
    /// OTLP over HTTP: google.rpc.Status.
    Otlp(Encoding),
}

impl Protocol {
    /// By the route, and the content type where a route speaks several.
    pub(crate) fn of(route: &str, headers: &HeaderMap) -> Protocol {
        let content_type = headers.get(header::CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
        if route.starts_with("/querier.v1.") || route.starts_with("/push.v1.") {
            return Protocol::Connect;
        }
        let is_otlp = route.starts_with("/opentelemetry.proto.") || route == "/v1development/profiles";
        match content_type {
            _ if !is_otlp => Protocol::Http,
            grpc if grpc.starts_with(b"application/grpc") => Protocol::Grpc,
            json if json.starts_with(b"application/json") => Protocol::Otlp(Encoding::Json),
            _ => Protocol::Otlp(Encoding::Protobuf),
        }
    }

    /// The answer to a caller that is refused.
    pub(crate) fn refuse(self, error: ApiError) -> Response {
        let code = refusal_code(error.status());
        let message = &error.problem.detail;
        let mut answer = match self {
            Protocol::Http => return error.into_response(),
            Protocol::Connect => connect_error(code, message),
            Protocol::Grpc => return Status::new(code.grpc, message).into_http::<Body>(),
            Protocol::Otlp(encoding) => otlp::failure(encoding, (code, message.clone())),
        };
        if error.status() == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static(ApiError::SCHEME);
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        answer
    }
}

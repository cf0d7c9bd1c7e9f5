//! [`Protocol`]: the protocol that a caller speaks, and errors written in it. An SDK that receives the error shape it knows
//! shows the reason; one that receives another shows a parse error.

use super::ApiError;
use super::rpc_error::{RpcCode, code_of, connect_error, grpc_status, rpc_status};
use crate::ingest::otlp::Encoding;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The protocol of a request.
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
    /// Determined by the route, and by the content type where a route speaks several.
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

    /// The response to a caller whose credentials or permission do not suffice.
    pub(crate) fn refuse(self, error: ApiError) -> Response {
        let code = RpcCode { retry_after_s: error.retry_after_s, ..code_of(error.status()) };
        let message = &error.problem.detail;
        let mut response = match self {
            Protocol::Http => return error.into_response(),
            Protocol::Connect => connect_error(code, message),
            Protocol::Grpc => return grpc_status(code, message.clone()).into_http::<Body>(),
            Protocol::Otlp(encoding) => rpc_status(encoding, code, message.clone()),
        };
        if error.status() == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static(ApiError::SCHEME);
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

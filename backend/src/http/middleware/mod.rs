//! Middleware of all routes, outermost first: [`observe`] (request id, log, metrics), catching panics,
//! [`security_headers`], compression ([`compress`]), [`host_guard`], [`csrf`], [`deadline`]; then, around each route, [`authorize`] and [`request_memory`].

pub(super) mod authorize;
pub(super) mod client;
pub(super) mod compress;
pub(super) mod csrf;
pub(super) mod deadline;
pub(super) mod host_guard;
pub(super) mod observe;
pub(super) mod request_memory;
pub(super) mod security_headers;

use super::ApiError;
use axum::response::{IntoResponse, Response};
use std::any::Any;

/// The response of a handler that panicked: only this request fails.
pub(super) fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str).or(cause.downcast_ref::<&str>().copied());
    tracing::error!(panic = text.unwrap_or("of unknown type"), "request handler panicked");
    ApiError::internal().into_response()
}

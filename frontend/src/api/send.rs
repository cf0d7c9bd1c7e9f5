//! Requests with a method and a body. Only the full program sends any.

use super::{ApiError, refused};
use gloo_net::http::{Method, RequestBuilder, Response};
use prost::Message;
use serde::Serialize;
use wasm_bindgen::JsValue;
use web_sys::AbortController;

/// The body of a request.
pub(super) enum Body {
    None,
    Json(String),
    /// A gzipped protobuf message.
    Protobuf(Vec<u8>),
}

impl Body {
    /// A message as JSON.
    pub(super) fn json(message: &impl Serialize) -> Result<Body, ApiError> {
        serde_json::to_string(message).map(Body::Json).map_err(|e| ApiError::here(e.to_string()))
    }
}

/// Sends a request; a failed status is an error.
pub(super) async fn send(
    method: Method,
    path: &str,
    accept: &str,
    body: Body,
    abort: Option<&AbortController>,
) -> Result<Response, ApiError> {
    let signal = abort.map(AbortController::signal);
    let request =
        RequestBuilder::new(path).method(method).header("Accept", accept).abort_signal(signal.as_ref());
    let request = match body {
        Body::None => request.build(),
        Body::Json(text) => request.header("Content-Type", "application/json").body(text),
        Body::Protobuf(bytes) => {
            let bytes: JsValue = js_sys::Uint8Array::from(bytes.as_slice()).into();
            request.header("Content-Type", PROTOBUF).header("Content-Encoding", "gzip").body(bytes)
        }
    };
    let request = request.map_err(|_| ApiError::unreachable())?;
    let response = request.send().await.map_err(|_| ApiError::unreachable())?;
    if response.ok() {
        return Ok(response);
    }
    let header = |name| response.headers().get(name).unwrap_or_default();
    let (kind, wait) = (header("content-type"), header("retry-after"));
    let answer = response.binary().await.map_err(|_| ApiError::unreachable())?;
    Err(refused(response.status(), &kind, &answer).after(&wait))
}

/// Sends a request and decodes the response.
pub(super) async fn fetch<T: Message + Default>(
    method: Method,
    path: &str,
    body: Body,
    abort: Option<&AbortController>,
) -> Result<T, ApiError> {
    let response = send(method, path, PROTOBUF, body, abort).await?;
    let kind = response.headers().get("content-type").unwrap_or_default();
    let answer = response.binary().await.map_err(|_| ApiError::unreachable())?;
    T::decode(answer.as_slice()).map_err(|_| ApiError::unreadable(response.status(), &kind))
}

pub(super) const PROTOBUF: &str = "application/x-protobuf";
/// For responses whose body is not read.
pub(super) const ANYTHING: &str = "application/x-protobuf, */*";

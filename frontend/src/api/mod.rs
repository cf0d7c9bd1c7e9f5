//! The one client of the server's `/api/v1`: asks in protobuf, answers in this crate's own types.

pub(crate) mod access;
pub(crate) mod audit;
pub(crate) mod change;
pub(crate) mod compare;
pub(crate) mod error;
pub(crate) mod explore;
pub(crate) mod fetch;
pub(crate) mod function;
pub(crate) mod heatmap;
pub(crate) mod people;
pub(crate) mod request;
mod send;
pub(crate) mod shares;

pub(crate) use change::Sending;
pub(crate) use error::ApiError;
pub(crate) use fetch::Fetch;

use crate::browser::navigation;
use gloo_net::http::Request;
use prost::{DecodeError, Message};
use web_sys::AbortController;

/// Asks `path` and decodes the answer; `abort` ends the request early.
pub(crate) async fn get<T: Message + Default>(
    path: &str,
    abort: Option<&AbortController>,
) -> Result<T, ApiError> {
    get_with(path, abort, |bytes| T::decode(bytes)).await
}

/// As [`get`], for answers so large that who decodes them matters.
pub(crate) async fn get_with<T>(
    path: &str,
    abort: Option<&AbortController>,
    decode: impl FnOnce(&[u8]) -> Result<T, DecodeError>,
) -> Result<T, ApiError> {
    let signal = abort.map(AbortController::signal);
    let response = Request::get(path)
        .header("Accept", "application/x-protobuf")
        .abort_signal(signal.as_ref())
        .send()
        .await
        .map_err(|_| ApiError::unreachable())?;
    let (status, kind) = (response.status(), response.headers().get("content-type").unwrap_or_default());
    let body = response.binary().await.map_err(|_| ApiError::unreachable())?;
    if !response.ok() {
        return Err(refused(status, &kind, &body));
    }
    if !kind.starts_with("application/x-protobuf") {
        return Err(ApiError::not_ours(status, &kind));
    }
    decode(&body).map_err(|_| ApiError::not_ours(status, &kind))
}

/// Why a request failed; leaves the page when one has to sign in first.
fn refused(status: u16, kind: &str, body: &[u8]) -> ApiError {
    let error = ApiError::from_answer(status, kind, body);
    navigation::redirect_if_needed(&error.kind);
    error
}

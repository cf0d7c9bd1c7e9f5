//! The client of `/api/v1`: requests in protobuf, responses in the page's own types.

pub(crate) mod access;
pub(crate) mod audit;
pub(crate) mod change;
pub(crate) mod compare;
pub(crate) mod costs_over_time;
pub(crate) mod error;
pub(crate) mod explore;
pub(crate) mod fetch;
pub(crate) mod function;
pub(crate) mod heatmap;
pub(crate) mod indicators;
pub(crate) mod labels;
pub(crate) mod markers;
pub(crate) mod overview;
pub(crate) mod overview_metrics;
pub(crate) mod own_code;
pub(crate) mod people;
pub(crate) mod quotas;
pub(crate) mod request;
mod send;
pub(crate) mod shares;
pub(crate) mod storage;
pub(crate) mod stores;
pub(crate) mod verdict;

pub(crate) use change::Sending;
pub(crate) use error::ApiError;
pub(crate) use fetch::Fetch;

use crate::browser::{handover, navigation};
use gloo_net::http::Request;
use prost::{DecodeError, Message};
use std::future::Future;
use std::pin::Pin;
use web_sys::AbortController;

/// Gets `path` and decodes the response; `abort` cancels the request.
pub(crate) async fn get<T: Message + Default>(
    path: &str,
    abort: Option<&AbortController>,
) -> Result<T, ApiError> {
    get_with(path, abort, |bytes| T::decode(bytes)).await
}

/// As [`get`], with a decoder of its own for large responses.
pub(crate) async fn get_with<T>(
    path: &str,
    abort: Option<&AbortController>,
    decode: impl FnOnce(&[u8]) -> Result<T, DecodeError>,
) -> Result<T, ApiError> {
    let Received { status, kind, body } = receive(path, abort).await?;
    decode(&body).map_err(|_| ApiError::unreadable(status, &kind))
}

/// A good response.
struct Received {
    status: u16,
    kind: String,
    /// A message, in protobuf.
    body: Vec<u8>,
}

/// Boxed, so that it is compiled once and not for each message: smaller code.
type Receiving<'a> = Pin<Box<dyn Future<Output = Result<Received, ApiError>> + 'a>>;

fn receive<'a>(path: &'a str, abort: Option<&'a AbortController>) -> Receiving<'a> {
    Box::pin(async move {
        let signal = abort.map(AbortController::signal);
        let response = Request::get(path)
            .header("Accept", send::PROTOBUF)
            .abort_signal(signal.as_ref())
            .send()
            .await
            .map_err(|_| ApiError::unreachable())?;
        let (status, kind) = (response.status(), response.headers().get("content-type").unwrap_or_default());
        let body = response.binary().await.map_err(|_| ApiError::unreachable())?;
        if !response.ok() {
            return Err(refused(status, &kind, &body));
        }
        if !kind.starts_with(send::PROTOBUF) {
            return Err(ApiError::unreadable(status, &kind));
        }
        Ok(Received { status, kind, body })
    })
}

/// The error of a failed response; redirects if the person has to sign in first. The full program takes over where a store is unknown:
/// it says so, and leads to the default one. Where a server failed it is started, as it alone has the way to another store.
fn refused(status: u16, kind: &str, body: &[u8]) -> ApiError {
    let error = ApiError::from_response(status, kind, body);
    navigation::redirect_if_needed(&error.kind);
    if error.kind == "unknown-store" {
        handover::take_over_from_first();
    } else if status >= 500 {
        handover::prepare_from_first();
    }
    error
}

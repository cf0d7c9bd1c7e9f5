//! Response compression.
//!
//! Small responses and those that are compressed already are sent as they are. So are responses to programs on this machine:
//! copying megabytes over loopback takes a millisecond, compressing them fifty. A proxy on this machine is recognized by
//! `X-Forwarded-For`, `Forwarded` or `Via`, and gets compressed responses.

use axum::extract::{ConnectInfo, Request};
use axum::middleware::Next;
use axum::response::Response;
use std::net::SocketAddr;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{And, DefaultPredicate, NotForContentType, Predicate};

/// Response extension: the response stays on this machine.
#[derive(Clone, Copy)]
struct StaysHere;

/// Marks responses to programs on this machine.
pub(crate) async fn mark_local(request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let local = peer.is_some_and(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback());
    let forwarded =
        ["x-forwarded-for", "forwarded", "via"].iter().any(|name| request.headers().contains_key(*name));
    let mut response = next.run(request).await;
    if local && !forwarded {
        response.extensions_mut().insert(StaysHere);
    }
    response
}

#[derive(Clone, Copy)]
pub(crate) struct LeavesMachine;

impl Predicate for LeavesMachine {
    fn should_compress<B: axum::body::HttpBody>(&self, response: &axum::http::Response<B>) -> bool {
        response.extensions().get::<StaysHere>().is_none()
    }
}

type Worthwhile = And<And<DefaultPredicate, NotForContentType>, LeavesMachine>;

/// Compresses all other responses with zstd, brotli or gzip, as the caller accepts, at the fastest level.
pub(crate) fn layer() -> CompressionLayer<Worthwhile> {
    let worthwhile =
        DefaultPredicate::new().and(NotForContentType::const_new("application/gzip")).and(LeavesMachine);
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worthwhile)
}

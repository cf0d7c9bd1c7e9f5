//! Which answers are compressed on the way out.
//!
//! Not those that are compressed already, nor small ones. Nor those to a program on this very machine: copying
//! megabytes over the loopback takes a millisecond, compressing them takes fifty. A proxy on this machine says for
//! whom it asks (`X-Forwarded-For`, `Forwarded`, `Via`), and gets them compressed.

use axum::extract::{ConnectInfo, Request};
use axum::middleware::Next;
use axum::response::Response;
use std::net::SocketAddr;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{And, DefaultPredicate, NotForContentType, Predicate};

/// Put on answers that need no compression.
#[derive(Clone, Copy)]
struct StaysHere;

/// Marks answers to programs on this machine.
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

/// Compresses the others: zstd, brotli or gzip, as the caller accepts, at the fastest level.
pub(crate) fn layer() -> CompressionLayer<Worthwhile> {
    let worthwhile =
        DefaultPredicate::new().and(NotForContentType::const_new("application/gzip")).and(LeavesMachine);
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worthwhile)
}

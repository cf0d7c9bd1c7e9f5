//! Serves one connection until it ends, reaches a time limit, or the server stops.

use super::host_rule;
use super::progress::{InFlight, Progress, Reason, Verdict};
use super::response_body::{PIECE, ResponseBody};
use super::slots::Slot;
use crate::config::ConnectionConfig;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::Instant;
use tower::ServiceExt;
use tower_http::timeout::TimeoutBody;

/// Size of the buffers for request heads and for writing.
const BUFFER: usize = 2 * PIECE;
/// Concurrent streams of an HTTP/2 connection.
const STREAMS: u32 = 128;
/// Size of the headers of an HTTP/2 request.
const HEADER_LIST: u32 = 64 << 10;
/// Streams that the client resets before they are accepted ("rapid reset", CVE-2023-44487), and streams that the server has to
/// reset (CVE-2025-8671), until the connection is closed.
const RESETS: usize = 20;
const OWN_RESETS: usize = 128;
/// Time for a graceful close.
const CLOSE_GRACE: Duration = Duration::from_secs(1);

/// Shared by all connections.
pub(super) struct Shared {
    router: Router,
    config: ConnectionConfig,
    builder: Builder<TokioExecutor>,
}

impl Shared {
    pub(super) fn new(router: Router, config: ConnectionConfig) -> Shared {
        let mut builder = Builder::new(TokioExecutor::new());
        // `Progress` limits the time for request heads.
        builder.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(BUFFER);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(STREAMS)
            .max_header_list_size(HEADER_LIST)
            .max_pending_accept_reset_streams(RESETS)
            .max_local_error_reset_streams(OWN_RESETS)
            .max_send_buf_size(BUFFER);
        Shared { router, config, builder }
    }
}

/// Serves a connection. When `stopping` becomes true, finishes its requests in flight.
pub(super) async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: SocketAddr,
    shared: Arc<Shared>,
    slot: Slot,
    mut stopping: watch::Receiver<bool>,
) {
    let progress = slot.progress.clone();
    let (asked, seen) = (shared.clone(), progress.clone());
    let service = service_fn(move |request| respond(request, peer, asked.clone(), seen.begin()));
    let mut connection = pin!(shared.builder.serve_connection(TokioIo::new(stream), service));
    let end = tokio::select! {
        ended = connection.as_mut() => return log_end(ended),
        end = due(&progress, &shared.config) => end,
        // Fails when the accept loop is gone, and then the server is stopping, too.
        _ = stopping.wait_for(|stopping| *stopping) => End::Stopping,
    };
    if let End::Closed(reason) = end {
        metrics::counter!("flarepath_connections_closed_total", "reason" => reason.name()).increment(1);
        tracing::debug!(reason = reason.name(), "closing a connection");
    }
    connection.as_mut().graceful_shutdown();
    tokio::select! {
        ended = connection => log_end(ended),
        () = overdue(end, &progress, &shared.config) => {}
    }
}

/// Why a connection ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Closed(Reason),
    /// One of its responses has stalled; it accepts no further requests.
    Draining,
    /// The server is stopping.
    Stopping,
}

/// Completes when the connection has to end.
async fn due(progress: &Progress, config: &ConnectionConfig) -> End {
    loop {
        let wait = match progress.verdict(config, Instant::now()) {
            Verdict::Close(reason) => return End::Closed(reason),
            Verdict::Drain(_) => return End::Draining,
            Verdict::Wait(until) => until,
        };
        tokio::select! {
            () = tokio::time::sleep_until(wait) => {}
            () = progress.evicted() => return End::Closed(Reason::Evicted),
        }
    }
}

/// Completes when a connection that is shutting down gracefully has to be aborted. Requests that arrived in the meantime are
/// finished.
async fn overdue(end: End, progress: &Progress, config: &ConnectionConfig) {
    if end != End::Draining {
        tokio::time::sleep(CLOSE_GRACE).await;
        if end == End::Closed(Reason::SlowReader) || progress.waiting().is_some() {
            return;
        }
    }
    loop {
        match progress.verdict(config, Instant::now()) {
            Verdict::Close(_) => return,
            Verdict::Drain(until) | Verdict::Wait(until) => tokio::time::sleep_until(until).await,
        }
    }
}

async fn respond(
    request: Request<Incoming>,
    peer: SocketAddr,
    shared: Arc<Shared>,
    in_flight: InFlight,
) -> Result<Response<ResponseBody>, Infallible> {
    let response = match host_rule::check(&request) {
        Err(error) => error.into_response(),
        Ok(()) => {
            let timeout = shared.config.body_timeout;
            let mut request = request.map(|body| Body::new(TimeoutBody::new(timeout, body)));
            request.extensions_mut().insert(ConnectInfo(peer));
            shared.router.clone().oneshot(request).await?
        }
    };
    Ok(response.map(|body| ResponseBody::new(body, in_flight)))
}

fn log_end(ended: Result<(), Box<dyn std::error::Error + Send + Sync>>) {
    if let Err(error) = ended {
        tracing::debug!(error, "connection ended");
    }
}

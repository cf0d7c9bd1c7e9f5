//! Connections: HTTP/1.1 and HTTP/2 without TLS on one port (gRPC uses the latter), within bounds.
//!
//! The layers, lowest first:
//! 1. [`progress`]: what the other end of a connection has taken and sent, and when it has had its time. Pure.
//! 2. [`response_body`]: responses in pieces, so that it shows how far the other end has come.
//! 3. [`slots`]: how many connections there are, by address and in all; which one is closed for a new one.
//! 4. [`connection`]: serves one connection and watches its progress.
//! 5. [`accept`]: takes connections, and waits while there are no more files.
//!
//! A connection ends when its first request head is late, when it is idle for too long, or when the other end takes nothing of
//! a response. A request body of which no byte comes fails in the handler that reads it (408). When all slots are taken, the
//! connection that has waited longest for a request makes room; where none waits, the new one is closed.
//!
//! Metrics: `flarepath_connections` (open now), `flarepath_connections_closed_total` with the label `reason` (`header`, `idle`,
//! `slow_reader`, `evicted`), `flarepath_connections_refused_total` with the label `limit` (`address`, `total`).

mod accept;
mod connection;
mod host_rule;
mod progress;
mod response_body;
mod slots;
#[cfg(test)]
mod tests;
mod throttle;

use crate::config::{ConnectionConfig, ProxyConfig};
use axum::Router;
use slots::Slots;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Files that connections may not take: databases, the listener, outgoing requests, the log.
const OTHER_FILES: u64 = 64;

/// Bounds on connections.
#[derive(Clone, Debug)]
pub(crate) struct ConnectionLimits {
    config: ConnectionConfig,
    proxy: ProxyConfig,
}

impl ConnectionLimits {
    /// The configured bounds. Connections take at most three quarters of `file_limit`, which is logged if it is less than
    /// configured.
    pub(crate) fn new(mut config: ConnectionConfig, proxy: ProxyConfig, file_limit: u64) -> ConnectionLimits {
        let files = (file_limit / 4 * 3).min(file_limit.saturating_sub(OTHER_FILES)).max(1);
        let files = usize::try_from(files).unwrap_or(usize::MAX);
        if files < config.max {
            tracing::warn!(
                max = files,
                configured = config.max,
                file_limit,
                "fewer connections than configured, as the limit of open files is low (ulimit -Hn, LimitNOFILE)"
            );
            config.max = files;
        }
        ConnectionLimits { config, proxy }
    }
}

/// Serves requests until `stop` completes, then finishes those in flight.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    stop: impl Future<Output = ()>,
) {
    let ConnectionLimits { config, proxy } = limits;
    let slots = Arc::new(Slots::new(config.max, config.per_address, proxy));
    accept::accept(listener, router, config, slots, stop).await;
}

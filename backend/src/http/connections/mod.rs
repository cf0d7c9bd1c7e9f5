//! Connections: HTTP/1.1 and HTTP/2 without TLS on one port (gRPC uses the latter), within limits.
//!
//! The layers, lowest first:
//! 1. [`progress`]: the requests of a connection and what the client has read of their responses; time limits. Pure.
//! 2. [`response_body`]: splits responses into pieces, so that the client's progress can be observed.
//! 3. [`slots`]: limits on the number of connections, and eviction of idle ones.
//! 4. [`connection`]: serves one connection and enforces its time limits.
//! 5. [`accept`]: accepts connections, and backs off when the process has no file descriptors left.
//!
//! A connection is closed when its first request head is late, when it has been idle for too long, or when the client stops
//! reading a response. A request body that stops arriving fails in the handler that reads it (408). At the limit, the
//! connection that has been waiting for a request the longest is closed to admit the new one; if none is waiting, the new one
//! is closed.
//!
//! Metrics: `flarepath_connections` (open ones), `flarepath_connections_closed_total` with the label `reason` (`header`, `idle`,
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

/// File descriptors reserved for databases, the listener and outgoing requests.
const OTHER_FILES: u64 = 64;

/// Limits on connections.
#[derive(Clone, Debug)]
pub(crate) struct ConnectionLimits {
    config: ConnectionConfig,
    proxy: ProxyConfig,
}

impl ConnectionLimits {
    /// The configured limits, with at most three quarters of `file_limit` for connections; logs a warning if that is less than
    /// configured.
    pub(crate) fn new(mut config: ConnectionConfig, proxy: ProxyConfig, file_limit: u64) -> ConnectionLimits {
        let files = (file_limit / 4 * 3).min(file_limit.saturating_sub(OTHER_FILES)).max(1);
        let files = usize::try_from(files).unwrap_or(usize::MAX);
        if files < config.max {
            tracing::warn!(
                max = files,
                configured = config.max,
                file_limit,
                "the limit of open files permits fewer connections than configured; raise it (ulimit -Hn, LimitNOFILE)"
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

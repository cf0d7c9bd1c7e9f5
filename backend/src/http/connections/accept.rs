//! The accept loop: runs each connection in a task of its own.
//!
//! When the process has no file descriptors left, accepting fails immediately and repeatedly. Then an idle connection is
//! closed, and the loop waits before it retries, up to a second.

use super::connection::{self, Shared};
use super::slots::{Full, Slots};
use super::throttle::Throttle;
use crate::config::ConnectionConfig;
use axum::Router;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Each kind of log line is written at most once in this time.
const LOG_PERIOD: Duration = Duration::from_secs(10);
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A source of connections; tests have one in memory.
pub(super) trait Listen {
    /// The byte stream of a connection.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// The next connection and the address of its client.
    fn accept(&mut self) -> impl Future<Output = io::Result<(Self::Stream, SocketAddr)>>;
}

impl Listen for TcpListener {
    type Stream = TcpStream;

    async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        let (stream, peer) = TcpListener::accept(self).await?;
        // Responses are written in one piece or streamed; waiting to fill a packet would only delay them.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "cannot turn off Nagle's algorithm");
        }
        Ok((stream, peer))
    }
}

/// Accepts and serves connections until `stop` completes, then waits until all have ended.
pub(super) async fn accept(
    mut listener: impl Listen,
    router: Router,
    config: ConnectionConfig,
    slots: Arc<Slots>,
    stop: impl Future<Output = ()>,
) {
    let stopping = watch::Sender::new(false);
    let mut acceptor = Acceptor {
        shared: Arc::new(Shared::new(router, config)),
        slots,
        tasks: JoinSet::new(),
        failures: Throttle::new(LOG_PERIOD),
        refusals: Throttle::new(LOG_PERIOD),
    };
    let mut stop = pin!(stop);
    let mut pause = FIRST_PAUSE;
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut stop => break,
            Some(ended) = acceptor.tasks.join_next() => {
                acceptor.ended(ended);
                continue;
            }
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                pause = FIRST_PAUSE;
                acceptor.take(stream, peer, &stopping);
            }
            Err(error) if is_of_the_connection(&error) => {}
            Err(error) => {
                acceptor.failed(&error);
                tokio::select! {
                    () = &mut stop => break,
                    () = tokio::time::sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
                }
            }
        }
    }
    drop(listener);
    stopping.send_replace(true);
    while let Some(ended) = acceptor.tasks.join_next().await {
        acceptor.ended(ended);
    }
}

struct Acceptor {
    shared: Arc<Shared>,
    slots: Arc<Slots>,
    tasks: JoinSet<()>,
    failures: Throttle,
    refusals: Throttle,
}

impl Acceptor {
    fn take(
        &mut self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        peer: SocketAddr,
        stopping: &watch::Sender<bool>,
    ) {
        let now = Instant::now();
        match self.slots.take(peer.ip(), now) {
            Ok(slot) => {
                let serving =
                    connection::serve(stream, peer, self.shared.clone(), slot, stopping.subscribe());
                self.tasks.spawn(serving);
                self.count();
            }
            Err(full) => {
                metrics::counter!("flarepath_connections_refused_total", "limit" => full.name()).increment(1);
                if let Some(refused) = self.refusals.event(now) {
                    let open = self.slots.count();
                    let key = match full {
                        Full::Address => "connections.per_address",
                        Full::Total => "connections.max",
                    };
                    tracing::warn!(refused, open, key, %peer, "connections refused: limit reached, and none is idle");
                }
            }
        }
    }

    fn failed(&self, error: &io::Error) {
        let evicted = self.slots.evict_one();
        if let Some(failures) = self.failures.event(Instant::now()) {
            let open = self.slots.count();
            tracing::error!(%error, failures, open, evicted, "cannot accept connections");
        }
    }

    fn ended(&self, ended: Result<(), tokio::task::JoinError>) {
        if let Err(error) = ended {
            tracing::error!(%error, "a connection's task failed");
        }
        self.count();
    }

    fn count(&self) {
        metrics::gauge!("flarepath_connections").set(self.slots.count() as f64);
    }
}

/// Whether the error is about the new connection only.
fn is_of_the_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

//! A store on another server that misbehaves, beside an embedded store: its failures are problems with its name, and nobody else
//! has them.

mod faults;
mod isolation;
mod pushing;
mod unreachable;

use crate::answer::Answer;
use crate::server::{CPU, NOW_S, Server};
use crate::upstream::{PROTO, Received, Reply, tree_answer, tree_of, whole};
use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use flarepath::app::App;
use flarepath::clock::{Clock, FixedClock};
use flarepath::store::embedded::{EmbeddedOptions, EmbeddedStore};
use flarepath::store::{OpenStore, Storage};
use flarepath_profile::unix_nanos::UnixNanos;
use futures::stream;
use std::io;
use std::sync::Arc;
use tempfile::TempDir;

fn clock() -> Arc<dyn Clock> {
    Arc::new(FixedClock(UnixNanos(NOW_S * 1_000_000_000)))
}

/// A server with an embedded store, which holds the function `work`, and with `prod`.
struct World {
    server: Server,
    _data: TempDir,
}

impl World {
    async fn with(prod: OpenStore) -> World {
        let data = TempDir::new().unwrap();
        let embedded = EmbeddedStore::open(data.path(), EmbeddedOptions::default()).await.unwrap();
        let app = App::without_sign_in(Storage::exclusive("embedded", embedded), clock()).another_store(prod);
        let server = Server(flarepath::http::router(app.build()));
        let pushed = push(&server).await;
        assert_eq!(pushed.status, StatusCode::OK, "{}", pushed.text());
        World { server, _data: data }
    }

    async fn call_tree(&self, store: &str) -> Answer {
        self.server.get("/api/v1/call-tree", &[("type", CPU), ("store", store)]).await
    }

    /// Fails unless the call tree of `prod` is a problem that names the store, and not where it is, and the embedded store is as
    /// usual.
    async fn fails_alone(&self, status: u16, kind: &str) {
        let answer = self.call_tree("prod").await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
        assert_eq!(answer.header(header::CONTENT_TYPE), "application/problem+json");
        let problem = answer.json();
        assert_eq!(problem["type"], kind, "{problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("`prod`") && !detail.contains("127.0.0.1"), "{detail}");
        self.is_well_otherwise().await;
    }

    /// Fails unless the embedded store answers and the server is ready.
    async fn is_well_otherwise(&self) {
        let tree = self.call_tree("embedded").await;
        assert_eq!(tree.status, StatusCode::OK, "{}", tree.text());
        assert!(tree.text().contains("work"), "{}", tree.text());
        let ready = self.server.get("/readyz", &[]).await;
        assert_eq!(ready.status, StatusCode::OK, "{}", ready.text());
    }
}

/// Pushes a profile of the last minute.
async fn push(server: &Server) -> Answer {
    let path = format!("/ingest?name=shop&format=folded&from={}&until={}", NOW_S - 60, NOW_S - 50);
    server.post(&path, "text/plain", "main;work 10\n").await
}

fn silent(_: &Received) -> Reply {
    None
}

fn failing(_: &Received) -> Reply {
    Some(whole(500, "text/plain", "out of luck at 127.0.0.1"))
}

fn overloaded(_: &Received) -> Reply {
    let answer = whole(429, "text/plain", "too many requests");
    Some(([(header::RETRY_AFTER, "60")], answer).into_response())
}

/// A proxy's page to sign in.
fn page(_: &Received) -> Reply {
    Some(whole(200, "text/html", "<html>Sign in</html>"))
}

/// The connection breaks in the middle of the body.
fn broken(_: &Received) -> Reply {
    let body = stream::unfold(0, |sent| async move {
        // Not before the beginning is on its way.
        tokio::task::yield_now().await;
        let part = if sent == 0 { Ok(Bytes::from_static(b"half")) } else { Err(io::Error::other("broken")) };
        Some((part, sent + 1))
    });
    Some(streaming(Body::from_stream(body)))
}

fn streaming(body: Body) -> Response {
    ([(header::CONTENT_TYPE, PROTO)], body).into_response()
}

/// As a Pyroscope that has one profile, of the function `there`.
fn answering(received: &Received) -> Reply {
    let has_tree = received.calls("SelectMergeStacktraces");
    Some(if has_tree { tree_answer(&tree_of("there")) } else { whole(200, PROTO, "") })
}

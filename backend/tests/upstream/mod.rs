//! A server on loopback that keeps the profiles of a remote store, as a script says. Part of each test program that needs one.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use flarepath::clock::Clock;
use flarepath::config::{RemoteStoreConfig, StoreConfig, StoreKind};
use flarepath::store::OpenStore;
use flarepath_profile::varint;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Content type of Pyroscope's messages.
pub(crate) const PROTO: &str = "application/proto";

/// A request that arrived.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Received {
    /// Whether it calls a method, whose name is the last part of the path.
    pub(crate) fn calls(&self, method: &str) -> bool {
        self.target.ends_with(&format!("/{method}"))
    }

    /// The body as text: texts in messages are in it as they are.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// `None`: no answer, for as long as the client waits.
pub(crate) type Reply = Option<Response>;

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) received: usize,
    /// Clients that left before they had an answer.
    pub(crate) left: usize,
}

/// `clone` is the same one.
#[derive(Clone)]
pub(crate) struct Upstream {
    pub(crate) url: String,
    pub(crate) counts: Arc<watch::Sender<Counts>>,
    received: Arc<Mutex<Vec<Received>>>,
    script: Arc<dyn Fn(&Received) -> Reply + Send + Sync>,
}

impl Upstream {
    pub(crate) async fn start(script: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Upstream {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let upstream = Upstream {
            url: format!("http://{}", listener.local_addr().unwrap()),
            counts: Arc::new(watch::Sender::new(Counts::default())),
            received: Arc::default(),
            script: Arc::new(script),
        };
        let router = Router::new().fallback(reply).with_state(upstream.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        upstream
    }

    /// All requests since the last call.
    pub(crate) fn received(&self) -> Vec<Received> {
        std::mem::take(&mut *self.received.lock().unwrap())
    }
}

async fn reply(State(upstream): State<Upstream>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let received = Received { target: uri.to_string(), headers, body };
    let reply = (upstream.script)(&received);
    upstream.received.lock().unwrap().push(received);
    upstream.counts.send_modify(|counts| counts.received += 1);
    match reply {
        Some(response) => response,
        None => {
            let _waiting = Waiting(&upstream);
            std::future::pending().await
        }
    }
}

/// A client without an answer; dropped when its connection, or its stream on it, is closed.
struct Waiting<'u>(&'u Upstream);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.counts.send_modify(|counts| counts.left += 1);
    }
}

/// The store `prod` at this URL, with some settings changed.
pub(crate) fn prod(
    kind: StoreKind,
    url: &str,
    clock: Arc<dyn Clock>,
    change: impl FnOnce(&mut RemoteStoreConfig),
) -> OpenStore {
    let mut settings = RemoteStoreConfig::at(url);
    change(&mut settings);
    let config = StoreConfig { name: "prod".to_owned(), kind, teams: Vec::new(), remote: Some(settings) };
    OpenStore::remote(&config, &clock).unwrap().unwrap()
}

/// An answer with its whole body.
pub(crate) fn whole(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    (status, [(header::CONTENT_TYPE, content_type)], body.into()).into_response()
}

/// Pyroscope's answer with these bytes as the tree.
pub(crate) fn tree_answer(tree: &[u8]) -> Response {
    let mut message = vec![0x12];
    varint::put(&mut message, tree.len() as u64);
    message.extend_from_slice(tree);
    whole(200, PROTO, message)
}

/// A tree of one function, whose name has less than 128 bytes.
pub(crate) fn tree_of(function: &str) -> Vec<u8> {
    [&[0, 0, 1, function.len() as u8][..], function.as_bytes(), &[7, 0]].concat()
}

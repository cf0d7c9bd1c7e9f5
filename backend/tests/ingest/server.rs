//! The whole server without a socket: router, memory store, fixed clock.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use flarepath::app::App;
use flarepath::clock::FixedClock;
use flarepath::http::router;
use flarepath::store::memory::MemoryStore;
use flarepath::store::{ProfileStore, Selection, SeriesInfo, Storage, TimeRange};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::selector::Selector;
use flarepath_profile::unix_nanos::UnixNanos;
use http_body_util::BodyExt;
use std::path::PathBuf;
use std::sync::Arc;
use tower::ServiceExt;

/// Half a minute after the start of the recordings: 2026-11-21T02:21:30Z.
pub(crate) const NOW_NS: i64 = 1_795_227_690_000_000_000;

pub(crate) struct Server {
    pub(crate) store: Arc<MemoryStore>,
    app: Arc<App>,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content_type: String,
    pub(crate) body: Vec<u8>,
    /// Headers, and trailers after them.
    headers: Vec<HeaderMap>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers.iter().find_map(|h| Some(h.get(name)?.to_str().unwrap().to_owned()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Server {
    pub(crate) fn new() -> Server {
        let store = Arc::new(MemoryStore::new());
        let clock = Arc::new(FixedClock(UnixNanos(NOW_NS)));
        let app = App::without_sign_in(Storage::exclusive("memory", store.clone()), clock).build();
        Server { store, app }
    }

    /// A server whose profile storage cannot be written to.
    pub(crate) fn read_only() -> Server {
        let store = Arc::new(MemoryStore::new());
        let storage = Storage { write: None, ..Storage::exclusive("memory", store.clone()) };
        let clock = Arc::new(FixedClock(UnixNanos(NOW_NS)));
        Server { app: App::without_sign_in(storage, clock).build(), store }
    }

    /// The router, for serving on a socket.
    pub(crate) fn router(&self) -> axum::Router {
        router(self.app.clone())
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = router(self.app.clone()).oneshot(request).await.unwrap();
        let status = response.status();
        let content_type = response.headers().get("content-type").map(|v| v.to_str().unwrap().to_owned());
        let mut headers = vec![response.headers().clone()];
        let collected = response.into_body().collect().await.unwrap();
        headers.extend(collected.trailers().cloned());
        let body = collected.to_bytes().to_vec();
        Answer { status, content_type: content_type.unwrap_or_default(), body, headers }
    }

    pub(crate) async fn post(&self, path: &str, content_type: &str, body: impl Into<Body>) -> Answer {
        let request = post(path).header("content-type", content_type).body(body.into()).unwrap();
        self.send(request).await
    }

    /// Replays a recorded request unchanged.
    pub(crate) async fn replay(&self, name: &str) -> Answer {
        self.send(recorded(name)).await
    }

    pub(crate) async fn series(&self) -> Vec<SeriesInfo> {
        self.store.series(&everything("{}")).await.unwrap()
    }

    /// Labels of all series with their types, one line each: `name=value … type …`.
    pub(crate) async fn series_lines(&self) -> Vec<String> {
        let series = self.series().await;
        let line = |s: SeriesInfo| {
            let types: Vec<String> = s.profile_types.iter().map(ToString::to_string).collect();
            let labels: Vec<String> = s.labels.iter().map(|(n, v)| format!("{n}={v}")).collect();
            format!("{} {}", labels.join(" "), types.join(" "))
        };
        series.into_iter().map(line).collect()
    }

    /// The sum and the number of the profiles of a type that match a selector.
    pub(crate) async fn total(&self, selector: &str, profile_type: &str) -> (i64, u64) {
        let merged = self.tree(selector, profile_type).await;
        (merged.tree.total(flarepath_profile::call_tree::NodeId::ROOT), merged.profiles)
    }

    pub(crate) async fn tree(&self, selector: &str, profile_type: &str) -> flarepath::store::MergedTree {
        let profile_type: ProfileType = profile_type.parse().unwrap();
        self.store.call_tree(&everything(selector), &profile_type).await.unwrap()
    }

    /// The cost of a span.
    pub(crate) async fn span_total(&self, span: &str, profile_type: &str) -> i64 {
        let mut selection = everything("{}");
        selection.spans = vec![span.to_owned()];
        let merged = self.store.call_tree(&selection, &profile_type.parse().unwrap()).await.unwrap();
        merged.tree.total(flarepath_profile::call_tree::NodeId::ROOT)
    }

    /// The names of all functions of a type.
    pub(crate) async fn functions(&self, selector: &str, profile_type: &str) -> Vec<String> {
        let merged = self.tree(selector, profile_type).await;
        let frames = merged.tree.frames();
        let mut names: Vec<String> =
            frames.iter().skip(1).map(|f| frames.strings.get(f.name).to_owned()).collect();
        names.sort();
        names.dedup();
        names
    }
}

fn everything(selector: &str) -> Selection {
    let selector: Selector = selector.parse().unwrap();
    Selection::new(&selector, TimeRange::nanos(0, i64::MAX)).unwrap()
}

pub(crate) fn post(path: &str) -> axum::http::request::Builder {
    Request::builder().method("POST").uri(path).header("host", "127.0.0.1:4280")
}

pub(crate) fn testdata(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name)
}

pub(crate) fn bytes_of(name: &str) -> Vec<u8> {
    std::fs::read(testdata(name)).unwrap()
}

/// A recorded request, such as `sdk/go/001`.
pub(crate) fn recorded(name: &str) -> Request<Body> {
    let head: serde_json::Value = serde_json::from_slice(&bytes_of(&format!("{name}.json"))).unwrap();
    let mut request = post(head["path"].as_str().unwrap());
    for (header, value) in head["headers"].as_object().unwrap() {
        // Headers of the connection, or of the response, which is read here.
        let skipped = ["connection", "transfer-encoding", "accept-encoding"];
        if !skipped.contains(&header.to_lowercase().as_str()) {
            request = request.header(header, value.as_str().unwrap());
        }
    }
    request.body(bytes_of(&format!("{name}.body")).into()).unwrap()
}

//! A server without sign-in, and requests whose memory is counted.

use crate::counting;
use crate::routes::Route;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use flarepath::app::{App, AppBuilder};
use flarepath::clock::Clock;
use flarepath::store::Storage;
use flarepath::store::embedded::{EmbeddedOptions, EmbeddedStore};
use flarepath::store::memory::MemoryStore;
use flarepath_profile::unix_nanos::UnixNanos;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::future::BoxFuture;
use http_body_util::BodyExt;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;

/// Always the same time; what sleeps on it wakes at once, such as a sign-in that is delayed after failures.
struct StandingClock;

impl Clock for StandingClock {
    fn now(&self) -> UnixNanos {
        UnixNanos(1_795_227_690_000_000_000)
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

pub(crate) struct Server {
    pub(crate) app: Arc<App>,
    pub(crate) router: Router,
    _folder: Option<tempfile::TempDir>,
}

/// A request: what it says, and what it sends.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) content_type: String,
    pub(crate) encoding: Option<&'static str>,
    pub(crate) body: Vec<u8>,
}

impl Sent {
    pub(crate) fn post(path: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Sent {
        let (method, content_type) = ("POST".to_owned(), content_type.to_owned());
        Sent { method, path: path.to_owned(), content_type, encoding: None, body: body.into() }
    }

    /// To a route.
    pub(crate) fn to(route: &Route, body: Vec<u8>) -> Sent {
        let (method, path) = (route.method.clone(), route.path.clone());
        Sent { method, path, content_type: route.content_type.clone(), encoding: None, body }
    }

    /// The same body, compressed with gzip.
    pub(crate) fn gzip(self) -> Sent {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&self.body).unwrap();
        Sent { body: encoder.finish().unwrap(), encoding: Some("gzip"), ..self }
    }

    /// The same body, compressed with zstd.
    pub(crate) fn zstd(self) -> Sent {
        let body = zstd::bulk::compress(&self.body, 3).unwrap();
        Sent { body, encoding: Some("zstd"), ..self }
    }

    pub(crate) fn request(self) -> Request<Body> {
        let mut request = Request::builder().method(self.method.as_str()).uri(self.path);
        request = request.header(header::CONTENT_TYPE, self.content_type);
        if let Some(encoding) = self.encoding {
            request = request.header(header::CONTENT_ENCODING, encoding);
        }
        request.body(Body::from(self.body)).unwrap()
    }
}

pub(crate) struct Counted {
    pub(crate) status: StatusCode,
    /// The start of the answer.
    pub(crate) text: String,
    /// Most bytes allocated at once, besides those of the body as it was sent.
    pub(crate) peak: usize,
}

impl Server {
    /// Over an embedded store in a folder of its own.
    pub(crate) async fn embedded() -> Server {
        let folder = tempfile::tempdir().unwrap();
        let store = EmbeddedStore::open(folder.path(), EmbeddedOptions::default()).await.unwrap();
        let storage = Storage::exclusive("embedded", store);
        Server { _folder: Some(folder), ..Server::over(storage, |app| app) }
    }

    /// Over a store in memory, with a memory budget of so many bytes, for which nobody waits.
    pub(crate) fn with_budget(bytes: usize) -> Server {
        let storage = Storage::exclusive("memory", Arc::new(MemoryStore::new()));
        Server::over(storage, |app| app.request_memory(bytes, Duration::ZERO))
    }

    fn over(storage: Storage, change: impl FnOnce(AppBuilder) -> AppBuilder) -> Server {
        let clock = Arc::new(StandingClock);
        let app = change(App::without_sign_in(storage, clock)).build();
        Server { router: flarepath::http::router(app.clone()), app, _folder: None }
    }

    /// Sends a request, and counts what is allocated until it is answered.
    pub(crate) async fn count(&self, sent: Sent) -> Counted {
        let request = sent.request();
        let before = counting::reset();
        let (status, _, body) = self.send(request).await;
        let peak = counting::peak_since(before);
        Counted { status, text: String::from_utf8_lossy(&body).into_owned(), peak }
    }

    /// Status, `Retry-After` and the start of the body.
    pub(crate) async fn send(&self, request: Request<Body>) -> (StatusCode, Option<String>, Vec<u8>) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let retry_after = response.headers().get(header::RETRY_AFTER);
        let retry_after = retry_after.map(|value| value.to_str().unwrap().to_owned());
        let (status, mut body) = (response.status(), response.into_body());
        let mut start = Vec::new();
        while let Some(Ok(frame)) = body.frame().await {
            let data = frame.into_data().unwrap_or_default();
            start.extend(data.iter().take(300 - start.len().min(300)));
        }
        (status, retry_after, start)
    }
}

//! Test server over the recorded profiles of `testdata/pyroscope/input`.

pub(crate) use crate::answer::Answer;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flarepath::app::{App, AppBuilder};
use flarepath::clock::FixedClock;
use flarepath::store::Storage;
use flarepath::store::memory::MemoryStore;
use flarepath_profile::unix_nanos::UnixNanos;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use std::sync::Arc;
use tower::ServiceExt;

/// The end of the recorded minute, in seconds; the server's clock is fixed there.
pub(crate) const NOW_S: i64 = 1_795_227_540;
pub(crate) const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";

pub(crate) fn testdata(name: &str) -> Vec<u8> {
    let path = format!("{}/testdata/pyroscope/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|e| panic!("{path}: {e}"))
}

pub(crate) struct Server(pub(crate) Router);

impl Server {
    pub(crate) fn empty() -> Server {
        Server::with(|app| app)
    }

    pub(crate) fn with(change: impl FnOnce(AppBuilder) -> AppBuilder) -> Server {
        let store = Storage::exclusive("memory", Arc::new(MemoryStore::new()));
        let app = App::without_sign_in(store, Arc::new(FixedClock(UnixNanos(NOW_S * 1_000_000_000))));
        Server(flarepath::http::router(change(app).build()))
    }

    /// Two services with three pods each and four profiles per pod.
    pub(crate) async fn recorded() -> Server {
        Server::recorded_with(|app| app).await
    }

    pub(crate) async fn recorded_with(change: impl FnOnce(AppBuilder) -> AppBuilder) -> Server {
        let server = Server::with(change);
        let inputs: Value = serde_json::from_slice(&testdata("input/labels.json")).unwrap();
        for input in inputs.as_array().unwrap() {
            let profile = testdata(&format!("input/{}", input["file"].as_str().unwrap()));
            let labels: Vec<Value> = input["labels"].as_array().unwrap().iter().map(pair).collect();
            server.push(json!(labels), &profile).await;
        }
        server
    }

    pub(crate) async fn push(&self, labels: Value, profile: &[u8]) {
        let request = json!({ "series": [{ "labels": labels, "samples": [{ "rawProfile": STANDARD.encode(profile) }] }] });
        let answer = self.post("/push.v1.PusherService/Push", "application/json", request.to_string()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        Answer::of(self.0.clone().oneshot(request).await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, content_type: &str, body: impl Into<Body>) -> Answer {
        let request = Request::post(path).header(header::CONTENT_TYPE, content_type);
        self.send(request.body(body.into()).unwrap()).await
    }

    /// `path` with the pairs as its query.
    pub(crate) async fn get(&self, path: &str, params: &[(&str, &str)]) -> Answer {
        self.get_as(path, params, "").await
    }

    pub(crate) async fn get_as(&self, path: &str, params: &[(&str, &str)], accept: &str) -> Answer {
        let mut request = Request::get(uri(path, params));
        if !accept.is_empty() {
            request = request.header(header::ACCEPT, accept);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn message<M: prost::Message + Default>(
        &self,
        path: &str,
        params: &[(&str, &str)],
    ) -> M {
        let answer = self.get_as(path, params, "application/x-protobuf").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(answer.header(header::CONTENT_TYPE), "application/x-protobuf");
        M::decode(answer.body.as_slice()).unwrap()
    }
}

fn pair(label: &Value) -> Value {
    json!({ "name": label[0], "value": label[1] })
}

/// Percent-encodes everything but letters and digits.
pub(crate) fn uri(path: &str, params: &[(&str, &str)]) -> String {
    let escape = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs: Vec<String> = params.iter().map(|(n, v)| format!("{}={}", escape(n), escape(v))).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

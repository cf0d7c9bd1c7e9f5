//! Quotas over the embedded store: each limit exceeded, which harms no other service, and raised.

use crate::otlp::{bytes, grpc};
use crate::push::{profile, series};
use crate::server::{NOW_NS, bytes_of, post};
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use flarepath::app::App;
use flarepath::clock::ManualClock;
use flarepath::config::{QuotaConfig, QuotaOverride};
use flarepath::http::router;
use flarepath::store::Storage;
use flarepath::store::embedded::{EmbeddedOptions, EmbeddedStore};
use flarepath_profile::formats::pprof;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::varint;
use http_body_util::BodyExt;
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;

struct Server {
    app: Arc<App>,
    clock: Arc<ManualClock>,
    _dir: tempfile::TempDir,
}

/// Status, seconds to wait, and body.
#[derive(Debug)]
struct Answer(StatusCode, Option<u64>, String);

impl Answer {
    fn is_good(&self) -> bool {
        self.0 == StatusCode::OK
    }

    /// Asserts that the limit with this key refused it.
    #[track_caller]
    fn names(&self, key: &str) {
        let Answer(status, retry_after, text) = self;
        assert_eq!(*status, StatusCode::TOO_MANY_REQUESTS, "{text}");
        assert!(text.contains(&format!("(quotas.{key}")), "{text}");
        assert!(retry_after.is_some_and(|seconds| seconds > 0), "{retry_after:?}");
    }
}

impl Server {
    async fn new(quotas: QuotaConfig) -> Server {
        let dir = tempfile::tempdir().unwrap();
        let options = EmbeddedOptions { background_folding: false, ..EmbeddedOptions::default() };
        let store = EmbeddedStore::open(dir.path(), options).await.unwrap();
        let clock = Arc::new(ManualClock::at(UnixNanos(NOW_NS)));
        let app = App::without_sign_in(Storage::exclusive("embedded", store), clock.clone());
        Server { app: app.quotas(quotas).build(), clock, _dir: dir }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response: Response<Body> = router(self.app.clone()).oneshot(request).await.unwrap();
        let retry_after = response.headers().get("retry-after").map(|v| v.to_str().unwrap().parse().unwrap());
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Answer(status, retry_after, String::from_utf8_lossy(&body).into_owned())
    }

    /// Pushes one stack; `labels` as in `%7Bpod%3Da%7D`.
    async fn push(&self, service: &str, labels: &str, stack: &str) -> Answer {
        let path = format!("/ingest?name={service}{labels}&format=folded");
        self.send(post(&path).body(format!("{stack} 1\n").into()).unwrap()).await
    }

    async fn push_pod(&self, service: &str, pod: &str) -> Answer {
        self.push(service, &format!("%7Bpod%3D{pod}%7D"), "main").await
    }

    /// Pushes one profile for each service in one request.
    async fn push_all(&self, services: &[&str]) -> Answer {
        let raw = pprof::write(&profile(NOW_NS, &[(&[], 7)]));
        let one =
            |&service: &&str| series(&[("__name__", "process_cpu"), ("service_name", service)], &[&raw]);
        let body: Vec<u8> = services.iter().flat_map(one).collect();
        let request = post("/push.v1.PusherService/Push").header("content-type", "application/proto");
        self.send(request.body(body.into()).unwrap()).await
    }

    async fn usage(&self) -> Value {
        let request =
            Request::get("/api/v1/quotas").header("host", "127.0.0.1:4280").body(Body::empty()).unwrap();
        serde_json::from_str(&self.send(request).await.2).unwrap()
    }
}

fn none() -> QuotaConfig {
    QuotaConfig::unlimited()
}

#[tokio::test]
async fn services_beyond_the_limit_are_refused() {
    let server = Server::new(QuotaConfig { services: 1, ..none() }).await;
    assert!(server.push("cart", "", "main").await.is_good());
    server.push("pay", "", "main").await.names("services)");
    assert!(server.push_pod("cart", "a").await.is_good(), "a new series of a known service");
}

#[tokio::test]
async fn series_beyond_the_limits_are_refused() {
    let server = Server::new(QuotaConfig { series: 3, series_per_service: 2, ..none() }).await;
    for pod in ["a", "b"] {
        assert!(server.push_pod("cart", pod).await.is_good(), "{pod}");
    }
    server.push_pod("cart", "c").await.names("series_per_service)");
    assert!(server.push_pod("cart", "a").await.is_good(), "a known series");
    assert!(server.push_pod("pay", "a").await.is_good(), "another service");
    server.push_pod("pay", "b").await.names("series)");
    assert!(server.push_pod("pay", "a").await.is_good());
}

#[tokio::test]
async fn a_service_can_have_limits_of_its_own() {
    let own = QuotaOverride { service: "cart".to_owned(), series: Some(2), new_functions: Some(1) };
    let quotas = QuotaConfig { series_per_service: 1, overrides: vec![own], ..none() };
    let server = Server::new(quotas).await;
    assert!(server.push_pod("cart", "a").await.is_good() && server.push_pod("cart", "b").await.is_good());
    server.push_pod("cart", "c").await.names("overrides of service");
    server.push("cart", "%7Bpod%3Da%7D", "main;price").await.names("overrides of service");
    assert!(server.push_pod("pay", "a").await.is_good());
    server.push_pod("pay", "b").await.names("series_per_service)");
}

#[tokio::test]
async fn only_profiles_with_new_functions_are_refused_when_the_hour_is_used_up() {
    let server = Server::new(QuotaConfig { new_functions_per_service: 3, ..none() }).await;
    assert!(server.push("cart", "", "main;price;round").await.is_good());
    let refused = server.push("cart", "", "main;price;jit_1").await;
    refused.names("new_functions_per_service)");
    assert_eq!(refused.1, Some(1200), "a third of an hour brings one");
    assert!(server.push("cart", "", "main;round;price").await.is_good(), "a new stack of known functions");
    assert!(server.push("pay", "", "main;charge").await.is_good(), "another service");
    server.clock.advance(Duration::from_secs(1200));
    assert!(server.push("cart", "", "main;price;jit_1").await.is_good());
    server.push("cart", "", "main;price;jit_2").await.names("new_functions_per_service)");
}

#[tokio::test]
async fn profiles_and_bytes_per_second_are_limited() {
    let server = Server::new(QuotaConfig { profiles_per_token: 1, ..none() }).await;
    for _ in 0..5 {
        assert!(server.push("cart", "", "main").await.is_good(), "five seconds' worth at once");
    }
    server.push("cart", "", "main").await.names("profiles_per_token)");
    server.clock.advance(Duration::from_secs(1));
    assert!(server.push("cart", "", "main").await.is_good());

    let server = Server::new(QuotaConfig { bytes_per_token: 1, ..none() }).await;
    assert!(server.push("cart", "", "main;with;a;long;stack").await.is_good(), "a body cannot be split");
    server.push("cart", "", "main").await.names("bytes_per_token)");
    server.clock.advance(Duration::from_secs(60));
    assert!(server.push("cart", "", "main").await.is_good());
}

#[tokio::test]
async fn the_other_profiles_of_a_request_are_stored() {
    let server = Server::new(QuotaConfig { services: 2, ..none() }).await;
    let Answer(status, _, text) = server.push_all(&["cart", "pay", "mail"]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(text.contains("1 rejected, 2 stored") && text.contains("mail"), "{text}");
    assert!(text.contains("(quotas.services)"), "{text}");
    let all = server.push_all(&["mail", "search"]).await;
    all.names("services)");
    assert!(all.2.contains("resource_exhausted"), "{}", all.2);
    assert!(server.push_all(&["cart", "pay"]).await.is_good());

    let server = Server::new(QuotaConfig { profiles_per_token: 1, ..none() }).await;
    let Answer(_, _, text) = server.push_all(&["a", "b", "c", "d", "e", "f"]).await;
    assert!(text.contains("1 rejected, 5 stored") && text.contains("(quotas.profiles_per_token)"), "{text}");
}

#[tokio::test]
async fn a_refused_grpc_call_says_when_to_try_again() {
    let server = Server::new(QuotaConfig { services: 1, ..none() }).await;
    assert!(server.push("cart", "", "main").await.is_good());
    let call = grpc(&bytes_of("otlp/export.pb"), false);
    let response: Response<Body> = router(server.app.clone()).oneshot(call).await.unwrap();
    let header = |name: &str| response.headers().get(name).map_or("", |value| value.to_str().unwrap());
    assert_eq!(header("grpc-status"), "8", "{}", header("grpc-message"));
    assert!(header("grpc-message").contains("quotas.services"), "{}", header("grpc-message"));
    let seconds: u64 = header("retry-after").parse().unwrap();
    assert!(seconds > 0);
    // In google.rpc.Status: a google.protobuf.Any with a google.rpc.RetryInfo.
    let status = STANDARD_NO_PAD.decode(header("grpc-status-details-bin")).unwrap();
    let mut delay = vec![0x08];
    varint::put(&mut delay, seconds);
    let name = bytes(1, b"type.googleapis.com/google.rpc.RetryInfo");
    let any = [name, bytes(2, &bytes(1, &delay))].concat();
    assert_eq!(status[..2], [0x08, 8]);
    assert!(status.ends_with(&bytes(3, &any)), "{status:?}");
}

#[tokio::test]
async fn without_limits_everything_is_stored() {
    for quotas in [none(), QuotaConfig::default()] {
        let server = Server::new(quotas).await;
        for i in 0..20 {
            let stack = format!("main;generated_{i}");
            let answer = server.push(&format!("service-{i}"), "%7Bpod%3Da%7D", &stack).await;
            assert!(answer.is_good(), "{answer:?}");
            assert!(server.push("one", &format!("%7Bid%3D{i}%7D"), &stack).await.is_good());
        }
        let usage = server.usage().await;
        let used = |key: &str| {
            let uses = usage["uses"].as_array().unwrap();
            uses.iter().find(|line| line["key"] == key).unwrap()["used"].as_u64()
        };
        assert_eq!((used("services"), used("series")), (Some(21), Some(40)));
        assert_eq!(used("series_per_service"), Some(20), "of the largest service, which is the first");
        assert_eq!(usage["refusals"], serde_json::json!([]));
    }
}

#[test]
fn refusals_are_counted_by_limit_and_listed_by_service() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    metrics::with_local_recorder(&recorder, || {
        runtime.block_on(async {
            let server = Server::new(QuotaConfig { series_per_service: 1, ..none() }).await;
            for pod in ["a", "b", "c"] {
                server.push_pod("cart", pod).await;
            }
            server.push_pod("pay", "a").await;
            let refusals = server.usage().await["refusals"].clone();
            assert_eq!(refusals.as_array().unwrap().len(), 1, "{refusals}");
            assert_eq!((&refusals[0]["service"], &refusals[0]["count"]), (&"cart".into(), &2.into()));
            let label = "x".repeat(3000);
            let long = server.push("pay", &format!("%7Bpod%3D{label}%7D"), "main").await;
            assert_eq!(long.0, StatusCode::BAD_REQUEST, "{long:?}");
        });
    });
    let text = recorder.handle().render();
    for line in [
        r#"flarepath_ingest_refused_total{reason="series_per_service"} 2"#,
        r#"flarepath_ingest_refused_total{reason="labels"} 1"#,
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

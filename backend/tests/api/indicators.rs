//! Indicators of a service, from a source of metrics over HTTP.

use crate::metrics_source::{JSON, MetricsServer, Reply, recorded};
use crate::server::{NOW_S, Server};
use axum::http::{HeaderMap, StatusCode};
use flarepath::config::{MetricsConfig, RemoteAuth, SloConfig, SloFile, SloFilesConfig};
use flarepath_wire::indicators::{IndicatorPanel, IndicatorsResponse};
use std::time::Duration;

const PATH: &str = "/api/v1/indicators";
const RATE: [(&str, &str); 2] = [("service", "pay"), ("names", "request-rate")];

fn over(config: &MetricsConfig) -> Server {
    Server::with(|app| app.metrics_sources(std::slice::from_ref(config), &[]).unwrap())
}

fn empty() -> Reply {
    (200, JSON, recorded("empty.json"))
}

/// A server over a source that answers one metric, and nothing for all others.
async fn with_metric(metric: &'static str, answer: &'static str) -> (Server, MetricsServer) {
    let source = MetricsServer::start(move |_, query| match query.contains(metric) {
        true => (200, JSON, recorded(answer)),
        false => empty(),
    });
    let source = source.await;
    (over(&source.config()), source)
}

async fn panel(server: &Server) -> IndicatorPanel {
    server.message::<IndicatorsResponse>(PATH, &RATE).await.indicators.remove(0)
}

#[tokio::test]
async fn the_first_template_with_data_counts_and_is_named() {
    let (server, source) = with_metric("http_requests_total", "request_rate.json").await;
    let answer: IndicatorsResponse = server.message(PATH, &RATE).await;
    assert_eq!((answer.state.as_str(), answer.source.as_str()), ("found", "default"));
    assert_eq!((answer.start_ms, answer.step_ms, answer.point_count), ((NOW_S - 3600) * 1000, 15_000, 240));
    let [panel] = &answer.indicators[..] else { panic!("{answer:?}") };
    assert_eq!((panel.template.as_str(), panel.unit.as_str()), ("http", "requests/s"));
    assert_eq!(panel.query, r#"sum(rate(http_requests_total{job=~"(.+/)?pay"}[60s]))"#);
    assert_eq!(panel.series[0].pod, "pay-7d4b9c6f5b-x7k2p");
    assert_eq!(panel.series[0].instants, [204, 205, 208], "NaN and infinite values are gaps");
    assert_eq!(panel.series[0].amounts, [12.5, 12.5, 0.0]);
    assert_eq!((&panel.failure, panel.warnings.len()), (&None, 1));
    let asked = source.queries();
    assert!(asked[0].contains("http_server_request_duration_seconds_count"), "{asked:?}");
    // Within half a step, nothing is asked again.
    assert_eq!(server.message::<IndicatorsResponse>(PATH, &RATE).await, answer);
    assert_eq!(source.queries(), [""; 0]);
}

#[tokio::test]
async fn a_service_without_metrics_has_empty_indicators() {
    let (server, source) = with_metric("nothing", "empty.json").await;
    let answer: IndicatorsResponse = server.message(PATH, &[("service", "pay")]).await;
    assert_eq!(answer.indicators.len(), 12);
    for panel in &answer.indicators {
        assert!(panel.series.is_empty() && panel.failure.is_none() && panel.template.is_empty(), "{panel:?}");
    }
    assert!(source.queries().iter().all(|query| query.contains("pay")));
}

#[tokio::test]
async fn without_a_source_the_state_says_what_to_do() {
    let answer: IndicatorsResponse = Server::empty().message(PATH, &RATE).await;
    assert_eq!(answer.state, "not-configured");
    assert!(answer.sentence.contains("[metrics.NAME]"));
    let config =
        MetricsConfig { services: "cart|mail".to_owned(), ..MetricsConfig::at("http://127.0.0.1:9") };
    let answer: IndicatorsResponse = over(&config).message(PATH, &RATE).await;
    assert_eq!(answer.state, "no-source");
}

#[tokio::test]
async fn each_indicator_fails_alone() {
    let source = MetricsServer::start(|_, query| match () {
        () if query.contains("_bucket") => (422, JSON, recorded("mimir_limit.json")),
        () if query.contains("container_cpu_usage") => (200, "text/html", recorded("sign_in.html")),
        () if query.contains("http_server_request_duration_seconds_count") => {
            (400, JSON, recorded("bad_data.json"))
        }
        () if query.contains("http_requests_total") => (200, JSON, recorded("request_rate.json")),
        () => empty(),
    });
    let source = source.await;
    let answer: IndicatorsResponse = over(&source.config()).message(PATH, &[("service", "pay")]).await;
    let kind = |name: &str| {
        let panel = answer.indicators.iter().find(|panel| panel.indicator == name).unwrap();
        panel.failure.as_ref().map_or("", |failure| failure.failure_kind.as_str())
    };
    assert_eq!([kind("latency-p95"), kind("cpu-cores")], ["too-large", "not-prometheus"]);
    // A template that the source rejects is passed over.
    assert_eq!([kind("request-rate"), kind("restarts")], ["", ""]);
}

#[tokio::test]
async fn a_source_that_is_down_is_shown_as_failed_and_the_server_is_ready() {
    let server = over(&MetricsConfig::at("http://127.0.0.1:9"));
    let failure = panel(&server).await.failure.unwrap();
    assert_eq!(failure.failure_kind, "unreachable");
    assert!(failure.detail.contains("check `url`"), "{}", failure.detail);
    assert_eq!(server.get("/readyz", &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_slow_source_is_a_timeout() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    // Accepts connections and never answers.
    let config = MetricsConfig { timeout: Duration::from_millis(200), ..MetricsConfig::at(&url) };
    let answer: IndicatorsResponse = over(&config).message(PATH, &[("service", "pay")]).await;
    for panel in answer.indicators {
        assert_eq!(panel.failure.unwrap().failure_kind, "timeout");
    }
    drop(listener);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let source = MetricsServer::start(|_, _| (307, "", String::new())).await;
    let failure = panel(&over(&source.config())).await.failure.unwrap();
    assert_eq!(failure.failure_kind, "not-prometheus");
    assert!(failure.detail.contains("redirect"), "{}", failure.detail);
    assert_eq!(source.queries().len(), 1);
}

#[tokio::test]
async fn answers_are_limited_to_eight_mebibytes() {
    let source = MetricsServer::start(|_, _| (200, JSON, " ".repeat((8 << 20) + 1))).await;
    assert_eq!(panel(&over(&source.config())).await.failure.unwrap().failure_kind, "too-large");
}

/// Lets in those with these headers.
fn guarded(headers: &HeaderMap, secret: &str) -> Reply {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|found| found == value);
    match is("authorization", secret) && is("x-scope-orgid", "a|b") {
        true => (200, JSON, recorded("request_rate.json")),
        false => (401, "text/plain", "no".to_owned()),
    }
}

#[tokio::test]
async fn secrets_are_read_again_and_told_to_nobody() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "first-secret\n").unwrap();
    let source = MetricsServer::start(|headers, _| guarded(headers, "Bearer second-secret")).await;
    let tenant = ("X-Scope-OrgID".to_owned(), "a|b".to_owned());
    let auth = RemoteAuth::Bearer(file.path().to_owned());
    let server = over(&MetricsConfig { auth, headers: vec![tenant], ..source.config() });
    let failure = panel(&server).await.failure.unwrap();
    assert_eq!(failure.failure_kind, "denied");
    assert!(!failure.detail.contains("secret"), "{}", failure.detail);
    std::fs::write(file.path(), "second-secret\n").unwrap();
    assert_eq!(panel(&server).await.failure, None);
    drop(file);
    let other = [("service", "cart"), ("names", "request-rate")];
    let answer: IndicatorsResponse = server.message(PATH, &other).await;
    let failure = answer.indicators[0].failure.clone().unwrap();
    assert_eq!(failure.failure_kind, "secret");
    assert!(failure.detail.contains("server's log"), "{}", failure.detail);
}

#[tokio::test]
async fn basic_credentials_are_sent() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "open sesame").unwrap();
    let source = MetricsServer::start(|headers, _| guarded(headers, "Basic bWU6b3BlbiBzZXNhbWU=")).await;
    let auth = RemoteAuth::Basic { username: "me".to_owned(), password_file: file.path().to_owned() };
    let headers = vec![("X-Scope-OrgID".to_owned(), "a|b".to_owned())];
    let server = over(&MetricsConfig { auth, headers, ..source.config() });
    assert_eq!(panel(&server).await.failure, None);
}

#[tokio::test]
async fn names_select_indicators() {
    let (server, _) = with_metric("nothing", "empty.json").await;
    let names = [("service", "pay"), ("names", "memory,restarts"), ("names", "gc-time")];
    let answer: IndicatorsResponse = server.message(PATH, &names).await;
    let found: Vec<&str> = answer.indicators.iter().map(|panel| panel.indicator.as_str()).collect();
    assert_eq!(found, ["memory", "restarts", "gc-time"]);
    let unknown = server.get(PATH, &[("service", "pay"), ("names", "joy")]).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    assert!(unknown.text().contains("there are request-rate"), "{}", unknown.text());
    assert_eq!(server.get(PATH, &[]).await.status, StatusCode::BAD_REQUEST);
}

/// One series without labels that has this value at present.
fn value(value: f64) -> Reply {
    let now = NOW_S / 15 * 15;
    let series = format!(r#"[{{"metric":{{}},"values":[[{now},"{value}"]]}}]"#);
    (200, JSON, format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":{series}}}}}"#))
}

#[tokio::test]
async fn error_ratios_that_sloth_records_are_read_before_others_are_computed() {
    const FILE: &str = include_str!("../../testdata/slo/sloth.yaml");
    for (has_records, expected) in [(true, "recorded by Sloth"), (false, "sloth: sloth.yaml")] {
        let source = MetricsServer::start(move |_, query| match () {
            () if query.contains("slo:sli_error") => {
                if has_records {
                    value(0.0005)
                } else {
                    empty()
                }
            }
            () if query.contains("orders_total") => value(0.0002),
            () => empty(),
        });
        let source = source.await;
        let file = SloFile { path: "/etc/slos/sloth.yaml".into(), text: FILE.to_owned() };
        let files = SloFilesConfig { files: vec![file], ..SloFilesConfig::default() };
        let server = Server::with(|app| {
            app.metrics_sources(&[source.config()], &[]).unwrap().slo_files(&files).unwrap()
        });
        let answer: IndicatorsResponse = server.message(PATH, &[("service", "checkout")]).await;
        let [slo, _] = &answer.slos[..] else { panic!("{:?}", answer.slos) };
        assert_eq!((slo.slo.as_str(), slo.source.as_str()), ("availability", expected));
        let left = if has_records { 0.5 } else { 0.8 };
        assert!((slo.budget_left.unwrap() - left).abs() < 1e-9, "{slo:?}");
        let raw = source.queries().iter().filter(|query| query.contains("orders_total")).count();
        // Two of the seven windows are six hours; what was asked is not asked again.
        assert!(if has_records { raw == 0 } else { raw >= 6 }, "{raw}");
    }
}

#[tokio::test]
async fn objectives_tell_the_budget_that_is_left() {
    let source = MetricsServer::start(move |_, query| {
        let ratio = match () {
            () if !query.contains("orders_bad") => return empty(),
            () if query.contains("[2592000s]") => 0.0005,
            () if query.contains("[3600s]") || query.contains("[300s]") => 0.02,
            () => 0.0,
        };
        value(ratio)
    });
    let source = source.await;
    let slo = SloConfig {
        name: "orders".to_owned(),
        service: "pay".to_owned(),
        objective: 0.999,
        window: Duration::from_secs(30 * 86_400),
        error_ratio: "sum(rate(orders_bad{$S}[$w])) / sum(rate(orders{$S}[$w]))".to_owned(),
        of: "application".to_owned(),
    };
    let server = Server::with(|app| app.metrics_sources(&[source.config()], &[slo]).unwrap());
    let answer: IndicatorsResponse = server.message(PATH, &[("service", "pay")]).await;
    let [slo] = &answer.slos[..] else { panic!("{:?}", answer.slos) };
    assert!((slo.budget_left.unwrap() - 0.5).abs() < 1e-9, "{slo:?}");
    assert_eq!(slo.source, "configuration");
    let firing: Vec<bool> = slo.alerts.iter().map(|alert| alert.firing).collect();
    assert_eq!((firing, slo.alerts[0].urgency.as_str()), (vec![true, false, false], "page"));
    let of_another: IndicatorsResponse = server.message(PATH, &[("service", "cart")]).await;
    assert!(of_another.slos.is_empty());
}

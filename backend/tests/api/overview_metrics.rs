//! `GET /api/v1/overview/metrics`: a line of metrics for each of many services.

use crate::metrics_source::{JSON, MetricsServer, Reply, recorded};
use crate::server::{NOW_S, Server};
use axum::http::StatusCode;
use flarepath::config::{MetricsConfig, SloConfig};
use flarepath_wire::overview_metrics::ServiceMetricsResponse;
use std::time::Duration;

const PATH: &str = "/api/v1/overview/metrics";
const PAY: [(&str, &str); 1] = [("service", "pay")];

fn over(config: &MetricsConfig) -> Server {
    Server::with(|app| app.metrics_sources(std::slice::from_ref(config), &[]).unwrap())
}

/// Series by pod, each with its values at the last instants.
fn matrix(series: &[(&str, &[f64])]) -> Reply {
    let now = NOW_S / 15 * 15 - 15;
    let one = |(pod, values): &(&str, &[f64])| {
        let at = |(place, value): (usize, &f64)| {
            format!(r#"[{},"{value}"]"#, now - 15 * (values.len() - 1 - place) as i64)
        };
        let values: Vec<String> = values.iter().enumerate().map(at).collect();
        format!(r#"{{"metric":{{"pod":"{pod}"}},"values":[{}]}}"#, values.join(","))
    };
    let series: Vec<String> = series.iter().map(one).collect();
    let data = format!(r#"{{"resultType":"matrix","result":[{}]}}"#, series.join(","));
    (200, JSON, format!(r#"{{"status":"success","data":{data}}}"#))
}

fn shop(query: &str) -> Reply {
    match () {
        () if !query.contains("pay") => (200, JSON, recorded("empty.json")),
        () if query.contains("histogram_quantile(0.95") => matrix(&[("", &[0.2, 0.25])]),
        () if query.contains("histogram_quantile(0.99") => matrix(&[("", &[0.9, 0.5])]),
        () if query.contains("code=~") => matrix(&[("", &[0.01, 0.03])]),
        () if query.contains("http_requests_total") => matrix(&[("", &[10.0, 20.0])]),
        () if query.contains("container_cpu_usage") => matrix(&[("pay-1", &[0.5]), ("pay-2", &[1.0, 2.0])]),
        () if query.contains("resource_limits") => matrix(&[("pay-1", &[2.0]), ("pay-2", &[2.0])]),
        () => (200, JSON, recorded("empty.json")),
    }
}

#[tokio::test]
async fn each_service_has_a_line_in_the_order_of_the_question() {
    let source = MetricsServer::start(|_, query| shop(query)).await;
    let server = over(&source.config());
    let asked = [("service", "cart"), ("service", "pay"), ("service", "cart")];
    let answer: ServiceMetricsResponse = server.message(PATH, &asked).await;
    assert_eq!((answer.state.as_str(), answer.sentence.as_str()), ("found", ""));
    let [cart, pay] = &answer.services[..] else { panic!("{answer:?}") };
    assert_eq!((cart.service.as_str(), cart.requests_per_s, cart.failure.clone()), ("cart", None, None));
    assert_eq!((pay.service.as_str(), pay.requests_per_s), ("pay", Some(15.0)));
    assert!((pay.error_ratio.unwrap() - 0.02).abs() < 1e-9, "{pay:?}");
    assert_eq!([pay.latency_p95_s, pay.latency_p99_s], [Some(0.25), Some(0.5)], "the last ones");
    assert_eq!((pay.cpu_of_limit, pay.cpu_of_limit_pod.as_str()), (Some(0.75), "pay-2"));
    assert_eq!((pay.slo.as_str(), pay.budget_left, pay.firing, pay.urgency.as_str()), ("", None, false, ""));
    source.queries();
    assert_eq!(server.message::<ServiceMetricsResponse>(PATH, &asked).await, answer);
    assert_eq!(source.queries(), [""; 0], "what is known is not asked again");
}

#[tokio::test]
async fn a_firing_objective_is_named() {
    let source = MetricsServer::start(|_, query| match query.contains("orders_bad") {
        true if query.contains("[2592000s]") => matrix_at_present(0.0005),
        true => matrix_at_present(0.02),
        false => (200, JSON, recorded("empty.json")),
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
    let answer: ServiceMetricsResponse =
        server.message(PATH, &[("service", "pay"), ("service", "cart")]).await;
    let [pay, cart] = &answer.services[..] else { panic!("{answer:?}") };
    assert_eq!((pay.slo.as_str(), pay.firing, pay.urgency.as_str()), ("orders", true, "page"));
    assert!((pay.budget_left.unwrap() - 0.5).abs() < 1e-9 && pay.burn_rate.unwrap() > 14.4, "{pay:?}");
    assert_eq!((cart.slo.as_str(), cart.firing), ("", false));
}

/// One value at the instant of objectives.
fn matrix_at_present(value: f64) -> Reply {
    let now = NOW_S / 15 * 15;
    let series = format!(r#"[{{"metric":{{}},"values":[[{now},"{value}"]]}}]"#);
    (200, JSON, format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":{series}}}}}"#))
}

#[tokio::test]
async fn one_failing_query_leaves_the_others() {
    let source = MetricsServer::start(|_, query| match query.contains("histogram_quantile(0.95") {
        true => (422, JSON, recorded("mimir_limit.json")),
        false => shop(query),
    });
    let source = source.await;
    let answer: ServiceMetricsResponse = over(&source.config()).message(PATH, &PAY).await;
    let pay = &answer.services[0];
    assert_eq!(pay.failure.as_ref().unwrap().failure_kind, "too-large");
    assert_eq!((pay.requests_per_s, pay.latency_p95_s, pay.latency_p99_s), (Some(15.0), None, Some(0.5)));
}

#[tokio::test]
async fn without_a_source_the_state_says_what_to_do() {
    let answer: ServiceMetricsResponse = Server::empty().message(PATH, &PAY).await;
    assert_eq!((answer.state.as_str(), answer.services.len()), ("not-configured", 0));
    assert!(answer.sentence.contains("[metrics.NAME]"));
}

#[tokio::test]
async fn a_request_has_fifty_services_at_most() {
    let server = over(&MetricsConfig::at("http://127.0.0.1:9"));
    let names: Vec<String> = (0..51).map(|number| format!("service-{number}")).collect();
    let asked: Vec<(&str, &str)> = names.iter().map(|name| ("service", name.as_str())).collect();
    let answer: ServiceMetricsResponse = server.message(PATH, &asked[..50]).await;
    assert_eq!(answer.services.len(), 50);
    for line in answer.services {
        assert_eq!(line.failure.unwrap().failure_kind, "unreachable", "{}", line.service);
    }
    let refused = server.get(PATH, &asked).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text().contains("at most 50"), "{}", refused.text());
    assert_eq!(server.get(PATH, &[]).await.status, StatusCode::BAD_REQUEST);
}

//! Requests of verdicts, from a source of metrics over HTTP: what is asked, and what is said if it does not answer.

use crate::metrics_source::{JSON, MetricsServer, recorded};
use crate::server::{CPU, NOW_S, Server};
use flarepath_wire::verdict::VerdictResponse;

const DOWN: &str = "requests are not known: the metrics source default is down";

async fn over(source: &MetricsServer) -> Server {
    let config = source.config();
    Server::recorded_with(|app| app.metrics_sources(&[config], &[]).unwrap()).await
}

/// Notes of the verdict on a time, whose baseline has no profiles.
async fn notes(server: &Server, from: &str) -> Vec<String> {
    let params = [("type", CPU), ("selector", r#"{service_name="shop"}"#), ("from", from)];
    server.message::<VerdictResponse>("/api/v1/verdict", &params).await.notes
}

#[tokio::test]
async fn a_source_that_is_down_is_asked_once_and_the_verdict_says_so() {
    let source = MetricsServer::start(|_, _| (503, "text/plain", String::new())).await;
    let server = over(&source).await;
    for asked in [1, 0, 0] {
        let notes = notes(&server, "now-1m").await;
        assert_eq!((source.queries().len(), notes.last().map(String::as_str)), (asked, Some(DOWN)));
    }
    // People who look at its metrics still ask it.
    server.get("/api/v1/indicators", &[("service", "shop"), ("names", "memory")]).await;
    assert_eq!(source.queries().len(), 1);
}

#[tokio::test]
async fn without_requests_a_service_is_not_asked_for_again() {
    let source = MetricsServer::start(|_, _| (200, JSON, recorded("empty.json"))).await;
    let server = over(&source).await;
    assert!(!notes(&server, "now-1m").await.iter().any(|note| note.contains("requests")));
    assert!(source.queries().len() >= 10);
    notes(&server, "now-2m").await;
    assert_eq!(source.queries(), [""; 0]);
}

#[tokio::test]
async fn the_query_with_data_is_asked_once_for_each_side_with_profiles() {
    let source = MetricsServer::start(|_, query| {
        let series = match query.contains("http_requests_total") {
            true => format!(r#"[{{"metric":{{"pod":"shop-1"}},"values":[[{},"5"]]}}]"#, NOW_S - 45),
            false => "[]".to_owned(),
        };
        (200, JSON, format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":{series}}}}}"#))
    });
    let source = source.await;
    let server = over(&source).await;
    notes(&server, "now-1m").await;
    assert!(source.queries().len() > 1);
    notes(&server, "now-2m").await;
    let asked = source.queries();
    assert!(asked.len() == 1 && asked[0].contains("sum by (pod) (rate(http_requests_total"), "{asked:?}");
}

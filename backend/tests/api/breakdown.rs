//! `GET /api/v1/breakdown`: values of a label, in pages.

use crate::server::{CPU, Server};
use axum::http::StatusCode;
use flarepath_wire::breakdown::BreakdownResponse;
use serde_json::json;

const ROUTE: &str = "/api/v1/breakdown";
const LAST_MINUTE: [(&str, &str); 2] = [("type", CPU), ("from", "now-1m")];

async fn values(server: &Server, more: &[(&str, &str)]) -> BreakdownResponse {
    server.message(ROUTE, &[&LAST_MINUTE[..], more].concat()).await
}

#[tokio::test]
async fn services_and_their_pods_have_rates_shares_and_timelines() {
    let server = Server::recorded().await;
    let services = values(&server, &[("by", "service_name")]).await;
    assert_eq!((services.value_count, services.matching, services.label.as_str()), (2, 2, "service_name"));
    let shares: f64 = services.rows.iter().map(|row| row.share).sum();
    assert!((shares - 1.0).abs() < 1e-9 && services.next.is_empty());
    // Four profiles of each pod, whose samples have labels of three series.
    for row in &services.rows {
        assert_eq!((row.replicas, row.profiles, row.outcome.as_str()), (3, 12, "not-compared"));
        assert!((row.rate - row.total / (row.replica_ms as f64 / 1e3)).abs() < 1e-3 * row.rate);
        assert_eq!(row.service, row.value);
        assert_eq!(row.buckets.len(), row.bucket_rates.len());
        assert!(row.buckets.iter().all(|bucket| *bucket < services.bucket_count));
    }
    let selector = [("selector", "{service_name=\"shop\"}"), ("by", "pod")];
    let pods = values(&server, &selector).await;
    assert_eq!(pods.rows.len(), 3);
    for row in &pods.rows {
        assert_eq!(row.outcome, "too-little-data");
        assert!(row.sentence.starts_with("Too little data "), "{}", row.sentence);
        assert!(row.deviation.is_none());
    }
    let json = server.get(ROUTE, &[&LAST_MINUTE[..], &selector].concat()).await;
    assert_eq!(serde_json::from_slice::<BreakdownResponse>(&json.body).unwrap(), pods);
}

#[tokio::test]
async fn pages_follow_each_other_in_any_order() {
    let server = Server::recorded().await;
    let all = values(&server, &[("by", "pod")]).await;
    assert_eq!(all.rows.len(), 6);
    for sort in ["total", "rate", "name", "deviation"] {
        for order in ["asc", "desc"] {
            let (mut found, mut cursor) = (Vec::new(), String::new());
            loop {
                let page =
                    [("by", "pod"), ("sort", sort), ("order", order), ("limit", "4"), ("cursor", &cursor)];
                let page = values(&server, &page).await;
                found.extend(page.rows.into_iter().map(|row| row.value));
                if page.next.is_empty() {
                    break;
                }
                cursor = page.next;
            }
            found.sort();
            found.dedup();
            assert_eq!(found.len(), 6, "{sort} {order}");
        }
    }
    let name = all.rows[0].value.to_uppercase();
    let one = values(&server, &[("by", "pod"), ("q", &name)]).await;
    assert_eq!((one.rows.len(), one.matching, one.value_count, one.total), (1, 1, 6, all.total));
}

#[tokio::test]
async fn an_empty_answer_is_not_an_error() {
    let found: BreakdownResponse = values(&Server::empty(), &[("by", "pod")]).await;
    assert_eq!((found.rows.len(), found.total, found.profile_type_known), (0, 0.0, false));
}

#[tokio::test]
async fn bad_parameters_are_errors() {
    let server = Server::empty();
    for (param, kind) in [
        (("sort", "size"), "bad-sort"),
        (("order", "up"), "bad-sort"),
        (("limit", "1001"), "bad-limit"),
        (("cursor", "7"), "bad-page"),
        (("until", "now-1m"), "empty-range"),
        (("spans", "00f067aa0ba902b7"), "unknown-parameter"),
    ] {
        let answer = server.get(ROUTE, &[&LAST_MINUTE[..], &[("by", "pod"), param]].concat()).await;
        assert_eq!((answer.status, answer.json()["type"].clone()), (StatusCode::BAD_REQUEST, json!(kind)));
    }
    assert_eq!(server.get(ROUTE, &LAST_MINUTE).await.json()["type"], json!("missing-parameter"));
}

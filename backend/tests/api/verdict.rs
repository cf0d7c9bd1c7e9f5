//! `GET /api/v1/verdict`: a sentence and its parts.

use crate::server::{CPU, Server};
use axum::http::StatusCode;
use flarepath_wire::verdict::VerdictResponse;
use serde_json::json;

const ROUTE: &str = "/api/v1/verdict";
const SHOP: (&str, &str) = ("selector", "{service_name=\"shop\"}");

#[tokio::test]
async fn a_minute_of_data_is_too_little() {
    let server = Server::recorded().await;
    let params = [("type", CPU), SHOP, ("from", "now-1m")];
    let found: VerdictResponse = server.message(ROUTE, &params).await;
    assert_eq!(
        (found.outcome.as_str(), found.relation.as_str(), found.per.as_str()),
        ("too-little-data", "times", "second")
    );
    assert!(found.headline.starts_with("Too little data yet: this range has "), "{}", found.headline);
    let missing = found.missing.clone().unwrap();
    assert_eq!(
        (missing.side.as_str(), missing.least_span_ms, missing.least_windows),
        ("comparison", 300_000, 6)
    );
    assert!(missing.enough_in_ms.is_some());
    assert!(found.total.is_none() && found.method.is_none());
    let json = server.get(ROUTE, &params).await;
    assert_eq!(serde_json::from_slice::<VerdictResponse>(&json.body).unwrap(), found);
}

#[tokio::test]
async fn nothing_is_not_an_error() {
    let server = Server::empty();
    let found: VerdictResponse = server.message(ROUTE, &[("type", CPU), SHOP]).await;
    assert_eq!(found.headline, "No verdict: this range has no profiles.");
}

#[tokio::test]
async fn two_values_of_a_label_differ() {
    let server = Server::recorded().await;
    let params = [
        ("type", CPU),
        ("selector", "{service_name=\"shop\",region=\"eu\"}"),
        ("baseline_selector", "{service_name=\"shop\",region=\"us\"}"),
    ];
    let found: VerdictResponse = server.message(ROUTE, &params).await;
    assert_eq!(found.relation, "values");
    let selector =
        |side: Option<flarepath_wire::verdict::VerdictSide>| side.unwrap().selection.unwrap().selector;
    assert_eq!(selector(found.baseline), "{service_name=\"shop\", region=\"us\"}");
}

#[tokio::test]
async fn bad_parameters_are_errors() {
    let server = Server::empty();
    for (params, kind) in [
        (vec![SHOP], "missing-parameter"),
        (vec![("type", CPU), ("baselin_from", "now-1h")], "unknown-parameter"),
        (vec![("type", CPU), ("baseline_from", "now")], "empty-range"),
        (vec![("type", CPU), ("baseline_selector", "{")], "bad-selector"),
    ] {
        let answer = server.get(ROUTE, &params).await;
        assert_eq!((answer.status, answer.json()["type"].clone()), (StatusCode::BAD_REQUEST, json!(kind)));
    }
}

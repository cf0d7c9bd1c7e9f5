//! `GET /api/v1/verdict`: a sentence and its parts.

use crate::server::{CPU, Server};
use axum::http::StatusCode;
use flarepath_wire::diff::DiffResponse;
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
    assert_eq!(
        found.headline,
        "Too little data: this range has 60 s of data, and at least 5 min are needed; the minute before has no profiles. Choose a longer range \
         or another baseline."
    );
    let missing = found.missing.clone().unwrap();
    assert_eq!(
        (missing.side.as_str(), missing.least_span_ms, missing.least_windows),
        ("comparison", 300_000, 6)
    );
    assert!(missing.enough_in_ms.is_none(), "the baseline stays empty");
    assert_eq!(
        found.notes,
        [
            "not compared with another version: the versions before version v2 have less than 5 min of data each",
            "no earlier data to compare with",
            "2 versions appeared in the range, the last of them v2"
        ]
    );
    assert!(found.total.is_none() && found.method.is_none());
    let json = server.get(ROUTE, &params).await;
    assert_eq!(serde_json::from_slice::<VerdictResponse>(&json.body).unwrap(), found);
}

/// The page asks for a diff and its verdict with the same parameters.
#[tokio::test]
async fn takes_the_parameters_of_a_diff_and_covers_the_same_time() {
    let server = Server::recorded().await;
    let params = [
        ("type", CPU),
        ("selector", "{service_name=\"shop\",version=\"v2\"}"),
        ("from", "now-1m"),
        ("until", "now"),
        ("baseline_selector", "{service_name=\"shop\",version=\"v1\"}"),
        ("baseline_from", "now-2m"),
        ("baseline_until", "now"),
        ("baseline_type", CPU),
    ];
    let diff: DiffResponse = server.message("/api/v1/diff", &params).await;
    let found: VerdictResponse = server.message(ROUTE, &params).await;
    assert_eq!(found.relation, "versions");
    for (side, other) in [(diff.baseline, found.baseline), (diff.comparison, found.comparison)] {
        let (side, other) = (side.unwrap(), other.unwrap());
        assert_eq!((side.replicas, side.replica_ms), (3, 90_000));
        assert_eq!((other.all_replicas, other.covered_ms, other.profiles), (3, 90_000, side.profiles));
        let selection = other.selection.unwrap();
        assert_eq!((selection.start_ms, selection.end_ms), (side.start_ms, side.end_ms));
        let exact = [side.start_ms, side.end_ms].map(|ms| ms * 1_000_000);
        assert_eq!([selection.start_ns, selection.end_ns], exact);
    }
    let samples = "process_cpu:samples:count:cpu:nanoseconds";
    let other = [&params[..7], &[("baseline_type", samples)]].concat();
    let found: VerdictResponse = server.message(ROUTE, &other).await;
    assert_eq!(found.outcome, "not-comparable");
    assert!(found.headline.contains("different profile types"), "{}", found.headline);
    let same = [("type", CPU), SHOP, ("from", "now-1m"), ("until", "now"), ("baseline_until", "now")];
    let found: VerdictResponse = server.message(ROUTE, &same).await;
    assert_eq!(
        found.headline,
        "Nothing to compare: both sides are the same selection in the same time range."
    );
}

#[tokio::test]
async fn an_empty_answer_is_not_an_error() {
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
        (vec![("type", CPU), ("baseline_type", "cpu")], "bad-profile-type"),
    ] {
        let answer = server.get(ROUTE, &params).await;
        assert_eq!((answer.status, answer.json()["type"].clone()), (StatusCode::BAD_REQUEST, json!(kind)));
    }
}

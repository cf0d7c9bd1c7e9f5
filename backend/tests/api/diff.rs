//! `GET /api/v1/diff`: each side equals the result of `GET /api/v1/call-tree`.

use crate::server::{CPU, NOW_S, Server};
use axum::http::StatusCode;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::{DiffTree, Pair, diff};
use flarepath_profile::origin::origins;
use flarepath_profile::own_code::OwnCode;
use flarepath_wire::diff::DiffResponse;
use flarepath_wire::messages::CallTreeResponse;

const V1: &str = "{service_name=\"shop\",version=\"v1\"}";
const V2: &str = "{service_name=\"shop\",version=\"v2\"}";
const SAMPLES: &str = "process_cpu:samples:count:cpu:nanoseconds";

async fn tree(server: &Server, params: &[(&str, &str)]) -> CallTree {
    let answer: CallTreeResponse = server.message("/api/v1/call-tree", params).await;
    CallTree::try_from(answer.tree.unwrap()).unwrap()
}

async fn compare(server: &Server, params: &[(&str, &str)]) -> (DiffTree, DiffResponse) {
    let answer: DiffResponse = server.message("/api/v1/diff", params).await;
    (DiffTree::try_from(answer.tree.clone().unwrap()).unwrap(), answer)
}

#[tokio::test]
async fn merges_both_call_trees() {
    let server = Server::recorded().await;
    let params =
        [("type", CPU), ("selector", V2), ("baseline_selector", V1), ("from", "now-1m"), ("until", "now")];
    let (both, answer) = compare(&server, &params).await;
    let sent = answer.tree.as_ref().unwrap().origins().unwrap();
    assert_eq!(sent, origins(both.frames(), &OwnCode::guess(both.frames())));
    assert_eq!(both.total(NodeId::ROOT), Pair { baseline: 1_740_000_000, comparison: 4_140_000_000 });
    let [before, after] =
        [V1, V2].map(|selector| [("selector", selector), ("type", CPU), ("from", "now-1m")]);
    assert_eq!(both, diff(&tree(&server, &before).await, &tree(&server, &after).await));
    let (baseline, comparison) = (answer.baseline.clone().unwrap(), answer.comparison.clone().unwrap());
    for side in [&baseline, &comparison] {
        // Each version runs for half of the minute, in three pods.
        assert_eq!((side.unit.as_str(), side.covered_ms), ("nanoseconds", 30_000));
        assert_eq!((side.replicas, side.replica_ms), (3, 90_000));
        assert_eq!((side.start_ms, side.end_ms), ((NOW_S - 60) * 1000, NOW_S * 1000));
        assert!(side.service_known && side.profile_type_known && side.profiles > 0);
    }
    let json = server.get("/api/v1/diff", &params).await;
    assert_eq!(serde_json::from_slice::<DiffResponse>(&json.body).unwrap(), answer);
}

#[tokio::test]
async fn supports_different_ranges_and_types() {
    let server = Server::recorded().await;
    let shop = ("selector", "{service_name=\"shop\"}");
    let params = [
        shop,
        ("type", CPU),
        ("from", "now-30s"),
        ("baseline_from", "now-1m"),
        ("baseline_until", "now-30s"),
    ];
    let (both, answer) = compare(&server, &params).await;
    assert_eq!(both.total(NodeId::ROOT), Pair { baseline: 1_740_000_000, comparison: 4_140_000_000 });
    assert_eq!(answer.comparison.unwrap().covered_ms, 30_000);
    let params = [shop, ("type", CPU), ("baseline_type", SAMPLES), ("from", "now-1m")];
    let (both, answer) = compare(&server, &params).await;
    let units = [answer.baseline.unwrap().unit, answer.comparison.unwrap().unit];
    assert_eq!(units, ["count", "nanoseconds"]);
    let total = both.total(NodeId::ROOT);
    assert!(total.baseline > 0 && total.baseline < 1000, "{total:?}");
    assert_eq!(total.comparison, 5_880_000_000);
}

#[tokio::test]
async fn explains_an_empty_side() {
    let server = Server::recorded().await;
    let none = [
        ("type", CPU),
        ("selector", "{service_name=\"shop\"}"),
        ("baseline_selector", "{service_name=\"x\"}"),
    ];
    let (both, answer) = compare(&server, &none).await;
    assert_eq!(both.total(NodeId::ROOT).baseline, 0);
    let (baseline, comparison) = (answer.baseline.unwrap(), answer.comparison.unwrap());
    assert_eq!((baseline.profiles, baseline.covered_ms, baseline.service_known), (0, 0, false));
    assert_eq!((baseline.replicas, baseline.replica_ms), (0, 0));
    assert!(comparison.profiles > 0 && comparison.service_known);
}

#[tokio::test]
async fn errors_name_the_parameter() {
    let server = Server::empty();
    let refused = async |more: (&'static str, &'static str)| {
        let answer = server.get("/api/v1/diff", &[("type", CPU), more]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
        let problem = answer.json();
        (problem["type"].as_str().unwrap().to_owned(), problem["detail"].as_str().unwrap().to_owned())
    };
    assert_eq!(refused(("baseline_selector", "{a=")).await.0, "bad-selector");
    assert_eq!(refused(("baseline_type", "cpu")).await.0, "bad-profile-type");
    let (kind, detail) = refused(("baseline_from", "yesterday")).await;
    assert!(kind == "bad-time" && detail.contains("`baseline_from`"), "{detail}");
    let (kind, detail) = refused(("baseline_from", "now+1h")).await;
    assert!(kind == "empty-range" && detail.contains("`baseline_from`"), "{detail}");
    assert_eq!(refused(("baseline", V1)).await.0, "unknown-parameter");
}

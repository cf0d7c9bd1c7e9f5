//! The life of a share: made, opened by its link, revoked. In turn of a query, and of a local file.

use super::traffic::Traffic;
use flarepath_wire::call_tree::CallTreeColumns;
use flarepath_wire::shares::CreateShareRequest;
use flarepath_wire::snapshot::{Snapshot, SnapshotKind, SnapshotSide, VERSION};
use prost::Message;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

const SHARES: &str = "/api/v1/shares";
/// Nodes of the tree of a local file.
const NODES: u32 = 200_000;

pub(crate) async fn live_through(traffic: Traffic, turn: u64) {
    let (kind, request) = if turn.is_multiple_of(2) {
        ("shares", traffic.authorized(Method::POST, SHARES).json(&of_a_query()))
    } else {
        ("shares of files", of_a_file(&traffic))
    };
    let request = request.header("accept", "application/json");
    let Some(made) = traffic.send(kind, request).await else { return };
    let Ok(made) = serde_json::from_slice::<Value>(&made.body) else { return };
    let (Some(id), Some(link)) = (made["share"]["id"].as_str(), made["link_id"].as_str()) else { return };
    for path in [format!("{SHARES}/open/{link}"), format!("/s/{link}"), format!("{SHARES}/{id}/postmortem")] {
        traffic.send("shares opened", traffic.authorized(Method::GET, &path)).await;
    }
    let revoke = traffic.authorized(Method::DELETE, &format!("{SHARES}/{id}"));
    traffic.send("shares revoked", revoke).await;
}

fn of_a_query() -> Value {
    let query = "type=process_cpu:cpu:nanoseconds:cpu:nanoseconds\
                 &selector={service_name=\"checkout\"}&from=now-15m&until=now";
    json!({ "title": "Soak", "visibility": "org", "source": { "kind": "explore", "query": query } })
}

fn of_a_file(traffic: &Traffic) -> RequestBuilder {
    let functions = 5000;
    let frames = functions as usize + 1;
    let names = (0..functions).map(|i| format!("function_{i}"));
    let tree = CallTreeColumns {
        strings: std::iter::once(String::new()).chain(names).collect(),
        frame_name: (0..=functions).collect(),
        frame_file: vec![0; frames],
        frame_line: vec![0; frames],
        frame_mapping: vec![0; frames],
        node_frame: std::iter::once(0).chain((1..NODES).map(|i| 1 + i % functions)).collect(),
        node_children: std::iter::once(NODES - 1).chain((1..NODES).map(|_| 0)).collect(),
        node_self: (0..i64::from(NODES)).collect(),
        ..CallTreeColumns::default()
    };
    let side = SnapshotSide { unit: "nanoseconds".into(), tree: Some(tree), ..SnapshotSide::default() };
    let local = Snapshot {
        version: VERSION,
        kind: SnapshotKind::Local.into(),
        sides: vec![side],
        ..Snapshot::default()
    };
    let request =
        CreateShareRequest { visibility: "org".into(), local: Some(local), ..CreateShareRequest::default() };
    let body = request.encode_to_vec();
    traffic.authorized(Method::POST, SHARES).header("content-type", "application/x-protobuf").body(body)
}

//! What a share freezes, of each kind of evidence, and what it keeps.

use super::shop::{DAY_S, NOW_S, Shop, TYPE, request, source, text};
use crate::databases;
use axum::http::{Method, StatusCode};
use flarepath::sharing::purge;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::formats::pprof;
use flarepath_wire::snapshot::{Snapshot, SnapshotKind};
use serde_json::json;
use std::io::Read;

fn total(snapshot: &Snapshot, side: usize) -> i64 {
    let tree = CallTree::try_from(snapshot.sides[side].tree.clone().unwrap()).unwrap();
    tree.total(NodeId::ROOT)
}

#[tokio::test]
async fn a_share_opens_when_the_profiles_are_gone() {
    for records in databases::each().await {
        let shop = Shop::open(&records).await;
        let made = shop.share("org").await;
        let link = text(&made, "/link_id");
        assert_eq!(text(&made, "/path"), format!("/s/{link}"));
        assert_eq!(text(&made, "/address"), format!("https://profiles.example/s/{link}"));
        assert_eq!(text(&made, "/share/verdict"), "price: 64.6 % of samples (self)");
        let before = shop.snapshot(link).await;
        // Another server over the same records, without any profile.
        let empty = Shop::later(&records, DAY_S);
        let after = empty.snapshot(link).await;
        assert_eq!(after, before);
        assert_eq!((after.kind(), total(&after, 0)), (SnapshotKind::Explore, 65));
        let side = &after.sides[0];
        assert_eq!((side.from_ns, side.until_ns), ((NOW_S - 3600) * 1_000_000_000, NOW_S * 1_000_000_000));
        assert_eq!((side.profiles, side.profile_type.as_str()), (2, TYPE));
        let facts = after.facts.clone().unwrap();
        assert_eq!(facts.store_text().as_deref(), Some("memory (embedded)"));
        assert_eq!((facts.service.as_str(), facts.versions), ("shop", vec!["1.2.3".to_owned()]));
        assert_eq!((facts.samples, facts.instances_covered, facts.instances_known), (65, 2, 2));
        assert!(!facts.gaps.is_empty());
        assert_eq!(facts.top_movers[0].function, "price");
        assert!(side.facts.is_some() && after.verdict.is_none());
        // One profile of each instance, without a duration: what it covers is not known.
        assert_eq!(side.covered_ns, 0);
    }
}

/// A comparison without a baseline is with the one that the verdict chooses.
#[tokio::test]
async fn the_server_chooses_a_baseline_that_is_left_to_it() {
    let records = &databases::each().await[0];
    let shop = Shop::open(records).await;
    let mut compare = request("org");
    let query = format!("type={TYPE}&selector={{service_name=\"shop\"}}&from=now-75s");
    compare["source"] = json!({ "kind": "compare", "query": query });
    let made = shop.post("/api/v1/shares", compare).await.ok().json();
    let snapshot = shop.snapshot(text(&made, "/link_id")).await;
    let [baseline, comparison] = &snapshot.sides[..] else { panic!("{snapshot:?}") };
    assert_eq!((baseline.until_ns, total(&snapshot, 1)), (comparison.from_ns, 45));
    let verdict = snapshot.verdict.unwrap();
    assert_eq!((verdict.relation.as_str(), verdict.baseline.unwrap().profiles), ("times", baseline.profiles));
}

#[tokio::test]
async fn all_kinds_of_evidence_are_frozen() {
    for records in databases::each().await {
        let shop = Shop::open(&records).await;
        let mut compare = request("org");
        compare["source"] = source("compare");
        let made = shop.post("/api/v1/shares", compare).await.ok().json();
        let snapshot = shop.snapshot(text(&made, "/link_id")).await;
        assert_eq!(snapshot.kind(), SnapshotKind::Compare);
        assert_eq!((total(&snapshot, 0), total(&snapshot, 1)), (20, 45));
        assert_eq!(snapshot.sides[0].label, "baseline");
        let facts: Vec<_> = snapshot.sides.iter().map(|side| side.facts.clone().unwrap()).collect();
        assert_eq!(facts.iter().map(|facts| facts.samples).collect::<Vec<_>>(), [20, 45]);
        assert_eq!((facts[0].instances_covered, facts[1].versions.clone()), (1, vec!["1.2.3".to_owned()]));
        assert_eq!(snapshot.facts.as_ref().unwrap().versions, facts[1].versions);
        let verdict = snapshot.verdict.clone().unwrap();
        assert_eq!(verdict.outcome, "too-little-data");
        assert!(verdict.headline.starts_with("Too little data"), "{}", verdict.headline);
        assert_eq!(text(&made, "/share/verdict"), verdict.headline, "the list says what the page says");

        let mut heat = request("link");
        heat["source"] = source("heatmap");
        heat["source"]["selection"] = source("explore")["query"].clone();
        let made = shop.post("/api/v1/shares", heat).await.ok().json();
        let snapshot = shop.snapshot(text(&made, "/link_id")).await;
        assert_eq!((snapshot.kind(), total(&snapshot, 0)), (SnapshotKind::Heatmap, 65));
        assert_eq!(snapshot.heatmap.unwrap().times_ms.len(), 2);
        assert_eq!(snapshot.verdict, None);

        let mut heat = request("org");
        heat["source"] = source("heatmap");
        let part =
            |range: &str| json!(format!("{}&{range}", text(&heat, "/source/query").replace("&step=30s", "")));
        let parts = [part("from=now-100s&until=now-75s"), part("from=now-75s")];
        let [first, second] = parts;
        heat["source"]["selection"] = first;
        heat["source"]["second_selection"] = second;
        let made = shop.post("/api/v1/shares", heat).await.ok().json();
        let snapshot = shop.snapshot(text(&made, "/link_id")).await;
        assert_eq!((snapshot.sides.len(), total(&snapshot, 0), total(&snapshot, 1)), (2, 20, 45));
        assert_eq!(snapshot.sides[1].label, "second selection");

        let mut focused = request("private");
        let query = format!("{}&focus=[\"main\",\"serve\"]", text(&focused, "/source/query"));
        focused["source"]["query"] = json!(query);
        let made = shop.post("/api/v1/shares", focused).await.ok().json();
        assert_eq!(total(&shop.snapshot(text(&made, "/link_id")).await, 0), 52);
    }
}

#[tokio::test]
async fn rejects_invalid_share_requests_without_storing() {
    let records = &databases::each().await[0];
    let shop = Shop::open(records).await;
    let with = |pointer: &str, value: serde_json::Value| {
        let mut request = request("org");
        request[pointer] = value;
        request
    };
    let empty = json!({ "kind": "explore", "query": format!("type={TYPE}&selector={{service_name=\"x\"}}") });
    for (body, status, kind) in [
        (with("visibility", json!("all")), 400, "bad-visibility"),
        (with("visibility", json!("team")), 400, "bad-team"),
        (with("team_id", json!("t")), 400, "bad-team"),
        (with("expires_in", json!("soon")), 400, "bad-expiry"),
        (with("source", json!({ "kind": "explore", "query": "type=x" })), 400, "bad-profile-type"),
        (with("source", json!({ "kind": "explore", "query": "selektor={}" })), 400, "unknown-parameter"),
        (with("source", json!({ "kind": "file", "query": "" })), 400, "bad-source"),
        (with("source", json!(null)), 400, "bad-source"),
        (with("source", empty), 404, "no-data"),
        (with("titel", json!("x")), 400, "bad-json"),
        (with("title", json!("x".repeat(201))), 400, "bad-text"),
        (with("note", json!("x".repeat(10_001))), 400, "bad-text"),
        (with("note", json!("x".repeat(70_000))), 413, "body-too-large"),
    ] {
        let answer = shop.post("/api/v1/shares", body).await;
        assert_eq!(
            (answer.status.as_u16(), text(&answer.json(), "/type")),
            (status, kind),
            "{}",
            answer.text()
        );
    }
    let plain =
        shop.send(Method::POST, "/api/v1/shares", &[("content-type", "text/plain")], b"{}".to_vec()).await;
    assert_eq!(plain.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(shop.get("/api/v1/shares").await.json()["shares"], json!([]));
}

#[tokio::test]
async fn a_preview_keeps_nothing() {
    let records = &databases::each().await[0];
    let shop = Shop::open(records).await;
    let answer = shop.post("/api/v1/shares/preview", request("link")).await.ok().json();
    assert_eq!(answer["report"]["policy"], "strict");
    assert_eq!(answer["report"]["labels_kept"], json!(["service_name", "version"]));
    assert_eq!(answer["expires_ns"], (NOW_S + 30 * DAY_S) * 1_000_000_000);
    assert_eq!(shop.get("/api/v1/shares").await.json()["shares"], json!([]));
}

#[tokio::test]
async fn identical_snapshots_are_stored_once() {
    for records in databases::each().await {
        let shop = Shop::open(&records).await;
        let (one, other) = (shop.share("org").await, shop.share("org").await);
        assert_eq!(one["share"]["snapshot"], other["share"]["snapshot"]);
        let revoke = async |made: &serde_json::Value, shop: &Shop| {
            shop.json(Method::DELETE, &format!("/api/v1/shares/{}", text(made, "/share/id")), json!({}))
                .await
                .ok();
        };
        revoke(&one, &shop).await;
        let later = Shop::later(&records, 8 * DAY_S);
        assert_eq!(purge::purge(&later.app.shares, later.app.clock.now()).await.unwrap(), 0);
        later.snapshot(text(&other, "/link_id")).await;
        assert_eq!(later.get("/api/v1/shares").await.json()["shares"].as_array().unwrap().len(), 2);
        revoke(&other, &later).await;
        assert_eq!(
            purge::purge(&later.app.shares, later.app.clock.now()).await.unwrap(),
            0,
            "not before a week is over"
        );
        let last = Shop::later(&records, 16 * DAY_S);
        assert_eq!(purge::purge(&last.app.shares, last.app.clock.now()).await.unwrap(), 1);
        assert_eq!(last.get("/api/v1/shares").await.json()["shares"][0]["state"], "purged");
    }
}

#[tokio::test]
async fn other_tools_get_a_pprof() {
    let records = &databases::each().await[0];
    let shop = Shop::open(records).await;
    let link = text(&shop.share("org").await, "/link_id").to_owned();
    let file = shop.get(&format!("/api/v1/shares/open/{link}/pprof")).await.ok();
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(&file.body[..]).read_to_end(&mut plain).unwrap();
    let (profile, _) = pprof::read(&plain).unwrap();
    assert_eq!(profile.samples.total(0), 65);
    let tree = flarepath_profile::call_tree::from_profile(&profile, 0).unwrap();
    let snapshot = shop.snapshot(&link).await;
    let shared = CallTree::try_from(snapshot.sides[0].tree.clone().unwrap()).unwrap();
    assert_eq!(tree.len(), shared.len());
}

#[tokio::test]
async fn postmortems_state_that_profiles_are_kept_forever() {
    let shop = Shop::open(&databases::each().await[0]).await;
    let id = text(&shop.share("org").await, "/share/id").to_owned();
    let postmortem = shop.get(&format!("/api/v1/shares/{id}/postmortem")).await.ok().text();
    assert!(postmortem.contains("| Retention at that time | kept forever |"), "{postmortem}");
}

//! Opening shares: access by visibility, expiry, previews.

use super::shop::{DAY_S, NOW_S, Shop, TYPE, request, source, text, user};
use crate::databases;
use axum::http::{Method, StatusCode, header};
use flarepath::auth::{Principal, Role};
use flarepath::config::ShareConfig;
use flarepath::sharing::policy::may_open;
use flarepath::sharing::{ShareError, open, purge};
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

/// The bytes of every answer to a link that does not open are the same.
#[tokio::test]
async fn all_invalid_links_get_the_same_answer() {
    for records in databases::each().await {
        let shop = Shop::open(&records).await;
        let made = shop.share("org").await;
        let link = text(&made, "/link_id").to_owned();
        let (upper, long, row) =
            (link.to_uppercase(), format!("{link}0"), text(&made, "/share/id").to_owned());
        let absent = "0".repeat(32);
        // Wrong links are counted: these are in another window.
        let later = Shop::later(&records, 600);
        let wrong = [
            ":key",
            "%7Bid%7D",
            "*",
            "%00",
            "%FF",
            "",
            "..",
            "%2e%2e",
            "0",
            &upper,
            &long,
            &row,
            &absent,
            &link[1..],
            "%27%20OR%201=1--",
        ];
        let expected = shop.get(&format!("/api/v1/shares/open/{absent}")).await;
        assert_eq!(expected.status, StatusCode::NOT_FOUND);
        assert_eq!(expected.json()["type"], "share-not-found");
        let page = shop.get(&format!("/s/{absent}")).await;
        for id in wrong {
            let answer = shop.get(&format!("/api/v1/shares/open/{id}")).await;
            assert_eq!((answer.status, answer.body), (StatusCode::NOT_FOUND, expected.body.clone()), "{id}");
            assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
            if !id.is_empty() {
                let answer = later.get(&format!("/api/v1/shares/open/{id}/envelope")).await;
                assert_eq!(
                    (answer.status, answer.body),
                    (StatusCode::NOT_FOUND, expected.body.clone()),
                    "{id}"
                );
                let answer = shop.get(&format!("/s/{id}")).await;
                assert_eq!((answer.status, answer.body), (page.status, page.body.clone()), "{id}");
            }
        }
        // A share of the organisation has the same page, too.
        assert_eq!(shop.get(&format!("/s/{link}")).await.body, page.body);
    }
}

#[tokio::test]
async fn wrong_links_are_rate_limited() {
    let records = &databases::each().await[0];
    let shop = Shop::open(records).await;
    let link = text(&shop.share("link").await, "/link_id").to_owned();
    let mut last = StatusCode::OK;
    for _ in 0..40 {
        last = shop.get("/api/v1/shares/open/nothing").await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    // A right one opens all the same.
    shop.snapshot(&link).await;
}

#[tokio::test]
async fn each_visibility_opens_for_its_audience_only() {
    let (owner, member) = (user("ann", Role::Viewer, &["red"]), user("ben", Role::Viewer, &["red"]));
    let (other, admin) = (user("cyd", Role::Editor, &["blue"]), user("dee", Role::Admin, &[]));
    let agent = {
        let agent = user("agt", Role::Agent, &["red"]);
        Principal::new(
            flarepath::auth::Kind::ServiceAccount,
            "agt",
            "agt",
            vec!["red".into()],
            agent.grants().to_vec(),
        )
    };
    let all = [&owner, &member, &other, &admin, &agent, &Principal::anonymous()];
    let on = ShareConfig::default();
    let off = ShareConfig { public_links: false, ..ShareConfig::default() };
    let records = &databases::each().await[0];
    let shop = Shop::open(records).await;
    let made = shop.share("org").await;
    let mut share = shop.app.records.share(&text(&made, "/share/id").into()).await.unwrap().unwrap();
    share.owner_id = "ann".into();
    let opens = |visibility: &str, team: Option<&str>, config: &ShareConfig| {
        let share = flarepath::db::shares::ShareRow {
            visibility: visibility.to_owned(),
            team_id: team.map(Into::into),
            ..share.clone()
        };
        all.map(|who| may_open(&share, who, config))
    };
    assert_eq!(opens("private", None, &on), [true, false, false, false, false, false]);
    assert_eq!(opens("team", Some("red"), &on), [true, true, false, false, false, false]);
    assert_eq!(opens("org", None, &on), [true, true, true, true, false, false]);
    assert_eq!(opens("link", None, &on), [true; 6]);
    assert_eq!(opens("link", None, &off), [true, false, false, false, false, false]);
    assert_eq!(opens("everyone", None, &on), [false; 6]);
}

#[tokio::test]
async fn ended_shares_do_not_open_and_tell_their_owner_why() {
    for records in databases::each().await {
        let shop = Shop::open(&records).await;
        let mut day = request("link");
        day["expires_in"] = json!("1d");
        let made = shop.post("/api/v1/shares", day).await.ok().json();
        let link = text(&made, "/link_id");
        let path = format!("/api/v1/shares/open/{link}");
        shop.get(&path).await.ok();
        let later = Shop::later(&records, DAY_S);
        let answer = later.get(&path).await;
        assert_eq!((answer.status, text(&answer.json(), "/type")), (StatusCode::GONE, "share-ended"));
        assert!(answer.text().contains("has expired"));
        for who in [Principal::anonymous(), user("eve", Role::Admin, &[])] {
            assert!(matches!(open::find(&later.app.shares, link, &who).await, Err(ShareError::NotFound)));
        }
        let revoked = shop.share("link").await;
        let row = format!("/api/v1/shares/{}", text(&revoked, "/share/id"));
        shop.json(Method::DELETE, &row, json!({})).await.ok();
        let answer = shop.get(&format!("/api/v1/shares/open/{}", text(&revoked, "/link_id"))).await;
        assert_eq!(answer.status, StatusCode::GONE);
        assert!(answer.text().contains("was revoked"));
    }
}

#[tokio::test]
async fn snapshots_are_cached_by_etag_and_views_counted() {
    for records in databases::each().await {
        let shop = Shop::open(&records).await;
        let made = shop.share("org").await;
        let (link, id) = (text(&made, "/link_id"), text(&made, "/share/id"));
        let path = format!("/api/v1/shares/open/{link}");
        let stored =
            shop.send(Method::GET, &path, &[("accept-encoding", "gzip, zstd")], Vec::new()).await.ok();
        assert_eq!(stored.header(header::CONTENT_ENCODING), "zstd");
        assert_eq!(stored.header(header::CACHE_CONTROL), "private, no-cache");
        assert_eq!(blake3::hash(&stored.body).to_hex().as_str(), text(&made, "/share/snapshot"));
        let tag = stored.header(header::ETAG).to_owned();
        let again = shop.send(Method::GET, &path, &[("if-none-match", &tag)], Vec::new()).await;
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
        shop.get(&path).await.ok();
        let listed = shop.get(&format!("/api/v1/shares/{id}")).await.ok().json();
        assert_eq!(listed["views"], 2);
        assert_eq!(listed["viewed_ns"], NOW_S * 1_000_000_000);
        let envelope = shop.get(&format!("{path}/envelope")).await.ok().json();
        assert_eq!((text(&envelope, "/title"), text(&envelope, "/owner_name")), ("Prices are slow", "local"));
        let opened = open::find(&shop.app.shares, link, &Principal::local()).await.unwrap();
        let opened = open::envelope(&shop.app.shares, opened).await.unwrap();
        assert_eq!(opened.share.id.as_str(), id);
    }
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
async fn pages_and_preview_images_reveal_public_shares_only() {
    for records in databases::each().await {
        let shop = Shop::open(&records).await;
        let public = text(&shop.share("link").await, "/link_id").to_owned();
        let inside = text(&shop.share("org").await, "/link_id").to_owned();
        let page = shop.get(&format!("/s/{public}")).await.ok();
        let html = page.text();
        assert!(html.contains("Prices are slow") && html.contains("price: 64.6"), "{html}");
        assert!(html.contains(&format!("https://profiles.example/og/{public}.png")));
        assert_eq!(page.header(header::REFERRER_POLICY), "no-referrer");
        assert_eq!(shop.get(&format!("/s/{public}/v/1")).await.text(), html);
        let generic = shop.get(&format!("/s/{inside}")).await.ok().text();
        assert!(
            !generic.contains("Prices") && !generic.contains("price:") && generic.contains("Sign in to view")
        );
        let picture = shop.get(&format!("/og/{public}.png")).await.ok();
        assert!(picture.body.starts_with(b"\x89PNG"));
        let card = shop.get("/og/card.png").await.ok();
        assert_eq!(card.header(header::CONTENT_TYPE), "image/png");
        for other in [inside.as_str(), ":key", "%00", &"0".repeat(32)] {
            assert_eq!(shop.get(&format!("/og/{other}.png")).await.ok().body, card.body, "{other}");
        }
        assert_ne!(picture.body, card.body);
        let off = Shop::with(&records, 0, |app| {
            app.shares(ShareConfig { public_links: false, ..ShareConfig::default() })
        });
        assert_eq!(off.get(&format!("/og/{public}.png")).await.ok().body, card.body);
        assert_eq!(off.get(&format!("/s/{public}")).await.ok().text(), generic);
        let refused = off.post("/api/v1/shares", request("link")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
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

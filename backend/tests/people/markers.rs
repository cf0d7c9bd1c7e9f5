//! Markers: who posts, sees and deletes them, what is inferred, and what the audit log says.

use super::databases;
use super::program::{Program, bind, escape, good, token, user_id};
use super::site::{Answer, Browser, START_S, Site};
use axum::http::StatusCode;
use flarepath::clock::Clock;
use flarepath::db::Records;
use flarepath::markers::prune::prune;
use serde_json::{Value, json};
use std::time::Duration;

const MARKERS: &str = "/api/v1/markers";
const SHOP: &str = "/api/v1/markers?service=shop";
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);

fn deploy(service: &str, version: &str) -> Value {
    json!({ "kind": "deploy", "service": service, "version": version })
}

/// The marker that a request has created.
fn created(answer: &Answer) -> Value {
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()
}

/// Versions and sources of a list.
fn told(answer: &Answer) -> Vec<String> {
    let list = good(answer);
    let markers = list["markers"].as_array().unwrap();
    let text = |marker: &Value, field: &str| marker[field].as_str().unwrap().to_owned();
    markers.iter().map(|marker| format!("{} {}", text(marker, "version"), text(marker, "source"))).collect()
}

/// A server with the shop in one region, and a second service.
async fn shop(records: Records) -> (Site, Browser, Program) {
    let (site, root) = Site::claimed(records).await;
    let agent = Program::new(&site, &token(&root, "agent", "agent", "").await);
    for service in ["shop", "theirs"] {
        assert_eq!(agent.push(service, "{region=eu}", "main").await.status, StatusCode::OK);
    }
    site.clock.advance(Duration::from_secs(10));
    (site, root, agent)
}

#[tokio::test]
async fn markers_are_posted_listed_and_deleted() {
    for records in databases::each().await {
        let (site, root, _) = shop(records).await;
        let editor = site.user(&root, "ed", "").await;
        bind(&root, ("user", &user_id(&editor).await), "editor", r#"{service_name="shop"}"#).await;
        let draft = json!({
            "kind": "flag", "time": "now-5s", "service": "shop", "selector": "{region=\"eu\"}", "version": "v2",
            "text": " canary ", "url": "https://ci.example/7",
        });
        let posted = created(&editor.post(MARKERS, draft).await);
        let expected = json!({
            "id": posted["id"], "kind": "flag", "at_ns": (START_S + 5) * 1_000_000_000, "service": "shop",
            "selector": "{region=\"eu\"}", "version": "v2", "text": "canary", "url": "https://ci.example/7",
            "source": "posted", "created_by": "ed", "deletable": true,
        });
        assert_eq!(posted, expected);
        let list = json!({ "markers": [expected], "next_cursor": "", "note": "" });
        assert_eq!(good(&editor.get(SHOP).await), list);
        for (query, count) in [("kind=flag", 1), ("kind=deploy", 0), ("from=now-4s", 0), ("until=now-5s", 0)]
        {
            assert_eq!(told(&editor.get(&format!("{SHOP}&{query}")).await).len(), count, "{query}");
        }
        let viewer = site.user(&root, "vic", "viewer").await;
        assert_eq!(good(&viewer.get(MARKERS).await)["markers"][0]["deletable"], json!(false));

        let path = format!("{MARKERS}/{}", posted["id"].as_str().unwrap());
        assert_eq!(viewer.delete(&path).await.status, StatusCode::FORBIDDEN);
        assert_eq!(editor.delete(&path).await.status, StatusCode::NO_CONTENT);
        assert_eq!(editor.delete(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(told(&viewer.get(MARKERS).await), [""; 0]);
        let audited = site.audited().await;
        let own: Vec<&String> = audited.iter().filter(|action| action.starts_with("marker")).collect();
        assert_eq!(own, ["marker.create", "marker.delete"]);
    }
}

#[tokio::test]
async fn a_key_is_good_for_one_marker_of_a_service() {
    for records in databases::each().await {
        let (site, root, _) = shop(records).await;
        let keyed = |service: &str, selector: &str| {
            let mut draft = deploy(service, "v2");
            draft["selector"] = json!(selector);
            draft["idempotency_key"] = json!("run-7");
            draft
        };
        let first = created(&root.post(MARKERS, keyed("shop", "")).await);
        site.clock.advance(MINUTE);
        let again = root.post(MARKERS, keyed("shop", "{region=\"eu\"}")).await;
        assert_eq!(good(&again), first);
        let other = created(&root.post(MARKERS, keyed("theirs", "")).await);
        assert_ne!(other["id"], first["id"]);
        // Those who may not change the marker do not learn what it says.
        let partial = site.user(&root, "pat", "").await;
        let scope = r#"{service_name="shop", region="eu"}"#;
        bind(&root, ("user", &user_id(&partial).await), "editor", scope).await;
        let refused = partial.post(MARKERS, keyed("shop", "{region=\"eu\"}")).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text());
        // Without a key, every request posts one.
        for _ in 0..2 {
            created(&root.post(MARKERS, deploy("shop", "v3")).await);
        }
        let actions = site.audited().await;
        assert_eq!(actions.iter().filter(|action| *action == "marker.create").count(), 4);
    }
}

#[tokio::test]
async fn two_requests_with_one_key_at_once_post_one_marker() {
    for records in databases::each().await {
        let (_, root, _) = shop(records).await;
        let mut draft = deploy("shop", "v2");
        draft["idempotency_key"] = json!("run-7");
        let answers = futures::future::join_all((0..4).map(|_| root.post(MARKERS, draft.clone()))).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 200, 200, 201]);
        assert!(answers.iter().all(|answer| answer.json()["id"] == answers[0].json()["id"]));
    }
}

#[tokio::test]
async fn a_role_covers_what_it_posts_and_deletes() {
    let (site, root, _) = shop(Records::in_memory()).await;
    let partial = site.user(&root, "pat", "").await;
    bind(&root, ("user", &user_id(&partial).await), "editor", r#"{service_name="shop", region="eu"}"#).await;
    let of = |selector: &str| json!({ "kind": "config", "service": "shop", "selector": selector });
    for selector in ["", "{region=\"us\"}", "{region=~\".*\"}"] {
        let refused = partial.post(MARKERS, of(selector)).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{selector}: {}", refused.text());
    }
    created(&partial.post(MARKERS, of("{region=\"eu\"}")).await);
    created(&partial.post(MARKERS, of("{region=\"eu\", pod=\"a\"}")).await);
    // It sees what is about series that it sees, and deletes only what is about no others.
    let whole = created(&root.post(MARKERS, of("")).await);
    created(&root.post(MARKERS, of("{region=\"us\"}")).await);
    site.clock.advance(MINUTE);
    let list = good(&partial.get(SHOP).await);
    let seen: Vec<(&str, bool)> = list["markers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|marker| (marker["selector"].as_str().unwrap(), marker["deletable"].as_bool().unwrap()))
        .collect();
    assert_eq!(seen.len(), 3, "{list}");
    assert!(seen.contains(&("", false)) && seen.contains(&("{region=\"eu\"}", true)), "{seen:?}");
    let path = format!("{MARKERS}/{}", whole["id"].as_str().unwrap());
    assert_eq!(partial.delete(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(root.delete(&path).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn the_overview_has_the_latest_marker_of_each_service_that_the_caller_sees() {
    for records in databases::each().await {
        let (site, root, _) = shop(records).await;
        for (service, version) in [("shop", "v2"), ("theirs", "v7"), ("shop", "v3")] {
            created(&root.post(MARKERS, deploy(service, version)).await);
            site.clock.advance(MINUTE);
        }
        let us =
            json!({ "kind": "flag", "service": "shop", "selector": "{region=\"us\"}", "version": "hidden" });
        created(&root.post(MARKERS, us).await);
        site.clock.advance(MINUTE);
        let partial = site.user(&root, "pat", "").await;
        let scope = r#"{service_name="shop", region="eu"}"#;
        bind(&root, ("user", &user_id(&partial).await), "viewer", scope).await;
        let told = |answer: &Answer| -> Vec<String> {
            let found = good(answer);
            let row =
                |row: &Value| format!("{} {}", row["service"], row["marker"]["version"]).replace('"', "");
            found["rows"].as_array().unwrap().iter().map(row).collect()
        };
        let all = told(&root.get("/api/v1/overview?sort=name").await);
        assert_eq!(all, ["shop hidden", "theirs v7"]);
        assert_eq!(told(&partial.get("/api/v1/overview?sort=name").await), ["shop v3"]);
    }
}

#[tokio::test]
async fn a_foreign_team_sees_no_marker_and_no_service() {
    let (site, root, agent) = shop(Records::in_memory()).await;
    let secret = json!({ "kind": "incident", "service": "shop", "text": "secret_name" });
    let posted = created(&root.post(MARKERS, secret).await);
    assert_eq!(agent.push("shop", "{version=secret_name}", "main").await.status, StatusCode::OK);
    site.clock.advance(MINUTE);
    let foreign = site.user(&root, "eve", "").await;
    bind(&root, ("user", &user_id(&foreign).await), "editor", r#"{service_name="theirs"}"#).await;
    let unknown = good(&foreign.get(&format!("{MARKERS}?service=nobody")).await);
    let selector = escape(r#"{service_name=~"sh.*"}"#);
    for query in ["service=shop", &format!("selector={selector}"), ""] {
        let found = foreign.get(&format!("{MARKERS}?{query}")).await;
        assert_eq!(good(&found), unknown, "{query}");
        assert!(!found.text().contains("secret_name"));
    }
    assert_eq!(foreign.post(MARKERS, deploy("shop", "v2")).await.status, StatusCode::FORBIDDEN);
    let path = format!("{MARKERS}/{}", posted["id"].as_str().unwrap());
    assert_eq!(foreign.delete(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn drafts_that_cannot_be_name_the_field() {
    let (_, root, _) = shop(Records::in_memory()).await;
    for (field, value, kind) in [
        ("kind", json!("rollout"), "bad-text"),
        ("service", json!(""), "bad-name"),
        ("selector", json!("{region"), "bad-selector"),
        ("selector", json!("{service_name=\"cart\"}"), "bad-selector"),
        ("time", json!("yesterday"), "bad-time"),
        ("time", json!("1970-01-01T00:00:05Z"), "bad-time"),
        ("time", json!("now+25h"), "bad-time"),
        ("text", json!("x".repeat(501)), "bad-text"),
        ("version", json!("x".repeat(201)), "bad-text"),
        ("url", json!("javascript:alert(1)"), "bad-text"),
        ("url", json!(format!("https://ci.example/{}", "x".repeat(2000))), "bad-text"),
        ("idempotency_key", json!("x".repeat(101)), "bad-text"),
    ] {
        let mut draft = deploy("shop", "v2");
        draft[field] = value;
        let answer = root.post(MARKERS, draft).await;
        assert_eq!((answer.status, answer.kind().as_str()), (StatusCode::BAD_REQUEST, kind), "{field}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(&format!("`{field}`")), "{detail}");
    }
    for ahead in ["now+23h", "now-300d"] {
        let mut draft = deploy("shop", "v2");
        draft["time"] = json!(ahead);
        created(&root.post(MARKERS, draft).await);
    }
    let typo = json!({ "kind": "deploy", "service": "shop", "at": "now" });
    assert_eq!(root.post(MARKERS, typo).await.kind(), "bad-json");
    for (query, kind) in
        [("kind=rollout", "bad-parameter"), ("cursor=x", "bad-page"), ("limit=0", "bad-limit")]
    {
        assert_eq!(root.get(&format!("{MARKERS}?{query}")).await.kind(), kind);
    }
}

#[tokio::test]
async fn versions_that_begin_are_deployments() {
    for records in databases::each().await {
        let (site, root, agent) = shop(records).await;
        let push = async |version: &str| {
            let pushed = agent.push("shop", &format!("{{version={version}}}"), "main").await;
            assert_eq!(pushed.status, StatusCode::OK, "{}", pushed.text());
        };
        push("v1").await;
        site.clock.advance(20 * MINUTE);
        push("v1").await;
        // Posted before the first profile of its version: one marker, with the posted time.
        let posted = created(&root.post(MARKERS, deploy("shop", "v2")).await);
        site.clock.advance(5 * MINUTE);
        push("v2").await;
        site.clock.advance(20 * MINUTE);
        push("v3").await;
        site.clock.advance(MINUTE);

        let list = root.get(SHOP).await;
        assert_eq!(told(&list), ["v2 both", "v3 inferred"]);
        let markers = good(&list)["markers"].clone();
        assert_eq!(markers[0]["at_ns"], posted["at_ns"]);
        let began_ns = (START_S + 45 * 60) * 1_000_000_000;
        assert_eq!(
            markers[1],
            json!({
                "id": "", "kind": "deploy", "at_ns": began_ns, "service": "shop", "selector": "", "version": "v3",
                "text": "Version v3 began", "url": "", "source": "inferred", "created_by": "", "deletable": false,
            })
        );
        assert_eq!(told(&root.get(&format!("{SHOP}&kind=deploy")).await).len(), 2);
        assert_eq!(told(&root.get(&format!("{SHOP}&kind=config")).await), [""; 0]);
        assert_eq!(told(&root.get(MARKERS).await), ["v2 posted"], "of no service");
        // The profile of v2 is after this range, the request within it; and the other way round.
        assert_eq!(told(&root.get(&format!("{SHOP}&until=now-25m")).await), ["v2 both"]);
        assert_eq!(told(&root.get(&format!("{SHOP}&from=now-24m")).await), ["v3 inferred"]);
        // Without the posted one, the version is inferred again.
        root.delete(&format!("{MARKERS}/{}", posted["id"].as_str().unwrap())).await;
        assert_eq!(told(&root.get(SHOP).await), ["v2 inferred", "v3 inferred"]);
    }
}

#[tokio::test]
async fn a_label_that_changes_each_minute_is_no_deployment() {
    let (site, root, agent) = shop(Records::in_memory()).await;
    created(&root.post(MARKERS, deploy("shop", "real")).await);
    for minute in 0..31 {
        agent.push("shop", &format!("{{version=b{minute}}}"), "main").await;
        site.clock.advance(MINUTE);
    }
    let list = root.get(SHOP).await;
    assert_eq!(told(&list), ["real posted"]);
    let note =
        "30 versions began in this range: the label `version` changes too often to be shown as deployments.";
    assert_eq!(good(&list)["note"], json!(note));
    let few = root.get(&format!("{SHOP}&from=now-10m")).await;
    assert_eq!((told(&few).len(), &good(&few)["note"]), (9, &json!("")));
}

#[tokio::test]
async fn pages_hold_each_marker_once() {
    for records in databases::each().await {
        let (site, root, agent) = shop(records).await;
        for n in 0..5 {
            agent.push("shop", &format!("{{version=v{n}}}"), "main").await;
            for kind in ["config", "scale"] {
                let draft = json!({ "kind": kind, "service": "shop", "version": format!("p{n}") });
                created(&root.post(MARKERS, draft).await);
            }
            site.clock.advance(MINUTE);
        }
        let all = told(&root.get(SHOP).await);
        assert_eq!(all.len(), 14, "{all:?}");
        for limit in [1, 2, 3, 13, 14, 15] {
            let (mut found, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = root.get(&format!("{SHOP}&limit={limit}&cursor={}", escape(&cursor))).await;
                let told = told(&page);
                assert!(told.len() <= limit);
                found.extend(told);
                cursor = good(&page)["next_cursor"].as_str().unwrap().to_owned();
                if cursor.is_empty() {
                    break;
                }
            }
            assert_eq!(found, all, "{limit} a page");
        }
    }
}

#[tokio::test]
async fn markers_are_deleted_with_the_oldest_profiles() {
    for records in databases::each().await {
        let (site, root, _) = shop(records).await;
        for time in ["now-40d", "now-20d", "now"] {
            let draft = json!({ "kind": "deploy", "service": "shop", "version": time, "time": time });
            created(&root.post(MARKERS, draft).await);
        }
        let before = site.clock.now().minus(30 * DAY);
        assert_eq!(prune(&site.app.records, before).await.unwrap(), 1);
        assert_eq!(prune(&site.app.records, before).await.unwrap(), 0);
        let left = told(&root.get(&format!("{SHOP}&from=now-60d&until=now%2B1m")).await);
        assert_eq!(left, ["now-20d posted", "now posted"]);
    }
}

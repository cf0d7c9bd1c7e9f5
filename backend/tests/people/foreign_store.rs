//! Stores that are for certain teams: callers who may not read one cannot tell it from a store that does not exist.

use super::foreign_team::{CPU, every_answer_of};
use super::program::{Program, bind, escape, good, secret, service_account, token, user_id};
use super::site::{Answer, Browser, Site};
use axum::http::StatusCode;
use flarepath::db::Records;
use flarepath::store::{OpenStore, Storage};
use serde_json::{Value, json};
use std::time::Duration;

/// What all callers but `root` may see, in any store.
const CART: &str = r#"{service_name="cart"}"#;

/// A server with a default store, which is empty, and one that is for the team `mine`.
struct World {
    site: Site,
    root: Browser,
    team: String,
    /// With a role over the profiles of the team.
    member: String,
    /// With a role over the same profiles, and not of the team.
    foreign: String,
}

impl World {
    async fn new() -> World {
        // The store is filled by a server of its own.
        let (filled, root) = Site::claimed(Records::in_memory()).await;
        let agent = Program::new(&filled, &token(&root, "agent", "agent", "").await);
        for service in ["cart", "pay"] {
            let canary = format!("canary_{service}_");
            let pushed =
                agent.push(service, &format!("{{canary={canary}}}"), &format!("main;{canary}")).await;
            assert_eq!(pushed.status, StatusCode::OK, "{}", pushed.text());
        }
        let storage = Storage::exclusive("mine", filled.store.clone());
        let mine = OpenStore { teams: vec!["mine".to_owned()], ..OpenStore::from(storage) };
        let (site, root) = Site::claimed_with(Records::in_memory(), |app| app.another_store(mine)).await;
        let team = root.post("/api/v1/teams", json!({ "name": "mine", "selector": CART })).await;
        let team = good(&team)["id"].as_str().unwrap().to_owned();
        let member = service_account(&root, "member").await;
        let role = json!({
            "subject_kind": "service_account", "subject_id": member, "role": "viewer", "scope_kind": "team", "scope": team,
        });
        good(&root.post("/api/v1/bindings", role).await);
        let draft = json!({ "name": "member", "role": "viewer" });
        let member = secret(&root.post(&format!("/api/v1/service-accounts/{member}/tokens"), draft).await);
        let foreign = token(&root, "foreign", "viewer", CART).await;
        // Ranges end before now.
        site.clock.advance(Duration::from_secs(10));
        World { site, root, team, member, foreign }
    }

    fn program(&self, token: &str, store: &str) -> Program {
        Program::new(&self.site, token).reading(store)
    }

    /// What a caller is answered by each route that reads a store, of this one.
    async fn answers(&self, token: &str, store: &str) -> Vec<(String, Answer)> {
        let program = self.program(token, store);
        let mut answers = every_answer_of(&program, "{}", store).await;
        let path = "/api/v1/retention";
        answers.push((path.to_owned(), program.get(&format!("{path}?store={store}")).await));
        for kind in ["explore", "compare", "heatmap"] {
            let query = format!("type={CPU}&selector={}&store={store}", escape(CART));
            let share = json!({ "source": { "kind": kind, "query": query }, "visibility": "private" });
            answers.push((kind.to_owned(), program.post_json("/api/v1/shares/preview", share).await));
        }
        answers
    }
}

#[tokio::test]
async fn stores_of_other_teams_look_nonexistent() {
    let world = World::new().await;
    let (hidden, absent) =
        (world.answers(&world.foreign, "mine").await, world.answers(&world.foreign, "none").await);
    for ((route, hidden), (_, absent)) in hidden.iter().zip(&absent) {
        assert_eq!(hidden.status, StatusCode::NOT_FOUND, "{route}: {}", hidden.text());
        assert_eq!(hidden.status, absent.status, "{route}");
        assert_eq!(hidden.text().replace("`mine`", "`none`"), absent.text(), "{route}");
        let kind = if route.starts_with("/querier.v1.") { "not_found" } else { "unknown-store" };
        assert!(hidden.text().contains(kind), "{route}: {}", hidden.text());
    }
}

#[tokio::test]
async fn those_of_the_team_read_its_store_within_their_bounds() {
    let world = World::new().await;
    let mut shown = 0;
    for (route, answer) in world.answers(&world.member, "mine").await {
        assert_eq!(answer.status, StatusCode::OK, "{route}: {}", answer.text());
        assert!(!answer.text().contains("canary_pay_"), "{route}: {}", answer.text());
        shown += usize::from(answer.text().contains("canary_cart_"));
    }
    assert!(shown > 12, "{shown}");
    // Nothing of it is in the default store.
    for (route, answer) in every_answer_of(&world.program(&world.member, ""), "{}", "").await {
        assert!(!answer.text().contains("canary_"), "{route}: {}", answer.text());
    }
    let all = good(&world.root.get(&format!("/api/v1/call-tree?type={CPU}&store=mine")).await).to_string();
    assert!(all.contains("canary_cart_") && all.contains("canary_pay_"), "{all}");
}

#[tokio::test]
async fn every_route_that_takes_a_store_is_covered() {
    let world = World::new().await;
    let document = good(&world.root.get("/api/openapi.json").await);
    let asked = world.answers(&world.member, "mine").await;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let params = operation["parameters"].as_array().unwrap();
            let has = |name: &str| params.iter().any(|param| param["name"] == name);
            assert!(has("store") || !has("selector"), "{method} {path} has a selector and takes no store");
            if has("store") {
                assert!(
                    asked.iter().any(|(route, _)| route == path),
                    "nobody asks {path} for a foreign store"
                );
                assert!(operation["responses"]["404"].is_object(), "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn callers_are_told_of_the_stores_that_they_may_read() {
    let world = World::new().await;
    let names = |answer: Answer| -> Vec<String> {
        let stores = good(&answer)["stores"].as_array().unwrap().clone();
        stores.iter().map(|store| store["name"].as_str().unwrap().to_owned()).collect()
    };
    let of = async |token: &str| names(world.program(token, "").get("/api/v1/stores").await);
    assert_eq!(of(&world.foreign).await, ["memory"]);
    assert_eq!(of(&world.member).await, ["memory", "mine"]);
    assert_eq!(names(world.root.get("/api/v1/stores").await), ["memory", "mine"]);
    let stores = good(&world.root.get("/api/v1/stores").await);
    assert_eq!(stores["default"], "memory");
    let pushes = |index: usize| stores["stores"][index]["takes_pushes"].clone();
    assert_eq!((pushes(0), pushes(1)), (Value::Bool(true), Value::Bool(false)));
}

/// As every change of grants, with the next request.
#[tokio::test]
async fn members_of_a_team_read_its_store_as_long_as_they_are_members() {
    let world = World::new().await;
    let ann = world.site.user(&world.root, "ann", "").await;
    let id = user_id(&ann).await;
    bind(&world.root, ("user", &id), "viewer", CART).await;
    let status = async || ann.get("/api/v1/services?store=mine").await.status;
    assert_eq!(status().await, StatusCode::NOT_FOUND);
    let membership = format!("/api/v1/teams/{}/members/{id}", world.team);
    assert!(world.root.put(&membership, Value::Null).await.status.is_success());
    assert_eq!(status().await, StatusCode::OK);
    assert!(world.root.delete(&membership).await.status.is_success());
    assert_eq!(status().await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_default_store_of_another_team_is_not_named() {
    let (filled, _) = Site::claimed(Records::in_memory()).await;
    let storage = Storage::exclusive("theirs", filled.store.clone());
    let theirs = OpenStore { teams: vec!["theirs".to_owned()], ..OpenStore::from(storage) };
    let (site, root) = Site::claimed_with(Records::in_memory(), |app| app.default_store(theirs)).await;
    let foreign = Program::new(&site, &token(&root, "foreign", "viewer", CART).await);
    let refused = foreign.get("/api/v1/services").await;
    assert_eq!((refused.status, refused.kind().as_str()), (StatusCode::NOT_FOUND, "unknown-store"));
    assert!(!refused.text().contains("theirs"), "{}", refused.text());
    good(&foreign.get("/api/v1/services?store=memory").await);
    let stores = good(&foreign.get("/api/v1/stores").await);
    assert_eq!((&stores["default"], stores["stores"].as_array().unwrap().len()), (&json!(""), 1));
    // What is about no store is answered as before.
    good(&foreign.get("/api/v1/instance").await);
}

//! Rules for the own code of a service: who sets them, who sees them, and what the audit log says.

use super::databases;
use super::program::{Program, bind, escape, good, token, user_id};
use super::site::Site;
use axum::http::StatusCode;
use flarepath::db::Records;
use serde_json::{Value, json};
use std::time::Duration;

const SHOP: &str = "/api/v1/own-code?service=shop";

fn draft(service: &str, text: &str) -> Value {
    json!({ "service": service, "patterns": [{ "of": "name", "text": text }] })
}

#[tokio::test]
async fn editors_of_the_whole_service_set_it_for_everyone() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let agent = Program::new(&site, &token(&root, "agent", "agent", "").await);
        for service in ["shop", "theirs"] {
            assert_eq!(agent.push(service, "{region=eu}", "main").await.status, StatusCode::OK);
        }
        site.clock.advance(Duration::from_secs(10));
        let editor = site.user(&root, "ed", "").await;
        bind(&root, ("user", &user_id(&editor).await), "editor", r#"{service_name="shop"}"#).await;
        let guessed = good(&editor.get(SHOP).await);
        assert_eq!((&guessed["set"], &guessed["editable"]), (&json!(false), &json!(true)));
        for text in ["main", "shop::"] {
            let set = good(&editor.put("/api/v1/own-code", draft("shop", text)).await);
            assert_eq!((&set["patterns"][0]["text"], &set["changed_by"]), (&json!(text), &json!("ed")));
        }
        let viewer = site.user(&root, "vic", "viewer").await;
        let seen = good(&viewer.get(SHOP).await);
        assert_eq!((&seen["set"], &seen["editable"]), (&json!(true), &json!(false)));
        assert_eq!(viewer.put("/api/v1/own-code", draft("shop", "x")).await.status, StatusCode::FORBIDDEN);
        let other = editor.put("/api/v1/own-code", draft("theirs", "x")).await;
        assert_eq!(other.status, StatusCode::FORBIDDEN, "{}", other.text());

        assert_eq!(editor.delete(SHOP).await.status, StatusCode::NO_CONTENT);
        assert_eq!(editor.delete(SHOP).await.status, StatusCode::NOT_FOUND);
        assert_eq!(good(&viewer.get(SHOP).await)["set"], json!(false));
        let actions = site.app.records.audited_actions().await.unwrap();
        let own: Vec<&String> = actions.iter().filter(|action| action.starts_with("own_code")).collect();
        assert_eq!(own, ["own_code.delete", "own_code.set", "own_code.set"]);
    }
}

/// Names of the functions of an answer with the number of their origin.
fn origins(columns: &Value) -> Vec<(String, u64)> {
    let numbers = |column: &str| -> Vec<u64> {
        columns[column].as_array().unwrap().iter().map(|number| number.as_u64().unwrap()).collect()
    };
    let name = |at: u64| columns["strings"][at as usize].as_str().unwrap().to_owned();
    let mut all: Vec<_> =
        numbers("frame_name").into_iter().map(name).zip(numbers("frame_origin")).skip(1).collect();
    all.sort();
    all
}

#[tokio::test]
async fn origins_of_functions_follow_the_setting_at_once() {
    const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
    let (site, root) = Site::claimed(Records::in_memory()).await;
    let agent = Program::new(&site, &token(&root, "agent", "agent", "").await);
    assert_eq!(agent.push("shop", "{region=eu}", "main;price;malloc").await.status, StatusCode::OK);
    site.clock.advance(Duration::from_secs(10));
    let [shop, all] = [r#"{service_name="shop"}"#, r#"{region="eu"}"#].map(escape);
    let asked = async |selector: &str| {
        let tree = good(&root.get(&format!("/api/v1/call-tree?type={CPU}&selector={selector}")).await);
        let both = good(&root.get(&format!("/api/v1/diff?type={CPU}&selector={selector}")).await);
        let found = origins(&tree["tree"]);
        assert_eq!(origins(&both["tree"]["baseline"]), found);
        found
    };
    let expected = |main: u64, malloc: u64, price: u64| {
        [("main", main), ("malloc", malloc), ("price", price)].map(|(name, number)| (name.to_owned(), number))
    };
    // 0 is own code, 1 a library, 3 memory management.
    let guessed = expected(0, 3, 0);
    assert_eq!(asked(&shop).await, guessed);
    good(&root.put("/api/v1/own-code", draft("shop", "price")).await);
    assert_eq!(asked(&shop).await, expected(1, 3, 0));
    good(&root.put("/api/v1/own-code", draft("shop", "ma")).await);
    assert_eq!(asked(&shop).await, expected(0, 0, 1));
    assert_eq!(asked(&all).await, guessed, "of no one service");
    assert_eq!(root.delete(SHOP).await.status, StatusCode::NO_CONTENT);
    assert_eq!(asked(&shop).await, guessed);
}

#[tokio::test]
async fn a_foreign_team_sees_and_changes_nothing() {
    let (site, root) = Site::claimed(Records::in_memory()).await;
    let agent = Program::new(&site, &token(&root, "agent", "agent", "").await);
    assert_eq!(agent.push("shop", "{region=eu}", "main").await.status, StatusCode::OK);
    site.clock.advance(Duration::from_secs(10));
    good(&root.put("/api/v1/own-code", draft("shop", "secret_name")).await);
    let foreign = site.user(&root, "eve", "").await;
    bind(&root, ("user", &user_id(&foreign).await), "editor", r#"{service_name="theirs"}"#).await;
    let found = foreign.get(SHOP).await;
    assert_eq!(good(&found)["set"], json!(false));
    assert!(!found.text().contains("secret_name"));
    assert_eq!(foreign.delete(SHOP).await.status, StatusCode::FORBIDDEN);
    // An editor of a part of the service would change it for the rest, too.
    let partial = site.user(&root, "pat", "").await;
    bind(&root, ("user", &user_id(&partial).await), "editor", r#"{service_name="shop", region="eu"}"#).await;
    assert_eq!(partial.put("/api/v1/own-code", draft("shop", "x")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(good(&partial.get(SHOP).await)["patterns"][0]["text"], json!("secret_name"));
}

#[tokio::test]
async fn patterns_have_limits() {
    let (_, root) = Site::claimed(Records::in_memory()).await;
    let many: Vec<Value> = (0..51).map(|i| json!({ "of": "name", "text": format!("f{i}") })).collect();
    for (body, kind) in [
        (json!({ "service": "shop", "patterns": many }), "bad-text"),
        (draft("shop", &"x".repeat(201)), "bad-text"),
        (json!({ "service": "shop", "patterns": [{ "of": "crate", "text": "x" }] }), "bad-text"),
        (draft("", "x"), "bad-name"),
        (json!({ "service": "shop", "pattern": [] }), "bad-json"),
    ] {
        let answer = root.put("/api/v1/own-code", body).await;
        assert_eq!((answer.status, &answer.json()["type"]), (StatusCode::BAD_REQUEST, &json!(kind)));
    }
    assert_eq!(root.get("/api/v1/own-code").await.json()["type"], json!("missing-parameter"));
}

/// Names of the services of a page, and where the next one starts.
fn page(answer: &Value) -> (Vec<&str>, &str) {
    let services = answer["services"].as_array().unwrap();
    let names = services.iter().map(|own| own["service"].as_str().unwrap()).collect();
    (names, answer["next"].as_str().unwrap())
}

#[tokio::test]
async fn the_list_has_the_services_that_the_caller_may_change() {
    const LIST: &str = "/api/v1/own-code/services";
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        assert_eq!(page(&good(&root.get(LIST).await)), (vec![], ""));
        for service in ["cart", "shop", "pay-web", "pay-api"] {
            good(&root.put("/api/v1/own-code", draft(service, &format!("{service}::"))).await);
        }
        let all = good(&root.get(LIST).await);
        assert_eq!(page(&all), (vec!["cart", "pay-api", "pay-web", "shop"], ""));
        let first = &all["services"][0];
        assert_eq!((&first["patterns"][0]["text"], &first["changed_by"]), (&json!("cart::"), &json!("root")));
        assert!(first["changed_at_ns"].as_i64() > Some(0) && first["set"] == json!(true));

        let two = good(&root.get(&format!("{LIST}?limit=2")).await);
        assert_eq!(page(&two), (vec!["cart", "pay-api"], "pay-api"));
        let rest = good(&root.get(&format!("{LIST}?limit=2&after=pay-api")).await);
        assert_eq!(page(&rest), (vec!["pay-web", "shop"], "shop"));
        assert_eq!(page(&good(&root.get(&format!("{LIST}?after=shop")).await)), (vec![], ""));

        // An editor of a part of a service may not change it; a page is full although other services are between its own.
        let editor = site.user(&root, "ed", "").await;
        let id = user_id(&editor).await;
        bind(&root, ("user", &id), "editor", r#"{service_name=~"cart|shop"}"#).await;
        bind(&root, ("user", &id), "editor", r#"{service_name="pay-web", region="eu"}"#).await;
        let own = good(&editor.get(&format!("{LIST}?limit=2")).await);
        assert_eq!(page(&own), (vec!["cart", "shop"], "shop"));
        let viewer = site.user(&root, "vic", "viewer").await;
        assert_eq!(viewer.get(LIST).await.status, StatusCode::FORBIDDEN);
        assert_eq!(root.get(&format!("{LIST}?limit=0")).await.json()["type"], json!("bad-limit"));
    }
}

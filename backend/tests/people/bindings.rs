//! Roles over scopes: teams, bindings, and the last administrator.

use super::databases;
use super::program::{Program, bind, good, token, user_id};
use super::site::{Browser, Site};
use axum::http::StatusCode;
use flarepath::db::Records;
use serde_json::{Value, json};
use std::time::Duration;

async fn services(browser: &Browser) -> Vec<String> {
    let services = good(&browser.get("/api/v1/services").await)["services"].clone();
    services.as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap().to_owned()).collect()
}

async fn team(root: &Browser, name: &str, selector: &str) -> String {
    let made = good(&root.post("/api/v1/teams", json!({ "name": name, "selector": selector })).await);
    made["id"].as_str().unwrap().to_owned()
}

async fn bindings(root: &Browser) -> Vec<Value> {
    good(&root.get("/api/v1/bindings").await)["bindings"].as_array().unwrap().clone()
}

#[tokio::test]
async fn team_members_read_profiles_while_the_binding_exists() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let agent = Program::new(&site, &token(&root, "agent", "agent", "").await);
        for service in ["pay-api", "pay-web", "cart"] {
            assert_eq!(agent.push(service, "", "main").await.status, StatusCode::OK);
        }
        // Ranges end before now.
        site.clock.advance(Duration::from_secs(10));
        let ann = site.user(&root, "ann", "").await;
        assert_eq!(ann.get("/api/v1/services").await.status, StatusCode::FORBIDDEN);
        let pay = team(&root, "pay", r#"{service_name=~"pay-.*"}"#).await;
        let member = format!("/api/v1/teams/{pay}/members/{}", user_id(&ann).await);
        assert_eq!(root.put(&member, Value::Null).await.status, StatusCode::OK);
        assert_eq!(root.put(&member, Value::Null).await.status, StatusCode::OK, "twice is once");
        let draft = json!({
            "subject_kind": "team", "subject_id": pay, "role": "viewer", "scope_kind": "team", "scope": pay,
        });
        good(&root.post("/api/v1/bindings", draft.clone()).await);
        assert_eq!(root.post("/api/v1/bindings", draft).await.status, StatusCode::CONFLICT);
        assert_eq!(services(&ann).await, ["pay-api", "pay-web"]);

        // The team's profiles change, and with them what its people see: at once, on every replica.
        let change = json!({ "name": "pay", "selector": r#"{service_name="cart"}"# });
        good(&root.put(&format!("/api/v1/teams/{pay}"), change).await);
        assert_eq!(services(&ann).await, ["cart"]);
        assert_eq!(root.delete(&member).await.status, StatusCode::NO_CONTENT);
        assert_eq!(ann.get("/api/v1/services").await.status, StatusCode::FORBIDDEN);
        assert_eq!(root.put(&member, Value::Null).await.status, StatusCode::OK);
        assert_eq!(services(&ann).await, ["cart"]);
        assert_eq!(root.delete(&format!("/api/v1/teams/{pay}")).await.status, StatusCode::NO_CONTENT);
        assert_eq!(ann.get("/api/v1/services").await.status, StatusCode::FORBIDDEN);
        assert_eq!(bindings(&root).await.len(), 2, "of root and of the agent");
    }
}

#[tokio::test]
async fn scoped_administrators_have_no_org_wide_permissions() {
    let (site, root) = Site::claimed(Records::in_memory()).await;
    let ann = site.user(&root, "ann", "").await;
    bind(&root, ("user", &user_id(&ann).await), "admin", r#"{service_name="cart"}"#).await;
    assert_eq!(ann.get("/api/v1/services").await.status, StatusCode::OK);
    for path in ["/api/v1/bindings", "/api/v1/teams", "/api/v1/audit", "/api/v1/service-accounts", "/metrics"]
    {
        assert_eq!(ann.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let herself = json!({
        "subject_kind": "user", "subject_id": user_id(&ann).await, "role": "admin", "scope_kind": "org",
    });
    assert_eq!(ann.post("/api/v1/bindings", herself).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_administrator_always_remains() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let own = bindings(&root).await[0]["id"].as_str().unwrap().to_owned();
        let own = format!("/api/v1/bindings/{own}");
        let refused = root.delete(&own).await;
        assert_eq!((refused.status, refused.kind()), (StatusCode::CONFLICT, "conflict".to_owned()));

        // Through a team it counts too, until the team or the member goes.
        let admins = team(&root, "admins", "{}").await;
        bind(&root, ("team", &admins), "admin", "").await;
        let member = format!("/api/v1/teams/{admins}/members/{}", user_id(&root).await);
        assert_eq!(root.put(&member, Value::Null).await.status, StatusCode::OK);
        assert_eq!(root.delete(&own).await.status, StatusCode::NO_CONTENT);
        assert_eq!(root.delete(&member).await.status, StatusCode::CONFLICT);
        assert_eq!(root.delete(&format!("/api/v1/teams/{admins}")).await.status, StatusCode::CONFLICT);
        assert_eq!(root.get("/api/v1/audit").await.status, StatusCode::OK);

        // A program is no administrator to count on: it cannot sign in.
        token(&root, "robot", "admin", "").await;
        assert_eq!(root.delete(&member).await.status, StatusCode::CONFLICT);
        let ann = site.user(&root, "ann", "admin").await;
        assert_eq!(ann.delete(&member).await.status, StatusCode::NO_CONTENT);
        assert_eq!(root.get("/api/v1/audit").await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn rejects_invalid_bindings() {
    let (_, root) = Site::claimed(Records::in_memory()).await;
    let me = user_id(&root).await;
    let none = "00000000000000000000000000";
    for (subject, role, scope, status) in [
        (("group", &*me), "viewer", ("org", ""), StatusCode::BAD_REQUEST),
        (("user", none), "viewer", ("org", ""), StatusCode::NOT_FOUND),
        (("user", "' OR 1=1 --"), "viewer", ("org", ""), StatusCode::NOT_FOUND),
        (("user", &*me), "owner", ("org", ""), StatusCode::BAD_REQUEST),
        (("user", &*me), "viewer", ("org", "{}"), StatusCode::BAD_REQUEST),
        (("user", &*me), "viewer", ("team", none), StatusCode::NOT_FOUND),
        (("user", &*me), "viewer", ("selector", ""), StatusCode::BAD_REQUEST),
        (("user", &*me), "viewer", ("selector", r#"{a="b"} or {c="d"}"#), StatusCode::BAD_REQUEST),
        (("user", &*me), "viewer", ("galaxy", ""), StatusCode::BAD_REQUEST),
    ] {
        let draft = json!({
            "subject_kind": subject.0, "subject_id": subject.1, "role": role, "scope_kind": scope.0, "scope": scope.1,
        });
        assert_eq!(root.post("/api/v1/bindings", draft.clone()).await.status, status, "{draft}");
    }
    assert_eq!(bindings(&root).await.len(), 1);
    assert_eq!(root.delete(&format!("/api/v1/bindings/{none}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn changes_are_audited_with_before_and_after() {
    for records in databases::each().await {
        let (_, root) = Site::claimed(records).await;
        let id = team(&root, "pay", "{}").await;
        let change = json!({ "name": "pay", "selector": r#"{service_name="pay"}"# });
        good(&root.put(&format!("/api/v1/teams/{id}"), change).await);
        let binding = bind(&root, ("team", &id), "viewer", "").await;
        assert_eq!(root.delete(&format!("/api/v1/bindings/{binding}")).await.status, StatusCode::NO_CONTENT);
        assert_eq!(root.delete(&format!("/api/v1/teams/{id}")).await.status, StatusCode::NO_CONTENT);
        let lines = good(&root.get("/api/v1/audit?actor=root").await)["lines"].as_array().unwrap().clone();
        let action = |name: &str| lines.iter().find(|line| line["action"] == name).unwrap().clone();
        let parse = |value: &Value| serde_json::from_str::<Value>(value.as_str().unwrap()).unwrap();
        let update = action("team.update");
        assert_eq!(parse(&update["before"])["selector"], "{}");
        assert_eq!(parse(&update["after"])["selector"], r#"{service_name="pay"}"#);
        assert_eq!(update["object_id"], *id);
        for name in ["team.create", "binding.create"] {
            assert!(action(name)["after"].is_string() && action(name)["before"].is_null(), "{name}");
        }
        for name in ["team.delete", "binding.delete"] {
            assert!(action(name)["before"].is_string(), "{name}");
        }
    }
}

//! Inviting and disabling users, and keeping the last administrator.

use super::databases;
use super::site::{Browser, PASSWORD, Site, token_of};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;

const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

async fn invite(root: &Browser, body: Value) -> String {
    let answer = root.post("/api/v1/users", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    token_of(&answer.json()["link"])
}

async fn accept(browser: &Browser, token: &str, password: &str) -> StatusCode {
    browser.post("/api/v1/invitations/accept", json!({ "token": token, "password": password })).await.status
}

async fn id_of(root: &Browser, name: &str) -> String {
    let list = root.get("/api/v1/users").await.json();
    let users = list["users"].as_array().unwrap();
    users.iter().find(|user| user["name"] == json!(name)).unwrap()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn invitations_set_a_password_once_and_sign_in() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let token = invite(&root, json!({ "name": "Ann", "display_name": "Ann S.", "role": "viewer" })).await;
        let ann = site.browser_at("192.0.2.9");
        let look = ann.post("/api/v1/invitations/look", json!({ "token": token })).await.json();
        assert_eq!((&look["name"], &look["display_name"]), (&json!("ann"), &json!("Ann S.")));
        assert_eq!(accept(&ann, &token, "too short").await, StatusCode::BAD_REQUEST);
        assert_eq!(accept(&ann, &token, PASSWORD).await, StatusCode::OK);
        assert_eq!(ann.get("/api/v1/services").await.status, StatusCode::OK);
        for path in ["/api/v1/users", "/metrics"] {
            assert_eq!(ann.get(path).await.kind(), "forbidden", "{path}");
        }
        assert_eq!(accept(&site.browser(), &token, PASSWORD).await, StatusCode::NOT_FOUND, "used");
        assert_eq!(site.browser().sign_in("ann", PASSWORD).await.status, StatusCode::OK);
        let audited = site.audited().await;
        for action in ["user.create", "binding.create", "invitation.accept", "session.start"] {
            assert!(audited.contains(&action.to_owned()), "{action} is missing in {audited:?}");
        }
    }
}

#[tokio::test]
async fn invalid_used_replaced_and_expired_invitations_get_the_same_answer() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let token = invite(&root, json!({ "name": "ann" })).await;
        let path = format!("/api/v1/users/{}/invitation", id_of(&root, "ann").await);
        let newer = token_of(&root.post(&path, Value::Null).await.json()["link"]);
        let mut texts = Vec::new();
        for dead in [&token, "", ":key", &"0".repeat(52)] {
            let answer = site.browser().post("/api/v1/invitations/look", json!({ "token": dead })).await;
            texts.push((answer.status, answer.text()));
        }
        let ann = site.browser();
        let old = invite(&root, json!({ "name": "ben" })).await;
        assert_eq!(accept(&ann, &newer, PASSWORD).await, StatusCode::OK);
        site.clock.advance(WEEK);
        let late = site.browser().post("/api/v1/invitations/look", json!({ "token": old })).await;
        texts.push((late.status, late.text()));
        texts.dedup();
        assert_eq!(texts.len(), 1, "{texts:?}");
    }
}

#[tokio::test]
async fn one_of_two_concurrent_acceptances_wins() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let token = invite(&root, json!({ "name": "ann" })).await;
        let (one, other) = (site.browser(), site.replica().browser());
        let (a, b) = tokio::join!(accept(&one, &token, PASSWORD), accept(&other, &token, PASSWORD));
        assert_eq!([a, b].iter().filter(|s| **s == StatusCode::OK).count(), 1, "{a} {b}");
    }
}

#[tokio::test]
async fn disabling_an_account_ends_access_at_once_on_every_replica() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let ann = site.user(&root, "ann", "editor").await;
        let elsewhere = ann.on(&site.replica());
        assert_eq!(elsewhere.get("/api/v1/services").await.status, StatusCode::OK);
        let path = format!("/api/v1/users/{}", id_of(&root, "ann").await);
        assert_eq!(root.patch(&path, json!({ "disabled": true })).await.status, StatusCode::OK);
        for browser in [&ann, &elsewhere] {
            assert_eq!(browser.get("/api/v1/services").await.status, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(site.browser().sign_in("ann", PASSWORD).await.kind(), "wrong-password");
        let link = root.post(&format!("{path}/invitation"), Value::Null).await;
        assert_eq!(link.status, StatusCode::CONFLICT);
        assert_eq!(root.patch(&path, json!({ "disabled": false })).await.status, StatusCode::OK);
        assert_eq!(ann.get("/api/v1/services").await.status, StatusCode::UNAUTHORIZED, "not the old session");
        assert_eq!(site.browser().sign_in("ann", PASSWORD).await.status, StatusCode::OK);
        let audited = site.audited().await;
        assert!(["user.disable", "user.enable"].iter().all(|a| audited.contains(&(*a).to_owned())));
    }
}

#[tokio::test]
async fn administrators_end_sessions_and_reset_passwords() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let ann = site.user(&root, "ann", "viewer").await;
        let id = id_of(&root, "ann").await;
        let ended = root.delete(&format!("/api/v1/users/{id}/sessions")).await;
        assert_eq!(ended.status, StatusCode::NO_CONTENT);
        assert_eq!(ann.get("/api/v1/services").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(ann.sign_in("ann", PASSWORD).await.status, StatusCode::OK);
        let link = root.post(&format!("/api/v1/users/{id}/invitation"), Value::Null).await.json();
        let phone = site.browser();
        assert_eq!(accept(&phone, &token_of(&link["link"]), "four quite small words").await, StatusCode::OK);
        assert_eq!(
            ann.get("/api/v1/services").await.status,
            StatusCode::UNAUTHORIZED,
            "sessions of before end"
        );
        assert_eq!(root.delete("/api/v1/users/nobody/sessions").await.status, StatusCode::NOT_FOUND);
        assert_eq!(root.patch("/api/v1/users/nobody", json!({})).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn the_last_administrator_cannot_be_removed() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let me = format!("/api/v1/users/{}", id_of(&root, "root").await);
        let refused = root.patch(&me, json!({ "disabled": true })).await;
        assert_eq!((refused.status, refused.kind().as_str()), (StatusCode::CONFLICT, "conflict"));
        assert_eq!(root.get("/api/v1/services").await.status, StatusCode::OK, "nothing has happened");
        let ann = site.user(&root, "ann", "admin").await;
        let other = format!("/api/v1/users/{}", id_of(&root, "ann").await);
        // Both shut each other at once, on two replicas.
        let ann = ann.on(&site.replica());
        let (one, two) = tokio::join!(
            root.patch(&other, json!({ "disabled": true })),
            ann.patch(&me, json!({ "disabled": true }))
        );
        let done = [&one, &two].iter().filter(|answer| answer.status == StatusCode::OK).count();
        assert_eq!(done, 1, "{} {}", one.text(), two.text());
    }
}

#[tokio::test]
async fn only_org_administrators_manage_users() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let id = id_of(&root, "root").await;
        let nobody = site.browser();
        for role in ["viewer", "editor", ""] {
            let browser = site.user(&root, &format!("user-{role}"), role).await;
            for (who, expected) in [(&browser, "forbidden"), (&nobody, "signed-out")] {
                let body = json!({ "name": "mallory", "role": "admin" });
                assert_eq!(who.post("/api/v1/users", body).await.kind(), expected, "{role}");
                let path = format!("/api/v1/users/{id}");
                assert_eq!(who.patch(&path, json!({ "disabled": true })).await.kind(), expected, "{role}");
                assert_eq!(who.post(&format!("{path}/invitation"), Value::Null).await.kind(), expected);
                assert_eq!(who.delete(&format!("{path}/sessions")).await.kind(), expected);
            }
        }
        assert_eq!(root.post("/api/v1/users", json!({ "name": "ROOT" })).await.kind(), "conflict");
        for (field, value, kind) in [
            ("role", "agent", "bad-role"),
            ("role", "owner", "bad-role"),
            ("email", "x", "bad-email"),
            ("display_name", "a\nb", "bad-display-name"),
        ] {
            let mut body = json!({ "name": "new" });
            body[field] = json!(value);
            assert_eq!(root.post("/api/v1/users", body).await.kind(), kind, "{value}");
        }
    }
}

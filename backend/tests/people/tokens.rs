//! API tokens: authentication, permissions, rotation, revocation.

use super::databases;
use super::program::{Program, bind, good, secret, service_account, token, user_id};
use super::site::{Browser, Site};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);

async fn own_token(browser: &Browser, role: &str, selector: &str) -> (String, Value) {
    let draft = json!({ "name": "laptop", "role": role, "selector": selector });
    let made = good(&browser.post("/api/v1/me/tokens", draft).await);
    (made["secret"].as_str().unwrap().to_owned(), made["token"].clone())
}

async fn listed(browser: &Browser) -> Vec<Value> {
    good(&browser.get("/api/v1/me/tokens").await)["tokens"].as_array().unwrap().clone()
}

#[tokio::test]
async fn accepts_tokens_as_bearer_and_basic_password() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let token = token(&root, "reader", "viewer", "").await;
        assert_eq!(Program::new(&site, &token).reads().await, StatusCode::OK);
        for name in ["", "reader", "123456", "ä:"] {
            let status = Program::basic(&site, name, &token).reads().await;
            // A colon ends the name (RFC 7617, section 2).
            assert_eq!(status == StatusCode::OK, !name.contains(':'), "{name:?}");
        }
        let answer = Program::new(&site, &token).get("/api/v1/me/tokens").await;
        assert_eq!((answer.status, answer.kind()), (StatusCode::FORBIDDEN, "forbidden".to_owned()));
    }
}

#[tokio::test]
async fn rejects_an_invalid_token_despite_a_valid_cookie() {
    let (site, root) = Site::claimed(flarepath::db::Records::in_memory()).await;
    assert_eq!(root.get("/api/v1/services").await.status, StatusCode::OK);
    let well_formed = flarepath::auth::token_text::generate(flarepath::auth::token_text::TokenKind::Personal);
    let well_formed = secrecy::ExposeSecret::expose_secret(&well_formed).to_owned();
    for bad in ["", "x", "fp_pat_x_y", &well_formed] {
        let answer = Program::new(&site, bad).with_cookies_of(&root).get("/api/v1/services").await;
        assert_eq!((answer.status, answer.kind()), (StatusCode::UNAUTHORIZED, "signed-out".to_owned()));
        assert!(answer.text().contains("token") && !answer.text().contains(&well_formed));
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"flarepath\"");
    }
    // Where nothing is needed, a bad token does no harm.
    assert_eq!(Program::new(&site, "x").get("/api/v1/instance").await.status, StatusCode::OK);
}

#[tokio::test]
async fn tokens_grant_the_intersection_with_their_owner() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let ann = site.user(&root, "ann", "").await;
        let draft = |role: &str| json!({ "name": "x", "role": role });
        assert_eq!(ann.post("/api/v1/me/tokens", draft("viewer")).await.status, StatusCode::FORBIDDEN);
        let id = user_id(&ann).await;
        let binding = bind(&root, ("user", &id), "editor", "").await;
        for role in ["admin", "owner"] {
            let refused = ann.post("/api/v1/me/tokens", draft(role)).await.status;
            assert!(matches!(refused, StatusCode::FORBIDDEN | StatusCode::BAD_REQUEST), "{role}");
        }
        let editor = Program::new(&site, &own_token(&ann, "editor", "").await.0);
        let viewer = Program::new(&site, &own_token(&ann, "viewer", "").await.0);
        assert_eq!(editor.push("cart", "", "main").await.status, StatusCode::OK);
        assert_eq!(viewer.push("cart", "", "main").await.status, StatusCode::FORBIDDEN);
        assert_eq!(viewer.reads().await, StatusCode::OK);

        // At the time of use: a role that is taken away is gone, one over less gives less.
        bind(&root, ("user", &id), "viewer", r#"{service_name="none"}"#).await;
        assert_eq!(root.delete(&format!("/api/v1/bindings/{binding}")).await.status, StatusCode::NO_CONTENT);
        assert_eq!(editor.push("cart", "", "main").await.status, StatusCode::FORBIDDEN);
        let seen = good(&editor.get("/api/v1/services").await);
        assert_eq!(seen["services"], json!([]));
    }
}

#[tokio::test]
async fn agent_tokens_only_write_profiles() {
    let (site, root) = Site::claimed(flarepath::db::Records::in_memory()).await;
    let secret = token(&root, "agent", "agent", "").await;
    assert!(secret.starts_with("fp_agt_"));
    let agent = Program::new(&site, &secret);
    assert_eq!(agent.push("cart", "", "main").await.status, StatusCode::OK);
    assert_eq!(agent.reads().await, StatusCode::FORBIDDEN);
    // Even when its account is given more.
    let accounts = good(&root.get("/api/v1/service-accounts").await);
    let id = accounts["service_accounts"][0]["id"].as_str().unwrap().to_owned();
    bind(&root, ("service_account", &id), "admin", "").await;
    assert_eq!(agent.reads().await, StatusCode::FORBIDDEN);
    assert_eq!(agent.get("/api/v1/audit").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn deployer_tokens_only_post_markers() {
    let (site, root) = Site::claimed(flarepath::db::Records::in_memory()).await;
    let deployer = Program::new(&site, &token(&root, "ci", "deployer", r#"{service_name="cart"}"#).await);
    let marker = |service: &str| json!({ "kind": "deploy", "service": service, "version": "2" });
    let posted = deployer.post_json("/api/v1/markers", marker("cart")).await;
    assert_eq!(posted.status, StatusCode::CREATED, "{}", posted.text());
    let other = deployer.post_json("/api/v1/markers", marker("pay")).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN, "{}", other.text());
    // It reads nothing, not even markers.
    assert_eq!(deployer.push("cart", "", "main").await.status, StatusCode::FORBIDDEN);
    for path in ["/api/v1/markers?service=cart", "/api/v1/services", "/api/v1/audit", "/api/v1/me/tokens"] {
        assert_eq!(deployer.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    // A token of a person is limited in the same way.
    let (own, _) = own_token(&root, "deployer", "").await;
    let own = Program::new(&site, &own);
    assert_eq!(own.reads().await, StatusCode::FORBIDDEN);
    assert_eq!(own.post_json("/api/v1/markers", marker("pay")).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn service_account_tokens_cannot_exceed_the_account() {
    let (_, root) = Site::claimed(flarepath::db::Records::in_memory()).await;
    let id = service_account(&root, "ci").await;
    let path = format!("/api/v1/service-accounts/{id}/tokens");
    let ask = |role: &str| json!({ "name": "x", "role": role });
    assert_eq!(root.post(&path, ask("viewer")).await.status, StatusCode::CONFLICT);
    bind(&root, ("service_account", &id), "viewer", "").await;
    assert_eq!(root.post(&path, ask("editor")).await.status, StatusCode::CONFLICT);
    assert_eq!(root.post(&path, ask("viewer")).await.status, StatusCode::OK);
    let missing = "/api/v1/service-accounts/00000000000000000000000000/tokens";
    assert_eq!(root.post(missing, ask("viewer")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn tokens_expire_and_stay_listed_for_a_while() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let (secret, token) = own_token(&root, "viewer", "").await;
        let life = token["expires_at_ns"].as_i64().unwrap() - token["created_at_ns"].as_i64().unwrap();
        assert_eq!(life, 90 * DAY.as_nanos() as i64);
        assert_eq!(token["state"], "live");
        assert!(secret.contains(&format!("{}_", token["last_four"].as_str().unwrap())));
        let program = Program::new(&site, &secret);
        site.clock.advance(90 * DAY - Duration::from_nanos(1));
        assert_eq!(program.reads().await, StatusCode::OK);
        site.clock.advance(Duration::from_nanos(1));
        assert_eq!(program.reads().await, StatusCode::UNAUTHORIZED);
        // The session ended long ago too.
        assert_eq!(root.sign_in("root", super::site::PASSWORD).await.status, StatusCode::OK);
        assert_eq!(listed(&root).await[0]["state"], "expired");
        site.clock.advance(91 * DAY);
        assert_eq!(root.sign_in("root", super::site::PASSWORD).await.status, StatusCode::OK);
        assert_eq!(listed(&root).await, Vec::<Value>::new());
    }
}

#[tokio::test]
async fn late_reuse_of_a_rotated_token_revokes_its_family() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let (old, token) = own_token(&root, "viewer", "").await;
        let id = token["id"].as_str().unwrap();
        let rotate = format!("/api/v1/me/tokens/{id}/rotate");
        assert_eq!(root.post(&rotate, json!({ "overlap_s": 86_401 })).await.status, StatusCode::BAD_REQUEST);
        let new = secret(&root.post(&rotate, json!({ "overlap_s": 600 })).await);
        assert_eq!(root.post(&rotate, json!({})).await.status, StatusCode::CONFLICT);
        let (old, new) = (Program::new(&site, &old), Program::new(&site, &new));
        site.clock.advance(Duration::from_secs(599));
        assert_eq!((old.reads().await, new.reads().await), (StatusCode::OK, StatusCode::OK));
        site.clock.advance(Duration::from_secs(1));
        assert_eq!(new.reads().await, StatusCode::OK);
        // A caller that still uses the old one now is not the one that replaced it.
        assert_eq!(old.reads().await, StatusCode::UNAUTHORIZED);
        assert_eq!(new.reads().await, StatusCode::UNAUTHORIZED);
        assert!(listed(&root).await.iter().all(|token| token["state"] == "revoked"));
        let lines = good(&root.get("/api/v1/audit?action=token.reuse").await);
        assert_eq!(lines["lines"].as_array().unwrap().len(), 1, "{lines}");
        assert_eq!(lines["lines"][0]["ip"], "10.1.2.3");
        assert_eq!(old.reads().await, StatusCode::UNAUTHORIZED);
        let lines = good(&root.get("/api/v1/audit?action=token.reuse").await);
        assert_eq!(lines["lines"].as_array().unwrap().len(), 1, "written down once");
    }
}

#[tokio::test]
async fn revocation_takes_effect_at_once_on_every_replica() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let replica = site.replica();
        let (secret, token) = own_token(&root, "viewer", "").await;
        let program = Program::new(&replica, &secret);
        assert_eq!(program.reads().await, StatusCode::OK);
        let path = format!("/api/v1/me/tokens/{}", token["id"].as_str().unwrap());
        assert_eq!(root.delete(&path).await.status, StatusCode::NO_CONTENT);
        assert_eq!(program.reads().await, StatusCode::UNAUTHORIZED);

        let secret = super::program::token(&root, "ci", "viewer", "").await;
        let program = Program::new(&replica, &secret);
        let accounts = good(&root.get("/api/v1/service-accounts").await);
        let account =
            format!("/api/v1/service-accounts/{}", accounts["service_accounts"][0]["id"].as_str().unwrap());
        for (disabled, status) in [(true, StatusCode::UNAUTHORIZED), (false, StatusCode::OK)] {
            good(&root.patch(&account, json!({ "disabled": disabled })).await);
            assert_eq!(program.reads().await, status);
        }
        assert_eq!(root.delete(&account).await.status, StatusCode::NO_CONTENT);
        assert_eq!(program.reads().await, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn last_use_is_recorded_to_the_minute() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let (secret, _) = own_token(&root, "viewer", "").await;
        let program = Program::new(&site, &secret);
        assert_eq!(listed(&root).await[0]["used_at_ns"], Value::Null);
        program.reads().await;
        let first = listed(&root).await[0].clone();
        assert_eq!(first["used_ip"], "10.1.2.3");
        site.clock.advance(Duration::from_secs(59));
        program.reads().await;
        assert_eq!(listed(&root).await[0]["used_at_ns"], first["used_at_ns"]);
        site.clock.advance(Duration::from_secs(1));
        program.reads().await;
        assert_ne!(listed(&root).await[0]["used_at_ns"], first["used_at_ns"]);
    }
}

#[tokio::test]
async fn tokens_of_others_are_not_found() {
    let (site, root) = Site::claimed(flarepath::db::Records::in_memory()).await;
    let ann = site.user(&root, "ann", "viewer").await;
    let (secret, token) = own_token(&root, "admin", "").await;
    let id = token["id"].as_str().unwrap();
    let path = format!("/api/v1/me/tokens/{id}");
    assert_eq!(ann.delete(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ann.post(&format!("{path}/rotate"), json!({})).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ann.delete(&format!("/api/v1/tokens/{id}")).await.status, StatusCode::FORBIDDEN);
    // An administrator may revoke a person's token, but not take it over.
    let (_, of_ann) = own_token(&ann, "viewer", "").await;
    let path = format!("/api/v1/tokens/{}", of_ann["id"].as_str().unwrap());
    assert_eq!(root.post(&format!("{path}/rotate"), json!({})).await.status, StatusCode::NOT_FOUND);
    assert_eq!(root.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(listed(&ann).await[0]["state"], "revoked");
    assert_eq!(Program::new(&site, &secret).reads().await, StatusCode::OK);
}

#[tokio::test]
async fn rejects_invalid_token_requests() {
    let (_, root) = Site::claimed(flarepath::db::Records::in_memory()).await;
    for (draft, kind) in [
        (json!({ "name": "", "role": "viewer" }), "bad-name"),
        (json!({ "name": "x", "role": "root" }), "bad-role"),
        (json!({ "name": "x", "role": "viewer", "selector": "{" }), "bad-selector"),
        (json!({ "name": "x", "role": "viewer", "selector": r#"{a=~"("}"# }), "bad-selector"),
        (json!({ "name": "x", "role": "viewer", "expires_days": 366 }), "bad-expiry"),
        (json!({ "name": "x", "role": "viewer", "scope": "all" }), "bad-json"),
        (json!({ "name": "x" }), "bad-json"),
    ] {
        let answer = root.post("/api/v1/me/tokens", draft.clone()).await;
        assert_eq!((answer.status, answer.kind().as_str()), (StatusCode::BAD_REQUEST, kind), "{draft}");
    }
}

//! Claiming a new server.

use super::databases;
use super::site::{PASSWORD, Site};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

fn claim(name: &str) -> Value {
    json!({ "name": name, "password": PASSWORD })
}

#[tokio::test]
async fn unclaimed_servers_answer_nothing_else() {
    for records in databases::each().await {
        let site = Site::unclaimed(records);
        let browser = site.browser();
        for path in ["/api/v1/services", "/api/v1/me", "/api/v1/me/sessions", "/metrics"] {
            let answer = browser.get(path).await;
            assert_eq!((answer.status.as_u16(), answer.kind().as_str()), (503, "unclaimed"), "{path}");
        }
        for path in ["/ingest", "/api/v1/profiles", "/api/v1/session"] {
            let answer = browser.post(path, json!({ "name": "a", "password": "b" })).await;
            assert_eq!((answer.status.as_u16(), answer.kind().as_str()), (503, "unclaimed"), "{path}");
        }
        for path in ["/healthz", "/readyz", "/api/v1/instance", "/claim"] {
            assert_eq!(browser.get(path).await.status, StatusCode::OK, "{path}");
        }
        let instance = browser.get("/api/v1/instance").await.json();
        assert_eq!(
            (&instance["claimed"], &instance["sign_in"], &instance["needs_setup_token"]),
            (&json!(false), &json!(true), &json!(false))
        );
    }
}

#[tokio::test]
async fn a_local_visitor_claims_without_a_token_and_is_signed_in() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let me = root.get("/api/v1/me").await.json();
        assert_eq!((&me["kind"], &me["name"]), (&json!("user"), &json!("root")));
        assert!(me["permissions_over_everything"].as_array().unwrap().contains(&json!("people:manage")));
        assert_eq!(root.get("/api/v1/services").await.status, StatusCode::OK);
        assert_eq!(root.get("/api/v1/instance").await.json()["claimed"], json!(true));
        let again = site.browser().post("/api/v1/claim", claim("mallory")).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        assert_eq!(site.browser().get("/api/v1/services").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(site.audited().await, ["binding.create", "instance.claim"]);
    }
}

#[tokio::test]
async fn one_of_several_concurrent_claims_wins() {
    for records in databases::each().await {
        let site = Site::unclaimed(records);
        let other = site.replica();
        let tries = (0..8).map(|n| {
            let site = if n % 2 == 0 { &site } else { &other };
            let browser = site.browser();
            async move { browser.post("/api/v1/claim", claim(&format!("user{n}"))).await.status }
        });
        let statuses = futures::future::join_all(tries).await;
        assert_eq!(statuses.iter().filter(|s| **s == StatusCode::OK).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|s| **s == StatusCode::CONFLICT).count(), 7, "{statuses:?}");
        assert_eq!(site.app.records.users().await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn remote_claims_need_the_setup_token() {
    for records in databases::each().await {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("setup-url");
        std::fs::write(&file, "x").unwrap();
        let site = Site::with(records, |app| app.public_url(Some("https://fp.example".parse().unwrap())));
        let token = site.app.gate.setup.issue(site.app.clock.now(), Some(file.clone()));
        let browser = site.browser_at("192.0.2.1");
        assert_eq!(browser.get("/api/v1/instance").await.json()["needs_setup_token"], json!(true));
        for wrong in ["", "x", &"0".repeat(52)] {
            let mut body = claim("mallory");
            body["setup_token"] = json!(wrong);
            assert_eq!(browser.post("/api/v1/claim", body).await.status, StatusCode::FORBIDDEN, "{wrong}");
        }
        let mut body = claim("root");
        body["setup_token"] = json!(secrecy::ExposeSecret::expose_secret(&token));
        site.clock.advance(Duration::from_secs(30 * 60));
        let late = browser.post("/api/v1/claim", body.clone()).await;
        assert_eq!(late.status, StatusCode::FORBIDDEN);
        site.clock.advance(Duration::from_secs(1));
        let token = site.app.gate.setup.issue(site.app.clock.now(), Some(file.clone()));
        body["setup_token"] = json!(secrecy::ExposeSecret::expose_secret(&token));
        let answer = browser.post("/api/v1/claim", body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert!(!file.exists(), "the file with the link is still there");
        let cookie = answer.header("set-cookie");
        assert!(cookie.starts_with("__Host-fp_session=") && cookie.contains("; Secure"), "{cookie}");
        assert!(
            cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax") && cookie.contains("; Path=/")
        );
        assert!(!cookie.to_ascii_lowercase().contains("domain"), "{cookie}");
    }
}

#[tokio::test]
async fn only_direct_local_connections_claim_without_a_token() {
    let site = Site::unclaimed(flarepath::db::Records::in_memory());
    let elsewhere = site.browser_at("192.0.2.1").post("/api/v1/claim", claim("a")).await;
    assert_eq!(elsewhere.status, StatusCode::FORBIDDEN);
    for header in ["x-forwarded-for", "forwarded", "via", "x-real-ip", "x-forwarded-host"] {
        let browser = site.browser();
        let mut request = browser.request(Method::POST, "/api/v1/claim", claim("a"));
        request.headers_mut().insert(header, "127.0.0.1".parse().unwrap());
        assert_eq!(browser.send(request).await.status, StatusCode::FORBIDDEN, "{header}");
    }
    // A proxy on this machine that says nothing is behind a public address.
    let records = flarepath::db::Records::in_memory();
    let behind = Site::with(records, |app| app.public_url(Some("https://fp.example".parse().unwrap())));
    assert_eq!(behind.browser().post("/api/v1/claim", claim("a")).await.status, StatusCode::FORBIDDEN);
    let records = flarepath::db::Records::in_memory();
    let open = Site::with(records, |app| app.open_to_network(true));
    assert_eq!(open.browser().post("/api/v1/claim", claim("a")).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn rejects_invalid_names_and_passwords_with_their_problem_type() {
    let site = Site::unclaimed(flarepath::db::Records::in_memory());
    for (name, password, kind) in [
        ("", PASSWORD, "bad-name"),
        ("a b", PASSWORD, "bad-name"),
        ("root", "short", "weak-password"),
        ("rootroot", "rootroot12", "weak-password"),
    ] {
        let body = json!({ "name": name, "password": password });
        let answer = site.browser().post("/api/v1/claim", body).await;
        assert_eq!((answer.status.as_u16(), answer.kind().as_str()), (400, kind), "{name} {password}");
        assert!(!answer.text().contains(PASSWORD) && !answer.text().contains("rootroot12"));
    }
}

//! Secrets appear in no log, audit entry or response.

use super::log::Log;
use super::site::{PASSWORD, Site, token_of};
use axum::http::StatusCode;
use flarepath::db::Records;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::time::Duration;

const WRONG: &str = "canary typed by mistake";
const NEW: &str = "canary of the new password";

#[tokio::test]
async fn secrets_appear_in_no_log_and_no_audit_entry() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_writer(log.clone());
    // For the whole process: what one thread logs is known to be wanted only if all want it. So what the other tests do is
    // in it too, and must keep the same secrets.
    tracing::subscriber::set_global_default(subscriber.finish()).unwrap();
    let mut secrets = vec![PASSWORD.to_owned(), WRONG.to_owned(), NEW.to_owned(), "$argon2".to_owned()];

    let site = Site::unclaimed(Records::in_memory());
    let setup = site.app.gate.setup.issue(site.app.clock.now(), None).expose_secret().to_owned();
    let root = site.browser_at("192.0.2.1");
    let claim = json!({ "name": "root", "password": PASSWORD, "setup_token": setup });
    assert_eq!(root.post("/api/v1/claim", claim).await.status, StatusCode::OK);
    secrets.push(setup);
    let mut seen = vec![root.cookie().unwrap()];
    // Names may be passwords, typed into the wrong field.
    assert_eq!(site.browser().sign_in(WRONG, WRONG).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(site.browser().sign_in("root", WRONG).await.status, StatusCode::UNAUTHORIZED);
    let invited = root.post("/api/v1/users", json!({ "name": "ann" })).await.json();
    let token = token_of(&invited["link"]);
    let ann = site.browser();
    let accept = json!({ "token": token, "password": PASSWORD });
    assert_eq!(ann.post("/api/v1/invitations/accept", accept).await.status, StatusCode::OK);
    secrets.push(token);
    site.clock.advance(Duration::from_secs(600));
    assert_eq!(root.get("/api/v1/services").await.status, StatusCode::OK);
    seen.push(root.cookie().unwrap());
    let change = json!({ "old_password": PASSWORD, "new_password": NEW });
    assert_eq!(root.put("/api/v1/me/password", change).await.status, StatusCode::OK);
    seen.extend([root.cookie().unwrap(), ann.cookie().unwrap()]);
    secrets.extend(seen.iter().map(|cookie| cookie.split_once('=').unwrap().1.to_owned()));

    let audit = root.get("/api/v1/audit/export").await.text();
    let users = root.get("/api/v1/users").await.text();
    assert!(audit.contains("instance.claim") && audit.contains("user.change_password"), "{audit}");
    let log = log.text();
    assert!(log.contains("signed in"), "nothing was logged: {log}");
    for secret in &secrets {
        for (place, text) in [("log", &log), ("audit log", &audit), ("list of users", &users)] {
            assert!(!text.contains(secret.as_str()), "{secret} stands in the {place}");
        }
        let digest = flarepath::auth::secret::digest(&secret.clone().into());
        assert!(!log.contains(&digest) && !audit.contains(&digest), "a hash of {secret} can be read");
    }
}

#[tokio::test]
async fn private_responses_are_not_cacheable() {
    let (_, root) = Site::claimed(Records::in_memory()).await;
    for path in [
        "/api/v1/me",
        "/api/v1/me/sessions",
        "/api/v1/users",
        "/api/v1/services",
        "/api/v1/audit/export",
        "/metrics",
        "/api/v1/export?type=a:b:c:d:e",
    ] {
        let answer = root.get(path).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    let signed_out =
        root.send(root.request(axum::http::Method::DELETE, "/api/v1/session", Value::Null)).await;
    assert_eq!(signed_out.header("cache-control"), "no-store");
}

//! Sessions: sign-in, rotation, revocation; on several replicas.

use super::databases;
use super::site::{PASSWORD, START_S, Site};
use axum::http::{StatusCode, header};
use flarepath_profile::unix_nanos::UnixNanos;
use serde_json::json;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn users_sign_in_and_out() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let browser = site.browser();
        assert_eq!(browser.get("/api/v1/me").await.json()["kind"], json!("anonymous"));
        assert_eq!(browser.get("/api/v1/me/sessions").await.kind(), "signed-out");
        let answer = browser.sign_in("Root ", PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(answer.json()["me"]["name"], json!("root"));
        assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
        assert!(answer.header(header::SET_COOKIE).starts_with("fp_session="), "plain HTTP on loopback");
        assert_eq!(browser.get("/api/v1/me/sessions").await.json()["sessions"].as_array().unwrap().len(), 2);
        let out = browser.delete("/api/v1/session").await;
        assert_eq!(out.status, StatusCode::NO_CONTENT);
        assert!(browser.cookie().is_none());
        assert_eq!(browser.get("/api/v1/services").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(root.get("/api/v1/services").await.status, StatusCode::OK, "the other one goes on");
        assert_eq!(
            browser.delete("/api/v1/session").await.status,
            StatusCode::NO_CONTENT,
            "twice is no mistake"
        );
    }
}

#[tokio::test]
async fn sign_in_prevents_session_fixation() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let planted = root.cookie().unwrap();
        for given in [planted.as_str(), "fp_session=0000000000000000000000000000000000000000000000000000"] {
            let victim = site.browser().with_cookie(given);
            assert_eq!(victim.sign_in("root", PASSWORD).await.status, StatusCode::OK);
            assert_ne!(victim.cookie().unwrap(), given);
        }
    }
}

#[tokio::test]
async fn stored_session_digests_do_not_authenticate() {
    let (site, root) = Site::claimed(flarepath::db::Records::in_memory()).await;
    let secret = root.cookie().unwrap().split_once('=').unwrap().1.to_owned();
    let stored = flarepath::auth::secret::digest(&secret.into());
    assert!(site.app.records.session_by_secret(&stored).await.unwrap().is_some());
    for cookie in [stored.as_str(), "", "'", "%00", ":key", "{id}", "*"] {
        let thief = site.browser().with_cookie(&format!("fp_session={cookie}"));
        assert_eq!(thief.get("/api/v1/services").await.status, StatusCode::UNAUTHORIZED, "{cookie}");
        assert_eq!(thief.get("/api/v1/me").await.json()["kind"], json!("anonymous"), "{cookie}");
    }
}

#[tokio::test]
async fn sessions_have_an_idle_and_an_absolute_timeout() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        for _ in 0..14 {
            site.clock.advance(MINUTE * 60 * 11);
            assert_eq!(root.get("/api/v1/services").await.status, StatusCode::OK);
        }
        site.clock.advance(MINUTE * 60 * 11);
        site.clock.advance(MINUTE * 60 * 4);
        assert_eq!(root.get("/api/v1/services").await.kind(), "signed-out", "168 h are over");

        let browser = site.browser();
        assert_eq!(browser.sign_in("root", PASSWORD).await.status, StatusCode::OK);
        site.clock.advance(MINUTE * 60 * 12);
        assert_eq!(browser.get("/api/v1/services").await.kind(), "signed-out", "12 h unused");
    }
}

#[tokio::test]
async fn secrets_rotate_and_the_previous_one_stays_valid_for_a_minute() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let first = root.cookie().unwrap();
        let tab = root.with_cookie(&first);
        assert_eq!(root.get("/api/v1/me").await.status, StatusCode::OK);
        site.clock.advance(MINUTE * 10);
        let tries = (0..6).map(|_| root.with_cookie(&first)).map(|tab| async move {
            let answer = tab.get("/api/v1/services").await;
            (answer.status, !answer.header(header::SET_COOKIE).is_empty(), tab)
        });
        let tabs = futures::future::join_all(tries).await;
        assert!(tabs.iter().all(|(status, ..)| *status == StatusCode::OK), "parallel tabs go on");
        assert_eq!(
            tabs.iter().filter(|(_, changed, _)| *changed).count(),
            1,
            "one of them gets the new secret"
        );
        let new = &tabs.iter().find(|(_, changed, _)| *changed).unwrap().2;
        assert_eq!(new.get("/api/v1/services").await.status, StatusCode::OK);
        site.clock.advance(MINUTE - Duration::from_secs(1));
        assert_eq!(tab.get("/api/v1/services").await.status, StatusCode::OK, "within the minute");
        assert_eq!(tab.cookie().unwrap(), first);
    }
}

#[tokio::test]
async fn late_use_of_an_old_secret_revokes_the_session() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let thief = root.with_cookie(&root.cookie().unwrap());
        site.clock.advance(MINUTE * 10);
        assert_eq!(root.get("/api/v1/services").await.status, StatusCode::OK);
        assert_eq!(root.get("/api/v1/services").await.status, StatusCode::OK, "the new secret was seen");
        site.clock.advance(MINUTE);
        assert_eq!(thief.get("/api/v1/services").await.kind(), "signed-out");
        assert_eq!(root.get("/api/v1/services").await.kind(), "signed-out");
        assert!(site.audited().await.contains(&"session.reuse".to_owned()));
    }
}

#[tokio::test]
async fn losing_the_response_with_a_rotated_secret_keeps_the_session() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let kept = root.cookie().unwrap();
        site.clock.advance(MINUTE * 10);
        let lost = root.with_cookie(&kept);
        assert_eq!(lost.get("/api/v1/services").await.status, StatusCode::OK);
        assert_ne!(lost.cookie().unwrap(), kept);
        site.clock.advance(MINUTE * 5);
        let again = root.with_cookie(&kept);
        assert_eq!(again.get("/api/v1/services").await.status, StatusCode::OK);
        assert_ne!(again.cookie().unwrap(), kept, "another one came");
        assert_eq!(again.get("/api/v1/services").await.status, StatusCode::OK);
        assert_eq!(lost.get("/api/v1/services").await.kind(), "signed-out", "the lost one is dead");
    }
}

#[tokio::test]
async fn users_end_one_session_or_all() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let phone = site.browser_at("192.0.2.7");
        assert_eq!(phone.sign_in("root", PASSWORD).await.status, StatusCode::OK);
        let list = root.get("/api/v1/me/sessions").await.json();
        let sessions = list["sessions"].as_array().unwrap();
        let other = sessions.iter().find(|s| s["current"] == json!(false)).unwrap();
        assert_eq!(other["ip"], json!("192.0.2.7"));
        let path = format!("/api/v1/me/sessions/{}", other["id"].as_str().unwrap());
        assert_eq!(root.delete(&path).await.status, StatusCode::NO_CONTENT);
        assert_eq!(phone.get("/api/v1/services").await.kind(), "signed-out");
        assert_eq!(root.delete(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(phone.sign_in("root", PASSWORD).await.status, StatusCode::OK);
        let ended = root.delete("/api/v1/me/sessions").await;
        assert_eq!(ended.status, StatusCode::NO_CONTENT);
        for browser in [&root, &phone] {
            assert_eq!(browser.get("/api/v1/services").await.status, StatusCode::UNAUTHORIZED);
        }
    }
}

#[tokio::test]
async fn replicas_share_sessions_and_revocations() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let other = site.replica();
        assert_eq!(root.on(&other).get("/api/v1/services").await.status, StatusCode::OK);
        assert_eq!(root.on(&other).delete("/api/v1/session").await.status, StatusCode::NO_CONTENT);
        assert_eq!(root.get("/api/v1/services").await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn cross_site_redirect_targets_are_rejected() {
    let (site, _) = Site::claimed(flarepath::db::Records::in_memory()).await;
    for (wish, expected) in [
        ("/explore?service=a", "/explore?service=a"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https:evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ] {
        let body = json!({ "name": "root", "password": PASSWORD, "next": wish });
        let answer = site.browser().post("/api/v1/session", body).await;
        assert_eq!(answer.json()["next"], json!(expected), "{wish:?}");
    }
}

#[tokio::test]
async fn rotation_does_not_revive_a_revoked_session() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        site.clock.advance(MINUTE * 10);
        let body = json!({ "old_password": PASSWORD, "new_password": "four quite small words" });
        assert_eq!(root.put("/api/v1/me/password", body).await.status, StatusCode::OK);
        assert_eq!(root.get("/api/v1/services").await.status, StatusCode::OK, "the new session's cookie won");
        site.clock.advance(MINUTE * 10);
        assert_eq!(root.delete("/api/v1/session").await.status, StatusCode::NO_CONTENT);
        assert!(root.cookie().is_none());
    }
}

#[tokio::test]
async fn account_routes_without_sign_in_return_conflict() {
    let site = Site::with(flarepath::db::Records::in_memory(), |app| {
        app.gate(|_| {
            use flarepath::auth::{Gate, SignIn};
            let clock = flarepath::clock::ManualClock::at(UnixNanos(START_S * 1_000_000_000));
            Gate::new(flarepath::db::Records::in_memory(), std::sync::Arc::new(clock), SignIn::Off)
        })
    });
    let browser = site.browser();
    assert_eq!(browser.get("/api/v1/me").await.json()["kind"], json!("local"));
    assert_eq!(browser.get("/api/v1/me/sessions").await.json()["sessions"], json!([]));
    let body = json!({ "old_password": PASSWORD, "new_password": "four quite small words" });
    assert_eq!(browser.put("/api/v1/me/password", body).await.status, StatusCode::CONFLICT);
    assert_eq!(
        browser.post("/api/v1/claim", json!({ "name": "a", "password": PASSWORD })).await.status,
        StatusCode::CONFLICT
    );
}

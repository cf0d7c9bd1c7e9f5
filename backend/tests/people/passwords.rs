//! Passwords: rate limits, hashing, changes.

use super::databases;
use super::site::{Browser, PASSWORD, Site};
use axum::http::{StatusCode, header};
use serde_json::json;
use std::time::Duration;

const WRONG: &str = "three large words";

#[tokio::test]
async fn guessing_blocks_one_network_but_not_the_user() {
    for records in databases::each().await {
        let (site, _) = Site::claimed(records).await;
        let other = site.replica();
        for n in 0..5 {
            // From several addresses of one network, on several replicas.
            let browser = site.browser_at(&format!("198.51.100.{n}"));
            let browser = if n % 2 == 0 { browser } else { browser.on(&other) };
            assert_eq!(browser.sign_in("root", WRONG).await.kind(), "wrong-password");
        }
        let guesser = site.browser_at("198.51.100.77");
        for password in [WRONG, PASSWORD] {
            let answer = guesser.sign_in("root", password).await;
            assert_eq!(answer.kind(), "too-many-attempts", "{password}");
            let wait: u64 = answer.header(header::RETRY_AFTER).parse().unwrap();
            assert!((1..=300).contains(&wait), "{wait}");
        }
        let person = site.browser_at("203.0.113.5");
        assert_eq!(person.sign_in("root", PASSWORD).await.status, StatusCode::OK);
        site.clock.advance(Duration::from_secs(300));
        assert_eq!(guesser.sign_in("root", PASSWORD).await.status, StatusCode::OK, "never for good");
    }
}

#[tokio::test]
async fn password_spraying_is_rate_limited() {
    for records in databases::each().await {
        let (site, _) = Site::claimed(records).await;
        let sprayer = site.browser_at("2001:db8::1");
        for n in 0..30 {
            assert_eq!(sprayer.sign_in(&format!("user{n}"), WRONG).await.kind(), "wrong-password");
        }
        assert_eq!(sprayer.sign_in("root", PASSWORD).await.kind(), "too-many-attempts");
        let neighbor = site.browser_at("2001:db8::ffff:1");
        assert_eq!(neighbor.sign_in("root", PASSWORD).await.kind(), "too-many-attempts", "the same /64");
        assert_eq!(site.browser_at("2001:db8:1::1").sign_in("root", PASSWORD).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn others_cannot_lock_out_a_browser_that_signed_in_before() {
    for records in databases::each().await {
        let (site, _) = Site::claimed(records).await;
        let browser = site.browser_at("198.51.100.20");
        assert_eq!(browser.sign_in("root", PASSWORD).await.status, StatusCode::OK);
        for n in 0..60 {
            // From its own address, from its network, and from everywhere.
            let ip = match n % 3 {
                0 => "198.51.100.20".to_owned(),
                1 => format!("198.51.100.{n}"),
                _ => format!("203.0.{n}.1"),
            };
            site.browser_at(&ip).sign_in("root", WRONG).await;
        }
        let stranger = site.browser_at("198.51.100.20");
        assert_eq!(stranger.sign_in("root", PASSWORD).await.kind(), "too-many-attempts");
        assert_eq!(browser.sign_in("root", PASSWORD).await.status, StatusCode::OK);
        for _ in 0..10 {
            assert_eq!(browser.sign_in("root", WRONG).await.kind(), "wrong-password");
        }
        assert_eq!(browser.sign_in("root", PASSWORD).await.kind(), "too-many-attempts", "its own failures");
    }
}

#[tokio::test]
async fn a_browser_is_known_to_its_own_users_until_the_password_changes() {
    let (site, root) = Site::claimed(flarepath::db::Records::in_memory()).await;
    let ann = site.user(&root, "ann", "viewer").await;
    let fill = async || {
        for n in 0..50 {
            site.browser_at(&format!("198.51.{n}.1")).sign_in("ann", WRONG).await;
        }
    };
    fill().await;
    let at =
        |browser: &Browser| browser.with_cookie(&browser.known_browser_cookie().unwrap()).at("192.0.2.9");
    assert_eq!(at(&root).sign_in("ann", PASSWORD).await.kind(), "too-many-attempts", "root's browser");
    let made_up = format!("fp_browser={}", "a".repeat(52));
    let forger = site.browser().with_cookie(&made_up).at("192.0.2.9");
    assert_eq!(forger.sign_in("ann", PASSWORD).await.kind(), "too-many-attempts");
    let thief = at(&ann);
    assert_eq!(thief.sign_in("ann", WRONG).await.kind(), "wrong-password");
    site.clock.advance(Duration::from_secs(300));
    let other = site.browser_at("192.0.100.10");
    assert_eq!(other.sign_in("ann", PASSWORD).await.status, StatusCode::OK);
    let change = json!({ "old_password": PASSWORD, "new_password": "four quite small words" });
    assert_eq!(other.put("/api/v1/me/password", change).await.status, StatusCode::OK);
    site.clock.advance(Duration::from_secs(300));
    fill().await;
    assert_eq!(thief.sign_in("ann", WRONG).await.kind(), "too-many-attempts", "forgotten");
    assert_eq!(other.sign_in("ann", "four quite small words").await.status, StatusCode::OK);
}

#[tokio::test]
async fn distributed_guessing_does_not_lock_out_known_networks() {
    for records in databases::each().await {
        let (site, _) = Site::claimed(records).await;
        let home = site.browser_at("203.0.113.5");
        assert_eq!(home.sign_in("root", PASSWORD).await.status, StatusCode::OK);
        for n in 0..50 {
            let browser = site.browser_at(&format!("198.51.{n}.1"));
            assert_eq!(browser.sign_in("root", WRONG).await.kind(), "wrong-password", "{n}");
        }
        assert_eq!(site.browser_at("198.51.200.1").sign_in("root", WRONG).await.kind(), "too-many-attempts");
        let home_again = site.browser_at("203.0.113.99");
        assert_eq!(home_again.sign_in("root", PASSWORD).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn successful_sign_ins_are_not_rate_limited() {
    let (site, _) = Site::claimed(flarepath::db::Records::in_memory()).await;
    for n in 0..40 {
        assert_eq!(
            site.browser_at("192.0.2.1").sign_in("root", PASSWORD).await.status,
            StatusCode::OK,
            "{n}"
        );
    }
}

#[tokio::test]
async fn unknown_and_known_accounts_are_indistinguishable() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let passwords = &site.app.gate.passwords;
        let _ann = site.user(&root, "ann", "viewer").await;
        let mut answers = Vec::new();
        for (n, name) in ["root", "ann", "nobody", "not a name", "\u{0}", ""].into_iter().enumerate() {
            let before = passwords.computed();
            let answer = site.browser_at(&format!("192.0.{n}.1")).sign_in(name, WRONG).await;
            assert_eq!(passwords.computed(), before + 1, "{name:?}: the same work");
            answers.push((answer.status, answer.text()));
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
        let before = site.audited().await.len();
        site.app.gate.save_refusals().await.unwrap();
        site.clock.advance(Duration::from_secs(7200));
        site.app.gate.fold_refusals().await.unwrap();
        assert_eq!(
            site.audited().await.len(),
            before + 6,
            "two accounts, and a network for each unknown one"
        );
    }
}

#[tokio::test]
async fn changing_the_password_needs_the_old_one_and_ends_other_sessions() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let other = site.browser();
        assert_eq!(other.sign_in("root", PASSWORD).await.status, StatusCode::OK);
        let change = |old: &str, new: &str| json!({ "old_password": old, "new_password": new });
        let path = "/api/v1/me/password";
        assert_eq!(root.put(path, change(WRONG, "four quite small words")).await.kind(), "wrong-password");
        assert_eq!(root.put(path, change(PASSWORD, "root123456")).await.kind(), "weak-password");
        let before = root.cookie();
        let done = root.put(path, change(PASSWORD, "four quite small words")).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
        assert_ne!(root.cookie(), before, "a new secret");
        assert_eq!(root.get("/api/v1/services").await.status, StatusCode::OK);
        assert_eq!(other.get("/api/v1/services").await.kind(), "signed-out");
        assert_eq!(site.browser().sign_in("root", PASSWORD).await.kind(), "wrong-password");
        assert_eq!(site.browser().sign_in("root", "four quite small words").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn password_changes_are_rate_limited() {
    let (_, root) = Site::claimed(flarepath::db::Records::in_memory()).await;
    let guess = json!({ "old_password": WRONG, "new_password": "four quite small words" });
    // As many as a known browser may.
    for _ in 0..10 {
        assert_eq!(root.put("/api/v1/me/password", guess.clone()).await.kind(), "wrong-password");
    }
    assert_eq!(root.put("/api/v1/me/password", guess).await.kind(), "too-many-attempts");
}

#[tokio::test]
async fn outdated_hashes_are_replaced_at_sign_in() {
    let (site, _) = Site::claimed(flarepath::db::Records::in_memory()).await;
    let records = site.app.records.clone();
    let hash = async || {
        let user = records.user_by_name("root").await.unwrap().unwrap();
        secrecy::ExposeSecret::expose_secret(&user.password.unwrap()).to_owned()
    };
    assert!(hash().await.contains("m=64,t=1"));
    let stronger = Site::with(site.app.records.clone(), |app| {
        app.gate(|mut gate| {
            gate.passwords =
                flarepath::auth::password::Passwords::new(argon2::Params::new(128, 2, 1, None).unwrap());
            gate
        })
    });
    assert_eq!(stronger.browser().sign_in("root", WRONG).await.kind(), "wrong-password");
    assert!(hash().await.contains("m=64,t=1"));
    assert_eq!(stronger.browser().sign_in("root", PASSWORD).await.status, StatusCode::OK);
    assert!(hash().await.contains("m=128,t=2"));
    assert_eq!(stronger.browser().sign_in("root", PASSWORD).await.status, StatusCode::OK);
}

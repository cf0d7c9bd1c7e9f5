//! Signing in at an identity provider: who gets in, and what of a hostile page does not get through.
//! [`accounts`]: as whom, with which roles. [`provider`]: what a hostile or broken provider says.

mod accounts;
mod provider;

use super::databases;
use super::issuer::{CLIENT, Issuer, SECRET, query};
use super::site::{Answer, Browser, PASSWORD, START_S, Site};
use axum::http::{StatusCode, header};
use flarepath::config::{GroupRule, OidcConfig};
use flarepath::db::Records;
use serde_json::{Value, json};
use std::time::Duration;

const START: &str = "/api/v1/oidc/start";

fn config(issuer: &Issuer) -> OidcConfig {
    OidcConfig {
        issuer: issuer.url.clone(),
        client_id: CLIENT.to_owned(),
        client_secret: Some(SECRET.into()),
        scopes: vec!["profile".to_owned()],
        groups_claim: "groups".to_owned(),
        groups: vec![rule("everyone", "viewer", None)],
        strict: true,
        name: "Test".to_owned(),
        auto_create: true,
        link_by_email: false,
        ca: None,
    }
}

fn rule(group: &str, role: &str, team: Option<&str>) -> GroupRule {
    GroupRule { group: group.to_owned(), role: role.to_owned(), team: team.map(str::to_owned) }
}

/// A claimed server with a provider, and its administrator's browser.
async fn site(records: Records, change: impl FnOnce(&mut OidcConfig)) -> (Site, Issuer, Browser) {
    let issuer = Issuer::start(START_S).await;
    let mut config = config(&issuer);
    change(&mut config);
    let site = Site::with(records, |app| app.oidc(config).unwrap());
    let root = site.browser();
    let claimed = root.post("/api/v1/claim", json!({ "name": "root", "password": PASSWORD })).await;
    assert_eq!(claimed.status, StatusCode::OK, "{}", claimed.text());
    (site, issuer, root)
}

fn location(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.text());
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    answer.header(header::LOCATION)
}

/// Goes to the provider, agrees there, comes back; where that ends.
async fn sign_in(browser: &Browser, issuer: &Issuer) -> String {
    let begun = browser.get(START).await;
    let back = issuer.agree(location(&begun));
    location(&browser.get(&back).await).to_owned()
}

async fn me(browser: &Browser) -> Value {
    browser.get("/api/v1/me").await.json()
}

async fn is_signed_in(browser: &Browser) -> bool {
    browser.get("/api/v1/services").await.status == StatusCode::OK
}

#[tokio::test]
async fn oidc_sign_in_creates_user_session_and_role() {
    for records in databases::each().await {
        let (site, issuer, _) = site(records, |_| {}).await;
        let browser = site.browser();
        assert_eq!(browser.get("/api/v1/instance").await.json()["oidc"], json!("Test"));
        assert_eq!(sign_in(&browser, &issuer).await, "/");
        let me = me(&browser).await;
        assert_eq!((&me["name"], &me["display_name"]), (&json!("ann"), &json!("Ann Smith")), "{me}");
        assert!(is_signed_in(&browser).await);
        let again = site.browser();
        sign_in(&again, &issuer).await;
        assert_eq!(self::me(&again).await["id"], me["id"], "the same account");
        let audited = site.audited().await;
        for action in ["user.create", "identity.link", "binding.create", "session.start"] {
            assert!(audited.iter().any(|a| a == action), "{action}: {audited:?}");
        }
        assert_eq!(audited.iter().filter(|a| *a == "identity.link").count(), 1);
    }
}

#[tokio::test]
async fn sign_ins_complete_once_in_the_same_browser_before_expiry() {
    for records in databases::each().await {
        let (site, issuer, _) = site(records, |_| {}).await;
        let stale = "/login?problem=stale";
        // Login CSRF: somebody else's answer is put under a person's browser, which has begun one, or none.
        let attacker = site.browser();
        let planted = issuer.agree(location(&attacker.get(START).await));
        let (fresh, busy) = (site.browser(), site.browser());
        busy.get(START).await;
        for victim in [&fresh, &busy] {
            assert_eq!(location(&victim.get(&planted).await), stale);
            assert!(!is_signed_in(victim).await);
        }
        // It was not spoilt by that. Used, it is over.
        let own = attacker.get(&planted).await;
        assert_eq!(location(&own), "/");
        assert_eq!(location(&attacker.get(&planted).await), stale);
        // A state that never was, or none.
        let browser = site.browser();
        let back = issuer.agree(location(&browser.get(START).await));
        let state = query(&format!("http://x{back}"))["state"].clone();
        for bad in
            [back.replace(&state, &"0".repeat(52)), back.replace(&state, ""), back.replace(&state, "x")]
        {
            assert_eq!(location(&browser.get(&bad).await), stale, "{bad}");
        }
        site.clock.advance(Duration::from_secs(601));
        assert_eq!(location(&browser.get(&back).await), stale);
    }
}

#[tokio::test]
async fn authorization_codes_are_single_use() {
    let (site, issuer, _) = site(Records::in_memory(), |_| {}).await;
    let (one, other) = (site.browser(), site.browser());
    let first = issuer.agree(location(&one.get(START).await));
    let second = issuer.agree(location(&other.get(START).await));
    assert_eq!(location(&one.get(&first).await), "/");
    let code = |path: &str| query(&format!("http://x{path}"))["code"].clone();
    // Another's code does not fit the verifier; a used one is worth nothing.
    for (own, taken) in [(&second, &first)] {
        let stolen = own.replace(&code(own), &code(taken));
        assert_eq!(location(&other.get(&stolen).await), "/login?problem=provider-answer");
        assert!(!is_signed_in(&other).await);
    }
    let third = issuer.agree(location(&other.get(START).await));
    let fourth = issuer.agree(location(&one.get(START).await));
    let injected = fourth.replace(&code(&fourth), &code(&third));
    assert_eq!(location(&one.get(&injected).await), "/login?problem=provider-answer", "PKCE");
}

#[tokio::test]
async fn sign_in_redirects_to_local_pages_only() {
    let (site, issuer, _) = site(Records::in_memory(), |_| {}).await;
    for (next, expected) in [
        ("/explore%3Fservice%3Dpay", "/explore?service=pay"),
        ("//evil.example", "/"),
        ("/%5Cevil.example", "/"),
        ("https%3A//evil.example", "/"),
        ("/%09/evil.example", "/"),
        ("", "/"),
    ] {
        let browser = site.browser();
        let back = issuer.agree(location(&browser.get(&format!("{START}?next={next}")).await));
        assert_eq!(location(&browser.get(&back).await), expected, "{next}");
    }
}

#[tokio::test]
async fn replicas_share_sign_ins() {
    for records in databases::each().await {
        let (one, issuer, _) = site(records.clone(), |_| {}).await;
        let two = Site::with(records, |app| app.oidc(config(&issuer)).unwrap());
        let browser = one.browser();
        let back = issuer.agree(location(&browser.get(START).await));
        assert_eq!(location(&browser.on(&two).get(&back).await), "/");
        assert!(is_signed_in(&browser).await);
    }
}

#[tokio::test]
async fn oidc_routes_need_a_provider_and_a_claimed_server() {
    let (site, _) = Site::claimed(Records::in_memory()).await;
    assert_eq!(site.browser().get(START).await.status, StatusCode::NOT_FOUND);
    let issuer = Issuer::start(START_S).await;
    let config = config(&issuer);
    let site = Site::with(Records::in_memory(), |app| app.oidc(config).unwrap());
    assert_eq!(location(&site.browser().get(START).await), "/login?problem=unclaimed");
}

#[tokio::test]
async fn client_addresses_are_rate_limited() {
    let (site, issuer, _) = site(Records::in_memory(), |_| {}).await;
    let browser = site.browser_at("192.0.2.1");
    for _ in 0..30 {
        browser.get("/api/v1/oidc/callback?code=x&state=y").await;
    }
    assert_eq!(location(&browser.get(START).await), "/login?problem=too-many-attempts");
    assert_eq!(sign_in(&site.browser_at("192.0.2.2"), &issuer).await, "/");
}

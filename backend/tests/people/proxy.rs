//! Authentication by a trusted proxy.

use super::databases;
use super::site::{Answer, Browser, PASSWORD, Site};
use axum::http::{HeaderName, Method, StatusCode};
use flarepath::config::ProxyConfig;
use flarepath::db::Records;
use flarepath_profile::unix_nanos::UnixNanos;
use serde_json::{Value, json};

const PROXY: &str = "10.1.2.3";

/// A claimed server behind proxies in 10.0.0.0/8.
async fn site(records: Records, auto_create: bool) -> Site {
    let site = Site::with(records, |app| {
        app.proxy(ProxyConfig {
            trusted: vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()],
            user_header: Some("x-forwarded-user".to_owned()),
            auto_create,
        })
    });
    let root = site.browser();
    let claimed = root.post("/api/v1/claim", json!({ "name": "root", "password": PASSWORD })).await;
    assert_eq!(claimed.status, StatusCode::OK, "{}", claimed.text());
    site
}

async fn get(browser: &Browser, path: &str, headers: &[(&str, &str)]) -> Answer {
    send(browser, Method::GET, path, headers).await
}

async fn send(browser: &Browser, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = browser.request(method, path, Value::Null);
    for (name, value) in headers {
        request.headers_mut().append(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
    }
    browser.send(request).await
}

async fn name(browser: &Browser, headers: &[(&str, &str)]) -> Value {
    get(browser, "/api/v1/me", headers).await.json()["name"].clone()
}

#[tokio::test]
async fn trusted_proxies_authenticate_each_request() {
    let site = site(Records::in_memory(), false).await;
    let browser = site.browser_at(PROXY);
    let root = [("X-Forwarded-User", "root")];
    assert_eq!(name(&browser, &root).await, json!("root"));
    assert_eq!(get(&browser, "/api/v1/services", &root).await.status, StatusCode::OK);
    assert_eq!(get(&browser, "/api/v1/services", &[]).await.status, StatusCode::UNAUTHORIZED);
    assert!(browser.cookie().is_none());
    assert_eq!(name(&browser, &[("x-forwarded-USER", " Root ")]).await, json!("root"));
    assert_eq!(name(&site.browser_at("fd00::7"), &root).await, json!("root"));
    assert_eq!(name(&site.browser_at("::ffff:10.1.2.3"), &root).await, json!("root"));
}

#[tokio::test]
async fn user_headers_from_other_addresses_are_ignored() {
    let site = site(Records::in_memory(), true).await;
    for address in ["192.0.2.1", "127.0.0.1", "11.0.0.1", "fe80::1", "::1"] {
        let browser = site.browser_at(address);
        for headers in [
            &[("X-Forwarded-User", "root")][..],
            &[("X-Forwarded-User", "root"), ("X-Forwarded-For", "10.1.2.3")],
            &[
                ("X-Forwarded-User", "root"),
                ("X-Forwarded-For", "10.1.2.3, 10.1.2.4"),
                ("X-Real-IP", "10.1.2.3"),
            ],
            &[("X-Forwarded-User", "root"), ("Forwarded", "for=10.1.2.3;by=10.1.2.3")],
        ] {
            let answer = get(&browser, "/api/v1/services", headers).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{address} {headers:?}");
        }
    }
    assert_eq!(site.app.records.users().await.unwrap().len(), 1);
}

#[tokio::test]
async fn ambiguous_proxy_headers_are_rejected() {
    let site = site(Records::in_memory(), true).await;
    let browser = site.browser_at(PROXY);
    for headers in [
        &[("X-Forwarded-User", "root"), ("X-Forwarded-User", "ann")][..],
        &[("X-Forwarded-User", "ann"), ("x-forwarded-user", "root")],
        &[("X-Forwarded-User", "root, ann")],
        &[("X-Forwarded-User", "root,")],
        &[("X-Forwarded-User", "")],
        &[("X-Forwarded-User", "ro ot")],
        &[("X-Forwarded-User", "r\u{f6}\u{f6}t")],
    ] {
        let answer = get(&browser, "/api/v1/services", headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert_eq!(name(&browser, headers).await, json!(""), "{headers:?}");
    }
    for other in ["X_Forwarded_User", "X-Forwarded_User", "X-Forwarded-User2", "Remote-User"] {
        let answer = get(&browser, "/api/v1/services", &[(other, "root")]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{other}");
    }
    assert_eq!(site.app.records.users().await.unwrap().len(), 1);
}

#[tokio::test]
async fn unknown_proxy_users_become_viewers_only_if_configured() {
    for records in databases::each().await {
        let site = site(records, true).await;
        let browser = site.browser_at(PROXY);
        let ann = [("X-Forwarded-User", "ann")];
        assert_eq!(get(&browser, "/api/v1/services", &ann).await.status, StatusCode::OK);
        assert_eq!(get(&browser, "/metrics", &ann).await.status, StatusCode::FORBIDDEN);
        assert_eq!(name(&browser, &ann).await, json!("ann"));
        assert_eq!(site.audited().await.iter().filter(|action| *action == "user.create").count(), 1);
    }
    let site = site(Records::in_memory(), false).await;
    let refused = get(&site.browser_at(PROXY), "/api/v1/services", &[("X-Forwarded-User", "ann")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text().contains("ann"), "{}", refused.text());
}

#[tokio::test]
async fn disabled_users_are_rejected_despite_a_foreign_cookie() {
    let site = site(Records::in_memory(), true).await;
    let browser = site.browser_at(PROXY);
    let ann = [("X-Forwarded-User", "ann")];
    browser.sign_in("root", PASSWORD).await;
    assert_eq!(name(&browser, &[]).await, json!("root"));
    assert_eq!(name(&browser, &ann).await, json!("ann"), "the proxy knows who sits there now");
    let mut user = site.app.records.user_by_name("ann").await.unwrap().unwrap();
    user.disabled_at = Some(UnixNanos(1));
    let mut change = site.app.records.change().await.unwrap();
    change.update_user(&user).await.unwrap();
    change.commit_unaudited().await.unwrap();
    assert_eq!(get(&browser, "/api/v1/services", &ann).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn cross_site_requests_through_the_proxy_are_rejected() {
    let site = site(Records::in_memory(), true).await;
    let browser = site.browser_at(PROXY);
    let attempt = |said: Option<(&'static str, &'static str)>| {
        let mut request = browser.request(Method::DELETE, "/api/v1/session", Value::Null);
        request.headers_mut().remove("sec-fetch-site");
        request.headers_mut().insert("x-forwarded-user", "root".parse().unwrap());
        if let Some((name, value)) = said {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let browser = browser.clone();
        async move { browser.send(request).await.status }
    };
    for said in [None, Some(("sec-fetch-site", "cross-site")), Some(("origin", "https://evil.example"))] {
        assert_eq!(attempt(said).await, StatusCode::FORBIDDEN, "{said:?}");
    }
    assert_eq!(attempt(Some(("sec-fetch-site", "same-origin"))).await, StatusCode::NO_CONTENT);
}

/// The address that is written down of a refused sign-in.
async fn address(site: &Site, peer: &str, forwarded: &[&str]) -> String {
    let mut browser = site.browser_at(peer);
    browser = browser.with_cookie("a=b");
    let headers: Vec<(&str, &str)> = forwarded.iter().map(|value| ("X-Forwarded-For", *value)).collect();
    let mut request =
        browser.request(Method::POST, "/api/v1/session", json!({ "name": "root", "password": PASSWORD }));
    for (name, value) in headers {
        request.headers_mut().append(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
    }
    let signed_in = browser.send(request).await;
    assert_eq!(signed_in.status, StatusCode::OK, "{}", signed_in.text());
    let root = site.app.records.user_by_name("root").await.unwrap().unwrap();
    let sessions = site.app.records.sessions_of(&root.id, UnixNanos(0), UnixNanos(0)).await.unwrap();
    let mut newest: Vec<_> = sessions.into_iter().collect();
    newest.sort_by_key(|session| session.created_at);
    newest.pop().unwrap().ip
}

#[tokio::test]
async fn client_addresses_come_from_trusted_proxies_only() {
    let site = site(Records::in_memory(), false).await;
    for (peer, forwarded, expected) in [
        ("192.0.2.1", &["10.0.0.1"][..], "192.0.2.1"),
        ("192.0.2.1", &["203.0.113.9, 10.0.0.1"], "192.0.2.1"),
        (PROXY, &[], PROXY),
        (PROXY, &["203.0.113.9"], "203.0.113.9"),
        (PROXY, &["1.1.1.1, 203.0.113.9"], "203.0.113.9"),
        (PROXY, &["1.1.1.1, 203.0.113.9, 10.9.9.9"], "203.0.113.9"),
        (PROXY, &["1.1.1.1", "203.0.113.9", "10.9.9.9"], "203.0.113.9"),
        (PROXY, &["10.0.0.1, 10.0.0.2"], "10.0.0.1"),
        (PROXY, &["203.0.113.9:4711"], "203.0.113.9"),
        (PROXY, &["[2001:db8::1]:4711"], "2001:db8::1"),
        (PROXY, &["2001:db8::1, fd00::1"], "2001:db8::1"),
        (PROXY, &["203.0.113.9, unknown"], PROXY),
        (PROXY, &["203.0.113.9, , 10.0.0.1"], "10.0.0.1"),
        (PROXY, &[""], PROXY),
    ] {
        site.clock.advance(std::time::Duration::from_secs(301));
        assert_eq!(address(&site, peer, forwarded).await, expected, "{peer} {forwarded:?}");
    }
}

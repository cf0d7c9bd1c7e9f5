//! Cross-site request forgery, framing and foreign host names.

use super::site::{Browser, PASSWORD, Site};
use axum::http::{Method, StatusCode, header};
use flarepath::db::Records;
use serde_json::{Value, json};

/// Sends with these headers in place of what a page of ours would say.
async fn send(
    browser: &Browser,
    method: Method,
    path: &str,
    body: Value,
    said: &[(&'static str, &str)],
) -> (u16, String) {
    let mut request = browser.request(method, path, body);
    request.headers_mut().remove("sec-fetch-site");
    for (name, value) in said {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    let answer = browser.send(request).await;
    let kind = if answer.status.is_success() { String::new() } else { answer.kind() };
    (answer.status.as_u16(), kind)
}

const FOREIGN: [&[(&str, &str)]; 8] = [
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:4280")],
    &[("sec-fetch-site", "?")],
    &[("origin", "https://evil.example")],
    &[("origin", "null")],
    &[("origin", "http://127.0.0.1:4281")],
    &[("origin", "https://127.0.0.1:4280")],
];

#[tokio::test]
async fn rejects_cross_site_changes() {
    let (_, root) = Site::claimed(Records::in_memory()).await;
    for said in FOREIGN.iter().chain([&[][..]].iter()) {
        for (method, path, body) in [
            (Method::DELETE, "/api/v1/me/sessions", Value::Null),
            (Method::DELETE, "/api/v1/session", Value::Null),
            (Method::PATCH, "/api/v1/me", json!({ "display_name": "Mallory" })),
        ] {
            let refused = send(&root, method, path, body, said).await;
            assert_eq!(refused, (403, "foreign-site".to_owned()), "{path} {said:?}");
        }
    }
    assert_eq!(root.get("/api/v1/me").await.json()["display_name"], json!("root"));
    for said in [
        &[("origin", "http://127.0.0.1:4280")][..],
        &[("sec-fetch-site", "none")],
        &[("sec-fetch-site", "same-origin")],
    ] {
        let body = json!({ "display_name": "Rooty" });
        assert_eq!(send(&root, Method::PATCH, "/api/v1/me", body, said).await.0, 200, "{said:?}");
    }
}

#[tokio::test]
async fn prevents_login_csrf() {
    let (site, _) = Site::claimed(Records::in_memory()).await;
    let body = || json!({ "name": "root", "password": PASSWORD });
    for said in FOREIGN {
        let browser = site.browser();
        let refused = send(&browser, Method::POST, "/api/v1/session", body(), said).await;
        assert_eq!(refused, (403, "foreign-site".to_owned()), "{said:?}");
        assert!(browser.cookie().is_none());
    }
    let program = send(&site.browser(), Method::POST, "/api/v1/session", body(), &[]).await;
    assert_eq!(program.0, 200, "a program says nothing");
}

#[tokio::test]
async fn rejects_changes_by_form_posts() {
    let (site, _) = Site::claimed(Records::in_memory()).await;
    let browser = site.browser();
    for content_type in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
    {
        let mut request =
            browser.request(Method::POST, "/api/v1/session", json!({ "name": "root", "password": PASSWORD }));
        request.headers_mut().insert(header::CONTENT_TYPE, content_type.parse().unwrap());
        assert_eq!(browser.send(request).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type}");
    }
    let mut request =
        browser.request(Method::POST, "/api/v1/session", json!({ "name": "root", "password": PASSWORD }));
    request.headers_mut().insert(header::CONTENT_TYPE, "Application/JSON; charset=utf-8".parse().unwrap());
    assert_eq!(browser.send(request).await.status, StatusCode::OK);
}

#[tokio::test]
async fn body_errors_do_not_quote_the_body() {
    let (site, _) = Site::claimed(Records::in_memory()).await;
    for body in [
        json!({ "name": "root", "password": ["hunter2secret"] }),
        json!({ "name": { "hunter2secret": 1 }, "password": "x" }),
        json!("hunter2secret"),
        json!({ "name": "root" }),
    ] {
        let answer = site.browser().post("/api/v1/session", body).await;
        assert_eq!((answer.status.as_u16(), answer.kind().as_str()), (400, "bad-json"));
        assert!(!answer.text().contains("hunter2"), "{}", answer.text());
    }
}

#[tokio::test]
async fn rejects_foreign_host_names() {
    let (site, root) = Site::claimed(Records::in_memory()).await;
    for host in ["evil.example", "127.0.0.1.evil.example", "10.0.0.1:4280"] {
        for path in ["/api/v1/services", "/api/v1/me", "/"] {
            let mut request = root.request(Method::GET, path, Value::Null);
            request.headers_mut().insert(header::HOST, host.parse().unwrap());
            assert_eq!(root.send(request).await.status, StatusCode::FORBIDDEN, "{host} {path}");
        }
        // Any page can say that it has a token.
        let body = json!({ "name": "root", "password": PASSWORD });
        let mut request = site.browser().request(Method::POST, "/api/v1/session", body);
        request.headers_mut().insert(header::HOST, host.parse().unwrap());
        request.headers_mut().insert(header::AUTHORIZATION, "Bearer x".parse().unwrap());
        assert_eq!(site.browser().send(request).await.status, StatusCode::FORBIDDEN, "{host}");
    }
    let public = Site::with(Records::in_memory(), |app| {
        let app = app.public_url(Some("https://fp.example".parse().unwrap())).open_to_network(true);
        app.allowed_hosts(vec!["fp.internal".to_owned()])
    });
    for (host, expected) in [
        ("fp.example", 200),
        ("FP.example:443", 200),
        ("127.0.0.1:4280", 200),
        ("other.example", 403),
        ("fp.example:8443", 403),
        ("fp.internal:8443", 200),
        ("192.0.2.7", 403),
        ("fp.example@evil.example", 400),
    ] {
        let browser = public.browser();
        let mut request = browser.request(Method::GET, "/api/v1/instance", Value::Null);
        request.headers_mut().insert(header::HOST, host.parse().unwrap());
        assert_eq!(browser.send(request).await.status.as_u16(), expected, "{host}");
        let mut request = browser.request(Method::GET, "/healthz", Value::Null);
        request.headers_mut().insert(header::HOST, host.parse().unwrap());
        let by_any_name = if expected == 400 { 400 } else { 200 };
        assert_eq!(browser.send(request).await.status.as_u16(), by_any_name, "health by {host}");
    }
}

#[tokio::test]
async fn pages_cannot_be_framed() {
    let (_, root) = Site::claimed(Records::in_memory()).await;
    let share = format!("/s/{}", "0".repeat(32));
    for path in
        ["/", "/login", &share, "/api/v1/me", "/api/v1/users", "/api/docs", "/og/card.png", "/nothing.js"]
    {
        let answer = root.get(path).await;
        assert!(answer.header(header::CONTENT_SECURITY_POLICY).contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.header(header::X_FRAME_OPTIONS), "DENY", "{path}");
    }
}

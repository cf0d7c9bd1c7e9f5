//! Redirects of pages before sign-in.

use super::databases;
use super::site::{Browser, PASSWORD, Site};
use axum::http::{StatusCode, header};
use std::time::Duration;

/// Where a path leads; nothing when it answers itself.
async fn led_to(browser: &Browser, path: &str) -> Option<String> {
    let answer = browser.get(path).await;
    if answer.status != StatusCode::FOUND {
        return None;
    }
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store", "{path}");
    Some(answer.header(header::LOCATION).to_owned())
}

#[tokio::test]
async fn pages_redirect_to_sign_in_and_static_files_do_not() {
    for records in databases::each().await {
        let site = Site::unclaimed(records);
        let browser = site.browser();
        for path in ["/", "/explore?service=a", "/login", "/invite"] {
            assert_eq!(led_to(&browser, path).await.as_deref(), Some("/claim"), "{path}");
        }
        assert_eq!(led_to(&browser, "/claim").await, None);
        let (site, root) = Site::claimed(site.app.records.clone()).await;
        let browser = site.browser();
        for (path, to) in [
            ("/", "/login"),
            ("/claim", "/login"),
            ("/explore?service=a&from=now-1h", "/login?next=/explore%3Fservice%3Da%26from%3Dnow-1h"),
            ("/settings", "/login?next=/settings"),
            ("/service/team%2Fcheckout.eu", "/login?next=/service/team%252Fcheckout.eu"),
            ("//evil.example/x", "/login?next=//evil.example/x"),
        ] {
            assert_eq!(led_to(&browser, path).await.as_deref(), Some(to), "{path}");
        }
        for path in ["/login", "/invite", "/s/anything"] {
            assert_eq!(led_to(&browser, path).await, None, "{path}");
        }
        for path in ["/missing.js", "/api/v1/nothing"] {
            assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(led_to(&root, "/explore").await, None);
        site.clock.advance(Duration::from_secs(12 * 3600));
        assert_eq!(led_to(&root, "/explore").await.as_deref(), Some("/login?next=/explore"));
        assert_eq!(root.sign_in("root", PASSWORD).await.status, StatusCode::OK);
        assert_eq!(led_to(&root, "/explore").await, None);
    }
}

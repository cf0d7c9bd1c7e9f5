//! The page's files. The tests run with and without a built page.

use crate::server::Server;
use axum::http::{StatusCode, header};

#[tokio::test]
async fn serves_the_page_and_404_for_missing_files() {
    let server = Server::empty();
    for path in [
        "/",
        "/explore",
        "/explore?service=shop",
        "/i?service=shop.eu&at=now",
        "/shares/abc",
        "/service/shop?from=now-1h",
        "/service/shop.eu",
        "/service/team%2Fcheckout",
        "/service/team%2Fcheckout.js",
        "/service/team%2F",
        "/service/OrderService",
    ] {
        let answer = server.get(path, &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.header(header::CONTENT_TYPE).starts_with("text/html"), "{path}");
        assert!(answer.header(header::CACHE_CONTROL).starts_with("no-"), "{path}");
    }
    for path in ["/missing.js", "/a/b.wasm", "/favicon.nope", "/services/a.js"] {
        assert_eq!(server.get(path, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for outside in ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "/..%2fCargo.toml"] {
        let answer = server.get(outside, &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{outside}");
    }
    assert_eq!(server.post("/explore", "text/plain", "x").await.status, StatusCode::METHOD_NOT_ALLOWED);
}

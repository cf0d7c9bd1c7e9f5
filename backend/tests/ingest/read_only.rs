//! Pushes to a server whose profile storage is read-only.

use crate::server::{Server, bytes_of};
use axum::http::StatusCode;

const KIND: &str = "read-only-store";

#[tokio::test]
async fn every_protocol_answers_not_implemented() {
    let server = Server::read_only();
    let upload = server.post("/api/v1/profiles?service=cart", "text/plain", "a;b 1").await;
    assert_eq!(upload.status, StatusCode::NOT_IMPLEMENTED, "{}", upload.text());
    assert!(upload.text().contains(KIND), "{}", upload.text());
    assert!(upload.text().contains("ingest.store"), "{}", upload.text());

    let legacy =
        server.post("/ingest?name=cart&from=now-1m&until=now&format=folded", "text/plain", "a;b 1").await;
    assert_eq!(legacy.status, StatusCode::NOT_IMPLEMENTED, "{}", legacy.text());

    let push = server.post("/push.v1.PusherService/Push", "application/json", r#"{"series":[]}"#).await;
    assert_eq!(push.status, StatusCode::NOT_IMPLEMENTED, "{}", push.text());
    assert!(push.text().contains(r#""code":"unimplemented""#), "{}", push.text());

    let otlp =
        server.post("/v1development/profiles", "application/x-protobuf", bytes_of("otlp/export.pb")).await;
    assert_eq!(otlp.status, StatusCode::NOT_IMPLEMENTED, "{}", otlp.text());
}

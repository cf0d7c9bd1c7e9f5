//! The one budget of all requests in flight: what can never fit is refused at once, what does not fit now is to be tried again.

use crate::server::{Sent, Server};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use bytes::Bytes;
use futures::channel::mpsc;
use futures::{SinkExt, StreamExt};
use std::convert::Infallible;
use tower::ServiceExt;

const MIB: usize = 1 << 20;
const UPLOAD: &str = "/ingest?name=a.cpu&format=folded";

/// A request whose body comes when the test sends it.
fn slow() -> (mpsc::Sender<Bytes>, Request<Body>) {
    let (sender, pieces) = mpsc::channel(0);
    let body = Body::from_stream(pieces.map(Ok::<_, Infallible>));
    (sender, Request::post(UPLOAD).body(body).unwrap())
}

#[tokio::test]
async fn what_can_never_fit_is_refused_at_once_in_the_words_of_each_protocol() {
    let server = Server::with_budget(2 * MIB);
    let large = vec![b'a'; 3 * MIB];
    for (path, content_type) in [
        (UPLOAD, "text/plain"),
        ("/api/v1/profiles?service=a", "application/octet-stream"),
        ("/push.v1.PusherService/Push", "application/proto"),
        ("/v1development/profiles", "application/x-protobuf"),
        ("/api/v1/shares", "application/x-protobuf"),
    ] {
        let (status, _, body) = server.send(Sent::post(path, content_type, large.clone()).request()).await;
        let text = String::from_utf8_lossy(&body);

        assert_eq!(status.as_u16(), 413, "{path}: {text}");
        assert!(text.contains("limits.request_memory_mib"), "{path}: {text}");
    }
    assert_eq!(server.app.reserved_request_memory(), 0);
}

#[tokio::test]
async fn asks_to_retry_and_frees_what_a_caller_who_left_held() {
    let server = Server::with_budget(8 * MIB);
    let (mut sender, request) = slow();
    let first = tokio::spawn(server.router.clone().oneshot(request));
    sender.send(Bytes::from(vec![b'a'; 7 * MIB])).await.unwrap();
    sender.send(Bytes::from_static(b"b")).await.unwrap(); // the piece before is read
    assert!(server.app.reserved_request_memory() >= 7 * MIB);

    let second = || Sent::post(UPLOAD, "text/plain", vec![b'a'; 2 * MIB]).request();
    let (status, retry_after, body) = server.send(second()).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{}", String::from_utf8_lossy(&body));
    assert_eq!(retry_after.as_deref(), Some("5"));
    let push = Sent::post("/push.v1.PusherService/Push", "application/proto", vec![0; 2 * MIB]).request();
    let (status, retry_after, _) = server.send(push).await;
    assert_eq!((status, retry_after.as_deref()), (StatusCode::SERVICE_UNAVAILABLE, Some("5")));

    // Small bodies do not wait for large ones.
    let small = Sent::post("/api/v1/shares/preview", "application/json", "{}").request();
    assert_ne!(server.send(small).await.0, StatusCode::SERVICE_UNAVAILABLE);

    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    assert_eq!(server.app.reserved_request_memory(), 0);
    assert_ne!(server.send(second()).await.0, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn bounds_query_strings() {
    let server = Server::with_budget(8 * MIB);
    for query in ["a=1&".repeat(2000), "a".repeat(65_000 + 1000)] {
        let request = Request::get(format!("/api/v1/services?{query}")).body(Body::empty());
        let Ok(request) = request else { continue }; // longer than an address can be
        assert_eq!(server.send(request).await.0, StatusCode::BAD_REQUEST);
    }
}

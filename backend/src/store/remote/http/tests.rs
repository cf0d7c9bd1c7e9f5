//! A store that misbehaves, over real connections. No test measures time.

use super::*;
use crate::config::RemoteAuth;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

const LIMIT: usize = 1 << 20;
/// Longer than any test runs.
const LONG: Duration = Duration::from_secs(3600);
const SHORT: Duration = Duration::from_millis(100);

/// What a server does once it has written its answer.
#[derive(Clone, Copy)]
enum End {
    Close,
    /// Keeps the connection open and says nothing more.
    Hang,
    /// Writes a byte now and then, without an end.
    Drip,
    /// Writes as fast as it can, without an end.
    Flood,
}

/// A server that gives the same answer to each request.
struct Server {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
    /// Bytes of bodies.
    written: Arc<AtomicUsize>,
    /// Stops when the server is dropped.
    _accepting: JoinSet<()>,
}

impl Server {
    async fn start(answer: impl Into<String>, end: End) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (requests, written) = (Arc::<Mutex<Vec<String>>>::default(), Arc::new(AtomicUsize::new(0)));
        let (answer, kept, count) = (answer.into(), requests.clone(), written.clone());
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let request = read_request(&mut stream).await;
                kept.lock().unwrap().push(request);
                // Fails when the client has closed the connection, as it may.
                let _ = stream.write_all(answer.as_bytes()).await;
                finish(stream, end, &count).await;
            }
        });
        Server { url, requests, written, _accepting: accepting }
    }

    fn config(&self) -> RemoteStoreConfig {
        RemoteStoreConfig { timeout: LONG, ..RemoteStoreConfig::at(&self.url) }
    }

    /// The answer of this server to one request.
    async fn get(&self, timeout: Duration) -> Result<HttpAnswer, Failure> {
        let config = RemoteStoreConfig { timeout, ..self.config() };
        HttpUpstream::new(&config).unwrap().get("/x", LIMIT).await
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// Head and body, in lower case.
async fn read_request(stream: &mut TcpStream) -> String {
    let (mut bytes, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let count = stream.read(&mut part).await.unwrap_or(0);
        bytes.extend_from_slice(&part[..count]);
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            assert!(count > 0, "a request without an end: {text}");
            continue;
        };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
            return text;
        }
    }
}

async fn finish(mut stream: TcpStream, end: End, written: &AtomicUsize) {
    let (body, pause) = match end {
        End::Close => return,
        End::Hang => return std::future::pending().await,
        End::Drip => (vec![b'x'], Duration::from_millis(5)),
        End::Flood => (vec![b'x'; 64 << 10], Duration::ZERO),
    };
    while stream.write_all(&body).await.is_ok() {
        written.fetch_add(body.len(), Ordering::SeqCst);
        tokio::time::sleep(pause).await;
    }
}

fn response(status: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: Text/Plain\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

#[tokio::test]
async fn an_answer_is_whole_and_has_its_type_in_lower_case() {
    for status in [200, 206, 400, 404, 422] {
        let server = Server::start(response(&status.to_string(), "text"), End::Close).await;
        let answer = server.get(LONG).await.unwrap();
        assert_eq!((answer.status, answer.content_type.as_str()), (status, "text/plain"));
        assert_eq!(answer.body, "text");
    }
}

#[tokio::test]
async fn statuses_tell_whether_the_store_is_down() {
    type Is = fn(&StoreError) -> bool;
    let cases: [(&str, bool, Is); 8] = [
        ("401", false, |error| matches!(error, StoreError::Denied(_))),
        ("403", false, |error| matches!(error, StoreError::Denied(_))),
        ("408", true, |error| matches!(error, StoreError::Timeout(_))),
        ("429", true, |error| matches!(error, StoreError::Busy(_))),
        ("500", true, |error| matches!(error, StoreError::Unreachable(_))),
        ("502", true, |error| matches!(error, StoreError::Unreachable(_))),
        ("503", true, |error| matches!(error, StoreError::Unreachable(_))),
        ("504", true, |error| matches!(error, StoreError::Timeout(_))),
    ];
    for (status, is_down, is_expected) in cases {
        let server = Server::start(response(status, "DB::Exception:\n no\u{7} memory"), End::Close).await;
        let failure = server.get(LONG).await.unwrap_err();
        assert!(is_expected(&failure.error) && failure.is_down == is_down, "{status}: {failure:?}");
        let text = failure.error.to_string();
        assert!(text.ends_with(&format!("status {status}: DB::Exception: no memory")), "{text}");
    }
}

#[tokio::test]
async fn a_store_says_when_to_come_again() {
    let answer = "HTTP/1.1 429\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n";
    let failure = Server::start(answer, End::Close).await.get(LONG).await.unwrap_err();
    assert_eq!(failure.retry_after, Some(Duration::from_secs(7)));
    let dated = answer.replace('7', "Fri, 31 Dec 1999 23:59:59 GMT");
    assert_eq!(Server::start(dated, End::Close).await.get(LONG).await.unwrap_err().retry_after, None);
}

#[tokio::test]
async fn a_store_that_is_not_there_is_unreachable() {
    let refusing = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    // A label of more than 63 characters is refused by the resolver itself (RFC 1035, section 2.3.4).
    for host in [refusing.to_string(), format!("{}.example", "a".repeat(64))] {
        let config = RemoteStoreConfig { timeout: LONG, ..RemoteStoreConfig::at(&format!("http://{host}")) };
        let failure = HttpUpstream::new(&config).unwrap().get("/", LIMIT).await.unwrap_err();
        assert!(failure.is_down && matches!(failure.error, StoreError::Unreachable(_)), "{failure:?}");
    }
}

#[tokio::test]
async fn time_is_limited_until_the_last_byte() {
    let head = "HTTP/1.1 200\r\nContent-Length: 1000000\r\n\r\n";
    for (answer, end) in [("", End::Hang), (head, End::Hang), (head, End::Drip)] {
        let failure = Server::start(answer, end).await.get(SHORT).await.unwrap_err();
        assert!(failure.is_down && matches!(failure.error, StoreError::Timeout(_)), "{failure:?}");
    }
}

#[tokio::test]
async fn half_an_answer_is_invalid() {
    for head in ["Content-Length: 100", "Transfer-Encoding: chunked"] {
        let answer = format!("HTTP/1.1 200\r\n{head}\r\n\r\n40\r\nhalf");
        let failure = Server::start(answer, End::Close).await.get(LONG).await.unwrap_err();
        assert!(failure.is_down && matches!(failure.error, StoreError::Invalid(_)), "{failure:?}");
    }
    let nothing = Server::start("", End::Close).await.get(LONG).await.unwrap_err();
    assert!(matches!(nothing.error, StoreError::Unreachable(_)), "{nothing:?}");
}

#[tokio::test]
async fn answers_beyond_the_limit_are_refused_before_they_are_read() {
    let announced = "HTTP/1.1 200\r\nContent-Length: 1000000000\r\n\r\n";
    let endless = "HTTP/1.1 200\r\nConnection: close\r\n\r\n";
    for (answer, end) in [(announced, End::Hang), (endless, End::Flood)] {
        let server = Server::start(answer, end).await;
        let failure = server.get(LONG).await.unwrap_err();
        assert!(!failure.is_down && matches!(failure.error, StoreError::TooLarge(_)), "{failure:?}");
        // What is more than the limit is in the buffers of the two sockets.
        assert!(server.written.load(Ordering::SeqCst) < LIMIT + (32 << 20));
    }
}

#[tokio::test]
async fn credentials_go_to_the_store_and_nowhere_else() {
    let elsewhere = Server::start(response("200", ""), End::Close).await;
    let token = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(token.path(), "secret").unwrap();
    for status in ["301", "302", "307", "308"] {
        let answer = format!(
            "HTTP/1.1 {status}\r\nLocation: {}/x\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            elsewhere.url
        );
        let server = Server::start(answer, End::Close).await;
        let auth = RemoteAuth::Bearer(token.path().to_owned());
        let headers = vec![("X-Scope-OrgID".to_owned(), "shop".to_owned())];
        let upstream = HttpUpstream::new(&RemoteStoreConfig { auth, headers, ..server.config() }).unwrap();
        for _ in 0..2 {
            let failure = upstream.get("/x", LIMIT).await.unwrap_err();
            assert!(!failure.is_down && matches!(failure.error, StoreError::Invalid(_)), "{failure:?}");
        }
        for request in server.requests() {
            assert!(request.contains("authorization: bearer secret"), "{request}");
            assert!(request.contains("x-scope-orgid: shop") && !request.contains("cookie"), "{request}");
        }
    }
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn a_body_is_sent_with_its_headers() {
    let server = Server::start(response("200", ""), End::Close).await;
    let upstream = HttpUpstream::new(&server.config()).unwrap();
    let headers = [("content-type", "application/json")];
    upstream.post("/a/b?c=d", &headers, Bytes::from_static(b"{}"), LIMIT).await.unwrap();
    let request = server.requests().remove(0);
    assert!(
        request.starts_with("post /a/b?c=d http/1.1\r\n") && request.ends_with("\r\n\r\n{}"),
        "{request}"
    );
    assert!(request.contains("content-type: application/json"), "{request}");
}

#[tokio::test]
async fn a_missing_secret_is_no_reason_to_ask_again() {
    let server = Server::start(response("200", ""), End::Close).await;
    let auth = RemoteAuth::Bearer("/nowhere/token".into());
    let upstream = HttpUpstream::new(&RemoteStoreConfig { auth, ..server.config() }).unwrap();
    let failure = upstream.get("/x", LIMIT).await.unwrap_err();
    assert!(
        !failure.is_down && matches!(&failure.error, StoreError::Denied(text) if !text.contains("nowhere"))
    );
    assert!(server.requests().is_empty());
}

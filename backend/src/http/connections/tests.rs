//! Connections in memory. The tests wait for events and count; none measures time.

use super::accept::{Listen, accept};
use super::slots::Slots;
use crate::config::{ConnectionConfig, ProxyConfig};
use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::routing::{get, post};
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::{mpsc, oneshot};

/// Longer than any test runs.
const LONG: Duration = Duration::from_secs(3600);
const SHORT: Duration = Duration::from_millis(20);
const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// Connections opened by the test, after the given errors.
struct Incoming {
    errors: VecDeque<io::Error>,
    attempts: Arc<AtomicUsize>,
    streams: mpsc::UnboundedReceiver<DuplexStream>,
}

impl Listen for Incoming {
    type Stream = DuplexStream;

    async fn accept(&mut self) -> io::Result<(DuplexStream, SocketAddr)> {
        self.attempts.fetch_add(1, Ordering::SeqCst);
        if let Some(error) = self.errors.pop_front() {
            return Err(error);
        }
        match self.streams.recv().await {
            Some(stream) => Ok((stream, "192.0.2.1:1".parse().unwrap())),
            None => std::future::pending().await,
        }
    }
}

struct Server {
    connect: mpsc::UnboundedSender<DuplexStream>,
    attempts: Arc<AtomicUsize>,
    slots: Arc<Slots>,
    stop: oneshot::Sender<()>,
    serving: tokio::task::JoinHandle<()>,
}

impl Server {
    fn start(config: ConnectionConfig) -> Server {
        Server::failing_first(config, VecDeque::new())
    }

    #[expect(clippy::disallowed_methods, reason = "it ends with the test")]
    fn failing_first(config: ConnectionConfig, errors: VecDeque<io::Error>) -> Server {
        let (connect, streams) = mpsc::unbounded_channel();
        let (stop, stopped) = oneshot::channel();
        let attempts = Arc::new(AtomicUsize::new(0));
        let slots = Arc::new(Slots::new(config.max, config.per_address, ProxyConfig::default()));
        let incoming = Incoming { errors, attempts: attempts.clone(), streams };
        let router = Router::new()
            .route("/", get(async || "hello"))
            .route("/large", get(async || vec![b'x'; 4 << 20]))
            .route("/read", post(read));
        let stopped = async { drop(stopped.await) };
        let serving = tokio::spawn(accept(incoming, router, config, slots.clone(), stopped));
        Server { connect, attempts, slots, stop, serving }
    }

    fn connect(&self) -> DuplexStream {
        let (ours, theirs) = duplex(16 << 10);
        self.connect.send(theirs).unwrap();
        ours
    }

    async fn ask(&self, request: &[u8]) -> String {
        let mut stream = self.connect();
        stream.write_all(request).await.unwrap();
        answer(&mut stream).await
    }
}

async fn read(request: Request) -> &'static str {
    match to_bytes(request.into_body(), 1 << 20).await {
        Ok(_) => "whole",
        Err(error) if crate::http::extract::body::is_timed_out(&error) => "timed out",
        Err(_) => "failed",
    }
}

/// The start of a response; empty if the connection was closed.
async fn answer(stream: &mut DuplexStream) -> String {
    let mut buffer = vec![0; 4096];
    let length = stream.read(&mut buffer).await.unwrap();
    String::from_utf8_lossy(&buffer[..length]).into_owned()
}

/// Reads until the server closes the connection; the number of bytes.
async fn drain(stream: &mut DuplexStream) -> usize {
    let mut all = Vec::new();
    stream.read_to_end(&mut all).await.unwrap();
    all.len()
}

fn lasting() -> ConnectionConfig {
    ConnectionConfig {
        header_timeout: LONG,
        idle_timeout: LONG,
        body_timeout: LONG,
        write_timeout: LONG,
        ..ConnectionConfig::default()
    }
}

#[tokio::test]
async fn closes_late_and_idle_connections() {
    let server = Server::start(ConnectionConfig { header_timeout: SHORT, ..lasting() });
    for sent in [&b""[..], b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let mut stream = server.connect();
        stream.write_all(sent).await.unwrap();
        drain(&mut stream).await;
    }
    let server = Server::start(ConnectionConfig { idle_timeout: SHORT, ..lasting() });
    let mut stream = server.connect();
    stream.write_all(GET).await.unwrap();
    assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200"));
    // A partial request does not extend the time limit.
    stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    drain(&mut stream).await;
}

#[tokio::test]
async fn a_stalled_body_fails_in_its_handler() {
    let server = Server::start(ConnectionConfig { body_timeout: SHORT, ..lasting() });
    let head = "POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n";
    assert!(server.ask(format!("{head}half").as_bytes()).await.ends_with("timed out"));
    assert!(server.ask(format!("{head}0123456789").as_bytes()).await.ends_with("whole"));
}

#[tokio::test]
async fn closes_connections_whose_client_stops_reading() {
    let server = Server::start(ConnectionConfig { write_timeout: SHORT, ..lasting() });
    let mut stream = server.connect();
    stream.write_all(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    while server.slots.count() == 0 {
        tokio::task::yield_now().await;
    }
    while server.slots.count() > 0 {
        tokio::time::sleep(SHORT).await;
    }
    assert!(drain(&mut stream).await < 4 << 20);
}

#[tokio::test]
async fn rejects_requests_without_one_host_name() {
    let server = Server::start(lasting());
    for (request, status) in [
        ("GET / HTTP/1.1\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "200"),
        ("GET / HTTP/1.0\r\n\r\n", "200"),
    ] {
        let answer = server.ask(request.as_bytes()).await;
        assert_eq!(answer.split(' ').nth(1), Some(status), "{request:?}: {answer}");
    }
}

#[tokio::test]
async fn idle_connections_are_closed_for_new_ones() {
    let server = Server::start(ConnectionConfig { max: 8, per_address: 8, ..lasting() });
    let mut idle = Vec::new();
    for _ in 0..200 {
        idle.push(server.connect());
        assert!(server.ask(GET).await.starts_with("HTTP/1.1 200"));
        assert!(server.slots.count() <= 8);
    }
    let mut closed = 0;
    for stream in &mut idle[..190] {
        closed += usize::from(drain(stream).await == 0);
    }
    assert_eq!(closed, 190);
}

#[tokio::test]
async fn accepts_again_after_errors_without_spinning() {
    let errors: VecDeque<io::Error> = (0..4).map(|_| io::Error::from_raw_os_error(libc::EMFILE)).collect();
    let server = Server::failing_first(lasting(), errors);
    assert!(server.ask(GET).await.starts_with("HTTP/1.1 200"));
    // Four that failed, one that returned the connection, and one that is waiting for the next.
    assert!(server.attempts.load(Ordering::SeqCst) <= 6);
}

#[tokio::test]
async fn stopping_ends_idle_connections() {
    let Server { connect: _connect, stop, serving, slots, attempts: _ } = {
        let server = Server::start(lasting());
        for _ in 0..3 {
            assert!(server.ask(GET).await.starts_with("HTTP/1.1 200"));
        }
        server
    };
    stop.send(()).unwrap();
    serving.await.unwrap();
    assert_eq!(slots.count(), 0);
}

/// A frame of HTTP/2 (RFC 9113, section 4.1).
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u32).to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
/// `GET http://localhost/` in HPACK (RFC 7541): three indexed fields and a literal.
const HEADERS: &[u8] = b"\x82\x86\x84\x01\x09localhost";

#[tokio::test]
async fn http_2_announces_its_limits() {
    let server = Server::start(lasting());
    let mut stream = server.connect();
    stream.write_all(PREFACE).await.unwrap();
    let mut head = [0; 9];
    stream.read_exact(&mut head).await.unwrap();
    assert_eq!(head[3], 4, "SETTINGS come first");
    let mut settings = vec![0; usize::from(head[2])];
    stream.read_exact(&mut settings).await.unwrap();
    let value = |id: u8| {
        let found = settings.chunks(6).find(|setting| setting[..2] == [0, id]).unwrap();
        u32::from_be_bytes(found[2..].try_into().unwrap())
    };
    assert_eq!((value(3), value(6)), (128, 64 << 10), "streams at a time, and the size of headers");
    stream.write_all(&frame(1, 5, 1, HEADERS)).await.unwrap();
    let mut received = Vec::new();
    while !received.windows(5).any(|window| window == b"hello") {
        assert!(stream.read_buf(&mut received).await.unwrap() > 0, "{received:?}");
    }
}

#[tokio::test]
async fn a_flood_of_resets_closes_the_connection() {
    let server = Server::start(lasting());
    let stream = server.connect();
    let mut flood = PREFACE.to_vec();
    for stream in (1..20_001).step_by(2) {
        flood.extend(frame(1, 5, stream, HEADERS));
        flood.extend(frame(3, 0, stream, &[0, 0, 0, 8]));
    }
    let (mut from, mut to) = tokio::io::split(stream);
    let mut received = Vec::new();
    let (sent, ended) = tokio::join!(to.write_all(&flood), from.read_to_end(&mut received));
    assert!(ended.is_ok(), "{sent:?} {ended:?}");
    while server.slots.count() > 0 {
        tokio::task::yield_now().await;
    }
}

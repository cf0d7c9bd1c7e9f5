//! [`Listener`]: answers `GET /metrics` on 127.0.0.1, and nothing else. A connection has one request, a few seconds and little memory.

use anyhow::Context;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};

/// Connections at the same time; further ones wait to be accepted.
const MOST_CONNECTIONS: usize = 8;
/// Time of a connection, from its acceptance to the last byte of the response.
const TIME_LIMIT: Duration = Duration::from_secs(5);
/// Bytes of the head of a request: the least that hyper accepts.
const HEAD_BYTES: usize = 8 << 10;
/// Pause after a connection could not be accepted.
const PAUSE: Duration = Duration::from_millis(100);

/// The text format of Prometheus, version 0.0.4.
const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A port of 127.0.0.1 at which metrics are read.
pub(in crate::demo) struct Listener {
    listener: TcpListener,
    port: u16,
}

impl Listener {
    /// Listens at a port that the system chooses.
    ///
    /// # Errors
    /// When no port is free.
    pub(in crate::demo) async fn bind() -> anyhow::Result<Listener> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("cannot listen on 127.0.0.1")?;
        let port = listener.local_addr().context("cannot tell the port")?.port();
        Ok(Listener { listener, port })
    }

    pub(in crate::demo) fn port(&self) -> u16 {
        self.port
    }

    /// Serves what `text` returns until it is cancelled.
    pub(in crate::demo) async fn serve(&self, text: impl Fn() -> String) {
        let mut connections = FuturesUnordered::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept(), if connections.len() < MOST_CONNECTIONS => match accepted {
                    Ok((stream, _)) => connections.push(serve_one(stream, &text)),
                    Err(_) => tokio::time::sleep(PAUSE).await,
                },
                Some(()) = connections.next() => {}
            }
        }
    }
}

async fn serve_one(stream: TcpStream, text: &impl Fn() -> String) {
    let service = service_fn(|request: Request<Incoming>| {
        let response = respond(request.method(), request.uri().path(), text);
        async move { Ok::<_, Infallible>(response) }
    });
    let mut builder = http1::Builder::new();
    builder.keep_alive(false).max_buf_size(HEAD_BYTES);
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    // A client that is too slow or goes away is no error.
    let _ = tokio::time::timeout(TIME_LIMIT, connection).await;
}

fn respond(method: &Method, path: &str, text: impl Fn() -> String) -> Response<Full<Bytes>> {
    let (status, body) = match (path, method) {
        ("/metrics", &Method::GET) => (StatusCode::OK, text()),
        ("/metrics", _) => (StatusCode::METHOD_NOT_ALLOWED, "only GET is supported\n".to_owned()),
        _ => (StatusCode::NOT_FOUND, "metrics are at /metrics\n".to_owned()),
    };
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(TEXT_FORMAT));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[test]
    fn only_a_get_of_metrics_is_answered() {
        let status = |method: Method, path: &str| respond(&method, path, || "up 1\n".to_owned()).status();
        assert_eq!(status(Method::GET, "/metrics"), 200);
        assert_eq!(status(Method::POST, "/metrics"), 405);
        assert_eq!(status(Method::GET, "/"), 404);
        assert_eq!(status(Method::GET, "/metrics/x"), 404);
    }

    async fn reply_to(port: u16, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.write_all(request).await.unwrap();
        let mut reply = Vec::new();
        // A connection that is closed with unread bytes is reset.
        let _ = stream.read_to_end(&mut reply).await;
        String::from_utf8(reply).unwrap()
    }

    #[tokio::test]
    async fn a_connection_is_closed_after_its_response() {
        let listener = Listener::bind().await.unwrap();
        let port = listener.port();
        let requests = async {
            let reply = reply_to(port, b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n").await;
            assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"), "{reply}");
            assert!(reply.to_lowercase().contains("\r\ncontent-type: text/plain; version=0.0.4"), "{reply}");
            assert!(reply.ends_with("\r\n\r\nup 1\n"), "{reply}");
            let long = [&b"GET /metrics HTTP/1.1\r\nX: "[..], &[b'x'; 4 * HEAD_BYTES], b"\r\n\r\n"].concat();
            let reply = reply_to(port, &long).await;
            assert!(!reply.contains("200 OK"), "a head that is too long is refused: {reply}");
        };
        tokio::select! {
            () = listener.serve(|| "up 1\n".to_owned()) => unreachable!("it serves until it is cancelled"),
            () = requests => {}
        }
    }
}

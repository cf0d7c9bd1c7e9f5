//! A scriptable Parca: gRPC over HTTP/2 on loopback, one reply a call.

use bytes::{BufMut, Bytes, BytesMut};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, Full};
use hyper::body::Incoming;
use hyper::header::HeaderValue;
use hyper::rt::Executor;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// What it does on a call.
pub(super) enum Reply {
    /// Answers with this message.
    Message(Bytes),
    /// Answers with this gRPC status.
    Status(u16),
    /// Never answers.
    Silence,
    /// Announces a message of so many bytes and sends one of them.
    Announced(u32),
    /// Answers with a page for browsers.
    Page,
}

/// A call that arrived.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// The last part of the path.
    pub(super) method: String,
    pub(super) path: String,
    pub(super) authorization: Option<String>,
    pub(super) message: Bytes,
}

type Script = dyn Fn(&Call) -> Reply + Send + Sync;

pub(super) struct FakeParca {
    /// `127.0.0.1:PORT`.
    pub(super) address: String,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl FakeParca {
    pub(super) async fn start(script: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> FakeParca {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let script: Arc<Script> = Arc::new(script);
        let calls: Arc<Mutex<Vec<Call>>> = Arc::default();
        let seen = calls.clone();
        TokioExecutor::new().execute(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, seen) = (script.clone(), seen.clone());
                let service = service_fn(move |request| answer(request, script.clone(), seen.clone()));
                let connection = http2::Builder::new(TokioExecutor::new());
                TokioExecutor::new().execute(async move {
                    // A client that leaves is no failure.
                    let _ = connection.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        FakeParca { address, calls }
    }

    /// All calls since the last time.
    pub(super) fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut *self.calls.lock().unwrap())
    }
}

type Body = UnsyncBoxBody<Bytes, Infallible>;

async fn answer(
    request: Request<Incoming>,
    script: Arc<Script>,
    seen: Arc<Mutex<Vec<Call>>>,
) -> Result<Response<Body>, Infallible> {
    let path = request.uri().path().to_owned();
    let authorization =
        request.headers().get("authorization").map(|value| value.to_str().unwrap().to_owned());
    let framed = request.into_body().collect().await.unwrap().to_bytes();
    let call = Call {
        method: path.rsplit('/').next().unwrap_or_default().to_owned(),
        path,
        authorization,
        message: framed.slice(5..),
    };
    let reply = script(&call);
    seen.lock().unwrap().push(call);
    let is_page = matches!(reply, Reply::Page);
    let mut response = match reply {
        Reply::Message(message) => {
            let whole = frame(message.len() as u32, &message);
            Response::new(Full::new(whole).with_trailers(async { Some(Ok(status(0))) }).boxed_unsync())
        }
        Reply::Status(code) => {
            let mut response = Response::new(Empty::<Bytes>::new().boxed_unsync());
            *response.headers_mut() = status(code);
            response
        }
        Reply::Silence => std::future::pending().await,
        Reply::Announced(length) => Response::new(Full::new(frame(length, b"x")).boxed_unsync()),
        Reply::Page => Response::new(Full::new(Bytes::from_static(b"<html>Sign in</html>")).boxed_unsync()),
    };
    let content_type = if is_page { "text/html" } else { "application/grpc" };
    response.headers_mut().insert("content-type", HeaderValue::from_static(content_type));
    Ok(response)
}

fn frame(length: u32, message: &[u8]) -> Bytes {
    let mut framed = BytesMut::new();
    framed.put_u8(0);
    framed.put_u32(length);
    framed.put_slice(message);
    framed.freeze()
}

fn status(code: u16) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("grpc-status", HeaderValue::from(code));
    headers
}

//! Records what the replicas push: they push to a server of this process on 127.0.0.1, which writes each push to a recording and
//! forwards it.

use super::recording::{FILE, RecordError, RecordingWriter};
use crate::clock::{Clock, SystemClock};
use anyhow::Context;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::fs::File;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// Bytes of a push at most; those of the demo have a few thousand.
const MOST_BYTES: usize = 8 << 20;
/// Time limit of a forwarded push: that of the profiler's own client.
const FORWARD_TIMEOUT: Duration = Duration::from_secs(10);
/// Pause after a connection could not be accepted.
const PAUSE: Duration = Duration::from_millis(100);

/// A server that records pushes.
pub(crate) struct Recorder {
    listener: TcpListener,
    /// Where pushes go; `None`: nowhere else.
    server: Option<String>,
    client: reqwest::Client,
    recording: Mutex<RecordingWriter<File>>,
    /// Why the recording cannot go on.
    failure: Mutex<Option<RecordError>>,
    failed: Notify,
}

impl Recorder {
    /// Starts a recording in `dir`, which is created if it is missing, of what is pushed and forwarded to `server`.
    ///
    /// # Errors
    /// When the recording exists or cannot be written, or no port is free.
    pub(crate) async fn start(dir: &Path, note: &str, server: Option<String>) -> anyhow::Result<Recorder> {
        std::fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
        let path = dir.join(FILE);
        let file = File::create_new(&path).with_context(|| format!("cannot create {}", path.display()))?;
        let recording = RecordingWriter::new(file, note, SystemClock.now())?;
        let listener = TcpListener::bind("127.0.0.1:0").await.context("cannot listen on 127.0.0.1")?;
        let client = crate::web_client::build(None, |client| client.timeout(FORWARD_TIMEOUT))?;
        Ok(Recorder {
            listener,
            server,
            client,
            recording: Mutex::new(recording),
            failure: Mutex::default(),
            failed: Notify::new(),
        })
    }

    /// The address that replicas push to.
    ///
    /// # Errors
    /// When the system does not know it.
    pub(crate) fn url(&self) -> anyhow::Result<String> {
        Ok(format!("http://{}", self.listener.local_addr()?))
    }

    /// Serves until the recording cannot be written.
    pub(crate) async fn run(&self) -> RecordError {
        let mut connections = FuturesUnordered::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, _)) => connections.push(self.serve(stream)),
                    Err(_) => tokio::time::sleep(PAUSE).await,
                },
                Some(()) = connections.next() => {}
                () = self.failed.notified() => {
                    if let Some(error) = self.failure.lock().unwrap_or_else(PoisonError::into_inner).take() {
                        return error;
                    }
                }
            }
        }
    }

    /// Ends the recording.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        let recording = self.recording.into_inner().unwrap_or_else(PoisonError::into_inner);
        let file = recording.finish().context("the recording cannot be written")?;
        file.sync_all().context("the recording cannot be written")
    }

    async fn serve(&self, stream: TcpStream) {
        let service = service_fn(|request| self.respond(request));
        // It fails when a replica ends, which is no error.
        let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
    }

    async fn respond(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        let at = SystemClock.now();
        let (parts, body) = request.into_parts();
        let Ok(body) = Limited::new(body, MOST_BYTES).collect().await else {
            return Ok(answer(StatusCode::BAD_REQUEST, Bytes::from_static(b"the body cannot be read")));
        };
        let body = body.to_bytes();
        let encoding = parts.headers.get(CONTENT_ENCODING).and_then(|value| value.to_str().ok());
        let recorded = {
            let mut recording = self.recording.lock().unwrap_or_else(PoisonError::into_inner);
            recording.push(at, encoding.unwrap_or_default(), &body)
        };
        match recorded {
            Ok(_) => {}
            Err(error @ RecordError::Push(_)) => {
                return Ok(answer(StatusCode::BAD_REQUEST, error.to_string().into()));
            }
            Err(error) => {
                *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                self.failed.notify_one();
            }
        }
        let Some(server) = &self.server else { return Ok(answer(StatusCode::OK, Bytes::new())) };
        let url = format!("{server}{}", parts.uri.path());
        Ok(self.forward(&url, &parts.headers, body).await.unwrap_or_else(|error| {
            let text = format!("recorded, but the server cannot be reached: {error}");
            answer(StatusCode::BAD_GATEWAY, text.into())
        }))
    }

    async fn forward(
        &self,
        url: &str,
        headers: &HeaderMap,
        body: Bytes,
    ) -> reqwest::Result<Response<Full<Bytes>>> {
        let mut request = self.client.post(url).body(body);
        for name in [AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE] {
            if let Some(value) = headers.get(&name) {
                request = request.header(name, value);
            }
        }
        let response = request.send().await?;
        Ok(answer(response.status(), response.bytes().await?))
    }
}

fn answer(status: StatusCode, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    response
}

//! HTTP client of a source: bounds on time, concurrency and size. Follows no redirects, as they could lead elsewhere, with our
//! credentials.

use crate::config::MetricsConfig;
use crate::indicators::source::SourceError;
use crate::web_client::{self, RequestHeaders};
use crate::work::Workers;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Requests at once: a source runs 20 queries at a time for all of its clients.
const CONCURRENCY: usize = 4;
/// 500 series of 1 000 points take about 15 bytes a point.
const MAX_BYTES: usize = 8 << 20;

/// A response, whole.
pub(super) struct Reply {
    pub(super) status: u16,
    /// In lower case; empty if there is none.
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
}

pub(super) struct Client {
    /// Of the source.
    name: String,
    http: reqwest::Client,
    url: String,
    timeout: Duration,
    headers: RequestHeaders,
    permits: Semaphore,
    /// Files with secrets.
    files: Workers,
    /// Which of them could not be read the last time, and why; empty if all could. Logged when it changes.
    unreadable: Mutex<String>,
}

impl Client {
    pub(super) fn new(config: &MetricsConfig) -> Result<Client, String> {
        let http = web_client::build(config.ca.as_deref(), |client| {
            client.redirect(reqwest::redirect::Policy::none()).timeout(config.timeout)
        });
        Ok(Client {
            name: config.name.clone(),
            http: http.map_err(|error| web_client::root_cause(&error))?,
            url: config.url.clone(),
            timeout: config.timeout,
            headers: RequestHeaders::new(&config.auth, &config.headers, &config.header_files),
            permits: Semaphore::new(CONCURRENCY),
            files: Workers::new(1),
            unreadable: Mutex::default(),
        })
    }

    /// Sends a form. The time limit includes waiting for others.
    pub(super) async fn post(&self, path: &str, form: String) -> Result<Reply, SourceError> {
        let reply = tokio::time::timeout(self.timeout, self.send(path, form)).await;
        reply.unwrap_or(Err(SourceError::Timeout(self.timeout)))
    }

    async fn send(&self, path: &str, form: String) -> Result<Reply, SourceError> {
        // Fails only on a closed semaphore, and nothing closes this one.
        let _permit = self.permits.acquire().await;
        let request = self.http.post(format!("{}{path}", self.url)).headers(self.headers().await?);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
        let mut response = request.send().await.map_err(|error| self.failure(&error))?;
        let status = response.status().as_u16();
        let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_ascii_lowercase();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.failure(&error))? {
            if body.len() + chunk.len() > MAX_BYTES {
                return Err(SourceError::TooLarge(format!("more than {} MiB", MAX_BYTES >> 20)));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Reply { status, content_type, body })
    }

    async fn headers(&self) -> Result<HeaderMap, SourceError> {
        let headers = self.headers.clone();
        let read = self.files.run(move || headers.read()).await;
        let read = read.map_err(|stopping| SourceError::Failed(stopping.to_string()))?;
        self.log_unreadable(read.as_ref().err().map_or("", String::as_str));
        read.map_err(|_| SourceError::Secret)
    }

    fn log_unreadable(&self, error: &str) {
        let last = {
            let mut unreadable = self.unreadable.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *unreadable, error.to_owned())
        };
        if !error.is_empty() && error != last {
            tracing::error!(source = self.name, error, "cannot read a secret of a metrics source");
        }
    }

    fn failure(&self, error: &reqwest::Error) -> SourceError {
        match error.is_timeout() {
            true => SourceError::Timeout(self.timeout),
            false => SourceError::Unreachable(web_client::root_cause(error)),
        }
    }
}

//! [`HttpUpstream`]: requests to a store with an HTTP API, within bounds on time and size.
//!
//! Redirects are not followed, as they could lead elsewhere, with our credentials; no cookies are kept. Files with secrets are
//! read again for each request.

use super::Failure;
use crate::config::RemoteStoreConfig;
use crate::store::StoreError;
use crate::web_client::{self, RequestHeaders};
use crate::work::Workers;
use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response};
use std::time::Duration;

/// Bytes of an error's body that are read.
const MAX_ERROR_BYTES: usize = 4 << 10;
/// Characters of it that are quoted in the log.
const MAX_QUOTED: usize = 300;

/// HTTP of a store.
pub(in crate::store) struct HttpUpstream {
    http: Client,
    /// Without a slash at its end.
    url: String,
    headers: RequestHeaders,
    /// Files with secrets.
    files: Workers,
    timeout: Duration,
}

/// A response, whole: of a status below 500, but neither of a redirect nor of 401, 403, 408 and 429.
#[derive(Debug)]
pub(in crate::store) struct HttpAnswer {
    pub(in crate::store) status: u16,
    /// In lower case; empty if there is none.
    pub(in crate::store) content_type: String,
    pub(in crate::store) body: Bytes,
}

impl HttpUpstream {
    /// A client as it is configured.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`], when certificates cannot be used.
    pub(in crate::store) fn new(config: &RemoteStoreConfig) -> Result<HttpUpstream, StoreError> {
        let http = web_client::build(config.ca.as_deref(), |client| {
            client
                .redirect(reqwest::redirect::Policy::none())
                .timeout(config.timeout)
                .pool_max_idle_per_host(config.concurrency)
        });
        Ok(HttpUpstream {
            http: http.map_err(|error| {
                StoreError::Unreachable(format!("no TLS: {}", web_client::root_cause(&error)))
            })?,
            url: config.url.clone(),
            headers: RequestHeaders::new(&config.auth, &config.headers, &config.header_files),
            files: Workers::new(1),
            timeout: config.timeout,
        })
    }

    /// Sends a body to `path`, which begins with a slash. An answer of more than `limit` bytes is refused.
    ///
    /// # Errors
    /// As [`HttpUpstream::get`].
    pub(in crate::store) async fn post(
        &self,
        path: &str,
        headers: &[(&'static str, &str)],
        body: Bytes,
        limit: usize,
    ) -> Result<HttpAnswer, Failure> {
        let configured = self.headers().await?;
        let mut request = self.http.post(format!("{}{path}", self.url)).headers(configured).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request, limit).await
    }

    /// Asks for `path`, which begins with a slash. An answer of more than `limit` bytes is refused.
    ///
    /// # Errors
    /// The store is down: no connection, no answer in time, half an answer ([`StoreError::Invalid`]), the statuses 408, 429
    /// ([`StoreError::Busy`]) and 5xx. It refused: 401 and 403 ([`StoreError::Denied`]), a redirect
    /// ([`StoreError::Invalid`]), an answer beyond `limit` ([`StoreError::TooLarge`]).
    pub(in crate::store) async fn get(&self, path: &str, limit: usize) -> Result<HttpAnswer, Failure> {
        let configured = self.headers().await?;
        self.send(self.http.get(format!("{}{path}", self.url)).headers(configured), limit).await
    }

    async fn headers(&self) -> Result<HeaderMap, Failure> {
        let headers = self.headers.clone();
        let read = self.files.run(move || headers.read()).await;
        let read = read.map_err(|stopping| Failure::refused(StoreError::Busy(stopping.to_string())))?;
        read.map_err(|error| {
            tracing::error!(store = self.url, error, "cannot read a secret of a store");
            let text = "a file with a secret of this store cannot be read; see the server's log";
            Failure::refused(StoreError::Denied(text.to_owned()))
        })
    }

    async fn send(&self, request: RequestBuilder, limit: usize) -> Result<HttpAnswer, Failure> {
        let mut response = request.send().await.map_err(|error| self.unanswered(&error))?;
        let status = response.status().as_u16();
        let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_ascii_lowercase();
        if matches!(status, 300..=399 | 401 | 403 | 408 | 429 | 500..) {
            let retry_after = retry_after(&response);
            let quoted = quoted(&content_type, &beginning(&mut response).await);
            return Err(Failure { retry_after, ..rejected(status, &quoted) });
        }
        Ok(HttpAnswer { status, content_type, body: self.body(response, limit).await? })
    }

    async fn body(&self, mut response: Response, limit: usize) -> Result<Bytes, Failure> {
        let too_large =
            || Failure::refused(StoreError::TooLarge(format!("the answer has more than {limit} bytes")));
        if response.content_length().is_some_and(|length| length > limit as u64) {
            return Err(too_large());
        }
        // Not allocated by the length that the store has announced.
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.interrupted(&error))? {
            if body.len() + chunk.len() > limit {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.into())
    }

    fn unanswered(&self, error: &reqwest::Error) -> Failure {
        Failure::down(match error.is_timeout() {
            true => self.too_late(),
            false => StoreError::Unreachable(web_client::root_cause(error)),
        })
    }

    fn interrupted(&self, error: &reqwest::Error) -> Failure {
        Failure::down(match error.is_timeout() {
            true => self.too_late(),
            false => StoreError::Invalid(format!("half an answer: {}", web_client::root_cause(error))),
        })
    }

    fn too_late(&self) -> StoreError {
        StoreError::Timeout(format!("no answer within {:?}", self.timeout))
    }
}

/// The failure that a status means, with what the store says about it.
fn rejected(status: u16, quoted: &str) -> Failure {
    let text = format!("status {status}{quoted}");
    match status {
        401 | 403 => Failure::refused(StoreError::Denied(text)),
        300..=399 => {
            Failure::refused(StoreError::Invalid(format!("status {status}: redirects are not followed")))
        }
        429 => Failure::down(StoreError::Busy(text)),
        408 | 504 => Failure::down(StoreError::Timeout(text)),
        _ => Failure::down(StoreError::Unreachable(text)),
    }
}

/// `Retry-After` in seconds (RFC 9110, section 10.2.3). Dates are ignored: clocks differ.
fn retry_after(response: &Response) -> Option<Duration> {
    let text = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}

/// The beginning of a body, as far as it comes.
async fn beginning(response: &mut Response) -> Vec<u8> {
    let mut body = Vec::new();
    while body.len() < MAX_ERROR_BYTES {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk[..chunk.len().min(MAX_ERROR_BYTES)]),
            Ok(None) | Err(_) => break,
        }
    }
    body
}

/// `: ` and the beginning of an error's text, on one line. Pages for browsers say nothing.
fn quoted(content_type: &str, body: &[u8]) -> String {
    if content_type.contains("html") {
        return String::new();
    }
    let text = String::from_utf8_lossy(body);
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    match line.char_indices().nth(MAX_QUOTED) {
        _ if line.is_empty() => String::new(),
        Some((end, _)) => format!(": {}…", &line[..end]),
        None => format!(": {line}"),
    }
}

#[cfg(test)]
mod tests;

//! HTTP client for the identity provider: follows no redirects (they could lead into the internal network), bounds time and
//! size.

use super::OidcError;
use crate::web_client;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use std::pin::Pin;
use std::time::Duration;

/// For the whole exchange.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Keys and tokens take a few kilobytes.
const MAX_BYTES: usize = 1 << 20;

/// A failed request.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WebError {
    /// No connection, or it was lost.
    #[error("{0}")]
    Unreachable(String),
    /// The response exceeds the limit.
    #[error("the response is longer than {MAX_BYTES} bytes")]
    TooLong,
}

impl From<reqwest::Error> for WebError {
    fn from(error: reqwest::Error) -> WebError {
        WebError::Unreachable(web_client::root_cause(&error))
    }
}

/// The client.
#[derive(Clone, Debug)]
pub(crate) struct WebClient(reqwest::Client);

impl WebClient {
    /// A client that also trusts the certificates in `ca` (PEM).
    ///
    /// # Errors
    /// [`OidcError::Unavailable`] if they are malformed.
    pub(crate) fn new(ca: Option<&[u8]>) -> Result<WebClient, OidcError> {
        let client = web_client::build(ca, |client| {
            client.redirect(reqwest::redirect::Policy::none()).timeout(TIMEOUT)
        });
        let unusable = |error| OidcError::Unavailable(format!("TLS setup failed: {}", WebError::from(error)));
        client.map(WebClient).map_err(unusable)
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, WebError> {
        let (parts, body) = request.into_parts();
        let request = self.0.request(parts.method, parts.uri.to_string()).headers(parts.headers).body(body);
        let mut answer = request.send().await?;
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if bytes.len() + chunk.len() > MAX_BYTES {
                return Err(WebError::TooLong);
            }
            bytes.extend_from_slice(&chunk);
        }
        let mut response = HttpResponse::new(bytes);
        *response.status_mut() = answer.status();
        std::mem::swap(response.headers_mut(), answer.headers_mut());
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for WebClient {
    type Error = WebError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, WebError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

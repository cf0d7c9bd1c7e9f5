//! Provider metadata (OpenID Connect Discovery): endpoints and signing keys.
//!
//! Fetched with the first sign-in and cached for an hour. An ID token signed by an unknown key triggers another fetch of the
//! keys, as providers rotate them; at most every 30 seconds, so that invalid tokens put no load on the provider.

use super::OidcError;
use super::http::{WebClient, WebError};
use crate::clock::Clock;
use flarepath_profile::unix_nanos::UnixNanos;
use openidconnect::core::{CoreJsonWebKeySet, CoreProviderMetadata};
use openidconnect::{DiscoveryError, IssuerUrl};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// How long metadata is cached.
const FRESH: Duration = Duration::from_secs(3600);
/// No retry for this long after a failure, so that concurrent sign-ins do not each wait for a timeout.
const PAUSE: Duration = Duration::from_secs(2);
/// Shortest interval between two fetches of the keys.
const KEYS_PAUSE: Duration = Duration::from_secs(30);

/// Cached provider metadata.
pub(crate) struct Discovery {
    issuer: String,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Certificates to trust in addition to those of the system.
    ca: Option<Vec<u8>>,
    web: Option<WebClient>,
    known: Option<(Arc<CoreProviderMetadata>, UnixNanos)>,
    failed: Option<(String, UnixNanos)>,
    keys_read_again: Option<UnixNanos>,
}

/// The provider: its metadata and a client for its endpoints.
#[derive(Clone)]
pub(crate) struct Provider {
    /// Signing keys included.
    pub(crate) metadata: Arc<CoreProviderMetadata>,
    pub(crate) web: WebClient,
}

impl Discovery {
    pub(super) fn new(issuer: String, ca: Option<Vec<u8>>, clock: Arc<dyn Clock>) -> Discovery {
        Discovery { issuer, clock, state: Mutex::new(State { ca, ..State::default() }) }
    }

    /// Replaces the trusted certificates, from the next request on.
    pub(super) async fn trust(&self, ca: Option<Vec<u8>>) {
        let mut state = self.state.lock().await;
        if state.ca != ca {
            (state.ca, state.web, state.failed) = (ca, None, None);
        }
    }

    /// The provider, fetched if the cache has expired. Concurrent callers share one fetch.
    ///
    /// # Errors
    /// [`OidcError::Unavailable`] if it does not answer, or as another issuer than configured.
    pub(crate) async fn provider(&self) -> Result<Provider, OidcError> {
        let mut state = self.state.lock().await;
        let now = self.clock.now();
        let web = self.web(&mut state)?;
        if let Some((metadata, read_at)) = &state.known
            && now < read_at.plus(FRESH)
        {
            return Ok(Provider { metadata: metadata.clone(), web });
        }
        if let Some((reason, at)) = &state.failed
            && now < at.plus(PAUSE)
        {
            return Err(OidcError::Unavailable(reason.clone()));
        }
        match self.fetch(&web).await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                (state.known, state.failed) = (Some((metadata.clone(), now)), None);
                Ok(Provider { metadata, web })
            }
            Err(reason) => {
                state.failed = Some((reason.clone(), now));
                // Outdated metadata most likely still holds.
                let Some((metadata, _)) = &state.known else { return Err(OidcError::Unavailable(reason)) };
                tracing::warn!(reason, "identity provider unreachable; using cached metadata");
                Ok(Provider { metadata: metadata.clone(), web })
            }
        }
    }

    /// The provider with its keys fetched again; `None` if they were fetched a moment ago.
    ///
    /// # Errors
    /// [`OidcError::Unavailable`].
    pub(crate) async fn with_new_keys(&self) -> Result<Option<Provider>, OidcError> {
        let mut state = self.state.lock().await;
        let now = self.clock.now();
        let web = self.web(&mut state)?;
        let soon = state.keys_read_again.is_some_and(|at| now < at.plus(KEYS_PAUSE));
        let Some((known, read_at)) = state.known.clone().filter(|_| !soon) else { return Ok(None) };
        state.keys_read_again = Some(now);
        let keys = CoreJsonWebKeySet::fetch_async(known.jwks_uri(), &web).await;
        let keys = keys.map_err(|error| OidcError::Unavailable(reason(error)))?;
        let metadata = Arc::new((*known).clone().set_jwks(keys));
        state.known = Some((metadata.clone(), read_at));
        Ok(Some(Provider { metadata, web }))
    }

    fn web(&self, state: &mut State) -> Result<WebClient, OidcError> {
        if let Some(web) = &state.web {
            return Ok(web.clone());
        }
        let web = WebClient::new(state.ca.as_deref())?;
        Ok(state.web.insert(web).clone())
    }

    async fn fetch(&self, web: &WebClient) -> Result<CoreProviderMetadata, String> {
        let issuer = IssuerUrl::new(self.issuer.clone()).map_err(|e| e.to_string())?;
        let metadata = CoreProviderMetadata::discover_async(issuer, web).await.map_err(reason)?;
        // Endpoints need TLS, unless the issuer itself has none (a provider on this machine).
        if self.issuer.starts_with("https:") {
            let token = metadata.token_endpoint().map(|url| url.as_str());
            let userinfo = metadata.userinfo_endpoint().map(|url| url.as_str());
            let all = [Some(metadata.authorization_endpoint().as_str()), token, userinfo];
            if let Some(open) = all.into_iter().flatten().find(|url| !url.starts_with("https:")) {
                return Err(format!("its metadata has an endpoint without TLS: {open}"));
            }
        }
        Ok(metadata)
    }
}

fn reason(error: DiscoveryError<WebError>) -> String {
    match error {
        DiscoveryError::Request(error) => error.to_string(),
        DiscoveryError::Parse(error) => format!("malformed metadata: {error}"),
        DiscoveryError::Response(status, _, what) => format!("{status}: {what}"),
        DiscoveryError::Validation(what) => {
            format!("{what}; set `oidc.issuer` exactly as the provider spells it")
        }
        other => other.to_string(),
    }
}

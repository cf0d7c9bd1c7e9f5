//! What the provider says of itself: where to send people, and the keys it signs with.
//!
//! Read at the first sign-in and kept for an hour. An ID token that none of its keys has signed makes us read the keys
//! again, as providers change them (rotation); at most every half a minute, so that bad tokens do not become a load on the provider.

use super::OidcError;
use super::http::{WebClient, WebError};
use crate::clock::Clock;
use openidconnect::core::{CoreJsonWebKeySet, CoreProviderMetadata};
use openidconnect::{DiscoveryError, IssuerUrl};
use std::sync::Arc;
use tokio::sync::Mutex;

const SECOND: i64 = 1_000_000_000;
/// How long it is kept.
const FRESH: i64 = 3600 * SECOND;
/// How long nobody asks again after a failure: those who waited for the same answer need not wait once more each.
const PAUSE: i64 = 2 * SECOND;
/// How often keys are read again.
const KEYS_PAUSE: i64 = 30 * SECOND;

/// What the provider says, and how to ask it.
pub(crate) struct Discovery {
    issuer: String,
    ca: Option<Vec<u8>>,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    web: Option<WebClient>,
    known: Option<(Arc<CoreProviderMetadata>, i64)>,
    failed: Option<(String, i64)>,
    keys_read_again: Option<i64>,
}

/// The provider as it is known now.
#[derive(Clone)]
pub(crate) struct Provider {
    /// What it says of itself, keys included.
    pub(crate) metadata: Arc<CoreProviderMetadata>,
    /// Asks it.
    pub(crate) web: WebClient,
}

impl Discovery {
    pub(super) fn new(issuer: String, ca: Option<Vec<u8>>, clock: Arc<dyn Clock>) -> Discovery {
        Discovery { issuer, ca, clock, state: Mutex::default() }
    }

    /// The provider, asked if that was long ago. One asks for all that wait.
    ///
    /// # Errors
    /// [`OidcError::Unavailable`] when it does not answer, or not as the provider that was set.
    pub(crate) async fn provider(&self) -> Result<Provider, OidcError> {
        let mut state = self.state.lock().await;
        let now = self.clock.now_ns();
        let web = self.web(&mut state)?;
        if let Some((metadata, read_at)) = &state.known
            && now.saturating_sub(*read_at) < FRESH
        {
            return Ok(Provider { metadata: metadata.clone(), web });
        }
        if let Some((reason, at)) = &state.failed
            && now.saturating_sub(*at) < PAUSE
        {
            return Err(OidcError::Unavailable(reason.clone()));
        }
        match self.ask(&web).await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                (state.known, state.failed) = (Some((metadata.clone(), now)), None);
                Ok(Provider { metadata, web })
            }
            Err(reason) => {
                state.failed = Some((reason.clone(), now));
                // What was true an hour ago most likely still is.
                let Some((metadata, _)) = &state.known else { return Err(OidcError::Unavailable(reason)) };
                tracing::warn!(reason, "the identity provider does not answer; going by what it said before");
                Ok(Provider { metadata: metadata.clone(), web })
            }
        }
    }

    /// The provider with its keys read again; `None` when that was done just now.
    ///
    /// # Errors
    /// [`OidcError::Unavailable`].
    pub(crate) async fn with_new_keys(&self) -> Result<Option<Provider>, OidcError> {
        let mut state = self.state.lock().await;
        let now = self.clock.now_ns();
        let web = self.web(&mut state)?;
        let soon = state.keys_read_again.is_some_and(|at| now.saturating_sub(at) < KEYS_PAUSE);
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
        let web = WebClient::new(self.ca.as_deref())?;
        Ok(state.web.insert(web).clone())
    }

    async fn ask(&self, web: &WebClient) -> Result<CoreProviderMetadata, String> {
        let issuer = IssuerUrl::new(self.issuer.clone()).map_err(|e| e.to_string())?;
        let metadata = CoreProviderMetadata::discover_async(issuer, web).await.map_err(reason)?;
        // Over TLS, unless the provider itself is on this machine.
        if self.issuer.starts_with("https:") {
            let token = metadata.token_endpoint().map(|url| url.as_str());
            let userinfo = metadata.userinfo_endpoint().map(|url| url.as_str());
            let all = [Some(metadata.authorization_endpoint().as_str()), token, userinfo];
            if let Some(open) = all.into_iter().flatten().find(|url| !url.starts_with("https:")) {
                return Err(format!("it names an address without TLS: {open}"));
            }
        }
        Ok(metadata)
    }
}

fn reason(error: DiscoveryError<WebError>) -> String {
    match error {
        DiscoveryError::Request(error) => error.to_string(),
        DiscoveryError::Parse(error) => format!("its answer cannot be read: {error}"),
        DiscoveryError::Response(status, _, what) => format!("{status}: {what}"),
        DiscoveryError::Validation(what) => {
            format!("{what}; set `oidc.issuer` exactly as the provider spells it")
        }
        other => other.to_string(),
    }
}

//! Sign-in with an identity provider: OpenID Connect, authorization code flow with PKCE.
//!
//! 1. [`flow::begin`] redirects the browser to the provider with a `state`, a `nonce` and the hash of a code verifier. The
//!    three are stored in the records, under a secret in the browser's cookie.
//! 2. The provider redirects the browser back with a code. [`flow::finish`] takes the stored values (once, and only for the
//!    same browser), exchanges the code for an ID token and verifies it: signature by the provider's published keys, issuer,
//!    audience, expiry, nonce.
//! 3. [`accounts::sign_in`] finds the user by issuer and subject, applies the provider's groups ([`groups`]), and begins a
//!    session, in one transaction.
//!
//! The provider is contacted with the first sign-in and not at start ([`discovery`]): the server runs without it.

pub(crate) mod accounts;
pub(crate) mod claims;
pub(crate) mod discovery;
pub(crate) mod flow;
pub(crate) mod groups;
pub(crate) mod http;

use super::{AuthError, UnknownRole};
use crate::clock::Clock;
use crate::config::OidcConfig;
use crate::db::DbError;
use discovery::Discovery;
use groups::Rule;
use secrecy::SecretString;
use std::sync::{Arc, PoisonError, RwLock};

/// The identity provider.
pub(crate) struct Oidc {
    pub(crate) config: OidcConfig,
    /// Roles granted by groups.
    pub(crate) rules: Vec<Rule>,
    pub(crate) discovery: Discovery,
    /// Replaced when the configuration is reloaded.
    client_secret: RwLock<Option<SecretString>>,
}

impl Oidc {
    /// A provider that has not been contacted yet.
    ///
    /// # Errors
    /// When a group grants a role that does not exist.
    pub(crate) fn new(mut config: OidcConfig, clock: Arc<dyn Clock>) -> Result<Oidc, UnknownRole> {
        let rules = config.groups.iter().map(Rule::try_from).collect::<Result<_, _>>()?;
        let client_secret = RwLock::new(config.client_secret.take());
        let discovery = Discovery::new(config.issuer.clone(), config.ca.take(), clock);
        Ok(Oidc { discovery, rules, client_secret, config })
    }

    /// The client secret; none for a public client.
    pub(crate) fn client_secret(&self) -> Option<SecretString> {
        self.client_secret.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Applies the client secret and the trusted certificates of `config`, and nothing else.
    pub(crate) async fn renew_secrets(&self, config: OidcConfig) {
        *self.client_secret.write().unwrap_or_else(PoisonError::into_inner) = config.client_secret;
        self.discovery.trust(config.ca).await;
    }
}

/// A failed sign-in. The messages are for the log; the user sees less.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OidcError {
    /// The provider is unreachable or misconfigured.
    #[error("identity provider unavailable: {0}")]
    Unavailable(String),
    /// No such sign-in is in progress in this browser.
    #[error("the sign-in was begun in another browser, is completed, or has expired")]
    Stale,
    /// The provider returned an error.
    #[error("the identity provider returned an error: {0}")]
    Refused(String),
    /// The provider's response is invalid or malformed.
    #[error("invalid response of the identity provider: {0}")]
    BadAnswer(String),
    /// The person is in no allowed group.
    #[error("{0} is in none of the groups that may sign in")]
    NotAllowed(String),
    /// The person has no account, and automatic creation is off.
    #[error("{0} has no account, and `oidc.auto_create` is off")]
    NoAccount(String),
    /// The account is disabled.
    #[error("the account {0} is disabled")]
    Disabled(String),
    /// Any other authentication error.
    #[error(transparent)]
    Auth(#[from] AuthError),
}

impl From<DbError> for OidcError {
    fn from(error: DbError) -> OidcError {
        AuthError::from(error).into()
    }
}

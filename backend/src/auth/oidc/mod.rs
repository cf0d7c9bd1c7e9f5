//! Signing in at an identity provider: OpenID Connect, authorization code with PKCE.
//!
//! 1. [`flow::begin`]: the browser is sent to the provider with a `state`, a `nonce` and the hash of a code verifier. These
//!    three are kept in our records, under a secret in the browser's cookie.
//! 2. The provider sends the browser back with a code. [`flow::finish`] takes what was kept out of the records (once, and only
//!    for that browser), changes the code for an ID token and checks it: signature by the provider's published keys, issuer,
//!    audience, expiry, nonce.
//! 3. [`accounts::enter`] finds the account by issuer and subject, gives it what the provider's groups say ([`groups`]), and
//!    begins a session. All in one change of our records.
//!
//! The provider is asked at the first sign-in and not at start ([`discovery`]): the server runs without it.

pub(crate) mod accounts;
pub(crate) mod claims;
pub(crate) mod discovery;
pub(crate) mod flow;
pub(crate) mod groups;
pub(crate) mod http;

use super::AuthError;
use crate::clock::Clock;
use crate::config::OidcConfig;
use crate::db::DbError;
use discovery::Discovery;
use std::sync::Arc;

/// The identity provider.
pub struct Oidc {
    /// What was set.
    pub(crate) config: OidcConfig,
    /// What the provider says of itself.
    pub(crate) discovery: Discovery,
}

impl Oidc {
    /// A provider that nobody has asked yet.
    pub fn new(config: OidcConfig, clock: Arc<dyn Clock>) -> Oidc {
        Oidc { discovery: Discovery::new(config.issuer.clone(), config.ca.clone(), clock), config }
    }
}

/// Why a sign-in did not work. The texts are for the log; the person reads less.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OidcError {
    /// The provider cannot be asked.
    #[error("the identity provider cannot be asked: {0}")]
    Unavailable(String),
    /// There is no such sign-in, in this browser, any more.
    #[error("the sign-in was begun in another browser, is over, or is too old")]
    Stale,
    /// The provider says no.
    #[error("the identity provider refused: {0}")]
    Refused(String),
    /// What the provider says cannot be believed, or understood.
    #[error("the identity provider's answer is not acceptable: {0}")]
    BadAnswer(String),
    /// The person is in no group that may come in.
    #[error("{0} is in none of the groups that may sign in")]
    NotAllowed(String),
    /// The person has no account, and none is made.
    #[error("{0} has no account here, and `oidc.auto_create` is off")]
    NoAccount(String),
    /// The account is shut.
    #[error("the account of {0} is shut")]
    Disabled(String),
    /// Anything else about signing in.
    #[error(transparent)]
    Auth(#[from] AuthError),
}

impl From<DbError> for OidcError {
    fn from(error: DbError) -> OidcError {
        AuthError::from(error).into()
    }
}

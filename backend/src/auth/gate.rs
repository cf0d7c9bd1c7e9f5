//! The one way in: credentials of a request → [`Principal`].

use super::{AuthError, Client, Credentials, Principal};
use crate::clock::Clock;
use crate::db::{Records, instance};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether people sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// They do.
    On,
    /// Whoever reaches the server is the local person (`--insecure-no-auth`).
    Off,
}

/// Who it is, and what the answer must tell the browser.
#[derive(Clone, Debug)]
pub struct Identified {
    /// The caller.
    pub principal: Principal,
    /// A new value for the session's cookie, when it was time to change it.
    pub new_secret: Option<secrecy::SecretString>,
}

impl From<Principal> for Identified {
    fn from(principal: Principal) -> Identified {
        Identified { principal, new_secret: None }
    }
}

/// Identifies callers.
pub struct Gate {
    /// Our records.
    pub records: Records,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Whether people sign in.
    pub sign_in: SignIn,
    claimed: AtomicBool,
}

impl Gate {
    /// A gate over `records`.
    pub fn new(records: Records, clock: Arc<dyn Clock>, sign_in: SignIn) -> Gate {
        Gate { records, clock, sign_in, claimed: AtomicBool::new(sign_in == SignIn::Off) }
    }

    /// Whether there is an administrator. Once there is one, there always will be.
    ///
    /// # Errors
    /// [`AuthError::Records`].
    pub async fn is_claimed(&self) -> Result<bool, AuthError> {
        if self.claimed.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let claimed = self.records.fact(instance::CLAIMED_AT).await?.is_some();
        self.claimed.fetch_or(claimed, Ordering::Relaxed);
        Ok(claimed)
    }

    /// Who shows these credentials.
    ///
    /// # Errors
    /// [`AuthError::SignedOut`] for credentials that are no good; showing none is no error, that is somebody anonymous.
    pub async fn identify(
        &self,
        credentials: &Credentials,
        client: &Client,
    ) -> Result<Identified, AuthError> {
        if self.sign_in == SignIn::Off {
            return Ok(Principal::local().into());
        }
        let _ = client;
        match credentials {
            Credentials::None => Ok(Principal::anonymous().into()),
            Credentials::Session(_) | Credentials::Token(_) | Credentials::Proxy { .. } => {
                Err(AuthError::SignedOut)
            }
        }
    }
}

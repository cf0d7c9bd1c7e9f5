//! The one way in: credentials of a request → [`Principal`].

use super::claim::Setup;
use super::grants::{GrantCache, Rights};
use super::password::Passwords;
use super::session::{self, Lifetime};
use super::{AuthError, Client, Credentials, Kind, Principal, api_token, proxy};
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
    pub(crate) principal: Principal,
    /// A new value for the session's cookie, when it was time to change it.
    pub(crate) new_secret: Option<secrecy::SecretString>,
}

impl From<Principal> for Identified {
    fn from(principal: Principal) -> Identified {
        Identified { principal, new_secret: None }
    }
}

/// Identifies callers.
pub struct Gate {
    /// Our records.
    pub(crate) records: Records,
    /// The time.
    pub(crate) clock: Arc<dyn Clock>,
    /// Whether people sign in.
    pub(crate) sign_in: SignIn,
    /// How long sessions last.
    pub(crate) lifetime: Lifetime,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Whether people may sign in with a password, or only elsewhere.
    pub(crate) password_sign_in: bool,
    /// Whether somebody new whom a trusted proxy names becomes a viewer.
    pub proxy_creates: bool,
    /// The token for the first person.
    pub setup: Setup,
    /// What people and programs may do, as looked up lately.
    pub(crate) grants: GrantCache,
    claimed: AtomicBool,
}

impl Gate {
    /// A gate over `records`.
    pub fn new(records: Records, clock: Arc<dyn Clock>, sign_in: SignIn) -> Gate {
        Gate {
            records,
            clock,
            sign_in,
            lifetime: Lifetime::default(),
            passwords: Passwords::default(),
            password_sign_in: true,
            proxy_creates: false,
            setup: Setup::default(),
            claimed: AtomicBool::new(sign_in == SignIn::Off),
            grants: GrantCache::default(),
        }
    }

    /// Whether there is an administrator. Once there is one, there always will be.
    pub(crate) async fn is_claimed(&self) -> Result<bool, AuthError> {
        if self.claimed.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let claimed = self.records.fact(instance::CLAIMED_AT).await?.is_some();
        self.claimed.fetch_or(claimed, Ordering::Relaxed);
        Ok(claimed)
    }

    /// Refuses while there is no administrator.
    ///
    /// # Errors
    /// [`AuthError::Unclaimed`].
    pub(crate) async fn must_be_claimed(&self) -> Result<(), AuthError> {
        if self.is_claimed().await? { Ok(()) } else { Err(AuthError::Unclaimed) }
    }

    /// Who shows these credentials.
    ///
    /// # Errors
    /// [`AuthError::SignedOut`] for credentials that are no good; showing none is no error, that is somebody anonymous.
    pub(crate) async fn identify(
        &self,
        credentials: &Credentials,
        client: &Client,
    ) -> Result<Identified, AuthError> {
        if self.sign_in == SignIn::Off {
            return Ok(Principal::local().into());
        }
        match credentials {
            Credentials::None => Ok(Principal::anonymous().into()),
            Credentials::Session(secret) => {
                let session::Live { found, new_secret } = session::resume(self, secret, client).await?;
                let rights = self.rights_of_user(&found.session.user_id, &found.revision).await?;
                let who = user(&found.session.user_id, &found.user_name, &rights);
                Ok(Identified { principal: who.through_session(&found.session.id), new_secret })
            }
            Credentials::Token(secret) => {
                let now = self.clock.now_ns();
                Ok(api_token::identify(&self.records, &self.grants, secret, client, now).await?.into())
            }
            Credentials::Proxy { name } => Ok(proxy::identify(self, name, client).await?.into()),
        }
    }

    /// Whether these credentials would let somebody in as a person at a browser. Changes nothing.
    pub(crate) async fn is_signed_in(&self, credentials: &Credentials) -> Result<bool, AuthError> {
        match credentials {
            _ if self.sign_in == SignIn::Off => Ok(true),
            Credentials::Session(secret) => session::is_good(self, secret).await,
            Credentials::None | Credentials::Token(_) => Ok(false),
            Credentials::Proxy { .. } => Ok(true),
        }
    }

    /// What a user may do at a revision of all grants.
    pub(crate) async fn rights_of_user(
        &self,
        user_id: &str,
        revision: &str,
    ) -> Result<Arc<Rights>, AuthError> {
        self.grants.of_user(&self.records, user_id, revision).await
    }

    /// The principal of somebody who has just signed in.
    ///
    /// # Errors
    /// [`AuthError::SignedOut`] if the session is over already; [`AuthError::Records`].
    pub(crate) async fn just_signed_in(
        &self,
        secret: &secrecy::SecretString,
        client: &Client,
    ) -> Result<Principal, AuthError> {
        Ok(self.identify(&Credentials::Session(secret.clone()), client).await?.principal)
    }

    /// Regular housekeeping.
    pub(crate) async fn tidy(&self) -> Result<(), AuthError> {
        session::tidy(self).await?;
        super::attempts::tidy(self).await
    }
}

fn user(id: &str, name: &str, rights: &Rights) -> Principal {
    Principal::new(Kind::User, id, name, rights.teams.clone(), rights.grants.clone())
}

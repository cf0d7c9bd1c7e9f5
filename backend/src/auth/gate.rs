//! The state of authentication. [`super::identify`] turns credentials into a [`Principal`] by it.

use super::grants::{GrantCache, Rights};
use super::lifetime::Lifetime;
use super::password::Passwords;
use super::refusals::Refusals;
use super::setup::Setup;
use super::used_up::UsedUp;
use super::{AuthError, Kind, Principal};
use crate::clock::{Clock, SettledClock};
use crate::db::id::UserId;
use crate::db::{Records, instance};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Whether users sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// Users sign in.
    On,
    /// Every caller is the local administrator (`--insecure-no-auth`).
    Off,
}

/// An authenticated caller, and what the response must tell the browser.
#[derive(Clone, Debug)]
pub(crate) struct Identified {
    pub(crate) principal: Principal,
    /// The new value of the session cookie, if it was rotated.
    pub(crate) new_secret: Option<secrecy::SecretString>,
}

impl From<Principal> for Identified {
    fn from(principal: Principal) -> Identified {
        Identified { principal, new_secret: None }
    }
}

/// Authenticates callers.
pub struct Gate {
    pub(crate) records: Records,
    pub(crate) clock: Arc<dyn Clock>,
    /// The time that deletion by age counts from.
    pub(crate) settled: Arc<SettledClock>,
    pub(crate) sign_in: SignIn,
    pub(crate) lifetime: Lifetime,
    /// The password hasher.
    pub passwords: Passwords,
    /// Unit of the delay of repeated sign-in attempts (see [`super::attempts`]).
    pub attempt_delay: Duration,
    /// Whether password sign-in is enabled.
    pub(crate) password_sign_in: bool,
    /// Whether unknown users asserted by a trusted proxy are created, as viewers.
    pub proxy_creates: bool,
    /// The setup token for the first administrator.
    pub setup: Setup,
    pub(crate) grants: GrantCache,
    pub(super) refusals: Refusals,
    pub(super) used_up: UsedUp,
    claimed: AtomicBool,
}

impl Gate {
    /// A gate over `records`.
    pub fn new(records: Records, clock: Arc<dyn Clock>, sign_in: SignIn) -> Gate {
        Gate {
            records,
            settled: Arc::new(SettledClock::unsaved(clock.clone())),
            clock,
            sign_in,
            lifetime: Lifetime::default(),
            passwords: Passwords::default(),
            attempt_delay: Duration::from_secs(1),
            password_sign_in: true,
            proxy_creates: false,
            setup: Setup::default(),
            claimed: AtomicBool::new(sign_in == SignIn::Off),
            grants: GrantCache::default(),
            refusals: Refusals::default(),
            used_up: UsedUp::default(),
        }
    }

    /// Counts ages of what is deleted from `settled`.
    pub(crate) fn with_settled(self, settled: Arc<SettledClock>) -> Gate {
        Gate { settled, ..self }
    }

    /// Whether the server has an administrator. Once it has one, it always will.
    pub(crate) async fn is_claimed(&self) -> Result<bool, AuthError> {
        if self.claimed.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let claimed = self.records.fact(instance::CLAIMED_AT).await?.is_some();
        self.claimed.fetch_or(claimed, Ordering::Relaxed);
        Ok(claimed)
    }

    /// Rejects while the server has no administrator.
    ///
    /// # Errors
    /// [`AuthError::Unclaimed`].
    pub(crate) async fn must_be_claimed(&self) -> Result<(), AuthError> {
        if self.is_claimed().await? { Ok(()) } else { Err(AuthError::Unclaimed) }
    }

    /// Rights of a user at a revision of grants.
    pub(crate) async fn rights_of_user(
        &self,
        user_id: &UserId,
        revision: &str,
    ) -> Result<Arc<Rights>, AuthError> {
        self.grants.of_user(&self.records, user_id, revision).await
    }

    /// Drops cached rights that have expired.
    pub(crate) async fn expire(&self) {
        self.grants.expire().await;
    }
}

/// The principal of a user with these rights.
pub(super) fn user(id: &UserId, name: &str, rights: &Rights) -> Principal {
    Principal::new(Kind::User, id, name, rights.teams.clone(), rights.grants.clone())
        .with_reading_teams(&rights.reading_teams)
}

//! The first person: there is no password that comes with the server.
//!
//! Until somebody claims the server, it answers nothing else. On this very machine a first visitor just does; from
//! elsewhere it takes the setup token, which only who started the server can read.

use super::sign_in::SignedIn;
use super::user_name::display_name;
use super::{
    AuthError, Client, Gate, Role, UserName, accounts, attempts, last_admin, password, secret, session,
};
use crate::db::audit::{Actor, AuditEntry};
use crate::db::users::User;
use crate::db::{Change, id, instance};
use secrecy::{ExposeSecret, SecretString};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;
use subtle::ConstantTimeEq;

/// How long a setup token is good for.
pub(crate) const SETUP_TIME: Duration = Duration::from_secs(30 * 60);

/// The setup token of this start of the server, if there is one.
#[derive(Default)]
pub struct Setup {
    pending: Mutex<Option<Pending>>,
}

struct Pending {
    digest: String,
    expires_at: i64,
    /// Where it can be read, until the claim.
    file: Option<PathBuf>,
}

impl Setup {
    /// Makes a token, the only one that is good from now on. `file` is removed with the claim.
    pub fn issue(&self, now: i64, file: Option<PathBuf>) -> SecretString {
        let token = secret::new_secret();
        let expires_at = now.saturating_add(session::ns(SETUP_TIME));
        *self.pending() = Some(Pending { digest: secret::digest(&token), expires_at, file });
        token
    }

    fn accepts(&self, token: &SecretString, now: i64) -> bool {
        let digest = secret::digest(token);
        self.pending().as_ref().is_some_and(|pending| {
            bool::from(pending.digest.as_bytes().ct_eq(digest.as_bytes())) && now < pending.expires_at
        })
    }

    fn done(&self) {
        let file = self.pending().take().and_then(|pending| pending.file);
        if let Some(file) = file
            && let Err(error) = std::fs::remove_file(&file)
        {
            tracing::warn!(%error, "{} could not be removed; it is of no use any more", file.display());
        }
    }

    fn pending(&self) -> std::sync::MutexGuard<'_, Option<Pending>> {
        self.pending.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// A person who wants to be the first.
pub(crate) struct Claim {
    /// To sign in with.
    pub name: String,
    /// To be read by others; the name, if empty.
    pub display_name: String,
    /// The password.
    pub password: SecretString,
}

/// How the claimer shows to be allowed to.
pub(crate) enum Proof {
    /// By being at this machine, with nothing in between.
    ThisMachine,
    /// By the setup token, if one was given.
    Token(Option<SecretString>),
}

/// Makes the first administrator, signed in. Of several who try at once, one wins.
///
/// # Errors
/// [`AuthError::Conflict`] when somebody has; [`AuthError::Invalid`] for a bad name or password;
/// [`AuthError::Forbidden`] without a good token.
pub(crate) async fn claim(
    gate: &Gate,
    claim: Claim,
    proof: Proof,
    client: &Client,
) -> Result<SignedIn, AuthError> {
    if gate.is_claimed().await? {
        return Err(claimed_already());
    }
    if let Proof::Token(token) = proof {
        let counted = attempts::count_address(gate, "claim", client).await?;
        let now = gate.clock.now_ns();
        if !token.is_some_and(|token| gate.setup.accepts(&token, now)) {
            return Err(AuthError::Forbidden(
                "the setup link is wrong or older than 30 minutes: open the one that the server printed when it started, \
                 or restart the server to get a new one"
                    .to_owned(),
            ));
        }
        attempts::uncount(&gate.records, &[counted]).await?;
    }
    let user = new_administrator(gate, claim).await?;
    let actor = client.actor_named(gate.clock.now_ns(), "user", &user.id, &user.name);
    let mut change = gate.records.change().await?;
    if !change.set_fact_once(instance::CLAIMED_AT, &actor.at.to_string()).await? {
        return Err(claimed_already());
    }
    add_administrator(&mut change, &user, &actor).await?;
    let secret = session::start(gate, &mut change, &user.id, "claim", client).await?;
    change.commit(AuditEntry::new(&actor, "instance.claim", "user", &user.id, &user.name)).await?;
    gate.setup.done();
    Ok(SignedIn { user, secret })
}

/// Makes an administrator on behalf of who may read the server's files: the first one, or one more. The name must be new.
///
/// # Errors
/// [`AuthError::Invalid`] for a bad name or password, [`AuthError::Conflict`] when the name is taken.
pub(crate) async fn create_administrator(gate: &Gate, claim: Claim) -> Result<User, AuthError> {
    let user = new_administrator(gate, claim).await?;
    let actor = Actor { at: gate.clock.now_ns(), kind: "system".to_owned(), ..Actor::default() };
    let mut change = gate.records.change().await?;
    change.set_fact_once(instance::CLAIMED_AT, &actor.at.to_string()).await?;
    add_administrator(&mut change, &user, &actor).await?;
    change.commit(AuditEntry::new(&actor, "user.create", "user", &user.id, &user.name)).await?;
    gate.setup.done();
    Ok(user)
}

async fn new_administrator(gate: &Gate, claim: Claim) -> Result<User, AuthError> {
    let name: UserName = claim.name.parse()?;
    let shown = display_name(&claim.display_name)?;
    password::check_new(&claim.password, name.as_str())?;
    // The password must not travel on; its hash does.
    let hash = gate.passwords.hash(claim.password.expose_secret().into()).await?;
    Ok(User {
        id: id::new_id(),
        display_name: if shown.is_empty() { name.to_string() } else { shown },
        name: name.to_string(),
        email: None,
        password: Some(hash),
        created_at: gate.clock.now_ns(),
        disabled_at: None,
        signed_in_at: None,
    })
}

async fn add_administrator(change: &mut Change, user: &User, actor: &Actor) -> Result<(), AuthError> {
    accounts::insert(change, user).await?;
    accounts::bind_to_everything(change, actor, user, Role::Admin).await?;
    last_admin::keep(change).await
}

fn claimed_already() -> AuthError {
    AuthError::Conflict("this server is set up already; sign in".to_owned())
}

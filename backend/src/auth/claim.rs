//! Claiming a new server: creation of the first administrator. There is no default password.
//!
//! Until it is claimed, the server answers nothing else. From the same machine, claiming needs no proof; from elsewhere it
//! needs the setup token, which only the person who started the server can read.

use super::sign_in::SignedIn;
use super::user_name::display_name;
use super::{AuthError, Client, Gate, Role, UserName, accounts, attempts, last_admin, password, session};
use crate::db::audit::{Actor, AuditEntry};
use crate::db::users::User;
use crate::db::{Change, instance};
use secrecy::SecretString;

/// The administrator to be created.
pub(crate) struct Claim {
    /// The name to sign in with.
    pub(crate) name: String,
    /// Defaults to the name if empty.
    pub(crate) display_name: String,
    pub(crate) password: SecretString,
}

/// Proof of the right to claim the server.
pub(crate) enum Proof {
    /// A direct connection from the same machine.
    ThisMachine,
    /// The setup token, if one was sent.
    Token(Option<SecretString>),
}

/// Creates the first administrator and signs in. Of several concurrent claims, one wins.
///
/// # Errors
/// [`AuthError::Conflict`] if the server is claimed already; [`AuthError::Invalid`] for an invalid name or password;
/// [`AuthError::Forbidden`] without a valid token.
pub(crate) async fn claim(
    gate: &Gate,
    claim: Claim,
    proof: Proof,
    client: &Client,
) -> Result<SignedIn, AuthError> {
    if gate.is_claimed().await? {
        return Err(already_claimed());
    }
    if let Proof::Token(token) = proof {
        let counted = attempts::count_address(gate, "claim", client).await?;
        let now = gate.clock.now();
        if !token.is_some_and(|token| gate.setup.accepts(&token, now)) {
            return Err(AuthError::Forbidden(
                "the setup link is invalid or older than 30 minutes; open the one that the server printed when it started, \
                 or restart the server to get a new one"
                    .to_owned(),
            ));
        }
        attempts::take_back(&gate.records, &[counted]).await?;
    }
    let user = new_administrator(gate, claim).await?;
    let actor = client.actor_named(gate.clock.now(), "user", (&user.id).into(), &user.name);
    let mut change = gate.records.change().await?;
    if !change.set_fact_once(instance::CLAIMED_AT, &actor.at.0.to_string()).await? {
        return Err(already_claimed());
    }
    add_administrator(&mut change, &user, &actor).await?;
    let secret = session::start(gate, &mut change, &user.id, "claim", client).await?;
    change.commit(AuditEntry::new(&actor, "instance.claim", "user", &user.id, &user.name)).await?;
    gate.setup.finish();
    Ok(SignedIn { user, secret })
}

/// Creates an administrator on behalf of an operator with access to the server's files: the first one, or another one.
///
/// # Errors
/// [`AuthError::Invalid`] for an invalid name or password, [`AuthError::Conflict`] if the name is taken.
pub(crate) async fn create_administrator(gate: &Gate, claim: Claim) -> Result<User, AuthError> {
    let user = new_administrator(gate, claim).await?;
    let actor = Actor { at: gate.clock.now(), kind: "system".to_owned(), ..Actor::default() };
    let mut change = gate.records.change().await?;
    change.set_fact_once(instance::CLAIMED_AT, &actor.at.0.to_string()).await?;
    add_administrator(&mut change, &user, &actor).await?;
    change.commit(AuditEntry::new(&actor, "user.create", "user", &user.id, &user.name)).await?;
    gate.setup.finish();
    Ok(user)
}

async fn new_administrator(gate: &Gate, claim: Claim) -> Result<User, AuthError> {
    let name: UserName = claim.name.parse()?;
    let shown = display_name(&claim.display_name)?;
    password::check_new(&claim.password, name.as_str())?;
    let hash = gate.passwords.hash(claim.password).await?;
    let display_name = if shown.is_empty() { name.to_string() } else { shown };
    Ok(User { password: Some(hash), ..User::new(name.to_string(), display_name, gate.clock.now()) })
}

async fn add_administrator(change: &mut Change, user: &User, actor: &Actor) -> Result<(), AuthError> {
    accounts::insert(change, user).await?;
    accounts::bind_org_role(change, actor, user, Role::Admin).await?;
    last_admin::keep(change).await
}

fn already_claimed() -> AuthError {
    AuthError::Conflict("this server has been claimed already; sign in".to_owned())
}

//! Links by which a person sets a first or a new password: a random secret, once, for a week.

use super::sign_in::SignedIn;
use super::{AuthError, Client, Gate, attempts, password, secret, session};
use crate::db::audit::AuditEntry;
use crate::db::invitations::Invitation;
use crate::db::users::User;
use crate::db::{Change, DbError};
use secrecy::SecretString;
use std::time::Duration;

/// How long a link is good for.
pub(crate) const VALIDITY: Duration = Duration::from_secs(7 * 24 * 3600);

/// A new link. It is shown once.
#[derive(Debug)]
pub(crate) struct Link {
    /// Whom it is for.
    pub(crate) user: User,
    /// What makes it work.
    pub(crate) secret: SecretString,
    /// When it ends, nanoseconds since the epoch.
    pub(crate) expires_at: i64,
}

/// Adds a link for `user` to a change; older ones stop working.
pub(super) async fn add(
    change: &mut Change,
    user: User,
    created_by: &str,
    now: i64,
) -> Result<Link, AuthError> {
    let secret = secret::new_secret();
    let expires_at = now.saturating_add(session::ns(VALIDITY));
    change.end_invitations(&user.id, now).await?;
    change.insert_invitation(&secret::digest(&secret), &user.id, created_by, now, expires_at).await?;
    Ok(Link { user, secret, expires_at })
}

/// Whom a link is for.
///
/// # Errors
/// [`AuthError::NotFound`] for one that is wrong, used or too old; nothing says which. [`AuthError::TooMany`].
pub(crate) async fn look(
    gate: &Gate,
    token: &SecretString,
    client: &Client,
) -> Result<(User, Invitation), AuthError> {
    let counted = attempts::count_address(gate, "invitation", client).await?;
    let found = find(gate, token).await?;
    attempts::uncount(&gate.records, &[counted]).await?;
    Ok(found)
}

async fn find(gate: &Gate, token: &SecretString) -> Result<(User, Invitation), AuthError> {
    if !secret::is_well_formed(token) {
        return Err(dead());
    }
    let invitation = gate.records.invitation(&secret::digest(token)).await?.ok_or_else(dead)?;
    if invitation.used_at.is_some() || invitation.expires_at <= gate.clock.now_ns() {
        return Err(dead());
    }
    let user = gate.records.user(&invitation.user_id).await?;
    let user = user.filter(|user| user.disabled_at.is_none()).ok_or_else(dead)?;
    Ok((user, invitation))
}

/// Sets the password of whom the link is for and signs in. All sessions of before end.
///
/// # Errors
/// As [`look`]; [`AuthError::Invalid`] for a password that is too weak, after which the link still works;
/// [`AuthError::Forbidden`] where there are no passwords.
pub(crate) async fn accept(
    gate: &Gate,
    token: &SecretString,
    password: SecretString,
    client: &Client,
) -> Result<SignedIn, AuthError> {
    if !gate.password_sign_in {
        let detail = "signing in with a password is turned off here; use the other way that the page offers";
        return Err(AuthError::Forbidden(detail.to_owned()));
    }
    let (user, _) = look(gate, token, client).await?;
    password::check_new(&password, &user.name)?;
    let hash = gate.passwords.hash(password).await?;
    let now = gate.clock.now_ns();
    let mut change = gate.records.change().await?;
    if !change.use_invitation(&secret::digest(token), now).await? {
        return Err(dead());
    }
    change.set_password(&user.id, &hash).await?;
    change.revoke_sessions_of(&user.id, "", now).await?;
    let secret = match session::start(gate, &mut change, &user.id, "invitation", client).await {
        // The account was shut in between.
        Err(AuthError::WrongPassword | AuthError::Records(DbError::Missing)) => return Err(dead()),
        other => other?,
    };
    let actor = client.actor_named(now, "user", &user.id, &user.name);
    change.commit(AuditEntry::new(&actor, "invitation.accept", "user", &user.id, &user.name)).await?;
    Ok(SignedIn { user, secret })
}

fn dead() -> AuthError {
    AuthError::NotFound("this link is wrong, was used, or is too old: ask for a new one".to_owned())
}

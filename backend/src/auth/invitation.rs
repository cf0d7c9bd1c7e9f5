//! Invitation links, by which a user sets a first or a new password: single use, valid for a week.

use super::lifetime::ns;
use super::sign_in::SignedIn;
use super::{AuthError, Client, Gate, attempts, known_browsers, password, secret, session};
use crate::db::audit::AuditEntry;
use crate::db::id::PrincipalId;
use crate::db::invitations::Invitation;
use crate::db::users::User;
use crate::db::{Change, DbError};
use flarepath_profile::unix_nanos::UnixNanos;
use secrecy::SecretString;
use std::time::Duration;

/// Validity of a link.
const VALIDITY: Duration = Duration::from_secs(7 * 24 * 3600);

/// A new link, shown once.
#[derive(Debug)]
pub(crate) struct Link {
    /// The invited user.
    pub(crate) user: User,
    pub(crate) secret: SecretString,
    pub(crate) expires_at: UnixNanos,
}

/// Creates a link for `user` within a transaction; older links become invalid.
pub(super) async fn add(
    change: &mut Change,
    user: User,
    created_by: &PrincipalId,
    now: UnixNanos,
) -> Result<Link, AuthError> {
    let secret = secret::new_secret();
    let expires_at = now.plus(VALIDITY);
    change.end_invitations(&user.id, now).await?;
    change.insert_invitation(&secret::digest(&secret), &user.id, created_by, now, expires_at).await?;
    Ok(Link { user, secret, expires_at })
}

/// The user and invitation of a link.
///
/// # Errors
/// [`AuthError::NotFound`] for an invalid, used or expired link; nothing says which. [`AuthError::TooMany`].
pub(crate) async fn inspect(
    gate: &Gate,
    token: &SecretString,
    client: &Client,
) -> Result<(User, Invitation), AuthError> {
    let counted = attempts::count_address(gate, "invitation", client).await?;
    let found = find(gate, token).await?;
    attempts::take_back(&gate.records, &[counted]).await?;
    Ok(found)
}

async fn find(gate: &Gate, token: &SecretString) -> Result<(User, Invitation), AuthError> {
    if !secret::is_well_formed(token) {
        return Err(invalid_link());
    }
    let invitation = gate.records.invitation(&secret::digest(token)).await?.ok_or_else(invalid_link)?;
    let left = invitation.expires_at.nanos_since(gate.clock.now());
    // One with more time left than any was made while the clock ran ahead.
    let made_ahead = left > ns(VALIDITY + session::SKEW);
    if invitation.used_at.is_some() || left <= 0 || made_ahead {
        return Err(invalid_link());
    }
    let user = gate.records.user(&invitation.user_id).await?;
    let user = user.filter(|user| user.disabled_at.is_none()).ok_or_else(invalid_link)?;
    Ok((user, invitation))
}

/// Sets the password of the invited user and signs in. Ends all earlier sessions.
///
/// # Errors
/// As [`inspect`]; [`AuthError::Invalid`] for a weak password, after which the link stays valid;
/// [`AuthError::Forbidden`] where password sign-in is disabled.
pub(crate) async fn accept(
    gate: &Gate,
    token: &SecretString,
    password: SecretString,
    client: &Client,
) -> Result<SignedIn, AuthError> {
    if !gate.password_sign_in {
        let detail = "password sign-in is disabled on this server; use the other sign-in option";
        return Err(AuthError::Forbidden(detail.to_owned()));
    }
    let (user, _) = inspect(gate, token, client).await?;
    password::check_new(&password, &user.name)?;
    let hash = gate.passwords.hash(password).await?;
    let now = gate.clock.now();
    let mut change = gate.records.change().await?;
    if !change.use_invitation(&secret::digest(token), now).await? {
        return Err(invalid_link());
    }
    change.set_password(&user.id, &hash).await?;
    known_browsers::forget_others(&mut change, &user.id, None, now).await?;
    change.revoke_sessions_of(&user.id, now).await?;
    let secret = match session::start(gate, &mut change, &user.id, "invitation", client).await {
        // The account was disabled meanwhile.
        Err(AuthError::WrongPassword | AuthError::Records(DbError::Missing)) => return Err(invalid_link()),
        other => other?,
    };
    let actor = client.actor_named(now, "user", (&user.id).into(), &user.name);
    change.commit(AuditEntry::new(&actor, "invitation.accept", "user", &user.id, &user.name)).await?;
    Ok(SignedIn { user, secret })
}

fn invalid_link() -> AuthError {
    AuthError::NotFound("this link is invalid, used or expired; ask for a new one".to_owned())
}

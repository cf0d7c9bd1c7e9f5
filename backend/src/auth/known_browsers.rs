//! Browsers that a user has signed in with before: wrong passwords of others do not lock these out.
//!
//! Each browser gets a random secret in a cookie at its first sign-in; its hash is recorded with the user. An attacker
//! without that cookie is limited by address, network and account (see [`super::attempts`]); a browser with it is limited on
//! its own. The cookie proves nothing else: the password is still needed.

use super::{AuthError, Client, Gate, secret};
use crate::db::Change;
use crate::db::id::UserId;
use flarepath_profile::unix_nanos::UnixNanos;
use secrecy::SecretString;
use std::time::Duration;

/// How long a browser is known after its last sign-in.
const LIFETIME: Duration = Duration::from_secs(180 * 24 * 3600);
/// Browsers per user; the one that was used longest ago is forgotten.
const MOST_PER_USER: i64 = 20;

/// The hash of the client's browser, if `user_name` has signed in there before.
pub(super) async fn known<'a>(
    gate: &Gate,
    user_name: &str,
    client: &'a Client,
) -> Result<Option<&'a str>, AuthError> {
    let Some(hash) = client.browser.as_deref() else { return Ok(None) };
    let since = gate.clock.now().minus(LIFETIME);
    Ok(gate.records.is_known_browser(hash, user_name, since).await?.then_some(hash))
}

/// Records that a user signed in at the client's browser. Returns the secret for the browser's cookie if it needs a new one:
/// it had none, or one that this server does not know, which somebody else may have chosen.
///
/// # Errors
/// [`AuthError::Records`].
pub(crate) async fn remember(
    gate: &Gate,
    user_id: &UserId,
    client: &Client,
) -> Result<Option<SecretString>, AuthError> {
    let now = gate.clock.now();
    let (hash, new) = match &client.browser {
        Some(hash) if gate.records.has_known_users(hash, now.minus(LIFETIME)).await? => (hash.clone(), None),
        _ => {
            let secret = secret::new_secret();
            (secret::digest(&secret), Some(secret))
        }
    };
    let mut change = gate.records.change().await?;
    change.remember_browser(&hash, user_id, now, MOST_PER_USER).await?;
    change.commit_unaudited().await?;
    Ok(new)
}

/// Forgets the browsers of a user whose password has changed, except `kept`.
pub(super) async fn forget_others(
    change: &mut Change,
    user_id: &UserId,
    kept: Option<&str>,
    now: UnixNanos,
) -> Result<(), AuthError> {
    change.forget_browsers_of(user_id).await?;
    if let Some(hash) = kept {
        change.remember_browser(hash, user_id, now, MOST_PER_USER).await?;
    }
    Ok(())
}

/// Deletes browsers that have not been used for long.
pub(super) async fn purge(gate: &Gate) -> Result<(), AuthError> {
    let mut change = gate.records.change().await?;
    change.delete_known_browsers(gate.settled.now().minus(LIFETIME)).await?;
    Ok(change.commit_unaudited().await?)
}

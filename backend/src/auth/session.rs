//! Sessions: lifetime, rotation of their secrets, revocation.
//!
//! A session is a row and a random secret in a cookie. The secret is rotated every ten minutes of use; the previous one
//! stays valid for a minute, because requests of other tabs may be in flight. Used later than that, it must have been
//! stolen, and the session is revoked. The exception: no request has carried the new secret, because the response with it
//! was lost; then it is replaced by another one.

use super::lifetime::{Lifetime, ns};
use super::{AuthError, Client, Gate, secret};
use crate::db::audit::{Actor, AuditEntry};
use crate::db::id::{PrincipalId, SessionId, UserId};
use crate::db::sessions::{FoundSession, Session};
use crate::db::users::User;
use crate::db::{Change, DbError};
use flarepath_profile::unix_nanos::UnixNanos;
use secrecy::SecretString;
use std::time::Duration;

/// How often the secret is rotated.
const ROTATION: Duration = Duration::from_secs(10 * 60);
/// How long the previous secret stays valid.
const OVERLAP: Duration = Duration::from_secs(60);
/// Resolution of the last use, to avoid a write with each request.
const PRECISION: Duration = Duration::from_secs(60);
/// How much later than now a session may have begun. One that seems to begin later began while the clock ran ahead, and would
/// last that much longer.
pub(super) const SKEW: Duration = Duration::from_secs(3600);
/// How long ended sessions are kept: they tell which networks a user has signed in from.
const RETENTION: Duration = Duration::from_secs(30 * 24 * 3600);

/// Begins a session within a transaction that the caller commits: the only way to begin one, whatever the sign-in `method`
/// (`password`, `oidc`, `claim`, `invitation`). Returns the secret for the cookie. It is always a new one, which prevents
/// session fixation.
///
/// # Errors
/// [`AuthError::WrongPassword`] if the account is missing or disabled; [`AuthError::Records`].
pub(crate) async fn start(
    gate: &Gate,
    change: &mut Change,
    user_id: &UserId,
    method: &'static str,
    client: &Client,
) -> Result<SecretString, AuthError> {
    let now = gate.clock.now();
    match change.user_signed_in(user_id, now).await {
        Err(DbError::Missing) => return Err(AuthError::WrongPassword),
        other => other?,
    }
    let secret = secret::new_secret();
    let session = Session {
        id: SessionId::random(),
        user_id: user_id.clone(),
        method: method.to_owned(),
        rotated_at: now,
        secret_seen: false,
        created_at: now,
        used_at: now,
        expires_at: now.plus(gate.lifetime.absolute),
        ip: client.ip.to_string(),
        user_agent: client.user_agent.clone(),
        revoked_at: None,
    };
    change.insert_session(&session, &secret::digest(&secret)).await?;
    Ok(secret)
}

/// [`start`] in a transaction of its own, audited as `session.start`.
///
/// # Errors
/// As [`start`].
pub(crate) async fn sign_in(
    gate: &Gate,
    user: &User,
    method: &'static str,
    client: &Client,
) -> Result<SecretString, AuthError> {
    let mut change = gate.records.change().await?;
    let secret = start(gate, &mut change, &user.id, method, client).await?;
    let actor = client.actor_named(gate.clock.now(), "user", (&user.id).into(), &user.name);
    let entry = AuditEntry::new(&actor, "session.start", "user", &user.id, &user.name)
        .after(serde_json::json!({ "method": method }));
    change.commit(entry).await?;
    Ok(secret)
}

/// A valid session, and what the browser must be told.
pub(super) struct Resumed {
    pub(super) found: FoundSession,
    /// The new secret, if it was rotated.
    pub(super) new_secret: Option<SecretString>,
}

/// The session of a secret.
///
/// # Errors
/// [`AuthError::SignedOut`] if it is unknown or has ended.
pub(super) async fn resume(
    gate: &Gate,
    secret: &SecretString,
    client: &Client,
) -> Result<Resumed, AuthError> {
    let (found, hash) = find(gate, secret).await?;
    let now = gate.clock.now();
    match verdict(&found, now, gate.lifetime) {
        Verdict::Ended => Err(AuthError::SignedOut),
        Verdict::Stolen => {
            revoke_stolen(gate, &found, client).await?;
            Err(AuthError::SignedOut)
        }
        Verdict::Valid { rotate } => {
            // A failure of bookkeeping must not sign anybody out: the session just ends sooner.
            let new_secret = if rotate { self::rotate(gate, &found, &hash, now).await } else { Ok(None) };
            let new_secret = new_secret.unwrap_or_else(|error| {
                tracing::warn!(%error, "session secret rotation failed");
                None
            });
            record_use(gate, &found, client, now).await;
            Ok(Resumed { found, new_secret })
        }
    }
}

/// Whether a secret belongs to a valid session. Changes nothing.
pub(super) async fn is_valid(gate: &Gate, secret: &SecretString) -> Result<bool, AuthError> {
    match find(gate, secret).await {
        Ok((found, _)) => {
            let verdict = verdict(&found, gate.clock.now(), gate.lifetime);
            Ok(matches!(verdict, Verdict::Valid { .. }))
        }
        Err(AuthError::SignedOut) => Ok(false),
        Err(other) => Err(other),
    }
}

async fn find(gate: &Gate, secret: &SecretString) -> Result<(FoundSession, String), AuthError> {
    if !secret::is_well_formed(secret) {
        return Err(AuthError::SignedOut);
    }
    let hash = secret::digest(secret);
    let found = gate.records.session_by_secret(&hash).await?;
    found.map(|found| (found, hash)).ok_or(AuthError::SignedOut)
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Valid { rotate: bool },
    Ended,
    Stolen,
}

fn verdict(found: &FoundSession, now: UnixNanos, lifetime: Lifetime) -> Verdict {
    let session = &found.session;
    let idle = now.nanos_since(session.used_at);
    if found.user_disabled
        || session.revoked_at.is_some()
        || now >= session.expires_at
        || session.created_at > now.plus(SKEW)
        || idle >= ns(lifetime.idle)
    {
        return Verdict::Ended;
    }
    // Distances, as the clock may have been set back since.
    let age = now.nanos_since(session.rotated_at).saturating_abs();
    match (found.by_previous, age < ns(OVERLAP)) {
        (false, _) => Verdict::Valid { rotate: age >= ns(ROTATION) },
        (true, true) => Verdict::Valid { rotate: false },
        (true, false) if !session.secret_seen => Verdict::Valid { rotate: true },
        (true, false) => Verdict::Stolen,
    }
}

/// Rotates the secret, unless a concurrent request has.
async fn rotate(
    gate: &Gate,
    found: &FoundSession,
    hash: &str,
    now: UnixNanos,
) -> Result<Option<SecretString>, AuthError> {
    let secret = secret::new_secret();
    let (session, new) = (&found.session, secret::digest(&secret));
    let changed = if found.by_previous {
        gate.records.replace_unseen_secret(&session.id, hash, session.rotated_at, &new, now).await?
    } else {
        gate.records.rotate_session(&session.id, hash, &new, now).await?
    };
    Ok(changed.then_some(secret))
}

async fn record_use(gate: &Gate, found: &FoundSession, client: &Client, now: UnixNanos) {
    let session = &found.session;
    let seen = !found.by_previous && !session.secret_seen;
    let stale = now.nanos_since(session.used_at).saturating_abs() >= ns(PRECISION);
    if !seen && !stale {
        return;
    }
    let ip = client.ip.to_string();
    let recorded = gate.records.touch_session(&session.id, now, &ip, &client.user_agent, seen).await;
    if let Err(error) = recorded {
        tracing::warn!(%error, "recording session use failed");
    }
}

async fn revoke_stolen(gate: &Gate, found: &FoundSession, client: &Client) -> Result<(), AuthError> {
    let FoundSession { session, user_name, .. } = found;
    tracing::warn!(user = user_name, "previous session secret used after its overlap; session revoked");
    let mut change = gate.records.change().await?;
    let now = gate.clock.now();
    change.revoke_session(&session.user_id, &session.id, now).await?;
    let actor = client.actor_named(now, "system", PrincipalId::default(), "");
    let entry = AuditEntry::new(&actor, "session.reuse", "session", &session.id, user_name);
    Ok(change.commit(entry).await?)
}

/// Ends a session of a user.
///
/// # Errors
/// [`AuthError::NotFound`] if the user has no such session.
pub(crate) async fn end(
    gate: &Gate,
    actor: &Actor,
    user_id: &UserId,
    id: &SessionId,
) -> Result<(), AuthError> {
    let mut change = gate.records.change().await?;
    if !change.revoke_session(user_id, id, actor.at).await? {
        return Err(AuthError::NotFound("session not found".to_owned()));
    }
    let entry = AuditEntry::new(actor, "session.end", "session", id, "");
    Ok(change.commit(entry).await?)
}

/// Ends all sessions of a user; how many is in the audit log.
pub(crate) async fn end_all(
    gate: &Gate,
    actor: &Actor,
    user_id: &UserId,
    user_name: &str,
) -> Result<(), AuthError> {
    let mut change = gate.records.change().await?;
    let ended = change.revoke_sessions_of(user_id, actor.at).await?;
    let entry = AuditEntry::new(actor, "session.end_all", "user", user_id, user_name)
        .after(serde_json::json!({ "ended": ended }));
    Ok(change.commit(entry).await?)
}

/// The valid sessions of a user.
pub(crate) async fn list(gate: &Gate, user_id: &UserId) -> Result<Vec<Session>, AuthError> {
    let now = gate.clock.now();
    let used_since = now.minus(gate.lifetime.idle);
    Ok(gate.records.sessions_of(user_id, now, used_since).await?)
}

/// Deletes sessions that ended long ago.
pub(super) async fn purge(gate: &Gate) -> Result<(), AuthError> {
    let mut change = gate.records.change().await?;
    change.delete_sessions(gate.settled.now().minus(RETENTION)).await?;
    Ok(change.commit_unaudited().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000_000_000;

    fn found(change: impl FnOnce(&mut FoundSession)) -> FoundSession {
        let session = Session {
            id: "".into(),
            user_id: "".into(),
            method: String::new(),
            rotated_at: UnixNanos(0),
            secret_seen: true,
            created_at: UnixNanos(0),
            used_at: UnixNanos(0),
            expires_at: UnixNanos(7 * 24 * 60 * MINUTE),
            ip: String::new(),
            user_agent: String::new(),
            revoked_at: None,
        };
        let (user_name, revision) = (String::new(), String::new());
        let mut found =
            FoundSession { session, by_previous: false, user_name, user_disabled: false, revision };
        change(&mut found);
        found
    }

    fn at(minutes: i64, change: impl FnOnce(&mut FoundSession)) -> Verdict {
        verdict(&found(change), UnixNanos(minutes * MINUTE), Lifetime::default())
    }

    #[test]
    fn sessions_end_by_idle_time_lifetime_revocation_and_disabling() {
        assert_eq!(at(1, |_| {}), Verdict::Valid { rotate: false });
        assert_eq!(at(12 * 60 - 1, |_| {}), Verdict::Valid { rotate: true });
        assert_eq!(at(12 * 60, |_| {}), Verdict::Ended);
        assert_eq!(
            at(7 * 24 * 60, |f| f.session.used_at = UnixNanos(7 * 24 * 60 * MINUTE - 1)),
            Verdict::Ended
        );
        assert_eq!(at(1, |f| f.session.revoked_at = Some(UnixNanos(0))), Verdict::Ended);
        assert_eq!(at(1, |f| f.user_disabled = true), Verdict::Ended);
    }

    #[test]
    fn a_session_of_a_clock_that_ran_ahead_ends_once_the_clock_is_right() {
        let begun_at = |minutes: i64| {
            at(0, |f| {
                f.session.created_at = UnixNanos(minutes * MINUTE);
                f.session.expires_at.0 += minutes * MINUTE;
            })
        };
        assert_eq!(begun_at(60), Verdict::Valid { rotate: false });
        assert_eq!(begun_at(61), Verdict::Ended);
        assert_eq!(at(0, |f| f.session.rotated_at = UnixNanos(30 * MINUTE)), Verdict::Valid { rotate: true });
        let old =
            |f: &mut FoundSession| (f.by_previous, f.session.rotated_at) = (true, UnixNanos(30 * MINUTE));
        assert_eq!(at(0, old), Verdict::Stolen);
    }

    #[test]
    fn the_previous_secret_is_valid_for_a_minute_or_until_the_new_one_was_used() {
        assert_eq!(at(9, |_| {}), Verdict::Valid { rotate: false });
        assert_eq!(at(10, |_| {}), Verdict::Valid { rotate: true });
        assert_eq!(at(0, |f| f.by_previous = true), Verdict::Valid { rotate: false });
        assert_eq!(at(1, |f| f.by_previous = true), Verdict::Stolen);
        let lost = |f: &mut FoundSession| (f.by_previous, f.session.secret_seen) = (true, false);
        assert_eq!(at(1, lost), Verdict::Valid { rotate: true });
    }
}

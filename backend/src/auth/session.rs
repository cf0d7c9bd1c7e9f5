//! Sessions: how long they last, how their secret changes, when they end.
//!
//! A session is a row and a random secret in a cookie. The secret changes every ten minutes of use; the one before is still
//! good for a minute, as requests of other tabs may be on their way. If it comes later, somebody else has it: the session
//! ends. Unless the new secret was never seen, because the answer that carried it was lost: then it is replaced by another.

use super::{AuthError, Client, Gate, secret};
use crate::db::audit::{Actor, AuditEntry};
use crate::db::sessions::{FoundSession, Session};
use crate::db::users::User;
use crate::db::{Change, DbError, id};
use secrecy::SecretString;
use std::time::Duration;

/// How often the secret changes.
pub(crate) const ROTATION: Duration = Duration::from_secs(10 * 60);
/// How long the one before is good for.
pub(crate) const OVERLAP: Duration = Duration::from_secs(60);
/// How exactly the last use is known; less writing than once a request.
const PRECISION: Duration = Duration::from_secs(60);
/// How long those that are over stay in the records: they tell from where a person used to sign in.
const MEMORY: Duration = Duration::from_secs(30 * 24 * 3600);

/// How long sessions last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lifetime {
    /// Without being used.
    pub(crate) idle: Duration,
    /// At most.
    pub(crate) absolute: Duration,
}

impl Default for Lifetime {
    fn default() -> Lifetime {
        Lifetime { idle: Duration::from_secs(12 * 3600), absolute: Duration::from_secs(7 * 24 * 3600) }
    }
}

pub(super) fn ns(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}

/// Begins a session within a change that the caller commits: the one way into a session, however the person signed in
/// (`method`: `password`, `oidc`, `claim`, `invitation`, `proxy`). Gives the secret for the cookie, which is always a new
/// one, so that nobody can be given a session that somebody else knows.
///
/// # Errors
/// [`AuthError::WrongPassword`] when the account is not there or shut; [`AuthError::Records`].
pub(crate) async fn start(
    gate: &Gate,
    change: &mut Change,
    user_id: &str,
    method: &'static str,
    client: &Client,
) -> Result<SecretString, AuthError> {
    let now = gate.clock.now_ns();
    match change.user_signed_in(user_id, now).await {
        Err(DbError::Missing) => return Err(AuthError::WrongPassword),
        other => other?,
    }
    let secret = secret::new_secret();
    let session = Session {
        id: id::new_id(),
        user_id: user_id.to_owned(),
        method: method.to_owned(),
        rotated_at: now,
        secret_seen: false,
        created_at: now,
        used_at: now,
        expires_at: now.saturating_add(ns(gate.lifetime.absolute)),
        ip: client.ip.to_string(),
        user_agent: client.user_agent.clone(),
        revoked_at: None,
    };
    change.insert_session(&session, &secret::digest(&secret)).await?;
    Ok(secret)
}

/// [`start`] in a change of its own, written down as `session.start`.
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
    let actor = client.actor_named(gate.clock.now_ns(), "user", &user.id, &user.name);
    let entry = AuditEntry::new(&actor, "session.start", "user", &user.id, &user.name)
        .after(serde_json::json!({ "method": method }));
    change.commit(entry).await?;
    Ok(secret)
}

/// A session that is good, and what the browser must be told.
pub(super) struct Live {
    pub(super) found: FoundSession,
    /// The secret from now on, if it changed.
    pub(super) new_secret: Option<SecretString>,
}

/// The session of a secret.
///
/// # Errors
/// [`AuthError::SignedOut`] when there is none (any more).
pub(super) async fn resume(gate: &Gate, secret: &SecretString, client: &Client) -> Result<Live, AuthError> {
    let (found, hash) = find(gate, secret).await?;
    let now = gate.clock.now_ns();
    match verdict(&found, now, gate.lifetime) {
        Verdict::Over => Err(AuthError::SignedOut),
        Verdict::Stolen => {
            end_stolen(gate, &found, client).await?;
            Err(AuthError::SignedOut)
        }
        Verdict::Good { rotate } => {
            // Bookkeeping that fails must not keep people from reading: a session that is not noted just ends sooner.
            let new_secret = if rotate { self::rotate(gate, &found, &hash, now).await } else { Ok(None) };
            let new_secret = new_secret.unwrap_or_else(|error| {
                tracing::warn!(%error, "the secret of a session could not be changed");
                None
            });
            note_use(gate, &found, client, now).await;
            Ok(Live { found, new_secret })
        }
    }
}

/// Whether a secret is that of a good session, without changing anything.
pub(super) async fn is_good(gate: &Gate, secret: &SecretString) -> Result<bool, AuthError> {
    match find(gate, secret).await {
        Ok((found, _)) => {
            let verdict = verdict(&found, gate.clock.now_ns(), gate.lifetime);
            Ok(matches!(verdict, Verdict::Good { .. }))
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
    Good { rotate: bool },
    Over,
    Stolen,
}

fn verdict(found: &FoundSession, now: i64, lifetime: Lifetime) -> Verdict {
    let session = &found.session;
    let idle = now.saturating_sub(session.used_at);
    if found.user_disabled
        || session.revoked_at.is_some()
        || now >= session.expires_at
        || idle >= ns(lifetime.idle)
    {
        return Verdict::Over;
    }
    let age = now.saturating_sub(session.rotated_at);
    match (found.by_previous, age < ns(OVERLAP)) {
        (false, _) => Verdict::Good { rotate: age >= ns(ROTATION) },
        (true, true) => Verdict::Good { rotate: false },
        (true, false) if !session.secret_seen => Verdict::Good { rotate: true },
        (true, false) => Verdict::Stolen,
    }
}

/// A new secret, unless a request beside this one has made one already.
async fn rotate(
    gate: &Gate,
    found: &FoundSession,
    hash: &str,
    now: i64,
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

async fn note_use(gate: &Gate, found: &FoundSession, client: &Client, now: i64) {
    let session = &found.session;
    let seen = !found.by_previous && !session.secret_seen;
    let stale = now.saturating_sub(session.used_at) >= ns(PRECISION);
    if !seen && !stale {
        return;
    }
    let ip = client.ip.to_string();
    let noted = gate.records.touch_session(&session.id, now, &ip, &client.user_agent, seen).await;
    if let Err(error) = noted {
        tracing::warn!(%error, "the use of a session could not be noted");
    }
}

async fn end_stolen(gate: &Gate, found: &FoundSession, client: &Client) -> Result<(), AuthError> {
    let FoundSession { session, user_name, .. } = found;
    tracing::warn!(user = user_name, "a session's old secret came back: the session is ended");
    let mut change = gate.records.change().await?;
    let now = gate.clock.now_ns();
    change.revoke_session(&session.user_id, &session.id, now).await?;
    let actor = client.actor_named(now, "system", "", "");
    let entry = AuditEntry::new(&actor, "session.reuse", "session", &session.id, user_name);
    Ok(change.commit(entry).await?)
}

/// Ends one of a person's own sessions.
///
/// # Errors
/// [`AuthError::NotFound`] when the person has none of that id.
pub(crate) async fn end(gate: &Gate, actor: &Actor, user_id: &str, id: &str) -> Result<(), AuthError> {
    let mut change = gate.records.change().await?;
    if !change.revoke_session(user_id, id, actor.at).await? {
        return Err(AuthError::NotFound("you have no such session".to_owned()));
    }
    let entry = AuditEntry::new(actor, "session.end", "session", id, "");
    Ok(change.commit(entry).await?)
}

/// Ends all sessions of a person but `except` (an id, or empty). Answers how many.
pub(crate) async fn end_all(
    gate: &Gate,
    actor: &Actor,
    user: (&str, &str),
    except: &str,
) -> Result<u64, AuthError> {
    let mut change = gate.records.change().await?;
    let ended = change.revoke_sessions_of(user.0, except, actor.at).await?;
    let entry = AuditEntry::new(actor, "session.end_all", "user", user.0, user.1)
        .after(serde_json::json!({ "ended": ended }));
    change.commit(entry).await?;
    Ok(ended)
}

/// The sessions of a person that are good now.
pub(crate) async fn list(gate: &Gate, user_id: &str) -> Result<Vec<Session>, AuthError> {
    let now = gate.clock.now_ns();
    let used_since = now.saturating_sub(ns(gate.lifetime.idle));
    Ok(gate.records.sessions_of(user_id, now, used_since).await?)
}

/// Forgets sessions that are long over.
pub(crate) async fn tidy(gate: &Gate) -> Result<(), AuthError> {
    let mut change = gate.records.change().await?;
    change.delete_sessions(gate.clock.now_ns().saturating_sub(ns(MEMORY))).await?;
    Ok(change.commit_unaudited().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000_000_000;

    fn found(change: impl FnOnce(&mut FoundSession)) -> FoundSession {
        let session = Session {
            id: String::new(),
            user_id: String::new(),
            method: String::new(),
            rotated_at: 0,
            secret_seen: true,
            created_at: 0,
            used_at: 0,
            expires_at: 7 * 24 * 60 * MINUTE,
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
        verdict(&found(change), minutes * MINUTE, Lifetime::default())
    }

    #[test]
    fn a_session_ends_by_itself_and_by_others() {
        assert_eq!(at(1, |_| {}), Verdict::Good { rotate: false });
        assert_eq!(at(12 * 60 - 1, |_| {}), Verdict::Good { rotate: true });
        assert_eq!(at(12 * 60, |_| {}), Verdict::Over);
        assert_eq!(at(7 * 24 * 60, |f| f.session.used_at = 7 * 24 * 60 * MINUTE - 1), Verdict::Over);
        assert_eq!(at(1, |f| f.session.revoked_at = Some(0)), Verdict::Over);
        assert_eq!(at(1, |f| f.user_disabled = true), Verdict::Over);
    }

    #[test]
    fn the_secret_before_is_good_for_a_minute_or_until_the_new_one_arrived() {
        assert_eq!(at(9, |_| {}), Verdict::Good { rotate: false });
        assert_eq!(at(10, |_| {}), Verdict::Good { rotate: true });
        assert_eq!(at(0, |f| f.by_previous = true), Verdict::Good { rotate: false });
        assert_eq!(at(1, |f| f.by_previous = true), Verdict::Stolen);
        let lost = |f: &mut FoundSession| (f.by_previous, f.session.secret_seen) = (true, false);
        assert_eq!(at(1, lost), Verdict::Good { rotate: true });
    }
}

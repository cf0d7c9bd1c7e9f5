//! Browser sessions. Secrets are stored as SHA-256 only.

use super::id::{SessionId, UserId};
use super::{Change, DbError, Records};
use sqlx::Row;
use sqlx::any::AnyRow;

/// A session. Times are nanoseconds since the epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub(crate) id: SessionId,
    pub(crate) user_id: UserId,
    /// Sign-in method: `password`, `oidc`, `claim`, `invitation`.
    pub(crate) method: String,
    /// When the secret was last rotated.
    pub(crate) rotated_at: i64,
    /// Whether a request has carried the current secret.
    pub(crate) secret_seen: bool,
    /// When the session began.
    pub created_at: i64,
    /// Time of the last use, to the minute.
    pub(crate) used_at: i64,
    /// When the session ends, however active it is.
    pub(crate) expires_at: i64,
    /// Client address of the last use.
    pub ip: String,
    /// User agent of the last use.
    pub(crate) user_agent: String,
    /// When the session was revoked.
    pub(crate) revoked_at: Option<i64>,
}

/// A session found by its secret, with what authentication needs to decide.
#[derive(Clone, Debug)]
pub struct FoundSession {
    pub(crate) session: Session,
    /// Whether the secret is the one from before the last rotation.
    pub(crate) by_previous: bool,
    pub(crate) user_name: String,
    pub(crate) user_disabled: bool,
    /// Revision of all grants, see [`Change::grants_changed`].
    pub(crate) revision: String,
}

const COLUMNS: usize = 11;

macro_rules! columns {
    () => {
        "s.id, s.user_id, s.method, s.rotated_at, s.secret_seen, s.created_at, s.used_at, s.expires_at, s.ip, \
         s.user_agent, s.revoked_at"
    };
}

fn session(row: &AnyRow) -> Result<Session, sqlx::Error> {
    Ok(Session {
        id: row.try_get(0)?,
        user_id: row.try_get(1)?,
        method: row.try_get(2)?,
        rotated_at: row.try_get(3)?,
        secret_seen: row.try_get::<i64, _>(4)? != 0,
        created_at: row.try_get(5)?,
        used_at: row.try_get(6)?,
        expires_at: row.try_get(7)?,
        ip: row.try_get(8)?,
        user_agent: row.try_get(9)?,
        revoked_at: row.try_get(10)?,
    })
}

impl Records {
    /// The session whose current or previous secret has this hash.
    pub async fn session_by_secret(&self, hash: &str) -> Result<Option<FoundSession>, DbError> {
        let row = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            ", s.secret_hash, u.name, u.disabled_at, (SELECT value FROM instance WHERE name = 'revision') \
             FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.secret_hash = $1 OR s.previous_hash = $1"
        ));
        let Some(row) = row.bind(hash).fetch_optional(&self.pool).await? else { return Ok(None) };
        Ok(Some(FoundSession {
            session: session(&row)?,
            by_previous: row.try_get::<String, _>(COLUMNS)? != hash,
            user_name: row.try_get(COLUMNS + 1)?,
            user_disabled: row.try_get::<Option<i64>, _>(COLUMNS + 2)?.is_some(),
            // Absent before the first change.
            revision: row.try_get::<Option<String>, _>(COLUMNS + 3)?.unwrap_or_default(),
        }))
    }

    /// Active sessions of a user: not revoked, not expired, used after `used_since`. Most recently used first.
    pub async fn sessions_of(
        &self,
        user_id: &UserId,
        now: i64,
        used_since: i64,
    ) -> Result<Vec<Session>, DbError> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM sessions s WHERE s.user_id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 \
             AND s.used_at > $3 ORDER BY s.used_at DESC, s.id"
        ));
        let rows = rows.bind(user_id).bind(now).bind(used_since).fetch_all(&self.pool).await?;
        Ok(rows.iter().map(session).collect::<Result<_, _>>()?)
    }

    /// Client addresses of all of a user's sessions, ended ones included.
    pub(crate) async fn session_addresses(&self, user_id: &UserId) -> Result<Vec<String>, DbError> {
        let rows = sqlx::query_scalar("SELECT DISTINCT ip FROM sessions WHERE user_id = $1");
        Ok(rows.bind(user_id).fetch_all(&self.pool).await?)
    }

    /// Records the use of a session; with `seen`, also that its current secret has come back.
    pub(crate) async fn touch_session(
        &self,
        id: &SessionId,
        now: i64,
        ip: &str,
        user_agent: &str,
        seen: bool,
    ) -> Result<(), DbError> {
        let update = sqlx::query(
            "UPDATE sessions SET used_at = $2, ip = $3, user_agent = $4, \
             secret_seen = CASE WHEN $5 = 1 THEN 1 ELSE secret_seen END WHERE id = $1",
        );
        update.bind(id).bind(now).bind(ip).bind(user_agent).bind(i64::from(seen)).execute(&self.pool).await?;
        Ok(())
    }

    /// Rotates the secret from `old` to `new`. False if a concurrent request rotated it or the session was revoked.
    pub(crate) async fn rotate_session(
        &self,
        id: &SessionId,
        old: &str,
        new: &str,
        now: i64,
    ) -> Result<bool, DbError> {
        let update = sqlx::query(
            "UPDATE sessions SET previous_hash = secret_hash, secret_hash = $3, rotated_at = $4, secret_seen = 0 \
             WHERE id = $1 AND secret_hash = $2 AND revoked_at IS NULL",
        );
        let done = update.bind(id).bind(old).bind(new).bind(now).execute(&self.pool).await?;
        Ok(done.rows_affected() == 1)
    }

    /// Replaces a secret that never reached the browser, which still has the `previous` one. False if a concurrent
    /// request has done so since `rotated_at`, the secret did arrive, or the session was revoked.
    pub(crate) async fn replace_unseen_secret(
        &self,
        id: &SessionId,
        previous: &str,
        rotated_at: i64,
        new: &str,
        now: i64,
    ) -> Result<bool, DbError> {
        let update = sqlx::query(
            "UPDATE sessions SET secret_hash = $4, rotated_at = $5 WHERE id = $1 AND previous_hash = $2 \
             AND rotated_at = $3 AND secret_seen = 0 AND revoked_at IS NULL",
        );
        let update = update.bind(id).bind(previous).bind(rotated_at).bind(new).bind(now);
        Ok(update.execute(&self.pool).await?.rows_affected() == 1)
    }
}

impl Change {
    /// Inserts a session with the hash of its secret.
    ///
    /// # Errors
    /// [`DbError::Missing`] for an unknown user.
    pub(crate) async fn insert_session(&mut self, session: &Session, hash: &str) -> Result<(), DbError> {
        let insert = sqlx::query(
            "INSERT INTO sessions (id, secret_hash, previous_hash, rotated_at, secret_seen, user_id, method, \
             created_at, used_at, expires_at, ip, user_agent, revoked_at) \
             VALUES ($1, $2, NULL, $3, 0, $4, $5, $6, $7, $8, $9, $10, NULL)",
        );
        insert
            .bind(&session.id)
            .bind(hash)
            .bind(session.rotated_at)
            .bind(&session.user_id)
            .bind(&session.method)
            .bind(session.created_at)
            .bind(session.used_at)
            .bind(session.expires_at)
            .bind(&session.ip)
            .bind(&session.user_agent)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Revokes a session of a user. False if it is unknown or revoked already.
    pub(crate) async fn revoke_session(
        &mut self,
        user_id: &UserId,
        id: &SessionId,
        now: i64,
    ) -> Result<bool, DbError> {
        let update = sqlx::query(
            "UPDATE sessions SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL",
        );
        let done = update.bind(id).bind(user_id).bind(now).execute(self.connection()).await?;
        Ok(done.rows_affected() == 1)
    }

    /// Revokes all sessions of a user and returns how many.
    pub(crate) async fn revoke_sessions_of(&mut self, user_id: &UserId, now: i64) -> Result<u64, DbError> {
        let update =
            sqlx::query("UPDATE sessions SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL");
        Ok(update.bind(user_id).bind(now).execute(self.connection()).await?.rows_affected())
    }

    /// Deletes sessions that expired or were last used before `before`.
    pub(crate) async fn delete_sessions(&mut self, before: i64) -> Result<u64, DbError> {
        let delete = sqlx::query("DELETE FROM sessions WHERE expires_at < $1 OR used_at < $1");
        Ok(delete.bind(before).execute(self.connection()).await?.rows_affected())
    }
}

//! Browser sessions. Secrets are stored as SHA-256 only.

use super::id::{SessionId, UserId};
use super::row::{column, columns_of, insert, row, select};
use super::{Change, DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;
use sqlx::{AssertSqlSafe, FromRow};

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub(crate) id: SessionId,
    pub(crate) user_id: UserId,
    /// Sign-in method: `password`, `oidc`, `claim`, `invitation`.
    pub(crate) method: String,
    /// When the secret was last rotated.
    pub(crate) rotated_at: UnixNanos,
    /// Whether a request has carried the current secret.
    pub(crate) secret_seen: bool,
    /// When the session began.
    pub created_at: UnixNanos,
    /// Time of the last use, to the minute.
    pub(crate) used_at: UnixNanos,
    /// When the session ends, however active it is.
    pub(crate) expires_at: UnixNanos,
    /// Client address of the last use.
    pub ip: String,
    /// User agent of the last use.
    pub(crate) user_agent: String,
    /// When the session was revoked.
    pub(crate) revoked_at: Option<UnixNanos>,
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

row!(Session: id, user_id, method, rotated_at, secret_seen, created_at, used_at, expires_at, ip, user_agent, revoked_at);

impl Records {
    /// The session whose current or previous secret has this hash.
    pub async fn session_by_secret(&self, hash: &str) -> Result<Option<FoundSession>, DbError> {
        let row = sqlx::query(AssertSqlSafe(format!(
            "SELECT {}, s.secret_hash, u.name AS user_name, u.disabled_at AS user_disabled_at, \
             (SELECT value FROM instance WHERE name = 'revision') AS revision \
             FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.secret_hash = $1 OR s.previous_hash = $1",
            columns_of::<Session>("s")
        )));
        let Some(row) = row.bind(hash).fetch_optional(&self.pool).await? else { return Ok(None) };
        Ok(Some(FoundSession {
            session: Session::from_row(&row)?,
            by_previous: column::<String>(&row, "secret_hash")? != hash,
            user_name: column(&row, "user_name")?,
            user_disabled: column::<Option<UnixNanos>>(&row, "user_disabled_at")?.is_some(),
            // Absent before the first change.
            revision: column::<Option<String>>(&row, "revision")?.unwrap_or_default(),
        }))
    }

    /// Active sessions of a user: not revoked, not expired, used after `used_since`. Most recently used first.
    pub async fn sessions_of(
        &self,
        user_id: &UserId,
        now: UnixNanos,
        used_since: UnixNanos,
    ) -> Result<Vec<Session>, DbError> {
        let rows = select(
            "FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND used_at > $3 \
             ORDER BY used_at DESC, id",
        );
        Ok(rows.bind(user_id).bind(now.0).bind(used_since.0).fetch_all(&self.pool).await?)
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
        now: UnixNanos,
        ip: &str,
        user_agent: &str,
        seen: bool,
    ) -> Result<(), DbError> {
        let update = sqlx::query(
            "UPDATE sessions SET used_at = $2, ip = $3, user_agent = $4, \
             secret_seen = CASE WHEN $5 = 1 THEN 1 ELSE secret_seen END WHERE id = $1",
        );
        update
            .bind(id)
            .bind(now.0)
            .bind(ip)
            .bind(user_agent)
            .bind(i64::from(seen))
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Rotates the secret from `old` to `new`. False if a concurrent request rotated it or the session was revoked.
    pub(crate) async fn rotate_session(
        &self,
        id: &SessionId,
        old: &str,
        new: &str,
        now: UnixNanos,
    ) -> Result<bool, DbError> {
        let update = sqlx::query(
            "UPDATE sessions SET previous_hash = secret_hash, secret_hash = $3, rotated_at = $4, secret_seen = 0 \
             WHERE id = $1 AND secret_hash = $2 AND revoked_at IS NULL",
        );
        let done = update.bind(id).bind(old).bind(new).bind(now.0).execute(&self.pool).await?;
        Ok(done.rows_affected() == 1)
    }

    /// Replaces a secret that never reached the browser, which still has the `previous` one. False if a concurrent
    /// request has done so since `rotated_at`, the secret did arrive, or the session was revoked.
    pub(crate) async fn replace_unseen_secret(
        &self,
        id: &SessionId,
        previous: &str,
        rotated_at: UnixNanos,
        new: &str,
        now: UnixNanos,
    ) -> Result<bool, DbError> {
        let update = sqlx::query(
            "UPDATE sessions SET secret_hash = $4, rotated_at = $5 WHERE id = $1 AND previous_hash = $2 \
             AND rotated_at = $3 AND secret_seen = 0 AND revoked_at IS NULL",
        );
        let update = update.bind(id).bind(previous).bind(rotated_at.0).bind(new).bind(now.0);
        Ok(update.execute(&self.pool).await?.rows_affected() == 1)
    }
}

impl Change {
    /// Inserts a session with the hash of its secret.
    ///
    /// # Errors
    /// [`DbError::Missing`] for an unknown user.
    pub(crate) async fn insert_session(&mut self, session: &Session, hash: &str) -> Result<(), DbError> {
        let insert = insert("sessions", session, &["secret_hash"], "");
        self.run(insert.bind(hash)).await.map(drop)
    }

    /// Revokes a session of a user. False if it is unknown or revoked already.
    pub(crate) async fn revoke_session(
        &mut self,
        user_id: &UserId,
        id: &SessionId,
        now: UnixNanos,
    ) -> Result<bool, DbError> {
        let update = sqlx::query(
            "UPDATE sessions SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL",
        );
        Ok(self.run(update.bind(id).bind(user_id).bind(now.0)).await? == 1)
    }

    /// Revokes all sessions of a user and returns how many.
    pub(crate) async fn revoke_sessions_of(
        &mut self,
        user_id: &UserId,
        now: UnixNanos,
    ) -> Result<u64, DbError> {
        let update =
            sqlx::query("UPDATE sessions SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL");
        self.run(update.bind(user_id).bind(now.0)).await
    }

    /// Deletes sessions that expired or were last used before `before`.
    pub(crate) async fn delete_sessions(&mut self, before: UnixNanos) -> Result<u64, DbError> {
        let delete = sqlx::query("DELETE FROM sessions WHERE expires_at < $1 OR used_at < $1");
        self.run(delete.bind(before.0)).await
    }
}

//! Browsers in which users have signed in before.

use super::id::UserId;
use super::{Change, DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;

impl Records {
    /// Whether the user of this name has signed in at the browser with this secret's hash since `since`.
    pub(crate) async fn is_known_browser(
        &self,
        hash: &str,
        user_name: &str,
        since: UnixNanos,
    ) -> Result<bool, DbError> {
        let count = sqlx::query_scalar::<_, i64>(
            "SELECT COUNT(*) FROM known_browsers JOIN users ON users.id = known_browsers.user_id \
             WHERE secret_hash = $1 AND users.name = $2 AND used_at >= $3",
        );
        Ok(count.bind(hash).bind(user_name).bind(since.0).fetch_one(&self.pool).await? > 0)
    }

    /// Whether anybody has signed in at the browser since `since`.
    pub(crate) async fn has_known_users(&self, hash: &str, since: UnixNanos) -> Result<bool, DbError> {
        let count = sqlx::query_scalar::<_, i64>(
            "SELECT COUNT(*) FROM known_browsers WHERE secret_hash = $1 AND used_at >= $2",
        );
        Ok(count.bind(hash).bind(since.0).fetch_one(&self.pool).await? > 0)
    }
}

impl Change {
    /// Records a sign-in at a browser, and forgets all browsers of the user but the `most` used last.
    pub(crate) async fn remember_browser(
        &mut self,
        hash: &str,
        user_id: &UserId,
        now: UnixNanos,
        most: i64,
    ) -> Result<(), DbError> {
        let upsert = sqlx::query(
            "INSERT INTO known_browsers (secret_hash, user_id, used_at) VALUES ($1, $2, $3) \
             ON CONFLICT (secret_hash, user_id) DO UPDATE SET used_at = $3",
        );
        upsert.bind(hash).bind(user_id).bind(now.0).execute(self.connection()).await?;
        let trim = sqlx::query(
            "DELETE FROM known_browsers WHERE user_id = $1 AND secret_hash NOT IN \
             (SELECT secret_hash FROM known_browsers WHERE user_id = $1 \
              ORDER BY used_at DESC, secret_hash LIMIT $2)",
        );
        trim.bind(user_id).bind(most).execute(self.connection()).await?;
        Ok(())
    }

    /// Forgets the browsers of a user.
    pub(crate) async fn forget_browsers_of(&mut self, user_id: &UserId) -> Result<(), DbError> {
        let delete = sqlx::query("DELETE FROM known_browsers WHERE user_id = $1");
        delete.bind(user_id).execute(self.connection()).await?;
        Ok(())
    }

    /// Forgets browsers that were last used before `before`.
    pub(crate) async fn delete_known_browsers(&mut self, before: UnixNanos) -> Result<(), DbError> {
        let delete = sqlx::query("DELETE FROM known_browsers WHERE used_at < $1");
        delete.bind(before.0).execute(self.connection()).await?;
        Ok(())
    }
}

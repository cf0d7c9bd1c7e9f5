//! Attempt counters per time window, shared by all replicas.

use super::{Change, DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;

impl Records {
    /// Counts an attempt of `name` in the window that began at `window_at` and returns the
    /// total in that window.
    pub(crate) async fn count_attempt(&self, name: &str, window_at: UnixNanos) -> Result<i64, DbError> {
        let upsert = sqlx::query_scalar(
            "INSERT INTO attempts (name, window_at, tries) VALUES ($1, $2, 1) \
             ON CONFLICT (name, window_at) DO UPDATE SET tries = attempts.tries + 1 RETURNING tries",
        );
        Ok(upsert.bind(name).bind(window_at.0).fetch_one(&self.pool).await?)
    }

    /// Takes an attempt back.
    pub(crate) async fn uncount_attempt(&self, name: &str, window_at: UnixNanos) -> Result<(), DbError> {
        let update = sqlx::query(
            "UPDATE attempts SET tries = tries - 1 WHERE name = $1 AND window_at = $2 AND tries > 0",
        );
        update.bind(name).bind(window_at.0).execute(&self.pool).await?;
        Ok(())
    }
}

impl Change {
    /// Deletes windows that began before `before`.
    pub(crate) async fn delete_attempts(&mut self, before: UnixNanos) -> Result<u64, DbError> {
        let delete = sqlx::query("DELETE FROM attempts WHERE window_at < $1");
        self.run(delete.bind(before.0)).await
    }
}

//! Links that let a person set a first or a new password: once, for a while. Kept as SHA-256 only.

use super::{Change, DbError, Records};
use sqlx::Row;

/// An invitation that was found by its secret. Times are nanoseconds since the epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invitation {
    /// Whom it lets in.
    pub(crate) user_id: String,
    /// When it ends.
    pub(crate) expires_at: i64,
    /// When it was used.
    pub(crate) used_at: Option<i64>,
}

impl Records {
    /// The one of that hash.
    pub(crate) async fn invitation(&self, hash: &str) -> Result<Option<Invitation>, DbError> {
        let select =
            sqlx::query("SELECT user_id, expires_at, used_at FROM invitations WHERE secret_hash = $1");
        let Some(row) = select.bind(hash).fetch_optional(&self.pool).await? else { return Ok(None) };
        Ok(Some(Invitation {
            user_id: row.try_get(0)?,
            expires_at: row.try_get(1)?,
            used_at: row.try_get(2)?,
        }))
    }
}

impl Change {
    /// Adds one.
    ///
    /// # Errors
    /// [`DbError::Missing`] when there is no such user.
    pub(crate) async fn insert_invitation(
        &mut self,
        hash: &str,
        user_id: &str,
        created_by: &str,
        now: i64,
        expires_at: i64,
    ) -> Result<(), DbError> {
        let insert = sqlx::query(
            "INSERT INTO invitations (secret_hash, user_id, created_by, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5)",
        );
        let insert = insert.bind(hash).bind(user_id).bind(created_by).bind(now).bind(expires_at);
        insert.execute(self.connection()).await?;
        Ok(())
    }

    /// Uses one up. False when it was used already or its time is over: of several at once, one wins.
    pub(crate) async fn use_invitation(&mut self, hash: &str, now: i64) -> Result<bool, DbError> {
        let update = sqlx::query(
            "UPDATE invitations SET used_at = $2 WHERE secret_hash = $1 AND used_at IS NULL AND expires_at > $2",
        );
        Ok(update.bind(hash).bind(now).execute(self.connection()).await?.rows_affected() == 1)
    }

    /// Ends those of a person that are still open: a new link replaces the old ones.
    pub(crate) async fn end_invitations(&mut self, user_id: &str, now: i64) -> Result<u64, DbError> {
        let update = sqlx::query(
            "UPDATE invitations SET expires_at = $2 WHERE user_id = $1 AND used_at IS NULL AND expires_at > $2",
        );
        Ok(update.bind(user_id).bind(now).execute(self.connection()).await?.rows_affected())
    }
}

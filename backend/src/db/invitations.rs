//! Invitations: links by which a user sets a password, once and for a limited time. Secrets are stored as SHA-256 only.

use super::id::{PrincipalId, UserId};
use super::row::{row, select};
use super::{Change, DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;

/// An invitation found by its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invitation {
    pub(crate) user_id: UserId,
    pub(crate) expires_at: UnixNanos,
    pub(crate) used_at: Option<UnixNanos>,
}

row!(Invitation: user_id, expires_at, used_at);

impl Records {
    /// The invitation whose secret has this hash.
    pub(crate) async fn invitation(&self, hash: &str) -> Result<Option<Invitation>, DbError> {
        Ok(select("FROM invitations WHERE secret_hash = $1").bind(hash).fetch_optional(&self.pool).await?)
    }
}

impl Change {
    /// Inserts an invitation.
    ///
    /// # Errors
    /// [`DbError::Missing`] for an unknown user.
    pub(crate) async fn insert_invitation(
        &mut self,
        hash: &str,
        user_id: &UserId,
        created_by: &PrincipalId,
        now: UnixNanos,
        expires_at: UnixNanos,
    ) -> Result<(), DbError> {
        let insert = sqlx::query(
            "INSERT INTO invitations (secret_hash, user_id, created_by, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5)",
        );
        let insert = insert.bind(hash).bind(user_id).bind(created_by).bind(now.0).bind(expires_at.0);
        self.run(insert).await.map(drop)
    }

    /// Uses up an invitation. False if it was used already or has expired: of several concurrent uses, one wins.
    pub(crate) async fn use_invitation(&mut self, hash: &str, now: UnixNanos) -> Result<bool, DbError> {
        let update = sqlx::query(
            "UPDATE invitations SET used_at = $2 WHERE secret_hash = $1 AND used_at IS NULL AND expires_at > $2",
        );
        Ok(self.run(update.bind(hash).bind(now.0)).await? == 1)
    }

    /// Expires all open invitations of a user and returns how many.
    pub(crate) async fn end_invitations(&mut self, user_id: &UserId, now: UnixNanos) -> Result<u64, DbError> {
        let update = sqlx::query(
            "UPDATE invitations SET expires_at = $2 WHERE user_id = $1 AND used_at IS NULL AND expires_at > $2",
        );
        self.run(update.bind(user_id).bind(now.0)).await
    }
}

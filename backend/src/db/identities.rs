//! Identities: links between users and their accounts at identity providers.

use super::bindings::BindingRow;
use super::id::{TeamId, UserId};
use super::row::select;
use super::{Change, DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;
use sqlx::Row;

/// A user found by name, with what authentication needs to decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedUser {
    pub(crate) id: UserId,
    pub(crate) disabled: bool,
    /// Revision of all grants, see [`Change::grants_changed`].
    pub(crate) revision: String,
}

impl Records {
    /// The user with this name, and the revision of all grants.
    pub(crate) async fn named_user(&self, name: &str) -> Result<Option<NamedUser>, DbError> {
        let row = sqlx::query(
            "SELECT u.id, u.disabled_at, (SELECT value FROM instance WHERE name = 'revision') \
             FROM users u WHERE u.name = $1",
        );
        let Some(row) = row.bind(name).fetch_optional(&self.pool).await? else { return Ok(None) };
        Ok(Some(NamedUser {
            id: row.try_get(0)?,
            disabled: row.try_get::<Option<i64>, _>(1)?.is_some(),
            revision: row.try_get::<Option<String>, _>(2)?.unwrap_or_default(),
        }))
    }
}

impl Change {
    /// The user linked to an identity.
    pub(crate) async fn user_of_identity(
        &mut self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<UserId>, DbError> {
        let id = sqlx::query_scalar("SELECT user_id FROM identities WHERE issuer = $1 AND subject = $2");
        Ok(id.bind(issuer).bind(subject).fetch_optional(self.connection()).await?)
    }

    /// Links an identity to a user.
    ///
    /// # Errors
    /// [`DbError::Conflict`] if the identity is linked already.
    pub(crate) async fn insert_identity(
        &mut self,
        issuer: &str,
        subject: &str,
        user_id: &UserId,
        now: UnixNanos,
    ) -> Result<(), DbError> {
        let insert = sqlx::query(
            "INSERT INTO identities (issuer, subject, user_id, created_at) VALUES ($1, $2, $3, $4)",
        );
        self.run(insert.bind(issuer).bind(subject).bind(user_id).bind(now.0)).await.map(drop)
    }

    /// Users with this e-mail address, ignoring case, who have no identity at `issuer`.
    pub(crate) async fn users_to_link(&mut self, email: &str, issuer: &str) -> Result<Vec<UserId>, DbError> {
        let ids = sqlx::query_scalar(
            "SELECT u.id FROM users u WHERE LOWER(u.email) = LOWER($1) \
             AND NOT EXISTS (SELECT 1 FROM identities i WHERE i.user_id = u.id AND i.issuer = $2)",
        );
        Ok(ids.bind(email).bind(issuer).fetch_all(self.connection()).await?)
    }

    /// Whether a user has this name.
    pub(crate) async fn is_user_name_taken(&mut self, name: &str) -> Result<bool, DbError> {
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM users WHERE name = $1").bind(name);
        let count: i64 = count.fetch_one(self.connection()).await?;
        Ok(count > 0)
    }

    /// Bindings of a user from `source`.
    pub(crate) async fn bindings_from(
        &mut self,
        user_id: &UserId,
        source: &str,
    ) -> Result<Vec<BindingRow>, DbError> {
        let rows = select("FROM bindings WHERE subject_kind = 'user' AND subject_id = $1 AND source = $2");
        Ok(rows.bind(user_id).bind(source).fetch_all(self.connection()).await?)
    }

    /// Teams that a user is a member of through `source`.
    pub(crate) async fn teams_from(
        &mut self,
        user_id: &UserId,
        source: &str,
    ) -> Result<Vec<TeamId>, DbError> {
        let ids = sqlx::query_scalar("SELECT team_id FROM team_members WHERE user_id = $1 AND source = $2");
        Ok(ids.bind(user_id).bind(source).fetch_all(self.connection()).await?)
    }

    /// Id of the team with this name.
    pub(crate) async fn team_named(&mut self, name: &str) -> Result<Option<TeamId>, DbError> {
        let id = sqlx::query_scalar("SELECT id FROM teams WHERE name = $1").bind(name);
        Ok(id.fetch_optional(self.connection()).await?)
    }
}

//! Bindings: who has which role over which profiles.

use super::{Change, DbError, Records};

/// A binding.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct BindingRow {
    /// Id.
    pub id: String,
    /// `user`, `team` or `service_account`.
    pub subject_kind: String,
    /// Id of it.
    pub subject_id: String,
    /// `viewer`, `editor`, `admin` or `agent`.
    pub role: String,
    /// `org`, `team` or `selector`.
    pub scope_kind: String,
    /// Nothing, the id of the team, or the selector.
    pub scope: String,
    /// `manual` or `oidc`.
    pub source: String,
    /// Id of who made it.
    pub created_by: String,
    /// Nanoseconds since the epoch.
    pub created_at: i64,
}

/// What a binding says to the one it is for.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct GrantRow {
    /// Name of the role.
    pub role: String,
    /// `org`, `team` or `selector`.
    pub scope_kind: String,
    /// The selector, of the team's too; absent when the team is gone.
    pub selector: Option<String>,
}

impl Records {
    /// All bindings, oldest first.
    pub async fn bindings(&self) -> Result<Vec<BindingRow>, DbError> {
        let rows = sqlx::query_as(
            "SELECT id, subject_kind, subject_id, role, scope_kind, scope, source, created_by, created_at \
             FROM bindings ORDER BY created_at, id",
        );
        Ok(rows.fetch_all(&self.pool).await?)
    }

    /// What the bindings of a user and of its teams say.
    pub async fn grants_of_user(&self, user_id: &str) -> Result<Vec<GrantRow>, DbError> {
        let rows = sqlx::query_as(
            "SELECT b.role, b.scope_kind, CASE WHEN b.scope_kind = 'team' THEN t.selector ELSE b.scope END AS selector \
             FROM bindings b LEFT JOIN teams t ON b.scope_kind = 'team' AND t.id = b.scope \
             WHERE (b.subject_kind = 'user' AND b.subject_id = $1) \
                OR (b.subject_kind = 'team' \
                    AND b.subject_id IN (SELECT m.team_id FROM team_members m WHERE m.user_id = $1))",
        );
        Ok(rows.bind(user_id).fetch_all(&self.pool).await?)
    }

    /// What the bindings of a service account say.
    pub async fn grants_of_service_account(&self, id: &str) -> Result<Vec<GrantRow>, DbError> {
        let rows = sqlx::query_as(
            "SELECT b.role, b.scope_kind, CASE WHEN b.scope_kind = 'team' THEN t.selector ELSE b.scope END AS selector \
             FROM bindings b LEFT JOIN teams t ON b.scope_kind = 'team' AND t.id = b.scope \
             WHERE b.subject_kind = 'service_account' AND b.subject_id = $1",
        );
        Ok(rows.bind(id).fetch_all(&self.pool).await?)
    }
}

impl Change {
    /// A binding by its id.
    pub async fn binding(&mut self, id: &str) -> Result<Option<BindingRow>, DbError> {
        let row = sqlx::query_as(
            "SELECT id, subject_kind, subject_id, role, scope_kind, scope, source, created_by, created_at \
             FROM bindings WHERE id = $1",
        );
        Ok(row.bind(id).fetch_optional(self.connection()).await?)
    }

    /// Whether there is a binding that says the same, by whomever.
    pub async fn has_binding(&mut self, like: &BindingRow) -> Result<bool, DbError> {
        let count = sqlx::query_scalar(
            "SELECT COUNT(*) FROM bindings WHERE subject_kind = $1 AND subject_id = $2 AND role = $3 \
             AND scope_kind = $4 AND scope = $5",
        );
        let bound = count.bind(&like.subject_kind).bind(&like.subject_id).bind(&like.role);
        let count: i64 = bound.bind(&like.scope_kind).bind(&like.scope).fetch_one(self.connection()).await?;
        Ok(count > 0)
    }

    /// Adds a binding.
    pub async fn insert_binding(&mut self, binding: &BindingRow) -> Result<(), DbError> {
        let BindingRow { id, subject_kind, subject_id, role, scope_kind, scope, source, .. } = binding;
        sqlx::query(
            "INSERT INTO bindings (id, subject_kind, subject_id, role, scope_kind, scope, source, created_by, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(id)
        .bind(subject_kind)
        .bind(subject_id)
        .bind(role)
        .bind(scope_kind)
        .bind(scope)
        .bind(source)
        .bind(&binding.created_by)
        .bind(binding.created_at)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Removes a binding. False when there is none of that id.
    pub async fn delete_binding(&mut self, id: &str) -> Result<bool, DbError> {
        let delete = sqlx::query("DELETE FROM bindings WHERE id = $1").bind(id);
        Ok(delete.execute(self.connection()).await?.rows_affected() == 1)
    }

    /// Removes all bindings of one.
    pub async fn delete_bindings_of(&mut self, subject_kind: &str, subject_id: &str) -> Result<(), DbError> {
        let delete = sqlx::query("DELETE FROM bindings WHERE subject_kind = $1 AND subject_id = $2");
        delete.bind(subject_kind).bind(subject_id).execute(self.connection()).await?;
        Ok(())
    }

    /// Whether there is such a user, team or service account.
    pub async fn has_subject(&mut self, kind: &str, id: &str) -> Result<bool, DbError> {
        let statement = match kind {
            "user" => "SELECT COUNT(*) FROM users WHERE id = $1",
            "team" => "SELECT COUNT(*) FROM teams WHERE id = $1",
            _ => "SELECT COUNT(*) FROM service_accounts WHERE id = $1",
        };
        let count: i64 = sqlx::query_scalar(statement).bind(id).fetch_one(self.connection()).await?;
        Ok(count > 0)
    }

    /// How many people who can sign in are administrators of the whole, by a binding of their own or of a team.
    pub async fn count_administrators(&mut self) -> Result<i64, DbError> {
        let count = sqlx::query_scalar(
            "SELECT COUNT(*) FROM users u WHERE u.disabled_at IS NULL AND EXISTS ( \
                SELECT 1 FROM bindings b WHERE b.role = 'admin' AND b.scope_kind = 'org' AND ( \
                    (b.subject_kind = 'user' AND b.subject_id = u.id) \
                    OR (b.subject_kind = 'team' AND EXISTS ( \
                        SELECT 1 FROM team_members m WHERE m.team_id = b.subject_id AND m.user_id = u.id))))",
        );
        Ok(count.fetch_one(self.connection()).await?)
    }
}

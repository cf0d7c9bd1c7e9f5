//! Service accounts: programs that have tokens of their own.

use super::{Change, DbError, Records};

/// A service account.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct ServiceAccountRow {
    /// Id.
    pub(crate) id: String,
    /// Name, unique.
    pub(crate) name: String,
    /// Id of who made it.
    pub(crate) created_by: String,
    /// Nanoseconds since the epoch.
    pub(crate) created_at: i64,
    /// When it was switched off, if it is.
    pub(crate) disabled_at: Option<i64>,
}

impl Records {
    /// All service accounts, by name.
    pub(crate) async fn service_accounts(&self) -> Result<Vec<ServiceAccountRow>, DbError> {
        let rows = sqlx::query_as(
            "SELECT id, name, created_by, created_at, disabled_at FROM service_accounts ORDER BY name",
        );
        Ok(rows.fetch_all(&self.pool).await?)
    }
}

impl Change {
    /// A service account by its id.
    pub(crate) async fn service_account(&mut self, id: &str) -> Result<Option<ServiceAccountRow>, DbError> {
        let row = sqlx::query_as(
            "SELECT id, name, created_by, created_at, disabled_at FROM service_accounts WHERE id = $1",
        );
        Ok(row.bind(id).fetch_optional(self.connection()).await?)
    }

    /// A service account by its name.
    pub(crate) async fn service_account_named(
        &mut self,
        name: &str,
    ) -> Result<Option<ServiceAccountRow>, DbError> {
        let row = sqlx::query_as(
            "SELECT id, name, created_by, created_at, disabled_at FROM service_accounts WHERE name = $1",
        );
        Ok(row.bind(name).fetch_optional(self.connection()).await?)
    }

    /// Adds a service account.
    ///
    /// # Errors
    /// [`DbError::Conflict`] when the name is taken.
    pub(crate) async fn insert_service_account(
        &mut self,
        account: &ServiceAccountRow,
    ) -> Result<(), DbError> {
        let insert = sqlx::query(
            "INSERT INTO service_accounts (id, name, created_by, created_at, disabled_at) VALUES ($1, $2, $3, $4, $5)",
        );
        let bound = insert.bind(&account.id).bind(&account.name).bind(&account.created_by);
        bound.bind(account.created_at).bind(account.disabled_at).execute(self.connection()).await?;
        Ok(())
    }

    /// Switches a service account off, or on again with `None`.
    pub(crate) async fn set_service_account_disabled(
        &mut self,
        id: &str,
        disabled_at: Option<i64>,
    ) -> Result<(), DbError> {
        let update = sqlx::query("UPDATE service_accounts SET disabled_at = $2 WHERE id = $1");
        update.bind(id).bind(disabled_at).execute(self.connection()).await?;
        Ok(())
    }

    /// Removes a service account with its bindings and tokens.
    pub(crate) async fn delete_service_account(&mut self, id: &str) -> Result<(), DbError> {
        self.delete_bindings_of("service_account", id).await?;
        for statement in [
            "DELETE FROM api_tokens WHERE owner_kind = 'service_account' AND owner_id = $1",
            "DELETE FROM service_accounts WHERE id = $1",
        ] {
            sqlx::query(statement).bind(id).execute(self.connection()).await?;
        }
        Ok(())
    }
}

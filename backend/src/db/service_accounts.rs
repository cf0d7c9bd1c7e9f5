//! Service accounts: identities of programs, which authenticate with API tokens.

use super::bindings::Subject;
use super::from_row;
use super::id::{PrincipalId, ServiceAccountId};
use super::{Change, DbError, Records};

/// A service account. Times are nanoseconds since the epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServiceAccountRow {
    pub(crate) id: ServiceAccountId,
    /// Unique.
    pub(crate) name: String,
    pub(crate) created_by: PrincipalId,
    pub(crate) created_at: i64,
    /// When it was disabled.
    pub(crate) disabled_at: Option<i64>,
}

from_row!(ServiceAccountRow { id, name, created_by, created_at, disabled_at });

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
    /// The service account with this id.
    pub(crate) async fn service_account(
        &mut self,
        id: &ServiceAccountId,
    ) -> Result<Option<ServiceAccountRow>, DbError> {
        let row = sqlx::query_as(
            "SELECT id, name, created_by, created_at, disabled_at FROM service_accounts WHERE id = $1",
        );
        Ok(row.bind(id).fetch_optional(self.connection()).await?)
    }

    /// The service account with this name.
    pub(crate) async fn service_account_named(
        &mut self,
        name: &str,
    ) -> Result<Option<ServiceAccountRow>, DbError> {
        let row = sqlx::query_as(
            "SELECT id, name, created_by, created_at, disabled_at FROM service_accounts WHERE name = $1",
        );
        Ok(row.bind(name).fetch_optional(self.connection()).await?)
    }

    /// Inserts a service account.
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

    /// Disables a service account, or enables it with `None`.
    pub(crate) async fn set_service_account_disabled(
        &mut self,
        id: &ServiceAccountId,
        disabled_at: Option<i64>,
    ) -> Result<(), DbError> {
        let update = sqlx::query("UPDATE service_accounts SET disabled_at = $2 WHERE id = $1");
        update.bind(id).bind(disabled_at).execute(self.connection()).await?;
        Ok(())
    }

    /// Deletes a service account with its bindings and tokens.
    pub(crate) async fn delete_service_account(&mut self, id: &ServiceAccountId) -> Result<(), DbError> {
        self.delete_bindings_of(&Subject::ServiceAccount(id.clone())).await?;
        for statement in [
            "DELETE FROM api_tokens WHERE owner_kind = 'service_account' AND owner_id = $1",
            "DELETE FROM service_accounts WHERE id = $1",
        ] {
            sqlx::query(statement).bind(id).execute(self.connection()).await?;
        }
        Ok(())
    }
}

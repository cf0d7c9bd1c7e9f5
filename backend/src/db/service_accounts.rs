//! Service accounts: identities of programs, which authenticate with API tokens.

use super::bindings::Subject;
use super::id::{PrincipalId, ServiceAccountId};
use super::row::{insert, row, select};
use super::{Change, DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;

/// A service account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServiceAccountRow {
    pub(crate) id: ServiceAccountId,
    /// Unique.
    pub(crate) name: String,
    pub(crate) created_by: PrincipalId,
    pub(crate) created_at: UnixNanos,
    /// When it was disabled.
    pub(crate) disabled_at: Option<UnixNanos>,
}

row!(ServiceAccountRow: id, name, created_by, created_at, disabled_at);

impl Records {
    /// All service accounts, by name.
    pub(crate) async fn service_accounts(&self) -> Result<Vec<ServiceAccountRow>, DbError> {
        Ok(select("FROM service_accounts ORDER BY name").fetch_all(&self.pool).await?)
    }
}

impl Change {
    /// The service account with this id.
    pub(crate) async fn service_account(
        &mut self,
        id: &ServiceAccountId,
    ) -> Result<Option<ServiceAccountRow>, DbError> {
        let row = select("FROM service_accounts WHERE id = $1").bind(id);
        Ok(row.fetch_optional(self.connection()).await?)
    }

    /// The service account with this name.
    pub(crate) async fn service_account_named(
        &mut self,
        name: &str,
    ) -> Result<Option<ServiceAccountRow>, DbError> {
        let row = select("FROM service_accounts WHERE name = $1").bind(name);
        Ok(row.fetch_optional(self.connection()).await?)
    }

    /// Inserts a service account.
    ///
    /// # Errors
    /// [`DbError::Conflict`] when the name is taken.
    pub(crate) async fn insert_service_account(
        &mut self,
        account: &ServiceAccountRow,
    ) -> Result<(), DbError> {
        self.run(insert("service_accounts", account, &[], "")).await.map(drop)
    }

    /// Disables a service account, or enables it with `None`.
    pub(crate) async fn set_service_account_disabled(
        &mut self,
        id: &ServiceAccountId,
        disabled_at: Option<UnixNanos>,
    ) -> Result<(), DbError> {
        let update = sqlx::query("UPDATE service_accounts SET disabled_at = $2 WHERE id = $1");
        self.run(update.bind(id).bind(disabled_at.map(|at| at.0))).await.map(drop)
    }

    /// Deletes a service account with its bindings and tokens.
    pub(crate) async fn delete_service_account(&mut self, id: &ServiceAccountId) -> Result<(), DbError> {
        self.delete_bindings_of(&Subject::ServiceAccount(id.clone())).await?;
        for statement in [
            "DELETE FROM api_tokens WHERE owner_kind = 'service_account' AND owner_id = $1",
            "DELETE FROM service_accounts WHERE id = $1",
        ] {
            self.run(sqlx::query(statement).bind(id)).await?;
        }
        Ok(())
    }
}

//! Transactions on the records, with their audit entries inside.

use super::audit::{self, AuditEntry};
use super::row::Statement;
use super::{DbError, Dialect, Records};
use sqlx::AnyConnection;
use sqlx::{Any, Transaction};

/// A transaction. Dropping it without a commit rolls it back.
pub struct Change {
    transaction: Transaction<'static, Any>,
}

impl Records {
    /// Begins a transaction. While it is open, read through it and not through [`Records`]: there may be one connection only.
    ///
    /// # Errors
    /// [`DbError`] if the database cannot begin one.
    pub async fn change(&self) -> Result<Change, DbError> {
        // A deferred SQLite transaction begins by reading, and fails if another connection writes before it does.
        let begin = match self.dialect {
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            Dialect::Postgres => "BEGIN",
        };
        Ok(Change { transaction: self.pool.begin_with(begin).await? })
    }
}

impl Change {
    /// Commits, together with an audit entry.
    ///
    /// # Errors
    /// [`DbError`]; the transaction is rolled back.
    pub async fn commit(mut self, entry: AuditEntry) -> Result<(), DbError> {
        self.audit(entry).await?;
        self.commit_unaudited().await
    }

    /// Adds an audit entry, for transactions that need several.
    pub async fn audit(&mut self, entry: AuditEntry) -> Result<(), DbError> {
        audit::insert(self.connection(), entry).await
    }

    /// Commits bookkeeping that is nobody's decision: counters, times of last use.
    ///
    /// # Errors
    /// [`DbError`]; the transaction is rolled back.
    pub async fn commit_unaudited(self) -> Result<(), DbError> {
        Ok(self.transaction.commit().await?)
    }

    /// Runs a statement and returns how many rows it changed.
    pub(super) async fn run(&mut self, statement: Statement<'_>) -> Result<u64, DbError> {
        Ok(statement.execute(self.connection()).await?.rows_affected())
    }

    pub(super) fn connection(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }
}

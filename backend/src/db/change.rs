//! A change of our records: one transaction, with what the audit log says about it inside.

use super::audit::{self, AuditEntry};
use super::{DbError, Dialect, Records};
use sqlx::AnyConnection;
use sqlx::{Any, Transaction};

/// A transaction. Dropped without a commit, nothing has happened.
pub struct Change {
    transaction: Transaction<'static, Any>,
}

impl Records {
    /// Begins a change. While it is open, ask it and not [`Records`]: there may be one connection only.
    ///
    /// # Errors
    /// [`DbError`] when the database cannot take one.
    pub async fn change(&self) -> Result<Change, DbError> {
        // SQLite would otherwise begin by reading, and fail when another has written before it writes itself.
        let begin = match self.dialect {
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            Dialect::Postgres => "BEGIN",
        };
        Ok(Change { transaction: self.pool.begin_with(begin).await? })
    }
}

impl Change {
    /// Commits, with the audit log's line about it.
    ///
    /// # Errors
    /// [`DbError`]; then nothing has happened.
    pub async fn commit(mut self, entry: AuditEntry) -> Result<(), DbError> {
        self.note(entry).await?;
        self.commit_unaudited().await
    }

    /// Adds a line to the audit log, for a change of several things.
    pub async fn note(&mut self, entry: AuditEntry) -> Result<(), DbError> {
        audit::insert(self.connection(), entry).await
    }

    /// Commits bookkeeping that nobody decides: counters, times of last use.
    ///
    /// # Errors
    /// [`DbError`]; then nothing has happened.
    pub async fn commit_unaudited(self) -> Result<(), DbError> {
        Ok(self.transaction.commit().await?)
    }

    pub(super) fn connection(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }
}

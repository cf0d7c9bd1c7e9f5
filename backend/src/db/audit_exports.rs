//! Exports of the oldest audit entries, and the deletion of what they contain.

use super::audit_log::AuditRow;
use super::id::{self, AuditEntryId};
use super::row::{insert, row, select};
use super::{Change, DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;

/// A file with the oldest entries of the audit log, all of them up to its last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditExport {
    /// When it was made.
    pub(crate) at: UnixNanos,
    /// Name of the file.
    pub(crate) file: String,
    /// SHA-256 of the file, hexadecimal.
    pub(crate) sha256: String,
    /// Number of entries.
    pub(crate) entries: i64,
    /// Time of the first entry.
    pub(crate) first_at: UnixNanos,
    /// Time and id of the last entry.
    pub(crate) last_at: UnixNanos,
    pub(crate) last_id: AuditEntryId,
}

row!(AuditExport: at, file, sha256, entries, first_at, last_at, last_id);

impl Records {
    /// The oldest `limit` entries from before `before`, oldest first.
    pub(crate) async fn oldest_audit_entries(
        &self,
        before: UnixNanos,
        limit: u32,
    ) -> Result<Vec<AuditRow>, DbError> {
        let rows = select("FROM audit WHERE at < $1 ORDER BY at, id LIMIT $2");
        Ok(rows.bind(before.0).bind(i64::from(limit)).fetch_all(&self.pool).await?)
    }
}

impl Change {
    /// Records an export and deletes its entries from the log.
    ///
    /// # Errors
    /// [`DbError`] if the log has other entries up to the last one of the export; nothing may be committed then.
    pub(crate) async fn delete_exported(&mut self, export: &AuditExport) -> Result<(), DbError> {
        self.run(insert("audit_exports", export, &["id"], "").bind(id::new_id())).await?;
        let delete = sqlx::query("DELETE FROM audit WHERE at < $1 OR (at = $1 AND id <= $2)");
        let deleted = self.run(delete.bind(export.last_at.0).bind(&export.last_id)).await?;
        match i64::try_from(deleted) == Ok(export.entries) {
            true => Ok(()),
            // A server with a slow clock has added one meanwhile.
            false => Err(DbError::Database("audit entries were added during their export".to_owned())),
        }
    }
}

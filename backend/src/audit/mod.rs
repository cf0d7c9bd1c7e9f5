//! Retention of the audit log: entries that are older are moved to files.
//!
//! The oldest entries are written to a file first ([`file`]): one JSON object a line, as the API exports them, compressed with
//! gzip, readable by the owner only, flushed, read back and compared. Only then one transaction records the export (file,
//! count, first and last entry, SHA-256), deletes exactly these entries, and adds an entry that says so. The database
//! refuses to delete anything else (`db/append_only.rs`). When the server stops in between, the file is written again.
//!
//! Entries are moved by whole days, so there is one file a day, or more of [`MOST_ENTRIES`] entries each.

mod file;

use crate::clock::Clock;
use crate::db::audit::{Actor, AuditEntry};
use crate::db::audit_exports::AuditExport;
use crate::db::{DbError, Records};
use crate::work::{Stopping, Workers};
use file::ExportedFile;
use flarepath_profile::unix_nanos::{DAY_NS, UnixNanos};
use serde_json::json;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

/// Name of the folder of exports in the data directory.
pub(crate) const FOLDER: &str = "audit";
/// Entries of a file: about 10 MiB in memory while it is written.
const MOST_ENTRIES: u32 = 5_000;
/// Files per call; the others follow with the next.
const MOST_FILES: usize = 20;

static FILES: LazyLock<Workers> = LazyLock::new(|| Workers::new(1));

/// Why entries were not moved. None is lost.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The file cannot be written or read back: the disk is full, or the folder is not writable.
    #[error("cannot export the audit log to {path}: {error}; no entry was deleted")]
    File {
        /// The file or folder.
        path: String,
        /// The cause.
        error: std::io::Error,
    },
    /// The file differs from what was written: the disk is damaged.
    #[error("the export {0} of the audit log was read back differently; no entry was deleted")]
    Differs(String),
    /// The records failed.
    #[error(transparent)]
    Records(#[from] DbError),
    /// The server is stopping.
    #[error(transparent)]
    Stopping(#[from] Stopping),
}

/// Where old entries of the audit log go, and when.
#[derive(Clone, Debug)]
pub struct AuditArchive {
    /// Folder of the files; created when there is a file.
    pub folder: PathBuf,
    /// Age at which entries are moved.
    pub retention: Duration,
}

impl AuditArchive {
    /// Moves entries that are older than the retention at `settled`. Returns how many.
    ///
    /// # Errors
    /// [`ArchiveError`]; what was moved before stays moved.
    pub async fn trim(
        &self,
        records: &Records,
        clock: &dyn Clock,
        settled: UnixNanos,
    ) -> Result<i64, ArchiveError> {
        let oldest_kept = settled.minus(self.retention);
        let before = UnixNanos(oldest_kept.0 - oldest_kept.0.rem_euclid(DAY_NS));
        let mut moved = 0;
        for _ in 0..MOST_FILES {
            let rows = records.oldest_audit_entries(before, MOST_ENTRIES).await?;
            let folder = self.folder.clone();
            let Some(written) = FILES.run(move || file::write(&folder, &rows)).await?? else { break };
            moved += written.entries;
            self.delete(records, written, clock.now()).await?;
        }
        Ok(moved)
    }

    /// Deletes what is in a file.
    async fn delete(&self, records: &Records, file: ExportedFile, now: UnixNanos) -> Result<(), DbError> {
        let export = AuditExport {
            at: now,
            file: file.name,
            sha256: file.sha256,
            entries: file.entries,
            first_at: file.first_at,
            last_at: file.last.0,
            last_id: file.last.1,
        };
        let path = self.folder.join(&export.file).display().to_string();
        let actor = Actor { at: now, kind: "system".to_owned(), ..Actor::default() };
        let entry = AuditEntry::new(&actor, "audit.trim", "audit", "", export.file.clone()).after(json!({
            "summary": format!("{} entries exported to {path}, then deleted", export.entries),
            "entries": export.entries,
            "first_at": export.first_at,
            "last_at": export.last_at,
            "sha256": export.sha256,
        }));
        let mut change = records.change().await?;
        change.delete_exported(&export).await?;
        change.commit(entry).await?;
        tracing::info!(
            file = path,
            entries = export.entries,
            sha256 = export.sha256,
            "old audit entries exported and deleted"
        );
        Ok(())
    }
}

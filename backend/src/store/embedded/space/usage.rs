//! Measures what the database takes of the disk.
//!
//! The size of a file is what its blocks take and not its length: free pages may be holes.

use super::super::blocking;
use super::super::folder::FILE_NAME;
use crate::store::{DiskUsage, StoreError};
use sqlx::sqlite::SqliteConnection;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Unit of `st_blocks`, on every file system.
const BLOCK: u64 = 512;

/// Pages of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pages {
    /// Bytes of one.
    pub(super) bytes: u64,
    pub(super) all: u64,
    pub(super) free: u64,
}

impl Pages {
    pub(super) async fn count(connection: &mut SqliteConnection) -> Result<Pages, sqlx::Error> {
        let mut one = async |sql: &'static str| {
            let number: i64 = sqlx::query_scalar(sql).fetch_one(&mut *connection).await?;
            Ok::<_, sqlx::Error>(u64::try_from(number).unwrap_or_default())
        };
        let bytes = one("PRAGMA page_size").await?;
        Ok(Pages { bytes, free: one("PRAGMA freelist_count").await?, all: one("PRAGMA page_count").await? })
    }

    /// Bytes of the pages in use.
    pub(super) fn used(self) -> u64 {
        self.all.saturating_sub(self.free) * self.bytes
    }
}

/// Path of the log of the database in `dir`.
pub(super) fn log_path(dir: &Path) -> PathBuf {
    dir.join(format!("{FILE_NAME}-wal"))
}

/// Bytes of disk that a file takes; 0 if there is none.
pub(super) fn disk_bytes(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.blocks() * BLOCK)
}

/// Measures the database in `dir`, with one of its connections.
pub(in super::super) async fn measure(
    connection: &mut SqliteConnection,
    dir: &Path,
) -> Result<Result<DiskUsage, StoreError>, sqlx::Error> {
    let pages = Pages::count(connection).await?;
    let dir = dir.to_owned();
    let measured = blocking(move || {
        let disk_free = fs4::available_space(&dir).map_err(|error| {
            StoreError::Database(format!("the free space of {} cannot be read ({error})", dir.display()))
        })?;
        Ok(DiskUsage {
            used: pages.used(),
            free: disk_bytes(&dir.join(FILE_NAME)).saturating_sub(pages.used()),
            log: disk_bytes(&log_path(&dir)),
            disk_free,
        })
    });
    Ok(measured.await.flatten())
}

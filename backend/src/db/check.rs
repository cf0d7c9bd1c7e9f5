//! Readiness of the records database, cheap enough to be asked every second. Damage beyond the row that is read is not seen.

use super::{DbError, Records};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// With less free space, changes are about to fail: a snapshot may take 64 MiB.
const LEAST_FREE_BYTES: u64 = 64 << 20;

/// A database file, and which one it was when it was opened.
#[derive(Debug)]
pub(super) struct DatabaseFile {
    path: PathBuf,
    /// Device and inode: a file apart from its name.
    id: (u64, u64),
}

impl DatabaseFile {
    pub(super) fn opened(path: &Path) -> Result<DatabaseFile, DbError> {
        Ok(DatabaseFile { path: path.to_owned(), id: file_id(path)? })
    }

    fn check(&self) -> Result<(), DbError> {
        if file_id(&self.path)? != self.id {
            return Err(DbError::Unusable(format!(
                "{} is no longer the file that was opened; restart the server to use the new one",
                self.path.display()
            )));
        }
        if fs4::available_space(&self.path).is_ok_and(|free| free < LEAST_FREE_BYTES) {
            let disk = self.path.display();
            return Err(DbError::Unusable(format!("less than 64 MiB are free on the disk of {disk}")));
        }
        Ok(())
    }
}

fn file_id(path: &Path) -> Result<(u64, u64), DbError> {
    let metadata = std::fs::metadata(path)
        .map_err(|error| DbError::Unusable(format!("{} cannot be found ({error})", path.display())))?;
    Ok((metadata.dev(), metadata.ino()))
}

impl Records {
    /// Reads one row, and looks at the database file if there is one.
    pub(crate) async fn check(&self) -> Result<(), DbError> {
        if let Some(file) = &self.file {
            file.check()?;
        }
        // Each migration has left a row, so there always is one.
        let newest = sqlx::query_scalar("SELECT version FROM _sqlx_migrations ORDER BY version DESC LIMIT 1");
        let _: i64 = newest.fetch_one(&self.pool).await?;
        Ok(())
    }
}

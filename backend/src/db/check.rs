//! Readiness of the records database, cheap enough to be asked every second. Damage beyond the row that is read is not seen.

use super::{DbError, Records};
use crate::opened_file::FileLost;

/// With less free space, changes are about to fail: a snapshot may take 64 MiB.
const LEAST_FREE_BYTES: u64 = 64 << 20;

impl From<FileLost> for DbError {
    fn from(error: FileLost) -> DbError {
        DbError::Unusable(error.to_string())
    }
}

impl Records {
    /// Reads one row, and looks at the database file if there is one.
    pub(crate) async fn check(&self) -> Result<(), DbError> {
        if let Some(file) = &self.file {
            file.check()?;
            let disk = file.path();
            if fs4::available_space(disk).is_ok_and(|free| free < LEAST_FREE_BYTES) {
                let disk = disk.display();
                return Err(DbError::Unusable(format!("less than 64 MiB are free on the disk of {disk}")));
            }
        }
        // Each migration has left a row, so there always is one.
        let newest = sqlx::query_scalar("SELECT version FROM _sqlx_migrations ORDER BY version DESC LIMIT 1");
        let _: i64 = newest.fetch_one(&self.pool).await?;
        Ok(())
    }
}

//! Readiness of the records database, cheap enough to be asked every second. Damage is found at the start and by
//! [`Records::verify`], and remembered here.

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
        if let Some(what) = self.damage.get() {
            return Err(DbError::DamagedFile(what.clone()));
        }
        let Some(file) = &self.file else { return self.read_one_row().await };
        file.check()?;
        let path = file.path().display();
        if fs4::available_space(file.path()).is_ok_and(|free| free < LEAST_FREE_BYTES) {
            return Err(DbError::Unusable(format!("less than 64 MiB are free on the disk of {path}")));
        }
        self.read_one_row().await.map_err(|error| error.of_file(&path.to_string()))
    }

    async fn read_one_row(&self) -> Result<(), DbError> {
        // Each migration has left a row, so there always is one.
        let newest = sqlx::query_scalar("SELECT version FROM _sqlx_migrations ORDER BY version DESC LIMIT 1");
        let _: i64 = newest.fetch_one(&self.checker).await?;
        Ok(())
    }
}

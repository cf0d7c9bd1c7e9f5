//! The database file of the records, for backup and restore.

use super::migrations::migrations;
use super::{DbError, damage};
use crate::sqlite::copy::Source;
use crate::sqlite::{self, schema};
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Executor};
use std::path::{Path, PathBuf};

pub(crate) use super::damage::inspect;
pub(crate) use super::open::FILE_NAME;

/// The file of records at `url`; `None` when they are in PostgreSQL. Without a URL they are in the data directory.
pub(crate) fn path(data: &Path, url: Option<&str>) -> Option<PathBuf> {
    match url {
        None => Some(data.join(FILE_NAME)),
        Some(url) => {
            let path = url.strip_prefix("sqlite:")?;
            let path = path.strip_prefix("//").unwrap_or(path).split('?').next().unwrap_or_default();
            let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
            Some(PathBuf::from(path.as_ref()))
        }
    }
}

/// Records that nobody can change until this is released.
pub(crate) struct Standstill {
    connection: SqliteConnection,
}

impl Standstill {
    /// Takes the lock of writers at `path`. Readers go on.
    pub(crate) async fn of(path: &Path) -> Result<Standstill, DbError> {
        let mut connection = sqlite::open(path).await?;
        connection.execute("BEGIN IMMEDIATE").await?;
        Ok(Standstill { connection })
    }

    /// Lets writers go on.
    pub(crate) async fn release(mut self) -> Result<(), DbError> {
        self.connection.execute("ROLLBACK").await?;
        Ok(self.connection.close().await?)
    }
}

/// The records at `path`, to be copied to the new file `to`.
pub(crate) async fn source(path: &Path, to: &Path) -> Result<Source, DbError> {
    if !path.exists() {
        return Err(DbError::Unusable(format!("there is no {}", path.display())));
    }
    Ok(Source::open(path, to).await?)
}

/// Checks the copy at `path`.
pub(crate) async fn verify(path: &Path) -> Result<(), DbError> {
    let version = schema::version(&mut sqlite::open_to_read(path).await?).await?;
    if version > migrations().iter().map(|migration| migration.version).max() {
        let version = version.unwrap_or_default();
        return Err(sqlx::migrate::MigrateError::VersionMissing(version).into());
    }
    match damage::inspect(path).await?.into_iter().next() {
        Some(what) => Err(DbError::DamagedFile(what)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_file_of_each_kind_of_url() {
        let data = Path::new("/d");
        assert_eq!(path(data, None).unwrap(), Path::new("/d/records.db"));
        assert_eq!(path(data, Some("sqlite:///x/a%20b.db?mode=rwc")).unwrap(), Path::new("/x/a b.db"));
        assert_eq!(path(data, Some("postgres://db/flarepath")), None);
    }
}

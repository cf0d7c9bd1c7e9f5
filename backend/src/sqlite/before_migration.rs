//! Copies a database before its schema is brought up to date, so that the older version of the program can be used again.
//!
//! The server is not ready meanwhile, and the copy needs room: a large database is not copied, and the log says so.

use super::{copy, open, schema};
use std::path::{Path, PathBuf};

/// Larger databases are not copied: half a second on a slow disk.
const LARGEST: u64 = 256 << 20;
/// Free space that must be left.
const SPARE: u64 = 64 << 20;

/// The copy could not be made; the schema was not changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CopyError {
    #[error(
        "{0} cannot be written ({1}); free some space: it holds a copy of the database before its schema changes"
    )]
    File(PathBuf, std::io::Error),
    #[error("{0} cannot be copied before its schema changes ({1})")]
    Database(PathBuf, sqlx::Error),
}

/// Where the copy of `path` is kept. The next one replaces it.
fn copy_of(path: &Path) -> PathBuf {
    path.with_extension("db.before-migration")
}

/// Copies the database at `path` if its schema is older than `newest`; true when it did. A missing or empty one is not copied. Its
/// header has been checked.
pub(crate) async fn copy(path: &Path, newest: i64) -> Result<bool, CopyError> {
    let size = std::fs::metadata(path).map_or(0, |file| file.len());
    if size == 0 {
        return Ok(false);
    }
    let sql = |error| CopyError::Database(path.to_owned(), error);
    let mut connection = open(path).await.map_err(sql)?;
    let Some(version) = schema::version(&mut connection).await.map_err(sql)?.filter(|&v| v < newest) else {
        return Ok(false);
    };
    let to = copy_of(path);
    let free = fs4::available_space(path).unwrap_or(u64::MAX);
    if size > LARGEST || free < size + SPARE {
        tracing::warn!(
            file = %path.display(), size, free, version,
            "too large for a copy before its schema changes; use flarepath backup before an update"
        );
        return Ok(false);
    }
    let new = to.with_extension("before-migration.new");
    let file = |error| CopyError::File(to.clone(), error);
    match std::fs::remove_file(&new) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(file(error)),
        _ => {}
    }
    copy::whole(&mut connection, &new).await.map_err(sql)?;
    std::fs::File::open(&new).and_then(|new| new.sync_all()).map_err(file)?;
    std::fs::rename(&new, &to).map_err(file)?;
    tracing::info!(copy = %to.display(), version, "copied the database before its schema changes");
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::open_to_read;
    use sqlx::sqlite::SqliteConnectOptions;
    use sqlx::{ConnectOptions, Executor};

    #[tokio::test]
    async fn copies_older_schemas_only_and_keeps_one_copy() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.db");
        assert!(!copy(&path, 2).await.unwrap(), "no file");
        let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
        let mut database = options.connect().await.unwrap();
        database
            .execute("CREATE TABLE _sqlx_migrations (version INTEGER); CREATE TABLE t (x INTEGER)")
            .await
            .unwrap();
        database.execute("INSERT INTO _sqlx_migrations VALUES (1)").await.unwrap();
        assert!(!copy(&path, 1).await.unwrap(), "up to date");
        for rows in 1..=2i64 {
            database.execute("INSERT INTO t VALUES (0)").await.unwrap();
            assert!(copy(&path, 2).await.unwrap());
            let mut copied = open_to_read(&copy_of(&path)).await.unwrap();
            let found: i64 =
                sqlx::query_scalar("SELECT count(*) FROM t").fetch_one(&mut copied).await.unwrap();
            assert_eq!(found, rows);
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 2);
    }
}

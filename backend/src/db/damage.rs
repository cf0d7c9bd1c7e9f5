//! Finds damage of the records' database file: in constant time before it is opened, completely on request.

use super::migrations::migrations;
use super::{DbError, Records};
use crate::sqlite::{self, header, integrity, schema};
use sqlx::AssertSqlSafe;
use sqlx::sqlite::SqliteConnection;
use std::path::Path;

fn damaged(path: &Path, what: &str) -> DbError {
    DbError::DamagedFile(format!("{}: {what}", path.display()))
}

/// Checks a file before it is opened: header, size, schema, and the first and last row of every table. A missing or empty one is
/// sound.
pub(super) async fn before_opening(path: &Path) -> Result<(), DbError> {
    if std::fs::metadata(path).map_or(0, |file| file.len()) == 0 {
        return Ok(());
    }
    let checked = header::check(path)
        .map_err(|error| DbError::Unusable(format!("{} cannot be read ({error})", path.display())))?;
    checked.map_err(|bad| damaged(path, &bad.to_string()))?;
    contents(path).await
}

async fn contents(path: &Path) -> Result<(), DbError> {
    let looked = async {
        let mut connection = sqlite::open_to_read(path).await?;
        match schema_damage(&mut connection).await? {
            None => edges(&mut connection).await.map(|()| None),
            found => Ok(found),
        }
    };
    match looked.await {
        Ok(None) => Ok(()),
        Ok(Some(what)) => Err(damaged(path, &what)),
        Err(error) => Err(from_sqlite(path, error)),
    }
}

/// How the schema differs from the one that our migrations make. Older and newer schemas are not compared.
async fn schema_damage(connection: &mut SqliteConnection) -> Result<Option<String>, sqlx::Error> {
    let found = schema::read(connection).await?;
    if schema::version(connection).await? != migrations().iter().map(|m| m.version).max() {
        return Ok(None);
    }
    let ours = Records::in_memory();
    let wanted = sqlx::query_as(schema::READ).fetch_all(&ours.pool).await?;
    Ok(schema::difference(&found, &wanted))
}

async fn edges(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let tables =
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut *connection).await?;
    for table in tables {
        for order in ["", "DESC"] {
            // Names come from our own schema, which was compared.
            let edge = format!("SELECT * FROM \"{table}\" ORDER BY rowid {order} LIMIT 1");
            sqlx::query(AssertSqlSafe(edge)).fetch_all(&mut *connection).await?;
        }
    }
    Ok(())
}

fn from_sqlite(path: &Path, error: sqlx::Error) -> DbError {
    DbError::from(error).of_file(&path.display().to_string())
}

/// Everything that is wrong with the file at `path`; takes as long as reading it.
pub(crate) async fn inspect(path: &Path) -> Result<Vec<String>, DbError> {
    if !path.exists() {
        return Err(DbError::Unusable(format!("there is no {}", path.display())));
    }
    findings(path, before_opening(path)).await
}

/// What the first look and SQLite's own check find.
async fn findings(
    path: &Path,
    first: impl Future<Output = Result<(), DbError>>,
) -> Result<Vec<String>, DbError> {
    let check = async {
        first.await?;
        let check = async { integrity::check(&mut sqlite::open_to_read(path).await?).await };
        check.await.map_err(|error| from_sqlite(path, error))
    };
    match check.await {
        Ok(found) => Ok(found.into_iter().map(|what| format!("{}: {what}", path.display())).collect()),
        Err(DbError::DamagedFile(what)) => Ok(vec![what]),
        Err(other) => Err(other),
    }
}

impl Records {
    /// Checks the whole database file, if there is one. What is found makes [`Records::check`] fail from now on.
    pub(crate) async fn verify(&self) -> Result<(), DbError> {
        let Some(file) = &self.file else { return Ok(()) };
        // Without a look at the header: SQLite has it open, and closing a file ends all locks of this process on it.
        match findings(file.path(), contents(file.path())).await?.into_iter().next() {
            Some(what) => Err(DbError::DamagedFile(self.damage.get_or_init(|| what).clone())),
            None => Ok(()),
        }
    }
}

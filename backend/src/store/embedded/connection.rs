//! Connections to the database file: settings, the required SQLite version, schema migrations.

use super::error::store_error;
use super::options::EmbeddedOptions;
use crate::store::StoreError;
use sqlx::SqlSafeStr;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Row};
use std::path::Path;
use std::time::Duration;

/// Name of the database file in the data folder.
pub(crate) const FILE_NAME: &str = "profiles.db";
/// Older versions can damage a database in WAL mode when a checkpoint meets a reset of the log.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);
/// Bytes a page: a profile of some 900 stacks takes about 1 KiB, and a page holds whole rows.
const PAGE_BYTES: u32 = 16 << 10;
/// Pages in the log at which the writer moves them into the database file.
const CHECKPOINT_PAGES: &str = "1024";
/// Two for queries, one for folding.
const READERS: u32 = 3;
const LOADERS: u32 = 2;

/// All migrations, in order. Those of a released version never change: their checksums are in the database.
fn migrations() -> Migrator {
    let migration = |version, name: &'static str, sql: &'static str| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(vec![migration(
        1,
        "profiles",
        include_str!("../../../migrations/profiles/0001_profiles.sql"),
    )])
}

/// The connections of an open store.
pub(crate) struct Connections {
    /// The only one that writes.
    pub(crate) writer: SqliteConnection,
    /// For queries and folding.
    pub(crate) readers: SqlitePool,
    /// For symbol tables, which pushes need: they must not wait for queries.
    pub(crate) loaders: SqlitePool,
    /// One connection for checks of readiness, which must not wait for queries.
    pub(crate) checker: SqlitePool,
}

/// Opens the database in `dir` and brings its schema up to date.
pub(crate) async fn open(dir: &Path, options: &EmbeddedOptions) -> Result<Connections, StoreError> {
    let translate = |e: sqlx::Error| store_error(&e, dir);
    let base = SqliteConnectOptions::new()
        .filename(dir.join(FILE_NAME))
        .busy_timeout(Duration::from_secs(10))
        .disable_statement_logging();
    let mut write = base
        .clone()
        .create_if_missing(true)
        .page_size(PAGE_BYTES)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        .pragma("cache_size", "-4096");
    if let Some(pages) = options.max_pages {
        write = write.pragma("max_page_count", pages.to_string());
    }
    let mut writer = write.connect().await.map_err(translate)?;
    check_version(&mut writer).await.map_err(translate)??;
    migrations().run(&mut writer).await.map_err(|e| migrate_error(e, dir))?;
    let read = base.pragma("query_only", "1").pragma("cache_size", "-2048");
    let pool = |size: u32| {
        SqlitePoolOptions::new()
            .max_connections(size)
            .min_connections(0)
            .acquire_timeout(Duration::from_secs(30))
            .test_before_acquire(false)
            .before_acquire(|connection, _| Box::pin(forget_token(connection)))
            .connect_lazy_with(read.clone())
    };
    Ok(Connections { writer, readers: pool(READERS), loaders: pool(LOADERS), checker: pool(1) })
}

/// Takes off the handler that the query before left there.
async fn forget_token(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    connection.lock_handle().await?.remove_progress_handler();
    Ok(true)
}

async fn check_version(writer: &mut SqliteConnection) -> Result<Result<(), StoreError>, sqlx::Error> {
    let row = sqlx::query("SELECT sqlite_version()").fetch_one(writer).await?;
    let text: String = row.try_get(0)?;
    Ok(accept_version(&text))
}

fn accept_version(text: &str) -> Result<(), StoreError> {
    let mut parts = text.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut part = || parts.next().unwrap_or(0);
    if (part(), part(), part()) < OLDEST_SQLITE {
        let (a, b, c) = OLDEST_SQLITE;
        return Err(StoreError::Unusable(format!(
            "this program was linked with SQLite {text}, which can damage data; {a}.{b}.{c} or newer is needed"
        )));
    }
    Ok(())
}

fn migrate_error(error: MigrateError, dir: &Path) -> StoreError {
    match error {
        MigrateError::Execute(e) | MigrateError::ExecuteMigration(e, _) => store_error(&e, dir),
        MigrateError::VersionMissing(version) => StoreError::Unusable(format!(
            "{} is from a newer flarepath (schema version {version}); run that version or a newer one",
            dir.display()
        )),
        other => StoreError::Database(format!("the schema cannot be brought up to date: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_sqlite_versions_that_can_damage_data() {
        assert!(accept_version("3.51.2").is_err());
        assert!(accept_version("3.51.3").is_ok());
        assert!(accept_version("3.60.0").is_ok());
        assert!(accept_version("2.99.99").is_err());
    }
}

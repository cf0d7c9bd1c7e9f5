//! Connections to the database file: settings, the required SQLite version, schema migrations.

use super::commits::check_acknowledged;
use super::error::{damaged, is_locked, store_error};
use super::folder::FILE_NAME;
use super::migrations::{migrations, newest_schema};
use super::options::EmbeddedOptions;
use crate::sqlite::{before_migration, schema};
use crate::store::StoreError;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool,
    SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Row};
use std::path::Path;
use std::time::Duration;

/// Older versions can damage a database in WAL mode when a checkpoint meets a reset of the log.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);
/// Bytes a page: a profile of some 900 stacks takes about 1 KiB, and a page holds whole rows.
const PAGE_BYTES: u32 = 16 << 10;
/// Pages in the log at which the writer moves them into the database file.
const CHECKPOINT_PAGES: &str = "1024";
/// How long a statement waits for a lock.
const PATIENCE: Duration = Duration::from_secs(10);
/// Two for queries, one for folding.
const READERS: u32 = 3;
const LOADERS: u32 = 2;

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
        .busy_timeout(PATIENCE)
        .disable_statement_logging();
    let mut write = base
        .clone()
        .create_if_missing(true)
        .page_size(PAGE_BYTES)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        .pragma("cache_size", "-4096");
    if std::fs::metadata(dir.join(FILE_NAME)).map_or(0, |file| file.len()) == 0 {
        // Others keep what they have (see `space`), and SQLite would write to them at each start.
        write = write.auto_vacuum(SqliteAutoVacuum::Incremental);
    }
    if let Some(pages) = options.max_pages {
        write = write.pragma("max_page_count", pages.to_string());
    }
    let mut writer = write.connect().await.map_err(translate)?;
    check_version(&mut writer).await.map_err(translate)??;
    check_version_table(&mut writer, dir).await?;
    before_migration::copy(&dir.join(FILE_NAME), newest_schema())
        .await
        .map_err(|e| StoreError::Unusable(e.to_string()))?;
    migrations().run(&mut writer).await.map_err(|e| migrate_error(e, dir))?;
    let read = base.pragma("query_only", "1").pragma("cache_size", "-2048");
    let pool = |size: u32| {
        SqlitePoolOptions::new()
            .max_connections(size)
            .min_connections(0)
            .acquire_timeout(Duration::from_secs(30))
            .test_before_acquire(false)
    };
    let for_queries = |size: u32| {
        let options = pool(size).before_acquire(|connection, _| Box::pin(forget_token(connection)));
        options.connect_lazy_with(read.clone())
    };
    let checker = pool(1).connect_lazy_with(read.clone());
    Ok(Connections { writer, readers: for_queries(READERS), loaders: for_queries(LOADERS), checker })
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

/// Moves the log into the database file and truncates it; false when readers prevent that. Does not wait for them: a backup in another
/// process reads for minutes, and pushes would wait as well.
pub(super) async fn truncate_log(writer: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    sqlx::query("PRAGMA busy_timeout = 0").execute(&mut *writer).await?;
    let checkpoint = sqlx::query_scalar::<_, i64>("PRAGMA wal_checkpoint(TRUNCATE)");
    let busy = checkpoint.fetch_one(&mut *writer).await;
    let wait = format!("PRAGMA busy_timeout = {}", PATIENCE.as_millis());
    sqlx::query(sqlx::AssertSqlSafe(wait)).execute(writer).await?;
    match busy {
        Ok(busy) => Ok(busy == 0),
        Err(error) if is_locked(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Tells the version, and whether there is one where there has to be.
async fn check_version_table(writer: &mut SqliteConnection, dir: &Path) -> Result<(), StoreError> {
    let look = async { Ok::<_, sqlx::Error>((schema::version(writer).await?, schema::read(writer).await?)) };
    match look.await {
        Ok((None, tables)) if !tables.is_empty() => {
            Err(damaged(dir, "has a damaged schema: its version is missing"))
        }
        // Before tables are made, so that a log that is put back still belongs to the database.
        Ok((None, _)) => check_acknowledged(dir, 0),
        Ok(_) => Ok(()),
        Err(error) => Err(schema_error(&error, dir)),
    }
}

/// A statement on tables that have to be there failed.
fn schema_error(error: &sqlx::Error, dir: &Path) -> StoreError {
    match store_error(error, dir) {
        StoreError::Database(text) => damaged(dir, &format!("has a damaged schema ({text})")),
        other => other,
    }
}

fn migrate_error(error: MigrateError, dir: &Path) -> StoreError {
    match error {
        MigrateError::Execute(e) | MigrateError::ExecuteMigration(e, _) => schema_error(&e, dir),
        MigrateError::VersionMismatch(version) => {
            damaged(dir, &format!("has a damaged schema: migration {version} is unknown"))
        }
        MigrateError::VersionMissing(version) => StoreError::Unusable(format!(
            "{} is from a newer flarepath (schema version {version}); run that version or a newer one",
            dir.display()
        )),
        other => StoreError::Database(format!("the schema cannot be brought up to date: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::EmbeddedStore;
    use super::*;
    use crate::store::conformance::{ProfileSpec, new_profile};
    use crate::store::{ProfileStore, ProfileWriter};
    use sqlx::migrate::Migrator;
    use sqlx::{Connection, Executor};

    fn manual() -> EmbeddedOptions {
        EmbeddedOptions { background_folding: false, ..EmbeddedOptions::default() }
    }

    async fn database(dir: &Path) -> SqliteConnection {
        let file = dir.join(FILE_NAME);
        SqliteConnectOptions::new().filename(file).create_if_missing(true).connect().await.unwrap()
    }

    /// A database as the first version left it.
    async fn first_version(dir: &Path) {
        let first = migrations().iter().next().unwrap().clone();
        let mut connection = database(dir).await;
        Migrator::with_migrations(vec![first]).run(&mut connection).await.unwrap();
        let service = "INSERT INTO service VALUES (1, 'old')";
        connection.execute(service).await.unwrap();
        connection.close().await.unwrap();
    }

    #[tokio::test]
    async fn an_older_schema_is_copied_and_brought_up_to_date() {
        let dir = tempfile::tempdir().unwrap();
        first_version(dir.path()).await;
        let store = EmbeddedStore::open(dir.path(), manual()).await.unwrap();
        store.append(vec![new_profile(&ProfileSpec::default())]).await.unwrap();
        store.check().await.unwrap();
        store.close().await.unwrap();
        let copy = dir.path().join("profiles.db.before-migration");
        let mut copy = SqliteConnectOptions::new().filename(copy).connect().await.unwrap();
        let versions = "SELECT max(version) FROM _sqlx_migrations";
        assert_eq!(sqlx::query_scalar::<_, i64>(versions).fetch_one(&mut copy).await.unwrap(), 1);
        let mut current = database(dir.path()).await;
        assert_eq!(
            sqlx::query_scalar::<_, i64>(versions).fetch_one(&mut current).await.unwrap(),
            newest_schema()
        );
    }

    #[tokio::test]
    async fn a_newer_schema_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        EmbeddedStore::open(dir.path(), manual()).await.unwrap().close().await.unwrap();
        let newer = "INSERT INTO _sqlx_migrations VALUES (999, 'later', '2030-01-01', TRUE, x'00', 1)";
        database(dir.path()).await.execute(newer).await.unwrap();
        let Err(StoreError::Unusable(advice)) = EmbeddedStore::open(dir.path(), manual()).await else {
            panic!("it is newer");
        };
        assert!(advice.contains("newer flarepath (schema version 999)"), "{advice}");
    }

    #[test]
    fn rejects_sqlite_versions_that_can_damage_data() {
        assert!(accept_version("3.51.2").is_err());
        assert!(accept_version("3.51.3").is_ok());
        assert!(accept_version("3.60.0").is_ok());
        assert!(accept_version("2.99.99").is_err());
    }
}

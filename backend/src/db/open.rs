//! Opens the records database and migrates its tables.

use super::append_only;
use super::migrations::migrations;
use super::{DbError, Dialect, Records, damage};
use crate::opened_file::OpenedFile;
use crate::sqlite::before_migration;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers};
use sqlx::{AnyConnection, ConnectOptions, Connection, Executor};
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// Name of the database file in the data directory.
pub(crate) const FILE_NAME: &str = "records.db";
const CONNECTIONS: u32 = 4;
/// How long a change of SQLite waits for another one, and startup for a database server.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a request waits for a connection to a database server.
const SERVER_PATIENCE: Duration = Duration::from_secs(1);

impl Records {
    /// Opens the file in the data directory, created if missing. Only its owner may read it.
    ///
    /// # Errors
    /// [`DbError`] when it cannot be opened, or was written by a newer version.
    pub async fn open_in(data: &Path) -> Result<Records, DbError> {
        std::fs::create_dir_all(data).map_err(|e| DbError::Unusable(format!("{}: {e}", data.display())))?;
        let path = data.join(FILE_NAME);
        restrict_to_owner(&path)?;
        damage::before_opening(&path).await?;
        let newest = migrations().iter().map(|migration| migration.version).max().unwrap_or_default();
        before_migration::copy(&path, newest).await.map_err(|e| DbError::Unusable(e.to_string()))?;
        // The path becomes part of a URL.
        let text = path.display().to_string();
        let escaped = text.replace('%', "%25").replace('?', "%3F").replace('#', "%23");
        Records::open(&format!("sqlite://{escaped}?mode=rwc")).await
    }

    /// Opens the database at `url`: `sqlite://…` or `postgres://…`.
    ///
    /// # Errors
    /// [`DbError`] when it cannot be reached, or was written by a newer version. Never names the password.
    pub async fn open(url: &str) -> Result<Records, DbError> {
        Records::open_at(url).await.map_err(|error| error.of_file(path_in(url)))
    }

    async fn open_at(url: &str) -> Result<Records, DbError> {
        let (options, dialect) = parse(url)?;
        try_out(&options, dialect).await?;
        let checker = pool_options(dialect).max_connections(1).connect_lazy_with(options.clone());
        let pool = pool_options(dialect).max_connections(CONNECTIONS).connect_with(options).await?;
        let mut connection = pool.acquire().await?;
        prepare(&mut connection, dialect).await?;
        let file = match dialect {
            Dialect::Sqlite => Some(Arc::new(OpenedFile::at(Path::new(&file_of(&mut connection).await?))?)),
            Dialect::Postgres => None,
        };
        drop(connection);
        Ok(Records { pool, checker, dialect, file, damage: Arc::default() })
    }

    /// Records that live as long as the process: for tests.
    pub fn in_memory() -> Records {
        let (options, dialect) = parse("sqlite::memory:").expect("a constant URL");
        let pool = pool_options(dialect).max_connections(1).connect_lazy_with(options);
        Records { checker: pool.clone(), pool, dialect, file: None, damage: Arc::default() }
    }
}

fn parse(url: &str) -> Result<(AnyConnectOptions, Dialect), DbError> {
    install_default_drivers();
    let dialect = match url.split(':').next() {
        Some("sqlite") => Dialect::Sqlite,
        Some("postgres" | "postgresql") => Dialect::Postgres,
        _ => {
            return Err(DbError::Unusable("its URL must begin with postgres:// or sqlite://".to_owned()));
        }
    };
    let options = AnyConnectOptions::from_str(url)
        .map_err(|e| DbError::Unusable(format!("its URL is invalid: {e}")))?
        .disable_statement_logging();
    Ok((options, dialect))
}

/// The path in the URL of a file.
fn path_in(url: &str) -> &str {
    url.trim_start_matches("sqlite:").trim_start_matches("//").split('?').next().unwrap_or_default()
}

/// Connects once: unlike a pool, which retries until it times out, this reports the cause.
async fn try_out(options: &AnyConnectOptions, dialect: Dialect) -> Result<(), DbError> {
    let silent = |_| DbError::Unreachable(format!("no answer within {} s", PATIENCE.as_secs()));
    let mut connection = tokio::time::timeout(PATIENCE, options.connect()).await.map_err(silent)??;
    if dialect == Dialect::Sqlite {
        set_up_sqlite(&mut connection).await?;
        // Reads the schema.
        connection.execute("SELECT count(*) FROM sqlite_master").await?;
    }
    Ok(connection.close().await?)
}

fn pool_options(dialect: Dialect) -> AnyPoolOptions {
    let options = AnyPoolOptions::new().idle_timeout(None).max_lifetime(None);
    match dialect {
        // Connections are tested before use, so that a dead one is noticed within this time.
        Dialect::Postgres => options.acquire_timeout(SERVER_PATIENCE),
        Dialect::Sqlite => options
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .after_connect(|connection, _| Box::pin(set_up_sqlite(connection))),
    }
}

async fn set_up_sqlite(connection: &mut AnyConnection) -> sqlx::Result<()> {
    let wait = format!("PRAGMA busy_timeout = {}", PATIENCE.as_millis());
    connection.execute(sqlx::AssertSqlSafe(wait)).await?;
    connection.execute("PRAGMA foreign_keys = ON").await?;
    if file_of(connection).await?.is_empty() {
        // In memory: this is the only connection, and its tables are still missing.
        prepare(connection, Dialect::Sqlite).await.map_err(|e| sqlx::Error::Configuration(Box::new(e)))?;
        return Ok(());
    }
    connection.execute("PRAGMA journal_mode = WAL").await?;
    connection.execute("PRAGMA synchronous = FULL").await?;
    Ok(())
}

/// The path of an SQLite database; empty in memory.
async fn file_of(connection: &mut AnyConnection) -> sqlx::Result<String> {
    sqlx::query_scalar("SELECT file FROM pragma_database_list WHERE name = 'main'")
        .fetch_one(connection)
        .await
}

/// Brings the tables up to date.
async fn prepare(connection: &mut AnyConnection, dialect: Dialect) -> Result<(), DbError> {
    migrations().run_direct(None, connection, false).await?;
    append_only::install(connection, dialect).await
}

/// Makes the file so that other users of the machine cannot read it; SQLite gives its companions the same rights.
fn restrict_to_owner(path: &Path) -> Result<(), DbError> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|e| DbError::Unusable(format!("{}: {e}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::migrate::Migrator;

    #[tokio::test]
    async fn shares_with_the_organisation_from_before_stay_open_for_everyone_who_signs_in() {
        let mut connection = parse("sqlite::memory:").unwrap().0.connect().await.unwrap();
        let until = |newest| {
            let earlier = migrations().iter().filter(|m| m.version <= newest).cloned().collect();
            Migrator::with_migrations(earlier)
        };
        until(5).run_direct(None, &mut connection, false).await.unwrap();
        for visibility in ["private", "team", "org", "link"] {
            let share = sqlx::query(
                "INSERT INTO shares (id, link_hash, owner_id, created_by, title, note, visibility, version, policy, \
                 policy_version, summary, view, payload_bytes, created_at, changed_at, views, view_noted_at) \
                 VALUES ($1, $1, '', '', '', '', $1, 1, '', 1, '', '', 0, 0, 0, 0, 0)",
            );
            share.bind(visibility).execute(&mut connection).await.unwrap();
        }
        migrations().run_direct(None, &mut connection, false).await.unwrap();
        let open = sqlx::query_scalar("SELECT id FROM shares WHERE everyone_signed_in = 1");
        let open: Vec<String> = open.fetch_all(&mut connection).await.unwrap();
        assert_eq!(open, ["org"]);
    }
}

//! Examination and copies of the two SQLite files of a data directory.
//!
//! - [`header`]: the first 100 bytes and the size, without SQLite.
//! - [`schema`]: tables, indexes and triggers as our migrations make them, and the version they have.
//! - [`integrity`]: SQLite's own check of a whole file.
//! - [`copy`]: a consistent copy of a database that others write to. [`before_migration`]: one before its schema changes.
//!
//! Knows no table by name; `db` and `store::embedded` do.

pub(crate) mod before_migration;
pub(crate) mod copy;
pub(crate) mod header;
pub(crate) mod integrity;
pub(crate) mod schema;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::path::Path;
use std::time::Duration;

/// How long a statement waits for a lock of another process.
const PATIENCE: Duration = Duration::from_secs(10);

/// Opens an existing database for reading. Others may write to it meanwhile.
pub(crate) async fn open_to_read(path: &Path) -> sqlx::Result<SqliteConnection> {
    options(path).pragma("query_only", "1").connect().await
}

/// Opens an existing database.
pub(crate) async fn open(path: &Path) -> sqlx::Result<SqliteConnection> {
    options(path).connect().await
}

/// An empty database in memory.
pub(crate) async fn in_memory() -> sqlx::Result<SqliteConnection> {
    SqliteConnection::connect_with(&SqliteConnectOptions::new().in_memory(true).disable_statement_logging())
        .await
}

/// Not read-only: a database in WAL mode needs its index written even by readers. Without foreign keys, as a copy fills tables in
/// any order.
fn options(path: &Path) -> SqliteConnectOptions {
    let options = SqliteConnectOptions::new().filename(path).busy_timeout(PATIENCE);
    options.foreign_keys(false).disable_statement_logging()
}

//! Copies a database that others write to, as it is at one moment.
//!
//! [`Source::open`] attaches the new file; [`Source::hold`] begins a read transaction, which is the moment; [`Source::copy`]
//! copies every table within it. Writers go on meanwhile: in WAL mode they append to the log, which grows until
//! the copy has ended. `VACUUM INTO` would do the same, but chooses its moment by itself; here several databases can be
//! held at one moment before any is copied.

use super::options;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// A database, with the empty file that it will be copied to.
pub(crate) struct Source {
    connection: SqliteConnection,
}

impl Source {
    /// Opens the database at `path`, and makes the file `to`, which only its owner can read.
    pub(crate) async fn open(path: &Path, to: &Path) -> sqlx::Result<Source> {
        create_private(to)?;
        let mut connection = options(path).connect().await?;
        let pages: i64 = sqlx::query_scalar("PRAGMA main.page_size").fetch_one(&mut connection).await?;
        sqlx::query("ATTACH ? AS copy").bind(to.to_string_lossy()).execute(&mut connection).await?;
        // The copy is discarded if it is interrupted, and flushed once at its end. It can get smaller again, whatever its source.
        let prepare = format!(
            "PRAGMA copy.page_size = {pages}; PRAGMA copy.auto_vacuum = INCREMENTAL; PRAGMA copy.journal_mode = OFF; \
             PRAGMA copy.synchronous = OFF"
        );
        connection.execute(AssertSqlSafe(prepare)).await?;
        Ok(Source { connection })
    }

    /// Begins the read transaction. From here on, the database is seen as it is now.
    pub(crate) async fn hold(&mut self) -> sqlx::Result<()> {
        self.connection.execute("BEGIN").await?;
        // A transaction begins with its first statement.
        self.connection.execute("SELECT count(*) FROM main.sqlite_schema").await?;
        Ok(())
    }

    /// Copies everything, and closes both.
    pub(crate) async fn copy(mut self) -> sqlx::Result<()> {
        let items: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT type, name, sql FROM main.sqlite_schema WHERE sql IS NOT NULL \
             AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid",
        )
        .fetch_all(&mut self.connection)
        .await?;
        let of = |kind: &'static str| items.iter().filter(move |(found, ..)| found == kind);
        for (_, name, sql) in of("table").chain(of("index")) {
            self.connection.execute(AssertSqlSafe(in_copy(name, sql))).await?;
        }
        for (_, name, _) in of("table") {
            let name = quoted(name);
            let insert = format!("INSERT INTO copy.{name} SELECT * FROM main.{name}");
            self.connection.execute(AssertSqlSafe(insert)).await?;
        }
        // Last, so that they do not fire.
        for (_, name, sql) in of("trigger").chain(of("view")) {
            self.connection.execute(AssertSqlSafe(in_copy(name, sql))).await?;
        }
        self.connection.execute("COMMIT; DETACH copy").await?;
        self.connection.close().await
    }
}

/// Copies a database in one statement, as it is now. `to` must not exist.
pub(crate) async fn whole(connection: &mut SqliteConnection, to: &Path) -> sqlx::Result<()> {
    create_private(to)?;
    sqlx::query("VACUUM INTO ?").bind(to.to_string_lossy()).execute(connection).await?;
    Ok(())
}

/// Makes an empty file that only its owner can read.
///
/// # Errors
/// Also when it exists.
pub(crate) fn create_private(path: &Path) -> std::io::Result<()> {
    OpenOptions::new().create_new(true).write(true).mode(0o600).open(path).map(drop)
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The statement that makes a thing in the copy. SQLite keeps the text as `CREATE KIND name …`, without a database's name. The name
/// stays as it is written, quotes included, so that the text of the copy's schema is the same.
fn in_copy(name: &str, sql: &str) -> String {
    let written = [quoted(name), format!("[{name}]"), format!("`{name}`"), name.to_owned()];
    let at = written.iter().find_map(|written| sql.find(&format!(" {written}")));
    match at {
        Some(at) => format!("{} copy.{}", &sql[..at], &sql[at + 1..]),
        None => sql.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::{integrity, open_to_read, schema};
    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};

    async fn writer(path: &Path) -> SqliteConnection {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal);
        let mut connection = options.connect().await.unwrap();
        let schema = "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT UNIQUE, data BLOB) STRICT;
             CREATE INDEX item_by_data ON item (data) WHERE data IS NOT NULL;
             CREATE TABLE key (a INTEGER, b INTEGER, PRIMARY KEY (a, b)) STRICT, WITHOUT ROWID;
             CREATE TABLE seen (n INTEGER);
             CREATE TRIGGER item_is_seen AFTER INSERT ON item BEGIN INSERT INTO seen VALUES (new.id); END;
             INSERT INTO item VALUES (7, 'seven', x'00'), (9, 'nine', NULL); INSERT INTO key VALUES (1, 2)";
        connection.execute(schema).await.unwrap();
        connection
    }

    #[tokio::test]
    async fn a_copy_shows_the_moment_at_which_it_was_held() {
        let dir = tempfile::tempdir().unwrap();
        let (path, to) = (dir.path().join("a.db"), dir.path().join("b.db"));
        let mut writer = writer(&path).await;
        let mut source = Source::open(&path, &to).await.unwrap();
        source.hold().await.unwrap();
        writer
            .execute("INSERT INTO item VALUES (11, 'eleven', NULL); DELETE FROM item WHERE id = 7")
            .await
            .unwrap();
        source.copy().await.unwrap();
        let mut copy = open_to_read(&to).await.unwrap();
        assert!(integrity::check(&mut copy).await.unwrap().is_empty());
        let found = schema::read(&mut copy).await.unwrap();
        assert_eq!(schema::difference(&found, &schema::read(&mut writer).await.unwrap()), None);
        let rows: Vec<(i64, String)> =
            sqlx::query_as("SELECT id, name FROM item ORDER BY id").fetch_all(&mut copy).await.unwrap();
        assert_eq!(rows, [(7, "seven".to_owned()), (9, "nine".to_owned())]);
        let seen: i64 = sqlx::query_scalar("SELECT count(*) FROM seen").fetch_one(&mut copy).await.unwrap();
        assert_eq!(seen, 2, "triggers did not fire again");
        assert!(Source::open(&path, &to).await.is_err(), "never overwrites");
    }
}

//! SQLite's check of a whole file: every page, every row against every index.

use futures::TryStreamExt;
use sqlx::sqlite::SqliteConnection;

/// Findings that are reported; there may be one a row.
const MOST: usize = 10;

/// What is wrong with the database, at most [`MOST`] findings; empty when it is sound. Takes as long as reading the file.
pub(crate) async fn check(connection: &mut SqliteConnection) -> sqlx::Result<Vec<String>> {
    let rows = sqlx::query_scalar::<_, String>("PRAGMA integrity_check(10)");
    let mut rows = rows.fetch(connection);
    let mut found = Vec::new();
    while let Some(text) = rows.try_next().await? {
        if text != "ok" && found.len() < MOST {
            found.push(text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    Ok(found)
}

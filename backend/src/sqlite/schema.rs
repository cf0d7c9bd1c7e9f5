//! Compares the schema of a database with the one that our migrations make, and tells its version.

use sqlx::sqlite::SqliteConnection;

/// Tables, indexes and triggers, each with its name, its table and its text.
pub(crate) type Schema = Vec<(String, String, String, String)>;

/// Reads the schema, ordered by kind and name. Automatic indexes have an empty text. SQLite's and sqlx's own tables are left out.
pub(crate) const READ: &str = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema \
     WHERE tbl_name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND tbl_name NOT LIKE '\\_sqlx%' ESCAPE '\\' ORDER BY type, name";

/// The schema of a database.
pub(crate) async fn read(connection: &mut SqliteConnection) -> sqlx::Result<Schema> {
    sqlx::query_as(READ).fetch_all(connection).await
}

/// The first difference, in words that follow the file's name; `None` where there is none.
pub(crate) fn difference(found: &Schema, wanted: &Schema) -> Option<String> {
    let lacks = wanted.iter().find(|item| !found.contains(item));
    let too_many = found.iter().find(|item| !wanted.contains(item));
    match (lacks, too_many) {
        (Some((kind, name, ..)), _) => {
            Some(format!("has a damaged schema: {kind} {name} is missing or altered"))
        }
        (None, Some((kind, name, ..))) => Some(format!("has a damaged schema: {kind} {name} is unknown")),
        (None, None) => None,
    }
}

/// The version of the schema: the last migration that was applied. `None` before the first.
pub(crate) async fn version(connection: &mut SqliteConnection) -> sqlx::Result<Option<i64>> {
    let table = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations'";
    let tables: i64 = sqlx::query_scalar(table).fetch_one(&mut *connection).await?;
    if tables == 0 {
        return Ok(None);
    }
    sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(&mut *connection).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::Executor;

    #[tokio::test]
    async fn tells_the_first_difference() {
        let mut connection = super::super::in_memory().await.unwrap();
        connection.execute("CREATE TABLE a (x TEXT UNIQUE); CREATE INDEX i ON a (x)").await.unwrap();
        let wanted = read(&mut connection).await.unwrap();
        assert_eq!(wanted.len(), 3, "with the automatic index");
        assert_eq!(difference(&wanted, &wanted), None);
        connection.execute("DROP INDEX i; CREATE TABLE b (x)").await.unwrap();
        let found = read(&mut connection).await.unwrap();
        assert!(difference(&found, &wanted).unwrap().contains("index i is missing"));
        connection.execute("CREATE INDEX i ON a (x)").await.unwrap();
        let found = read(&mut connection).await.unwrap();
        assert!(difference(&found, &wanted).unwrap().contains("table b is unknown"));
        assert_eq!(version(&mut connection).await.unwrap(), None);
    }
}

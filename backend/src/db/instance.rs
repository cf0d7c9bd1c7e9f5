//! Facts about the installation, by name.

use super::{Change, DbError, Records};

/// When the first administrator was created, nanoseconds since the epoch.
pub const CLAIMED_AT: &str = "claimed_at";
/// Incremented by every change of grants, so that caches of them can be keyed by it.
const REVISION: &str = "revision";

impl Records {
    /// The value of a fact.
    pub async fn fact(&self, name: &str) -> Result<Option<String>, DbError> {
        let row = sqlx::query_scalar("SELECT value FROM instance WHERE name = $1").bind(name);
        Ok(row.fetch_optional(&self.pool).await?)
    }
}

impl Change {
    /// Sets a fact unless it is set. False if it was: of several concurrent attempts, one wins.
    pub async fn set_fact_once(&mut self, name: &str, value: &str) -> Result<bool, DbError> {
        let insert =
            sqlx::query("INSERT INTO instance (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING");
        Ok(self.run(insert.bind(name).bind(value)).await? == 1)
    }

    /// Increments the revision of grants. Every change of users, teams and bindings must call it.
    pub async fn grants_changed(&mut self) -> Result<(), DbError> {
        let upsert = sqlx::query(
            "INSERT INTO instance (name, value) VALUES ($1, '1') \
             ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(instance.value AS BIGINT) + 1 AS TEXT)",
        );
        self.run(upsert.bind(REVISION)).await.map(drop)
    }
}

//! Facts of the whole installation, by name.

use super::{Change, DbError, Records};

/// When the first administrator was made, in nanoseconds since the epoch.
pub const CLAIMED_AT: &str = "claimed_at";
/// Grows with every change to who may do what, so that nobody has to ask for all of it each time.
const REVISION: &str = "revision";

impl Records {
    /// A fact.
    pub async fn fact(&self, name: &str) -> Result<Option<String>, DbError> {
        let row = sqlx::query_scalar("SELECT value FROM instance WHERE name = $1").bind(name);
        Ok(row.fetch_optional(&self.pool).await?)
    }
}

impl Change {
    /// Sets a fact that is not there yet. False when it is: of several that try at once, one wins.
    pub async fn set_fact_once(&mut self, name: &str, value: &str) -> Result<bool, DbError> {
        let insert =
            sqlx::query("INSERT INTO instance (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING");
        let done = insert.bind(name).bind(value).execute(self.connection()).await?;
        Ok(done.rows_affected() == 1)
    }

    /// Says that who may do what has changed. To be called by every change to users, teams and bindings.
    pub async fn grants_changed(&mut self) -> Result<(), DbError> {
        sqlx::query(
            "INSERT INTO instance (name, value) VALUES ($1, '1') \
             ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(instance.value AS BIGINT) + 1 AS TEXT)",
        )
        .bind(REVISION)
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

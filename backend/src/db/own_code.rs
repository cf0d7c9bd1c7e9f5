//! Table of the rules for services' own code.

use super::row::{insert, row, select};
use super::{Change, DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;

/// The setting of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OwnCodeRow {
    pub(crate) service: String,
    /// Patterns as JSON; `auth::own_code` reads and writes them.
    pub(crate) patterns: String,
    pub(crate) changed_at: UnixNanos,
    /// The name of the account that set it.
    pub(crate) changed_by: String,
}

row!(OwnCodeRow: service, patterns, changed_at, changed_by);

impl Records {
    /// The setting of a service, if there is one.
    pub(crate) async fn own_code(&self, service: &str) -> Result<Option<OwnCodeRow>, DbError> {
        let row = select("FROM own_code WHERE service = $1").bind(service.to_owned());
        Ok(row.fetch_optional(&self.pool).await?)
    }

    /// The settings of at most `limit` services, by name, from the first one after `after`.
    pub(crate) async fn own_codes(&self, after: &str, limit: usize) -> Result<Vec<OwnCodeRow>, DbError> {
        let rows = select("FROM own_code WHERE service > $1 ORDER BY service LIMIT $2");
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(rows.bind(after.to_owned()).bind(limit).fetch_all(&self.pool).await?)
    }
}

impl Change {
    /// As [`Records::own_code`].
    pub(crate) async fn own_code(&mut self, service: &str) -> Result<Option<OwnCodeRow>, DbError> {
        let row = select("FROM own_code WHERE service = $1").bind(service.to_owned());
        Ok(row.fetch_optional(self.connection()).await?)
    }

    /// Sets it, in place of what was set before.
    pub(crate) async fn set_own_code(&mut self, row: &OwnCodeRow) -> Result<(), DbError> {
        let update = "ON CONFLICT (service) DO UPDATE SET patterns = excluded.patterns, \
                      changed_at = excluded.changed_at, changed_by = excluded.changed_by";
        self.run(insert("own_code", row, &[], update)).await.map(drop)
    }

    /// Deletes it.
    pub(crate) async fn delete_own_code(&mut self, service: &str) -> Result<(), DbError> {
        let delete = sqlx::query("DELETE FROM own_code WHERE service = $1");
        self.run(delete.bind(service.to_owned())).await.map(drop)
    }
}

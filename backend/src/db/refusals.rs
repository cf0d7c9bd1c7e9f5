//! Failed attempts, summed per hour until they become audit entries.

use super::id::AccountId;
use super::row::{Row, insert, row};
use super::{Change, DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;
use sqlx::AssertSqlSafe;

/// Failed attempts of one hour: of strangers in a network, or at an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RefusalRow {
    /// Start of the hour.
    pub(crate) hour_at: UnixNanos,
    /// Action of the audit entry.
    pub(crate) action: String,
    /// Network of strangers; empty where an account is named.
    pub(crate) network: String,
    /// The account; empty for strangers.
    pub(crate) user_id: AccountId,
    pub(crate) user_name: String,
    /// Number of attempts.
    pub(crate) tries: i64,
    /// Time of the first attempt.
    pub(crate) first_at: UnixNanos,
    /// Time of the last attempt.
    pub(crate) last_at: UnixNanos,
}

row!(RefusalRow: hour_at, action, network, user_id, user_name, tries, first_at, last_at);

impl Records {
    /// Hours with failed attempts that began before `before`, oldest first, at most `limit`.
    pub(crate) async fn refusal_hours(
        &self,
        before: UnixNanos,
        limit: u32,
    ) -> Result<Vec<UnixNanos>, DbError> {
        let hours = sqlx::query_scalar(
            "SELECT DISTINCT hour_at FROM refusals WHERE hour_at < $1 ORDER BY hour_at LIMIT $2",
        );
        let hours: Vec<i64> = hours.bind(before.0).bind(i64::from(limit)).fetch_all(&self.pool).await?;
        Ok(hours.into_iter().map(UnixNanos).collect())
    }
}

impl Change {
    /// Adds failed attempts to those of the same hour, action, network and account.
    pub(crate) async fn add_refusals(&mut self, row: &RefusalRow) -> Result<(), DbError> {
        let add = "ON CONFLICT (hour_at, action, network, user_id) DO UPDATE SET \
             tries = refusals.tries + excluded.tries, \
             first_at = CASE WHEN excluded.first_at < refusals.first_at THEN excluded.first_at ELSE refusals.first_at END, \
             last_at = CASE WHEN excluded.last_at > refusals.last_at THEN excluded.last_at ELSE refusals.last_at END";
        self.run(insert("refusals", row, &[], add)).await.map(drop)
    }

    /// Deletes the failed attempts of an hour and returns them.
    pub(crate) async fn take_refusals(&mut self, hour_at: UnixNanos) -> Result<Vec<RefusalRow>, DbError> {
        let sql = format!("DELETE FROM refusals WHERE hour_at = $1 RETURNING {}", RefusalRow::COLUMNS);
        Ok(sqlx::query_as(AssertSqlSafe(sql)).bind(hour_at.0).fetch_all(self.connection()).await?)
    }
}

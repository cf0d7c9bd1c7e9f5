//! Leases: at most one server at a time holds each name, until it expires.
//!
//! Expiry is compared with the clock of the server that asks, so clocks of servers may differ by much less than a lease lasts.
//! A lease that ends further ahead than any lasts was taken while a clock ran ahead, and counts as expired.

use super::{DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;
use std::time::Duration;

/// No lease lasts as long.
const TOO_LONG: Duration = Duration::from_secs(86_400);

impl Records {
    /// Takes the lease `name`, or extends it, until `until`. False while another holder has it.
    pub async fn take_lease(
        &self,
        name: &str,
        holder: &str,
        now: UnixNanos,
        until: UnixNanos,
    ) -> Result<bool, DbError> {
        let upsert = sqlx::query(
            "INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, $3) \
             ON CONFLICT (name) DO UPDATE SET holder = $2, expires_at = $3 \
             WHERE leases.holder = $2 OR leases.expires_at <= $4 OR leases.expires_at > $5",
        );
        let upsert = upsert.bind(name).bind(holder).bind(until.0).bind(now.0).bind(now.plus(TOO_LONG).0);
        Ok(upsert.execute(&self.pool).await?.rows_affected() == 1)
    }

    /// Gives up the lease `name`, if `holder` has it.
    pub async fn release_lease(&self, name: &str, holder: &str) -> Result<(), DbError> {
        let delete = sqlx::query("DELETE FROM leases WHERE name = $1 AND holder = $2");
        delete.bind(name).bind(holder).execute(&self.pool).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_holder_at_a_time_until_expiry_or_release() {
        let records = Records::in_memory();
        let take = |holder, now, until| records.take_lease("tidy", holder, UnixNanos(now), UnixNanos(until));
        assert!(take("a", 0, 10).await.unwrap());
        assert!(!take("b", 9, 20).await.unwrap());
        assert!(take("a", 9, 15).await.unwrap(), "extended");
        assert!(!take("b", 14, 20).await.unwrap());
        assert!(take("b", 15, 20).await.unwrap(), "expired");
        records.release_lease("tidy", "a").await.unwrap();
        assert!(!take("a", 16, 30).await.unwrap(), "only its holder releases it");
        records.release_lease("tidy", "b").await.unwrap();
        assert!(take("a", 16, 30).await.unwrap());
        let other = records.take_lease("purge", "b", UnixNanos(16), UnixNanos(30));
        assert!(other.await.unwrap(), "other names are independent");
    }

    #[tokio::test]
    async fn a_lease_of_a_server_whose_clock_ran_ahead_does_not_last() {
        let records = Records::in_memory();
        let ahead = UnixNanos(0).plus(TOO_LONG * 500);
        let second = Duration::from_secs(1);
        assert!(records.take_lease("tidy", "a", ahead, ahead.plus(second)).await.unwrap());
        let right = records.take_lease("tidy", "b", UnixNanos(16), UnixNanos(30));
        assert!(right.await.unwrap(), "the clock is right again");
    }
}

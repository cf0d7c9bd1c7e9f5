//! Deletion of snapshots, a week after their last share has ended.

use super::ShareService;
use crate::db::DbError;
use flarepath_profile::unix_nanos::UnixNanos;
use std::time::Duration;

/// Grace period: an owner may still extend an expiry, and an administrator inspect what was shared.
const GRACE: Duration = Duration::from_secs(7 * 86_400);

/// Deletes snapshots that no share needs any more at `now`. Returns how many.
pub async fn purge(service: &ShareService, now: UnixNanos) -> Result<u64, DbError> {
    let ended_before = now.minus(GRACE);
    let mut change = service.records.change().await?;
    let gone = change.purge_snapshots(ended_before).await?;
    change.commit_unaudited().await?;
    if gone > 0 {
        tracing::info!(snapshots = gone, "purged unreferenced snapshots");
    }
    Ok(gone)
}

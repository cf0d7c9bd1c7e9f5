//! Deletion of snapshots, a week after their last share has ended.

use super::ShareService;
use crate::db::DbError;

/// Grace period: an owner may still extend an expiry, and an administrator inspect what was shared.
const GRACE_NS: i64 = 7 * 86_400_000_000_000;

/// Deletes snapshots that no share needs any more. Returns how many.
pub async fn purge(service: &ShareService) -> Result<u64, DbError> {
    let ended_before_ns = service.clock.now_ns().saturating_sub(GRACE_NS);
    let mut change = service.records.change().await?;
    let gone = change.purge_snapshots(ended_before_ns).await?;
    change.commit_unaudited().await?;
    if gone > 0 {
        tracing::info!(snapshots = gone, "purged unreferenced snapshots");
    }
    Ok(gone)
}

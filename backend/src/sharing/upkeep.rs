//! Letting go of what was frozen, a week after its last share has ended.

use super::Desk;
use crate::db::DbError;

/// So long an owner may change one's mind about an expiry, and an administrator look into what was shared.
const GRACE_NS: i64 = 7 * 86_400_000_000_000;

impl Desk {
    /// Purges snapshots that no share needs any more. Says how many.
    ///
    /// # Errors
    /// [`DbError`]; the next time will do.
    pub async fn purge(&self) -> Result<u64, DbError> {
        let ended_before_ns = self.clock.now_ns().saturating_sub(GRACE_NS);
        let mut change = self.records.change().await?;
        let gone = change.purge_snapshots(ended_before_ns).await?;
        change.commit_unaudited().await?;
        if gone > 0 {
            tracing::info!(snapshots = gone, "purged what no share shows any more");
        }
        Ok(gone)
    }
}

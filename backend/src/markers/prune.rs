//! Deletion of markers that are older than all profiles.

use crate::db::{DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;

/// Deletes markers of what happened before a time. Returns how many.
pub async fn prune(records: &Records, before: UnixNanos) -> Result<u64, DbError> {
    let mut change = records.change().await?;
    let gone = change.delete_markers_before(before).await?;
    change.commit_unaudited().await?;
    if gone > 0 {
        tracing::info!(markers = gone, "deleted markers that are older than all profiles");
    }
    Ok(gone)
}

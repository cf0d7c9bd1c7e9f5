//! Disk usage of stored profiles.

use super::{ApiError, get};
use crate::state::storage::Storage;
use flarepath_wire::storage::StorageResponse;

/// At present; `None` where the profiles are not on a disk of the server.
pub(crate) async fn storage() -> Result<Option<Storage>, ApiError> {
    let found: StorageResponse = get("/api/v1/storage", None).await?;
    Ok(found.measured.then_some(Storage {
        used: found.used_bytes,
        free_pages: found.free_page_bytes,
        log: found.log_bytes,
        disk_free: found.disk_free_bytes,
        max_size: found.max_size_bytes,
        oldest_ms: found.oldest_ns.map(|ns| ns.div_euclid(1_000_000)),
        growth_per_day: found.growth_bytes_per_day,
        forecast: found.forecast,
    }))
}

//! The stored snapshot of a share: its bytes, and computations on them.

use super::payload::{self, Snapshot};
use super::{ShareError, ShareService};
use crate::db::shares::ShareRow;

/// The stored bytes of the snapshot, verified against their hash.
///
/// # Errors
/// [`ShareError::NotFound`] if purged, [`ShareError::Internal`] if corrupt.
pub(crate) async fn bytes(service: &ShareService, share: &ShareRow) -> Result<Vec<u8>, ShareError> {
    let hash = share.snapshot_hash.as_deref().ok_or(ShareError::NotFound)?;
    let bytes = service.records.snapshot(hash).await?.ok_or(ShareError::NotFound)?;
    payload::verify(&bytes, hash)?;
    Ok(bytes)
}

/// Runs a long computation on the snapshot of a share, on a blocking thread.
///
/// # Errors
/// As [`bytes`], and those of `compute`.
pub(super) async fn with_snapshot<T: Send + 'static>(
    service: &ShareService,
    share: &ShareRow,
    compute: impl FnOnce(Snapshot) -> Result<T, ShareError> + Send + 'static,
) -> Result<T, ShareError> {
    let bytes = bytes(service, share).await?;
    let hash = share.snapshot_hash.clone().unwrap_or_default();
    service.work(move || compute(payload::decode(&bytes, &hash)?)).await
}

//! Renewal of what describes a share: its summary and preview image, drawn again from the stored snapshot where those of an
//! earlier version must not be shown any more. Once for each share, when someone comes to see it.

use super::description::{stored_summary, summary_text, title};
use super::payload::Snapshot;
use super::snapshot::thaw;
use super::stored_snapshot::with_snapshot;
use super::{ShareError, ShareService, Visibility, preview_image};
use crate::db::shares::ShareRow;

/// Whether the line or the title, and so the image, of a share must not be shown.
pub(crate) fn is_outdated(share: &ShareRow) -> bool {
    let stored = stored_summary(share);
    stored.is_outdated() || stored.title_for(&share.title).is_some()
}

/// The share with a current summary. If that fails it stays as it was, and [`super::description::summary`] has no finding.
pub(crate) async fn renewed(service: &ShareService, share: ShareRow) -> ShareRow {
    if !is_outdated(&share) || share.snapshot_hash.is_none() {
        return share;
    }
    match renew(service, &share).await {
        Ok(summary) => ShareRow { summary, title: title(&share), ..share },
        Err(error) => {
            tracing::error!(%error, share = %share.id, "renewing the summary of a share failed");
            share
        }
    }
}

/// Stores the new summary and image, and returns the summary.
async fn renew(service: &ShareService, share: &ShareRow) -> Result<String, ShareError> {
    let stored = stored_summary(share);
    let title = title(share);
    let shown = title.clone();
    // That of a revoked share was deleted.
    let has_picture = share.visibility == Visibility::Link.name() && share.revoked_at.is_none();
    let compute = move |snapshot: Snapshot| -> Result<(String, Option<Vec<u8>>), ShareError> {
        let mut frozen = thaw(snapshot, stored.rows)?;
        frozen.summary.snapshot = stored.snapshot;
        let picture = has_picture.then(|| preview_image::render(&frozen, &shown)).transpose()?;
        Ok((summary_text(&frozen.summary)?, picture))
    };
    let (summary, picture) = with_snapshot(service, share, compute).await?;
    let mut change = service.records.change().await?;
    // A change of the share meanwhile has written its own.
    if change.set_share_summary(&share.id, share.version, &summary, &title).await? {
        if picture.is_some() {
            change.set_share_picture(&share.id, picture.as_deref()).await?;
        }
        change.commit_unaudited().await?;
    }
    Ok(summary)
}

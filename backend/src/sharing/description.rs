//! The description of a share that is stored with it, its summary and title, without what must not be shown any more.

use super::ShareError;
use super::summary::Summary;
use crate::db::shares::ShareRow;

/// The summary of a share, without a line that must not be shown any more.
pub(crate) fn summary(share: &ShareRow) -> Summary {
    stored_summary(share).current()
}

/// The title of a share, without a finding that must not be shown any more.
pub(crate) fn title(share: &ShareRow) -> String {
    stored_summary(share).title_for(&share.title).unwrap_or_else(|| share.title.clone())
}

/// The summary as it is stored.
pub(super) fn stored_summary(share: &ShareRow) -> Summary {
    serde_json::from_str(&share.summary).unwrap_or_else(|error| {
        tracing::error!(%error, share = %share.id, "stored share summary is corrupt");
        Summary::default()
    })
}

/// A summary as it is stored.
pub(super) fn summary_text(summary: &Summary) -> Result<String, ShareError> {
    serde_json::to_string(summary)
        .map_err(|e| ShareError::Internal(format!("serializing the summary of a share failed: {e}")))
}

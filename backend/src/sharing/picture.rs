//! The picture of a share for a postmortem: the stored preview image of a public share, for others drawn when it is needed.

use super::description::{summary, title};
use super::preview_image::render;
use super::renewal::{is_outdated, renewed};
use super::snapshot::thaw;
use super::stored_snapshot::with_snapshot;
use super::{ShareError, ShareService};
use crate::db::shares::ShareRow;

/// The picture as PNG. It shows what the snapshot holds, so it is for those who may open the share.
///
/// # Errors
/// [`ShareError::NotFound`] if the snapshot is purged.
pub(crate) async fn picture(service: &ShareService, share: &ShareRow) -> Result<Vec<u8>, ShareError> {
    let share = renewed(service, share.clone()).await;
    let stored = match is_outdated(&share) {
        true => None,
        false => service.records.share_picture(&share.id).await?,
    };
    if let Some(bytes) = stored {
        return Ok(bytes);
    }
    let (rows, title) = (summary(&share).rows, title(&share));
    with_snapshot(service, &share, move |snapshot| render(&thaw(snapshot, rows)?, &title)).await
}

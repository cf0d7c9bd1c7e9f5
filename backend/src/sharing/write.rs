//! Writes a changed share and everything that goes with it in one transaction.

use super::audit_entry::{audit_entry, audited};
use super::create::Prepared;
use super::{ShareError, ShareService};
use crate::db::annotations::AnnotationRow;
use crate::db::audit::Actor;
use crate::db::share_views::ViewRow;
use crate::db::shares::ShareRow;

/// Everything that is written besides the row.
#[derive(Default)]
pub(super) struct Rework {
    pub(super) prepared: Option<Prepared>,
    /// `Some` sets or deletes the preview image.
    pub(super) picture: Option<Option<Vec<u8>>>,
    pub(super) views: Vec<ViewRow>,
    pub(super) annotations: Vec<AnnotationRow>,
}

/// Writes a changed share and everything that goes with it, unless it was changed since `before` was read.
pub(super) async fn write(
    service: &ShareService,
    actor: &Actor,
    action: &'static str,
    before: &ShareRow,
    after: &ShareRow,
    rework: Rework,
) -> Result<(), ShareError> {
    let entry = audit_entry(actor, action, after).before(audited(before)).after(audited(after));
    let mut change = service.records.change().await?;
    if let Some(prepared) = &rework.prepared {
        change.insert_snapshot(&prepared.payload.hash, &prepared.payload.bytes, after.changed_at).await?;
    }
    if !change.update_share(after).await? {
        return Err(outdated(before.version + 1));
    }
    if let Some(picture) = &rework.picture {
        change.set_share_picture(&after.id, picture.as_deref()).await?;
    }
    for view in &rework.views {
        change.set_share_view(&after.id, view, &actor.id, after.changed_at).await?;
    }
    for annotation in &rework.annotations {
        change.set_annotation(&after.id, annotation).await?;
    }
    Ok(change.commit(entry).await?)
}

/// A share of this version is not the one that the caller knows.
pub(super) fn outdated(version: i64) -> ShareError {
    ShareError::Conflict(format!("the share was changed meanwhile (version {version}); reload it"))
}

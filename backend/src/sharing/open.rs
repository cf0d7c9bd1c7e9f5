//! Opening a share by its link, or by its record id for those who manage it.

use super::audit_entry::audit_entry;
use super::expiry::ended;
use super::link::hash_of;
use super::policy::{is_signed_in, may_open, may_open_by_id};
use super::renewal::renewed;
use super::{ShareError, ShareService};
use crate::auth::{Kind, Principal};
use crate::db::DbError;
use crate::db::annotations::AnnotationRow;
use crate::db::audit::Actor;
use crate::db::id::ShareId;
use crate::db::share_views::ViewRow;
use crate::db::shares::ShareRow;
use std::time::Duration;

/// Views of a share are audited at most this often.
const AUDITED_EVERY: Duration = Duration::from_secs(60);

/// A share with its views and annotations.
pub struct Envelope {
    /// The share.
    pub share: ShareRow,
    pub(crate) views: Vec<ViewRow>,
    pub(crate) annotations: Vec<AnnotationRow>,
}

/// The share behind a link, if it has not ended and the caller may open it. Every failure takes the same path: one hash, one
/// query, one error.
///
/// # Errors
/// [`ShareError::NotFound`]; [`ShareError::Ended`] for the owner.
pub async fn find(service: &ShareService, link: &str, who: &Principal) -> Result<ShareRow, ShareError> {
    let found = service.records.share_by_link(&hash_of(link)).await?;
    let share = not_ended(service, found.ok_or(ShareError::NotFound)?, who)?;
    if may_open(&share, who, &service.config) { Ok(share) } else { Err(ShareError::NotFound) }
}

/// The share with a record id, if it has not ended and [`may_open_by_id`] lets the caller. The links of shares are not stored, so
/// this is how their owners open them from their list.
///
/// # Errors
/// As of [`find`].
pub async fn find_by_id(
    service: &ShareService,
    id: &ShareId,
    who: &Principal,
) -> Result<ShareRow, ShareError> {
    let found = service.records.share(id).await?;
    let share = not_ended(service, found.ok_or(ShareError::NotFound)?, who)?;
    if may_open_by_id(&share, who, &service.config) { Ok(share) } else { Err(ShareError::NotFound) }
}

/// The share, unless it has ended; only its owner is told that.
fn not_ended(service: &ShareService, share: ShareRow, who: &Principal) -> Result<ShareRow, ShareError> {
    let Some(why) = ended(&share, service.clock.now()) else { return Ok(share) };
    let own = is_signed_in(who) && share.owner_id == *who.id();
    Err(if own { ShareError::Ended(why) } else { ShareError::NotFound })
}

/// The share with its views and annotations.
pub async fn envelope(service: &ShareService, share: ShareRow) -> Result<Envelope, ShareError> {
    let share = renewed(service, share).await;
    let views = service.records.share_views(&share.id).await?;
    let annotations = service.records.share_annotations(&share.id).await?;
    Ok(Envelope { share, views, annotations })
}

/// Counts a view, and audits at most one per minute. For anonymous visitors the audit log has a pseudonym of the day
/// instead of their address. If it fails, the share can be shown all the same.
pub(crate) async fn record_view(
    service: &ShareService,
    share: &ShareRow,
    who: &Principal,
    mut actor: Actor,
) -> Result<(), DbError> {
    let now = service.clock.now();
    let mut change = service.records.change().await?;
    change.count_share_view(&share.id, now).await?;
    if change.claim_view_audit(&share.id, now, AUDITED_EVERY).await? {
        if who.kind() == Kind::Anonymous {
            actor.ip = service.visitor(&actor.ip, now);
            actor.user_agent.clear();
        }
        change.audit(audit_entry(&actor, "share.view", share)).await?;
    }
    change.commit_unaudited().await
}

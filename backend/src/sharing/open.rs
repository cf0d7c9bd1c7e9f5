//! Opening a share by its link.

use super::expiry::ended;
use super::link::hash_of;
use super::payload;
use super::policy::{is_signed_in, may_open};
use super::{Desk, ShareError};
use crate::auth::{Kind, Principal};
use crate::db::DbError;
use crate::db::annotations::AnnotationRow;
use crate::db::audit::{Actor, AuditEntry};
use crate::db::share_views::ViewRow;
use crate::db::shares::ShareRow;

/// A share has one line in the audit log for all views in this time.
const NOTED_EVERY_NS: i64 = 60_000_000_000;

/// What stands around a snapshot.
pub struct Opened {
    /// The share.
    pub share: ShareRow,
    /// Views with names.
    pub(crate) views: Vec<ViewRow>,
    /// Remarks.
    pub(crate) annotations: Vec<AnnotationRow>,
}

impl Desk {
    /// The share of a link, if it has not ended and is for this one. Whatever is wrong, the way there is the same: one hash,
    /// one question to the records, one answer.
    ///
    /// # Errors
    /// [`ShareError::NotFound`]; for the owner of one that has ended, why.
    pub async fn find(&self, link: &str, who: &Principal) -> Result<ShareRow, ShareError> {
        let found = self.records.share_by_link(&hash_of(link)).await?;
        let share = found.ok_or(ShareError::NotFound)?;
        if let Some(why) = ended(&share, self.clock.now_ns()) {
            let own = is_signed_in(who) && share.owner_id == who.id();
            return Err(if own { ShareError::Ended(why) } else { ShareError::NotFound });
        }
        if !may_open(&share, who, &self.config) {
            return Err(ShareError::NotFound);
        }
        Ok(share)
    }

    /// Its stored bytes, checked against their hash.
    ///
    /// # Errors
    /// [`ShareError::Internal`] when they are damaged or gone.
    pub(crate) async fn bytes(&self, share: &ShareRow) -> Result<Vec<u8>, ShareError> {
        let hash = share.snapshot_hash.as_deref().ok_or(ShareError::NotFound)?;
        let bytes = self.records.snapshot(hash).await?.ok_or(ShareError::NotFound)?;
        payload::verify(&bytes, hash)?;
        Ok(bytes)
    }

    /// What stands around it.
    ///
    /// # Errors
    /// [`ShareError::Records`].
    pub async fn envelope(&self, share: ShareRow) -> Result<Opened, ShareError> {
        let views = self.records.share_views(&share.id).await?;
        let annotations = self.records.share_annotations(&share.id).await?;
        Ok(Opened { share, views, annotations })
    }

    /// Counts a view, and writes one of them each minute into the audit log. Of visitors who have not signed in, no address
    /// is written down, but what stands for it on that day.
    ///
    /// # Errors
    /// [`DbError`]; the share can be shown all the same.
    pub(crate) async fn viewed(
        &self,
        share: &ShareRow,
        who: &Principal,
        mut actor: Actor,
    ) -> Result<(), DbError> {
        let now_ns = self.clock.now_ns();
        let mut change = self.records.change().await?;
        change.count_share_view(&share.id, now_ns).await?;
        if change.take_view_note(&share.id, now_ns, NOTED_EVERY_NS).await? {
            if who.kind() == Kind::Anonymous {
                actor.ip = self.visitor(&actor.ip, now_ns);
                actor.user_agent.clear();
            }
            change.note(AuditEntry::new(&actor, "share.view", "share", &share.id, &share.title)).await?;
        }
        change.commit_unaudited().await
    }
}

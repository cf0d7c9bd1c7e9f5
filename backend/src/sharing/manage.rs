//! Managing shares: listing, revocation, link and owner. [`super::change`] has title, note, visibility and expiry.

use super::expiry::ended;
use super::link::LinkId;
use super::policy::may_manage;
use super::write::{Rework, write};
use super::{ShareError, ShareService};
use crate::auth::{Permission, Principal};
use crate::db::audit::{Actor, AuditEntry};
use crate::db::id::{PrincipalId, ShareId};
use crate::db::shares::{ShareCursor, ShareRow};
use crate::problem::ProblemKind;
use flarepath_profile::unix_nanos::UnixNanos;
use serde_json::json;

/// A share that the caller may manage.
///
/// # Errors
/// [`ShareError::NotFound`], also for a share that the caller may not manage.
pub(crate) async fn managed(
    service: &ShareService,
    id: &ShareId,
    who: &Principal,
) -> Result<ShareRow, ShareError> {
    let share = service.records.share(id).await?.ok_or(ShareError::NotFound)?;
    if may_manage(&share, who) { Ok(share) } else { Err(ShareError::NotFound) }
}

/// Which shares are listed: by default all of the caller's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Those of all users.
    pub all: bool,
    /// Only those that open for everyone who signs in: those with the organisation from before it meant a role over all of it. A
    /// change that names the audience `org` narrows one.
    pub for_everyone: bool,
}

/// Some shares, newest first.
///
/// # Errors
/// [`ShareError::Forbidden`] if the caller may not list those of all users.
pub async fn list(
    service: &ShareService,
    who: &Principal,
    listed: Listed,
    before: Option<&ShareCursor>,
    limit: i64,
) -> Result<Vec<ShareRow>, ShareError> {
    if listed.all && !who.may(Permission::ManageShares) {
        let message = "listing the shares of others requires the permission shares:manage";
        return Err(ShareError::Forbidden(message.to_owned()));
    }
    let owner = (!listed.all).then_some(who.id());
    let for_everyone_at = listed.for_everyone.then(|| service.clock.now());
    Ok(service.records.shares(owner, for_everyone_at, before, limit).await?)
}

/// Revokes a share, effective at once. Revoking it again changes nothing.
///
/// # Errors
/// [`ShareError::NotFound`].
pub async fn revoke(
    service: &ShareService,
    who: &Principal,
    actor: &Actor,
    id: &ShareId,
) -> Result<(), ShareError> {
    let before = managed(service, id, who).await?;
    if before.revoked_at.is_some() {
        return Ok(());
    }
    let now = service.clock.now();
    let after = ShareRow { revoked_at: Some(now), ..next_version(&before, now) };
    // The preview image shows content, too.
    let rework = Rework { picture: Some(None), ..Rework::default() };
    write(service, actor, "share.revoke", &before, &after, rework).await
}

/// Replaces the link of a share; the old one stops working.
///
/// # Errors
/// [`ShareError::NotFound`], and [`ShareError::Conflict`] if it has ended.
pub async fn relink(
    service: &ShareService,
    who: &Principal,
    actor: &Actor,
    id: &ShareId,
) -> Result<(ShareRow, LinkId), ShareError> {
    let before = managed(service, id, who).await?;
    let now = service.clock.now();
    if let Some(why) = ended(&before, now) {
        return Err(ShareError::Conflict(format!("the share {why}; create a new one")));
    }
    let link = LinkId::random();
    let after = ShareRow { link_hash: link.hash(), ..next_version(&before, now) };
    write(service, actor, "share.relink", &before, &after, Rework::default()).await?;
    Ok((after, link))
}

/// Transfers a share to another user.
///
/// # Errors
/// [`ShareError::Invalid`] for an unknown user.
pub async fn transfer(
    service: &ShareService,
    who: &Principal,
    actor: &Actor,
    id: &ShareId,
    to: &str,
) -> Result<ShareRow, ShareError> {
    let before = managed(service, id, who).await?;
    let owner_id = new_owner(service, to).await?;
    let after =
        ShareRow { owner_id, changed_at: service.clock.now(), version: before.version + 1, ..before.clone() };
    write(service, actor, "share.transfer", &before, &after, Rework::default()).await?;
    Ok(service.records.share(id).await?.unwrap_or(after))
}

async fn new_owner(service: &ShareService, name: &str) -> Result<PrincipalId, ShareError> {
    let found = service.records.enabled_user_id(name).await?;
    let found = found.as_ref().map(PrincipalId::from);
    found.ok_or_else(|| ShareError::invalid(ProblemKind::BadOwner, "`to`: unknown or disabled user"))
}

/// Revokes all shares of an owner, such as a user who has left. Returns how many.
pub(crate) async fn revoke_all(
    service: &ShareService,
    actor: &Actor,
    owner_id: &PrincipalId,
) -> Result<u64, ShareError> {
    let mut change = service.records.change().await?;
    let count = change.revoke_shares_of(owner_id, service.clock.now()).await?;
    let entry = AuditEntry::new(actor, "share.revoke_all", "user", owner_id, "");
    change.commit(entry.after(json!({ "shares": count }))).await?;
    Ok(count)
}

/// Transfers all shares of an owner to another user. Returns how many.
///
/// # Errors
/// [`ShareError::Invalid`] for an unknown user.
pub(crate) async fn transfer_all(
    service: &ShareService,
    actor: &Actor,
    owner_id: &PrincipalId,
    to: &str,
) -> Result<u64, ShareError> {
    let to = new_owner(service, to).await?;
    let mut change = service.records.change().await?;
    let count = change.transfer_shares_of(owner_id, &to, service.clock.now()).await?;
    let entry = AuditEntry::new(actor, "share.transfer_all", "user", owner_id, "");
    change.commit(entry.after(json!({ "shares": count, "owner_id": to }))).await?;
    Ok(count)
}

/// The next version of a share, not changed otherwise.
fn next_version(share: &ShareRow, now: UnixNanos) -> ShareRow {
    ShareRow { changed_at: now, version: share.version + 1, ..share.clone() }
}

//! Managing shares: title, note, visibility, expiry, owner. A snapshot never changes; when a wider audience needs a stricter
//! policy, it is sanitized again into another snapshot.

use super::create::{Draft, Prepared, audited, check_lengths, sanitize_and_freeze, summary_text};
use super::evidence::Evidence;
use super::expiry::{ended, expiry};
use super::link::LinkId;
use super::open::bytes;
use super::payload;
use super::policy::{Visibility, check_audience, may_manage};
use super::snapshot::Summary;
use super::{ShareError, ShareService, view_state};
use crate::auth::{Permission, Principal};
use crate::db::annotations::AnnotationRow;
use crate::db::audit::{Actor, AuditEntry};
use crate::db::id::{PrincipalId, ShareId, TeamId};
use crate::db::share_views::ViewRow;
use crate::db::shares::{ShareCursor, ShareRow};
use crate::problem::ProblemKind;
use flarepath_profile::sanitize::{Field, Policy, Sanitizer};

/// Changes to a share; `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// The version that the changes apply to.
    pub version: i64,
    /// New title.
    pub title: Option<String>,
    /// New note.
    pub note: Option<String>,
    /// New visibility, and the team with visibility `team`.
    pub audience: Option<(Visibility, Option<TeamId>)>,
    /// New lifetime, from now on.
    pub expires_in: Option<String>,
    /// Confirms that a wider audience is intended.
    pub confirmed: bool,
}

/// What is written in addition to the row.
#[derive(Default)]
struct Rework {
    prepared: Option<Prepared>,
    /// `Some` sets or deletes the preview image.
    picture: Option<Option<Vec<u8>>>,
    views: Vec<ViewRow>,
    annotations: Vec<AnnotationRow>,
}

/// A share that the caller may manage.
///
/// # Errors
/// [`ShareError::NotFound`], also for a share that the caller may not manage.
pub async fn managed(service: &ShareService, id: &ShareId, who: &Principal) -> Result<ShareRow, ShareError> {
    let share = service.records.share(id).await?.ok_or(ShareError::NotFound)?;
    if may_manage(&share, who) { Ok(share) } else { Err(ShareError::NotFound) }
}

/// The caller's shares, or everybody's.
///
/// # Errors
/// [`ShareError::Forbidden`] if the caller may not list everybody's.
pub async fn list(
    service: &ShareService,
    who: &Principal,
    all: bool,
    before: Option<&ShareCursor>,
    limit: i64,
) -> Result<Vec<ShareRow>, ShareError> {
    if all && !who.may(Permission::ManageShares) {
        let message = "listing the shares of others requires the permission shares:manage";
        return Err(ShareError::Forbidden(message.to_owned()));
    }
    Ok(service.records.shares((!all).then_some(who.id()), before, limit).await?)
}

/// Changes the envelope.
///
/// # Errors
/// [`ShareError::Conflict`] after a concurrent change, [`ShareError::Unconfirmed`] for an unconfirmed wider audience.
pub async fn change(
    service: &ShareService,
    who: &Principal,
    actor: &Actor,
    id: &ShareId,
    changes: Changes,
) -> Result<ShareRow, ShareError> {
    let before = managed(service, id, who).await?;
    let now_ns = service.clock.now_ns();
    if before.revoked_at.is_some() || before.snapshot_hash.is_none() {
        return Err(ShareError::Conflict(
            "the share was revoked or removed and cannot be changed".to_owned(),
        ));
    }
    if before.version != changes.version {
        return Err(outdated(before.version));
    }
    let mut after = before.clone();
    apply(service, who, &before, &mut after, &changes, now_ns)?;
    if let Some(team) = after.team_id.as_ref().filter(|_| changes.audience.is_some())
        && !service.records.team_exists(team).await?
    {
        return Err(ShareError::invalid(ProblemKind::BadTeam, "`team_id`: unknown team"));
    }
    let rework = rework(service, &before, &mut after, &changes).await?;
    (after.version, after.changed_at) = (before.version + 1, now_ns);
    write(service, actor, "share.change", &before, &after, rework).await?;
    Ok(after)
}

fn apply(
    service: &ShareService,
    who: &Principal,
    before: &ShareRow,
    after: &mut ShareRow,
    changes: &Changes,
    now_ns: i64,
) -> Result<(), ShareError> {
    check_lengths(changes.title.as_deref().unwrap_or(""), changes.note.as_deref().unwrap_or(""))?;
    let was: Visibility = before.visibility.parse()?;
    let (now, team) = changes.audience.clone().unwrap_or((was, before.team_id.clone()));
    let widened = now > was || (now == Visibility::Team && team != before.team_id);
    if changes.audience.is_some() && (widened || now == Visibility::Team) {
        check_audience(who, now, team.as_ref(), &service.config)?;
    } else if now != Visibility::Team && team.is_some() {
        return Err(ShareError::invalid(ProblemKind::BadTeam, "`team_id` is for the visibility team only"));
    }
    if widened && !changes.confirmed {
        let message = format!(
            "this would widen the audience (from {} to {}), and sanitize the snapshot again if a stricter policy applies. \
             Check the preview, then send `confirm: true`",
            was.name(),
            now.name()
        );
        return Err(ShareError::Unconfirmed(message));
    }
    (after.visibility, after.team_id) = (now.name().to_owned(), team);
    after.expires_at = match &changes.expires_in {
        Some(text) => expiry(text, now, &service.config, now_ns)?,
        // A share without expiry must not become a public link without expiry.
        None if now == Visibility::Link && was != Visibility::Link => {
            let default = expiry("", now, &service.config, now_ns)?;
            match (before.expires_at, default) {
                (Some(at), Some(default)) if at < default => Some(at),
                (_, default) => default,
            }
        }
        None => before.expires_at,
    };
    Ok(())
}

/// Sanitizes what changed by the policy of the new audience, and draws the preview image again where needed.
async fn rework(
    service: &ShareService,
    before: &ShareRow,
    after: &mut ShareRow,
    changes: &Changes,
) -> Result<Rework, ShareError> {
    let visibility: Visibility = after.visibility.parse()?;
    let public = visibility == Visibility::Link;
    let title = changes.title.clone().unwrap_or_else(|| before.title.clone());
    let note = changes.note.clone().unwrap_or_else(|| before.note.clone());
    let stricter = public && before.policy != "strict";
    let redraw = public && (before.visibility != after.visibility || changes.title.is_some());
    if !stricter && !redraw {
        let policy = policy_of(before);
        let mut sanitizer = Sanitizer::new(&policy);
        after.title = sanitizer.text(title.trim(), Field::Text);
        after.note = sanitizer.text(note.trim(), Field::Text);
        let picture = (before.visibility != after.visibility).then_some(None);
        return Ok(Rework { picture, ..Rework::default() });
    }
    let bytes = bytes(service, before).await?;
    let (views, annotations) = match stricter {
        true => (
            service.records.share_views(&before.id).await?,
            service.records.share_annotations(&before.id).await?,
        ),
        false => (Vec::new(), Vec::new()),
    };
    let draft = Draft {
        title,
        note,
        visibility,
        team_id: None,
        expires_in: String::new(),
        strict: true,
        view: before.view.clone(),
    };
    let (hash, rows) = (before.snapshot_hash.clone().unwrap_or_default(), summary(before).rows);
    let max_bytes = service.config.max_bytes;
    let work = service.work(move || {
        let evidence = Evidence::of_snapshot(payload::decode(&bytes, &hash)?, &rows)?;
        let policy = visibility.policy(true);
        let mut prepared = sanitize_and_freeze(&draft, &evidence, &policy, max_bytes)?;
        let mut sanitizer = Sanitizer::new(&policy);
        let views = clean_views(views, &mut sanitizer)?;
        let annotations = clean_annotations(annotations, &mut sanitizer);
        let picture = Some(prepared.picture.take());
        Ok(Rework { prepared: Some(prepared), picture, views, annotations })
    });
    let mut rework = work.await?;
    if let Some(prepared) = &rework.prepared {
        after.title.clone_from(&prepared.title);
        after.note.clone_from(&prepared.note);
    }
    if !stricter {
        rework.prepared = None;
    }
    if let Some(prepared) = &rework.prepared {
        let hash = prepared.payload.hash.clone();
        after.derived_from = before.snapshot_hash.clone().filter(|old| *old != hash);
        after.snapshot_hash = Some(hash);
        after.policy.clone_from(&prepared.report.policy);
        after.policy_version = i64::from(prepared.report.policy_version);
        after.summary = summary_text(&prepared.summary)?;
        after.view.clone_from(&prepared.view);
        after.payload_bytes = prepared.payload.bytes.len() as i64;
    }
    Ok(rework)
}

async fn write(
    service: &ShareService,
    actor: &Actor,
    action: &'static str,
    before: &ShareRow,
    after: &ShareRow,
    rework: Rework,
) -> Result<(), ShareError> {
    let entry = AuditEntry::new(actor, action, "share", &after.id, &after.title);
    let entry = entry.before(audited(before)).after(audited(after));
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
    let now_ns = service.clock.now_ns();
    let after = ShareRow {
        revoked_at: Some(now_ns),
        changed_at: now_ns,
        version: before.version + 1,
        ..before.clone()
    };
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
    let now_ns = service.clock.now_ns();
    if let Some(why) = ended(&before, now_ns) {
        return Err(ShareError::Conflict(format!("the share {why}; create a new one")));
    }
    let link = LinkId::random();
    let after = ShareRow {
        link_hash: link.hash(),
        changed_at: now_ns,
        version: before.version + 1,
        ..before.clone()
    };
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
    let after = ShareRow {
        owner_id,
        changed_at: service.clock.now_ns(),
        version: before.version + 1,
        ..before.clone()
    };
    write(service, actor, "share.transfer", &before, &after, Rework::default()).await?;
    Ok(service.records.share(id).await?.unwrap_or(after))
}

async fn new_owner(service: &ShareService, name: &str) -> Result<PrincipalId, ShareError> {
    let found = service.records.enabled_user_id(name).await?;
    let found = found.as_ref().map(PrincipalId::from);
    found.ok_or_else(|| ShareError::invalid(ProblemKind::BadOwner, "`to`: unknown or disabled user"))
}

/// Revokes all shares of an owner, such as of somebody who has left. Returns how many.
pub async fn revoke_all(
    service: &ShareService,
    actor: &Actor,
    owner_id: &PrincipalId,
) -> Result<u64, ShareError> {
    let mut change = service.records.change().await?;
    let count = change.revoke_shares_of(owner_id, service.clock.now_ns()).await?;
    let entry = AuditEntry::new(actor, "share.revoke_all", "user", owner_id, "");
    change.commit(entry.after(serde_json::json!({ "shares": count }))).await?;
    Ok(count)
}

/// Transfers all shares of an owner to another user. Returns how many.
///
/// # Errors
/// [`ShareError::Invalid`] for an unknown user.
pub async fn transfer_all(
    service: &ShareService,
    actor: &Actor,
    owner_id: &PrincipalId,
    to: &str,
) -> Result<u64, ShareError> {
    let to = new_owner(service, to).await?;
    let mut change = service.records.change().await?;
    let count = change.transfer_shares_of(owner_id, &to, service.clock.now_ns()).await?;
    let entry = AuditEntry::new(actor, "share.transfer_all", "user", owner_id, "");
    change.commit(entry.after(serde_json::json!({ "shares": count, "owner_id": to }))).await?;
    Ok(count)
}

/// The stored summary of a share.
pub(crate) fn summary(share: &ShareRow) -> Summary {
    serde_json::from_str(&share.summary).unwrap_or_else(|error| {
        tracing::error!(%error, share = %share.id, "stored share summary is corrupt");
        Summary::default()
    })
}

/// The policy for all texts of a share.
pub(super) fn policy_of(share: &ShareRow) -> Policy {
    let visibility = share.visibility.parse().unwrap_or(Visibility::Link);
    visibility.policy(share.policy == "strict")
}

pub(super) fn clean_views(
    views: Vec<ViewRow>,
    sanitizer: &mut Sanitizer<'_>,
) -> Result<Vec<ViewRow>, ShareError> {
    let clean = |view: ViewRow| {
        let (name, state) =
            (sanitizer.text(&view.name, Field::Text), view_state::clean(&view.state, sanitizer)?);
        Ok(ViewRow { name, state, ..view })
    };
    views.into_iter().map(clean).collect()
}

fn clean_annotations(rows: Vec<AnnotationRow>, sanitizer: &mut Sanitizer<'_>) -> Vec<AnnotationRow> {
    let clean = |row: AnnotationRow| {
        let path: Vec<String> = serde_json::from_str(&row.path).unwrap_or_default();
        let (path, text) = clean_annotation(&path, &row.text, sanitizer);
        AnnotationRow { path, text, ..row }
    };
    rows.into_iter().map(clean).collect()
}

/// Sanitized path, as JSON, and text of an annotation.
pub(super) fn clean_annotation(
    path: &[String],
    text: &str,
    sanitizer: &mut Sanitizer<'_>,
) -> (String, String) {
    let names: Vec<String> = path.iter().map(|name| sanitizer.text(name, Field::Function)).collect();
    (serde_json::json!(names).to_string(), sanitizer.text(text, Field::Text))
}

fn outdated(version: i64) -> ShareError {
    ShareError::Conflict(format!("the share was changed meanwhile (version {version}); reload it"))
}

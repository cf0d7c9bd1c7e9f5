//! Changing the envelope: title, note, who may open it, until when, whose it is. What was frozen never changes; when more people may
//! see a share than its rules allow, it is sanitised anew into another snapshot.

use super::create::{Draft, Prepared, check_lengths, prepare, summary_text, told};
use super::evidence::Evidence;
use super::expiry::{ended, ends_at};
use super::link::LinkId;
use super::payload;
use super::policy::{Visibility, check_audience, may_manage};
use super::snapshot::Summary;
use super::{Desk, ShareError, view_state};
use crate::auth::{Permission, Principal};
use crate::db::annotations::AnnotationRow;
use crate::db::audit::{Actor, AuditEntry};
use crate::db::share_views::ViewRow;
use crate::db::shares::{ListedBefore, ShareRow};
use flarepath_profile::sanitize::{Field, Policy, Sanitizer};

/// What is to change; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// The version that the change is made to.
    pub version: i64,
    /// What to call it.
    pub title: Option<String>,
    /// What to say about it.
    pub note: Option<String>,
    /// Who may open it, and of a team which.
    pub audience: Option<(Visibility, Option<String>)>,
    /// For how long from now on.
    pub expires_in: Option<String>,
    /// That more people may open it is meant so.
    pub confirmed: bool,
}

/// What is written besides the row.
#[derive(Default)]
struct Besides {
    prepared: Option<Prepared>,
    /// The picture is to be set, or removed.
    picture: Option<Option<Vec<u8>>>,
    views: Vec<ViewRow>,
    annotations: Vec<AnnotationRow>,
}

impl Desk {
    /// A share that this one may manage.
    ///
    /// # Errors
    /// [`ShareError::NotFound`], also when it is there and of somebody else.
    pub async fn managed(&self, id: &str, who: &Principal) -> Result<ShareRow, ShareError> {
        let share = self.records.share(id).await?.ok_or(ShareError::NotFound)?;
        if may_manage(&share, who) { Ok(share) } else { Err(ShareError::NotFound) }
    }

    /// The caller's shares, or everybody's.
    ///
    /// # Errors
    /// [`ShareError::Forbidden`] when all are asked for by somebody who does not manage them.
    pub async fn list(
        &self,
        who: &Principal,
        all: bool,
        before: Option<&ListedBefore>,
        limit: i64,
    ) -> Result<Vec<ShareRow>, ShareError> {
        if all && !who.may(Permission::ManageShares) {
            let message = "to list what others have shared you need the permission shares:manage";
            return Err(ShareError::Forbidden(message.to_owned()));
        }
        Ok(self.records.shares((!all).then_some(who.id()), before, limit).await?)
    }

    /// Changes the envelope.
    ///
    /// # Errors
    /// [`ShareError::Conflict`] when it changed meanwhile, [`ShareError::Unconfirmed`] when more people could open it.
    pub async fn change(
        &self,
        who: &Principal,
        actor: &Actor,
        id: &str,
        changes: Changes,
    ) -> Result<ShareRow, ShareError> {
        let before = self.managed(id, who).await?;
        let now_ns = self.clock.now_ns();
        if before.revoked_at.is_some() || before.snapshot_hash.is_none() {
            return Err(ShareError::Conflict("it has ended for good and cannot be changed".to_owned()));
        }
        if before.version != changes.version {
            return Err(moved_on(before.version));
        }
        let mut after = before.clone();
        self.apply(who, &before, &mut after, &changes, now_ns)?;
        if let Some(team) = after.team_id.as_ref().filter(|_| changes.audience.is_some())
            && !self.records.team_can_get_shares(team).await?
        {
            return Err(ShareError::invalid("bad-team", "`team_id`: there is no such team"));
        }
        let besides = self.rework(&before, &mut after, &changes).await?;
        (after.version, after.changed_at) = (before.version + 1, now_ns);
        self.write(actor, "share.change", &before, &after, besides).await?;
        Ok(after)
    }

    fn apply(
        &self,
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
            check_audience(who, now, team.as_deref(), &self.config)?;
        } else if now != Visibility::Team && team.is_some() {
            return Err(ShareError::invalid("bad-team", "`team_id` goes with the visibility team only"));
        }
        if widened && !changes.confirmed {
            let message = format!(
                "more people could open it (from {} to {}); it would be sanitised anew where their rules are stricter. \
                 Look at the preview, then send `confirm: true`",
                was.name(),
                now.name()
            );
            return Err(ShareError::Unconfirmed(message));
        }
        (after.visibility, after.team_id) = (now.name().to_owned(), team);
        after.expires_at = match &changes.expires_in {
            Some(text) => ends_at(text, now, &self.config, now_ns)?,
            // What was to stay for ever must not become a public link that does.
            None if now == Visibility::Link && was != Visibility::Link => {
                let usual = ends_at("", now, &self.config, now_ns)?;
                match (before.expires_at, usual) {
                    (Some(at), Some(usual)) if at < usual => Some(at),
                    (_, usual) => usual,
                }
            }
            None => before.expires_at,
        };
        Ok(())
    }

    /// Sanitises what changed by the rules of those who may open it now, and draws the picture anew where there is one.
    async fn rework(
        &self,
        before: &ShareRow,
        after: &mut ShareRow,
        changes: &Changes,
    ) -> Result<Besides, ShareError> {
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
            return Ok(Besides { picture, ..Besides::default() });
        }
        let bytes = self.bytes(before).await?;
        let (views, annotations) = match stricter {
            true => (
                self.records.share_views(&before.id).await?,
                self.records.share_annotations(&before.id).await?,
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
        let max_bytes = self.config.max_bytes;
        let work = self.work(move || {
            let evidence = Evidence::of_snapshot(payload::decode(&bytes, &hash)?, &rows)?;
            let policy = visibility.policy(true);
            let mut prepared = prepare(&draft, &evidence, &policy, max_bytes)?;
            let mut sanitizer = Sanitizer::new(&policy);
            let views = clean_views(views, &mut sanitizer)?;
            let annotations = clean_annotations(annotations, &mut sanitizer);
            let picture = Some(prepared.picture.take());
            Ok(Besides { prepared: Some(prepared), picture, views, annotations })
        });
        let mut besides = work.await?;
        if let Some(prepared) = &besides.prepared {
            after.title.clone_from(&prepared.title);
            after.note.clone_from(&prepared.note);
        }
        if !stricter {
            besides.prepared = None;
        }
        if let Some(prepared) = &besides.prepared {
            let hash = prepared.payload.hash.clone();
            after.derived_from = before.snapshot_hash.clone().filter(|old| *old != hash);
            after.snapshot_hash = Some(hash);
            after.policy.clone_from(&prepared.report.policy);
            after.policy_version = i64::from(prepared.report.policy_version);
            after.summary = summary_text(&prepared.summary)?;
            after.view.clone_from(&prepared.view);
            after.payload_bytes = prepared.payload.bytes.len() as i64;
        }
        Ok(besides)
    }

    async fn write(
        &self,
        actor: &Actor,
        action: &'static str,
        before: &ShareRow,
        after: &ShareRow,
        besides: Besides,
    ) -> Result<(), ShareError> {
        let entry = AuditEntry::new(actor, action, "share", &after.id, &after.title);
        let entry = entry.before(told(before)).after(told(after));
        let mut change = self.records.change().await?;
        if let Some(prepared) = &besides.prepared {
            change.keep_snapshot(&prepared.payload.hash, &prepared.payload.bytes, after.changed_at).await?;
        }
        if !change.update_share(after).await? {
            return Err(moved_on(before.version + 1));
        }
        if let Some(picture) = &besides.picture {
            change.set_share_picture(&after.id, picture.as_deref()).await?;
        }
        for view in &besides.views {
            change.set_share_view(&after.id, view, &actor.id, after.changed_at).await?;
        }
        for annotation in &besides.annotations {
            change.set_annotation(&after.id, annotation).await?;
        }
        Ok(change.commit(entry).await?)
    }

    /// Ends a share at once, for good.
    ///
    /// # Errors
    /// [`ShareError::NotFound`]; revoking twice is no error.
    pub async fn revoke(&self, who: &Principal, actor: &Actor, id: &str) -> Result<(), ShareError> {
        let before = self.managed(id, who).await?;
        if before.revoked_at.is_some() {
            return Ok(());
        }
        let now_ns = self.clock.now_ns();
        let after = ShareRow {
            revoked_at: Some(now_ns),
            changed_at: now_ns,
            version: before.version + 1,
            ..before.clone()
        };
        // A picture is part of what was shown.
        let besides = Besides { picture: Some(None), ..Besides::default() };
        self.write(actor, "share.revoke", &before, &after, besides).await
    }

    /// A new link in place of the old one, which is dead from now on.
    ///
    /// # Errors
    /// [`ShareError::NotFound`], and [`ShareError::Conflict`] when it has ended.
    pub async fn relink(
        &self,
        who: &Principal,
        actor: &Actor,
        id: &str,
    ) -> Result<(ShareRow, LinkId), ShareError> {
        let before = self.managed(id, who).await?;
        let now_ns = self.clock.now_ns();
        if let Some(why) = ended(&before, now_ns) {
            return Err(ShareError::Conflict(format!("it {why}; share it again to have a new link")));
        }
        let link = LinkId::random();
        let after = ShareRow {
            link_hash: link.hash(),
            changed_at: now_ns,
            version: before.version + 1,
            ..before.clone()
        };
        self.write(actor, "share.relink", &before, &after, Besides::default()).await?;
        Ok((after, link))
    }

    /// Gives a share to another user.
    ///
    /// # Errors
    /// [`ShareError::Invalid`] when there is no such user.
    pub async fn transfer(
        &self,
        who: &Principal,
        actor: &Actor,
        id: &str,
        to: &str,
    ) -> Result<ShareRow, ShareError> {
        let before = self.managed(id, who).await?;
        let owner_id = self.new_owner(to).await?;
        let after = ShareRow {
            owner_id,
            changed_at: self.clock.now_ns(),
            version: before.version + 1,
            ..before.clone()
        };
        self.write(actor, "share.transfer", &before, &after, Besides::default()).await?;
        Ok(self.records.share(id).await?.unwrap_or(after))
    }

    async fn new_owner(&self, name: &str) -> Result<String, ShareError> {
        let found = self.records.user_who_can_own_shares(name).await?;
        found.ok_or_else(|| ShareError::invalid("bad-owner", "`to`: there is no enabled user of that name"))
    }

    /// Revokes all shares of somebody, such as of one who has left. Says how many.
    ///
    /// # Errors
    /// [`ShareError::Records`].
    pub async fn revoke_all(&self, actor: &Actor, owner_id: &str) -> Result<u64, ShareError> {
        let mut change = self.records.change().await?;
        let count = change.revoke_shares_of(owner_id, self.clock.now_ns()).await?;
        let entry = AuditEntry::new(actor, "share.revoke_all", "user", owner_id, "");
        change.commit(entry.after(serde_json::json!({ "shares": count }))).await?;
        Ok(count)
    }

    /// Gives all shares of somebody to another user. Says how many.
    ///
    /// # Errors
    /// [`ShareError::Invalid`] when there is no such user.
    pub async fn transfer_all(&self, actor: &Actor, owner_id: &str, to: &str) -> Result<u64, ShareError> {
        let to = self.new_owner(to).await?;
        let mut change = self.records.change().await?;
        let count = change.transfer_shares_of(owner_id, &to, self.clock.now_ns()).await?;
        let entry = AuditEntry::new(actor, "share.transfer_all", "user", owner_id, "");
        change.commit(entry.after(serde_json::json!({ "shares": count, "owner_id": to }))).await?;
        Ok(count)
    }
}

/// What was kept of a share for lists.
pub(crate) fn summary(share: &ShareRow) -> Summary {
    serde_json::from_str(&share.summary).unwrap_or_else(|error| {
        tracing::error!(%error, share = share.id, "the summary of a share cannot be read");
        Summary::default()
    })
}

/// The rules that hold for all texts of a share.
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
        let (path, text) = clean_remark(&path, &row.text, sanitizer);
        AnnotationRow { path, text, ..row }
    };
    rows.into_iter().map(clean).collect()
}

/// Path, as JSON, and text of a remark.
pub(super) fn clean_remark(path: &[String], text: &str, sanitizer: &mut Sanitizer<'_>) -> (String, String) {
    let names: Vec<String> = path.iter().map(|name| sanitizer.text(name, Field::Function)).collect();
    (serde_json::json!(names).to_string(), sanitizer.text(text, Field::Text))
}

fn moved_on(version: i64) -> ShareError {
    ShareError::Conflict(format!("it was changed meanwhile and is of version {version}; look at it again"))
}

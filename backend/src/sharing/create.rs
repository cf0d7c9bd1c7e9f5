//! Making a share: sanitise, freeze, keep. A preview does the same and keeps nothing.

use super::evidence::Evidence;
use super::expiry::ends_at;
use super::link::LinkId;
use super::payload::{self, Payload, SanitizeReport};
use super::picture::picture;
use super::policy::{Visibility, check_audience};
use super::snapshot::{Frozen, Summary, freeze, report_message};
use super::{Desk, ShareError, view_state};
use crate::auth::Principal;
use crate::db::DbError;
use crate::db::audit::{Actor, AuditEntry};
use crate::db::id::new_id;
use crate::db::shares::ShareRow;
use flarepath_profile::sanitize::{Field, Policy, Sanitizer};
use serde_json::json;
use std::time::Duration;

/// Characters of a title.
pub(super) const LONGEST_TITLE: usize = 200;
/// Characters of a note.
pub(super) const LONGEST_NOTE: usize = 10_000;
const HOUR_NS: i64 = 3_600_000_000_000;
/// Shares that one may make in an hour, and their compressed bytes together.
const MOST_AN_HOUR: i64 = 120;
const MOST_BYTES_AN_HOUR: i64 = 512 << 20;

/// What a share is to be like.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// What to call it.
    pub(crate) title: String,
    /// What to say about it.
    pub(crate) note: String,
    /// Who may open it.
    pub(crate) visibility: Visibility,
    /// Of [`Visibility::Team`].
    pub(crate) team_id: Option<String>,
    /// See [`ends_at`].
    pub(crate) expires_in: String,
    /// Strict rules whoever may open it.
    pub(crate) strict: bool,
    /// How it is looked at first.
    pub(crate) view: String,
}

/// A share that could be kept: all of it is sanitised.
pub(crate) struct Prepared {
    /// What it is called.
    pub(crate) title: String,
    /// What is said about it.
    pub(crate) note: String,
    /// How it is looked at first.
    pub(crate) view: String,
    /// What the list says.
    pub(crate) summary: Summary,
    /// The bytes.
    pub(crate) payload: Payload,
    /// The picture, for those that unfurl.
    pub(crate) picture: Option<Vec<u8>>,
    /// What went and what stays.
    pub(crate) report: SanitizeReport,
    /// Nodes of all trees, before.
    pub(crate) nodes: usize,
}

/// A share just made.
pub(crate) struct Made {
    /// Its row.
    pub(crate) share: ShareRow,
    /// What opens it: told once.
    pub(crate) link: LinkId,
    /// What went and what stays.
    pub(crate) report: SanitizeReport,
}

impl Desk {
    /// Whether this one may share so, and when that would end. To be asked before anything is computed.
    ///
    /// # Errors
    /// [`ShareError`], saying what to do.
    pub(crate) async fn check(&self, who: &Principal, draft: &Draft) -> Result<Option<i64>, ShareError> {
        let now_ns = self.clock.now_ns();
        check_lengths(&draft.title, &draft.note)?;
        check_audience(who, draft.visibility, draft.team_id.as_deref(), &self.config)?;
        if let Some(team) = &draft.team_id
            && !self.records.team_can_get_shares(team).await?
        {
            return Err(ShareError::invalid("bad-team", "`team_id`: there is no such team"));
        }
        let ends_at = ends_at(&draft.expires_in, draft.visibility, &self.config, now_ns)?;
        let since = now_ns.saturating_sub(HOUR_NS);
        let (count, bytes) = self.records.shares_made_since(who.id(), since).await?;
        if count >= MOST_AN_HOUR || bytes >= MOST_BYTES_AN_HOUR {
            return Err(ShareError::TooMany(Duration::from_secs(600)));
        }
        Ok(ends_at)
    }

    /// Sanitises and freezes, and keeps nothing.
    ///
    /// # Errors
    /// [`ShareError::TooLarge`] and others.
    pub(crate) async fn prepare(&self, draft: &Draft, evidence: Evidence) -> Result<Prepared, ShareError> {
        let (draft, max_bytes) = (draft.clone(), self.config.max_bytes);
        self.work(move || {
            let policy = draft.visibility.policy(draft.strict);
            prepare(&draft, &evidence, &policy, max_bytes)
        })
        .await
    }

    /// Makes a share of what was found.
    ///
    /// # Errors
    /// [`ShareError`]; then nothing is kept.
    pub(crate) async fn create(
        &self,
        who: &Principal,
        actor: &Actor,
        draft: &Draft,
        evidence: Evidence,
    ) -> Result<Made, ShareError> {
        let expires_at = self.check(who, draft).await?;
        let prepared = self.prepare(draft, evidence).await?;
        let (link, now_ns) = (LinkId::random(), self.clock.now_ns());
        let share = ShareRow {
            id: new_id(),
            link_hash: link.hash(),
            snapshot_hash: Some(prepared.payload.hash.clone()),
            owner_id: who.id().to_owned(),
            owner_name: who.name().to_owned(),
            created_by: who.id().to_owned(),
            title: prepared.title,
            note: prepared.note,
            visibility: draft.visibility.name().to_owned(),
            team_id: draft.team_id.clone(),
            version: 1,
            derived_from: None,
            policy: prepared.report.policy.clone(),
            policy_version: i64::from(prepared.report.policy_version),
            summary: summary_text(&prepared.summary)?,
            view: prepared.view,
            payload_bytes: prepared.payload.bytes.len() as i64,
            created_at: now_ns,
            changed_at: now_ns,
            expires_at,
            revoked_at: None,
            views: 0,
            viewed_at: None,
        };
        let entry =
            AuditEntry::new(actor, "share.create", "share", &share.id, &share.title).after(told(&share));
        self.keep(&share, &prepared.payload, prepared.picture.as_deref(), entry).await?;
        Ok(Made { share, link, report: prepared.report })
    }

    async fn keep(
        &self,
        share: &ShareRow,
        payload: &Payload,
        picture: Option<&[u8]>,
        entry: AuditEntry,
    ) -> Result<(), DbError> {
        let mut change = self.records.change().await?;
        change.keep_snapshot(&payload.hash, &payload.bytes, share.created_at).await?;
        change.insert_share(share).await?;
        if picture.is_some() {
            change.set_share_picture(&share.id, picture).await?;
        }
        change.commit(entry).await
    }
}

/// Sanitises all parts of a share by one policy, freezes it, and draws it when it is for everyone. Blocking.
///
/// # Errors
/// [`ShareError::TooLarge`] and others.
pub(super) fn prepare(
    draft: &Draft,
    evidence: &Evidence,
    policy: &Policy,
    max_bytes: u64,
) -> Result<Prepared, ShareError> {
    let mut sanitizer = Sanitizer::new(policy);
    let title = sanitizer.text(draft.title.trim(), Field::Text);
    let note = sanitizer.text(draft.note.trim(), Field::Text);
    let view = view_state::clean(&draft.view, &mut sanitizer)?;
    let mut frozen = freeze(evidence, &mut sanitizer);
    let report = report_message(&sanitizer.into_report());
    frozen.snapshot.report = Some(report.clone());
    let title = if title.is_empty() { usual_title(&frozen) } else { title };
    let payload = payload::encode(&frozen.snapshot)?;
    if payload.bytes.len() as u64 > max_bytes {
        let message = format!(
            "the snapshot has {} bytes, more than the {max_bytes} that are allowed here (shares.max_bytes); share a part \
             of it, such as one subtree or a shorter range",
            payload.bytes.len()
        );
        return Err(ShareError::TooLarge(message));
    }
    let picture = match draft.visibility {
        Visibility::Link => Some(picture(&frozen, &title)?),
        Visibility::Private | Visibility::Team | Visibility::Org => None,
    };
    frozen.summary.snapshot.clone_from(&payload.hash);
    let nodes = evidence.nodes();
    Ok(Prepared { title, note, view, summary: frozen.summary, payload, picture, report, nodes })
}

/// A name for what nobody has named.
fn usual_title(frozen: &Frozen) -> String {
    let summary = &frozen.summary;
    let name = if summary.service.is_empty() { &summary.verdict } else { &summary.service };
    let name = if name.is_empty() { "Profile" } else { name };
    name.chars().take(LONGEST_TITLE).collect()
}

pub(super) fn check_lengths(title: &str, note: &str) -> Result<(), ShareError> {
    for (name, text, most) in [("title", title, LONGEST_TITLE), ("note", note, LONGEST_NOTE)] {
        if text.chars().count() > most {
            return Err(ShareError::invalid("bad-text", format!("`{name}` has more than {most} characters")));
        }
    }
    Ok(())
}

pub(super) fn summary_text(summary: &Summary) -> Result<String, ShareError> {
    serde_json::to_string(summary)
        .map_err(|e| ShareError::Internal(format!("a summary cannot be written: {e}")))
}

/// What the audit log says of a share: nothing of its content.
pub(super) fn told(share: &ShareRow) -> serde_json::Value {
    json!({
        "visibility": share.visibility,
        "team_id": share.team_id,
        "owner_id": share.owner_id,
        "expires_at": share.expires_at,
        "revoked_at": share.revoked_at,
        "policy": share.policy,
        "snapshot": share.snapshot_hash,
        "version": share.version,
    })
}

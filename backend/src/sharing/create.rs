//! Creating a share: sanitize, freeze, store. A preview does the same without storing.

use super::audit_entry::{audit_entry, audited};
use super::description::summary_text;
use super::evidence::Evidence;
use super::expiry::expiry;
use super::link::LinkId;
use super::payload::{self, Payload, SanitizeReport};
use super::policy::{Visibility, check_audience};
use super::preview_image;
use super::snapshot::{freeze, report_message};
use super::summary::Summary;
use super::title::{MAX_TITLE_CHARS, default_title, distinct_title};
use super::{ShareError, ShareService, view_state};
use crate::auth::Principal;
use crate::db::DbError;
use crate::db::audit::{Actor, AuditEntry};
use crate::db::id::{ShareId, TeamId};
use crate::db::shares::ShareRow;
use crate::problem::ProblemKind;
use flarepath_profile::sanitize::{Field, Policy, Sanitizer};
use flarepath_profile::unix_nanos::UnixNanos;
use std::time::Duration;

/// Maximum characters of a note.
pub(crate) const MAX_NOTE_CHARS: usize = 10_000;
const HOUR: Duration = Duration::from_secs(3600);
/// Shares that a principal may create per hour, and their total compressed bytes.
const MAX_PER_HOUR: i64 = 120;
const MAX_BYTES_PER_HOUR: i64 = 512 << 20;

/// A share to be created.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) visibility: Visibility,
    /// The team, with [`Visibility::Team`].
    pub(crate) team_id: Option<TeamId>,
    /// See [`expiry`].
    pub(crate) expires_in: String,
    /// Strict sanitization whatever the visibility.
    pub(crate) strict: bool,
    /// Initial view, as URL parameters.
    pub(crate) view: String,
}

/// A share ready to be stored: all of it is sanitized.
pub(crate) struct Prepared {
    pub(crate) title: String,
    pub(crate) note: String,
    /// Initial view, as URL parameters.
    pub(crate) view: String,
    /// Summary for lists.
    pub(crate) summary: Summary,
    pub(crate) payload: Payload,
    /// Preview image of a public share, as PNG.
    pub(crate) picture: Option<Vec<u8>>,
    pub(crate) report: SanitizeReport,
    /// Nodes of all trees, before sanitization.
    pub(crate) nodes: usize,
}

/// A share that was just created.
pub(crate) struct CreatedShare {
    pub(crate) share: ShareRow,
    /// The link, shown once.
    pub(crate) link: LinkId,
    pub(crate) report: SanitizeReport,
}

/// Checks that the caller may create this share, and returns its expiry. Called before anything is computed.
pub(crate) async fn check(
    service: &ShareService,
    who: &Principal,
    draft: &Draft,
) -> Result<Option<UnixNanos>, ShareError> {
    let now = service.clock.now();
    check_lengths(&draft.title, &draft.note)?;
    check_audience(who, draft.visibility, draft.team_id.as_ref(), &service.config)?;
    check_team(service, draft.team_id.as_ref()).await?;
    let expires_at = expiry(&draft.expires_in, draft.visibility, &service.config, now)?;
    let since = now.minus(HOUR);
    let (count, bytes) = service.records.shares_created_since(who.id(), since).await?;
    if count >= MAX_PER_HOUR || bytes >= MAX_BYTES_PER_HOUR {
        return Err(ShareError::TooMany(Duration::from_secs(600)));
    }
    Ok(expires_at)
}

/// Sanitizes and freezes a share without storing it.
///
/// # Errors
/// [`ShareError::TooLarge`] and others.
pub(crate) async fn prepare(
    service: &ShareService,
    draft: &Draft,
    evidence: Evidence,
) -> Result<Prepared, ShareError> {
    let (draft, max_bytes) = (draft.clone(), service.config.max_bytes);
    service
        .work(move || {
            let policy = draft.visibility.policy(draft.strict);
            sanitize_and_freeze(&draft, &evidence, &policy, max_bytes)
        })
        .await
}

/// Creates a share of the evidence.
///
/// # Errors
/// [`ShareError`]; nothing is stored then.
pub(crate) async fn create(
    service: &ShareService,
    who: &Principal,
    actor: &Actor,
    draft: &Draft,
    evidence: Evidence,
) -> Result<CreatedShare, ShareError> {
    let expires_at = check(service, who, draft).await?;
    let prepared = prepare(service, draft, evidence).await?;
    // The preview image keeps the title without a number.
    let title = distinct_title(service, who.id(), &prepared.title).await?;
    let (link, now) = (LinkId::random(), service.clock.now());
    let share = ShareRow {
        id: ShareId::random(),
        link_hash: link.hash(),
        snapshot_hash: Some(prepared.payload.hash.clone()),
        owner_id: who.id().clone(),
        owner_name: who.name().to_owned(),
        created_by: who.id().clone(),
        title,
        note: prepared.note,
        visibility: draft.visibility.name().to_owned(),
        team_id: draft.team_id.clone(),
        everyone_signed_in: false,
        version: 1,
        derived_from: None,
        policy: prepared.report.policy.clone(),
        policy_version: i64::from(prepared.report.policy_version),
        summary: summary_text(&prepared.summary)?,
        view: prepared.view,
        payload_bytes: prepared.payload.bytes.len() as i64,
        created_at: now,
        changed_at: now,
        expires_at,
        revoked_at: None,
        views: 0,
        viewed_at: None,
    };
    let entry = audit_entry(actor, "share.create", &share).after(audited(&share));
    store(service, &share, &prepared.payload, prepared.picture.as_deref(), entry).await?;
    Ok(CreatedShare { share, link, report: prepared.report })
}

async fn store(
    service: &ShareService,
    share: &ShareRow,
    payload: &Payload,
    picture: Option<&[u8]>,
    entry: AuditEntry,
) -> Result<(), DbError> {
    let mut change = service.records.change().await?;
    change.insert_snapshot(&payload.hash, &payload.bytes, share.created_at).await?;
    change.insert_share(share).await?;
    if picture.is_some() {
        change.set_share_picture(&share.id, picture).await?;
    }
    change.commit(entry).await
}

/// Sanitizes all parts of a share by one policy, freezes it, and draws the preview image if it is public. Blocking.
///
/// # Errors
/// [`ShareError::TooLarge`] and others.
pub(super) fn sanitize_and_freeze(
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
    let title = if title.is_empty() { default_title(&frozen.summary) } else { title };
    let payload = payload::encode(&frozen.snapshot)?;
    if payload.bytes.len() as u64 > max_bytes {
        let message = format!(
            "the snapshot has {} bytes, more than the limit of {max_bytes} (shares.max_bytes); share a part \
             of it, such as one subtree or a shorter range",
            payload.bytes.len()
        );
        return Err(ShareError::TooLarge(message));
    }
    let picture = match draft.visibility {
        Visibility::Link => Some(preview_image::render(&frozen, &title)?),
        Visibility::Private | Visibility::Team | Visibility::Org => None,
    };
    frozen.summary.snapshot.clone_from(&payload.hash);
    let nodes = evidence.nodes();
    Ok(Prepared { title, note, view, summary: frozen.summary, payload, picture, report, nodes })
}

/// Checks that the team exists.
pub(super) async fn check_team(service: &ShareService, team: Option<&TeamId>) -> Result<(), ShareError> {
    match team {
        Some(team) if !service.records.team_exists(team).await? => {
            Err(ShareError::invalid(ProblemKind::BadTeam, "`team_id`: unknown team"))
        }
        _ => Ok(()),
    }
}

pub(super) fn check_lengths(title: &str, note: &str) -> Result<(), ShareError> {
    for (name, text, most) in [("title", title, MAX_TITLE_CHARS), ("note", note, MAX_NOTE_CHARS)] {
        if text.chars().count() > most {
            return Err(ShareError::invalid(
                ProblemKind::BadText,
                format!("`{name}` has more than {most} characters"),
            ));
        }
    }
    Ok(())
}

//! Changes of a share's envelope: title, note, visibility, expiry. When a wider audience needs a stricter policy, the
//! snapshot is sanitized again into another snapshot.

use super::create::{Draft, Prepared, check_lengths, check_team, sanitize_and_freeze};
use super::description::{summary, summary_text, title};
use super::evidence::Evidence;
use super::expiry::expiry;
use super::manage::managed;
use super::policy::{Visibility, check_audience, needless_team, policy_of};
use super::stored_snapshot::with_snapshot;
use super::write::{Rework, outdated, write};
use super::{ShareError, ShareService, view_state};
use crate::auth::Principal;
use crate::db::annotations::AnnotationRow;
use crate::db::audit::Actor;
use crate::db::id::{ShareId, TeamId};
use crate::db::share_views::ViewRow;
use crate::db::shares::ShareRow;
use flarepath_profile::sanitize::{Field, Sanitizer};
use flarepath_profile::unix_nanos::UnixNanos;

/// Changes to a share; `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// The version that the changes apply to.
    pub version: i64,
    /// New title.
    pub title: Option<String>,
    /// New note.
    pub note: Option<String>,
    /// New visibility, and the team with visibility `team`. Naming `org` ends [`ShareRow::everyone_signed_in`].
    pub audience: Option<(Visibility, Option<TeamId>)>,
    /// New lifetime, from now on.
    pub expires_in: Option<String>,
    /// Confirms that a wider audience is intended.
    pub confirmed: bool,
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
    let now = service.clock.now();
    if before.revoked_at.is_some() || before.snapshot_hash.is_none() {
        return Err(ShareError::Conflict(
            "the share was revoked or removed and cannot be changed".to_owned(),
        ));
    }
    if before.version != changes.version {
        return Err(outdated(before.version));
    }
    let mut after = before.clone();
    apply(service, who, &before, &mut after, &changes, now)?;
    check_team(service, after.team_id.as_ref().filter(|_| changes.audience.is_some())).await?;
    let rework = rework(service, &before, &mut after, &changes).await?;
    (after.version, after.changed_at) = (before.version + 1, now);
    write(service, actor, "share.change", &before, &after, rework).await?;
    Ok(after)
}

fn apply(
    service: &ShareService,
    who: &Principal,
    before: &ShareRow,
    after: &mut ShareRow,
    changes: &Changes,
    now: UnixNanos,
) -> Result<(), ShareError> {
    check_lengths(changes.title.as_deref().unwrap_or(""), changes.note.as_deref().unwrap_or(""))?;
    let was: Visibility = before.visibility.parse()?;
    let (visibility, team) = changes.audience.clone().unwrap_or((was, before.team_id.clone()));
    let widened = visibility > was || (visibility == Visibility::Team && team != before.team_id);
    if changes.audience.is_some() && (widened || visibility == Visibility::Team) {
        check_audience(who, visibility, team.as_ref(), &service.config)?;
    } else if visibility != Visibility::Team && team.is_some() {
        return Err(needless_team());
    }
    if widened && !changes.confirmed {
        let message = format!(
            "this would widen the audience (from {} to {}), and sanitize the snapshot again if a stricter policy applies. \
             Check the preview, then send `confirm: true`",
            was.name(),
            visibility.name()
        );
        return Err(ShareError::Unconfirmed(message));
    }
    (after.visibility, after.team_id) = (visibility.name().to_owned(), team);
    // A named audience is meant as it is defined today, so naming `org` narrows a share from before.
    after.everyone_signed_in &= changes.audience.is_none();
    after.expires_at = match &changes.expires_in {
        Some(text) => expiry(text, visibility, &service.config, now)?,
        // A share without expiry must not become a public link without expiry.
        None if visibility == Visibility::Link && was != Visibility::Link => {
            let default = expiry("", visibility, &service.config, now)?;
            match (before.expires_at, default) {
                (Some(at), Some(default)) if at < default => Some(at),
                (_, default) => default,
            }
        }
        None => before.expires_at,
    };
    Ok(())
}

/// Sanitizes changed texts by the policy of the new audience, and redraws the preview image if needed.
async fn rework(
    service: &ShareService,
    before: &ShareRow,
    after: &mut ShareRow,
    changes: &Changes,
) -> Result<Rework, ShareError> {
    let visibility: Visibility = after.visibility.parse()?;
    let public = visibility == Visibility::Link;
    let title = changes.title.clone().unwrap_or_else(|| title(before));
    let note = changes.note.clone().unwrap_or_else(|| before.note.clone());
    let stricter = public && before.policy != "strict";
    let redraw = public && (before.visibility != after.visibility || changes.title.is_some());
    if !stricter && !redraw {
        rewrite_texts(before, after, [&title, &note]);
        let picture = (before.visibility != after.visibility).then_some(None);
        return Ok(Rework { picture, ..Rework::default() });
    }
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
    let (rows, max_bytes) = (summary(before).rows, service.config.max_bytes);
    let rework = with_snapshot(service, before, move |snapshot| {
        let evidence = Evidence::of_snapshot(snapshot, &rows)?;
        let policy = visibility.policy(true);
        let mut prepared = sanitize_and_freeze(&draft, &evidence, &policy, max_bytes)?;
        let mut sanitizer = Sanitizer::new(&policy);
        let views = views.into_iter().map(|view| clean_view(view, &mut sanitizer));
        let views = views.collect::<Result<_, _>>()?;
        let annotations = annotations.into_iter().map(|row| clean_annotation_row(row, &mut sanitizer));
        let annotations = annotations.collect();
        let picture = Some(prepared.picture.take());
        Ok(Rework { prepared: Some(prepared), picture, views, annotations })
    });
    let mut rework = rework.await?;
    if let Some(prepared) = &rework.prepared {
        after.title.clone_from(&prepared.title);
        after.note.clone_from(&prepared.note);
    }
    if !stricter {
        rework.prepared = None;
    }
    if let Some(prepared) = &rework.prepared {
        refer_to(prepared, before, after)?;
    }
    Ok(rework)
}

/// Title and note of a share whose snapshot stays, sanitized by the policy of the snapshot.
fn rewrite_texts(before: &ShareRow, after: &mut ShareRow, [title, note]: [&str; 2]) {
    let policy = policy_of(before);
    let mut sanitizer = Sanitizer::new(&policy);
    after.title = sanitizer.text(title.trim(), Field::Text);
    after.note = sanitizer.text(note.trim(), Field::Text);
}

/// Has the share refer to another snapshot, which was made from the one before.
fn refer_to(prepared: &Prepared, before: &ShareRow, after: &mut ShareRow) -> Result<(), ShareError> {
    let hash = prepared.payload.hash.clone();
    after.derived_from = before.snapshot_hash.clone().filter(|old| *old != hash);
    after.snapshot_hash = Some(hash);
    after.policy.clone_from(&prepared.report.policy);
    after.policy_version = i64::from(prepared.report.policy_version);
    after.summary = summary_text(&prepared.summary)?;
    after.view.clone_from(&prepared.view);
    after.payload_bytes = prepared.payload.bytes.len() as i64;
    Ok(())
}

/// A view, sanitized.
pub(super) fn clean_view(view: ViewRow, sanitizer: &mut Sanitizer<'_>) -> Result<ViewRow, ShareError> {
    let name = sanitizer.text(&view.name, Field::Text);
    let state = view_state::clean(&view.state, sanitizer)?;
    Ok(ViewRow { name, state, ..view })
}

fn clean_annotation_row(row: AnnotationRow, sanitizer: &mut Sanitizer<'_>) -> AnnotationRow {
    let path: Vec<String> = serde_json::from_str(&row.path).unwrap_or_default();
    let (path, text) = clean_annotation(&path, &row.text, sanitizer);
    AnnotationRow { path, text, ..row }
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

//! Converts shares to wire messages.

use crate::auth::Principal;
use crate::db::annotations::AnnotationRow;
use crate::db::share_views::ViewRow;
use crate::db::shares::ShareRow;
use crate::sharing::description::{summary, title};
use crate::sharing::expiry::ended;
use crate::sharing::open::Envelope;
use crate::sharing::policy::{is_signed_in, may_manage};
use flarepath_profile::sanitize::VERSION;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_wire::shares::{Share, ShareAnnotation, ShareEnvelope, ShareView};

/// A share, for those who may manage it.
pub(super) fn share(row: &ShareRow, now: UnixNanos) -> Share {
    let summary = summary(row);
    let state = match (row.snapshot_hash.is_some(), row.revoked_at.is_some(), ended(row, now)) {
        (false, ..) => "purged",
        (true, true, _) => "revoked",
        (true, false, Some(_)) => "expired",
        (true, false, None) => "active",
    };
    Share {
        id: row.id.to_string(),
        title: title(row),
        note: row.note.clone(),
        visibility: row.visibility.clone(),
        team_id: row.team_id.as_ref().map(ToString::to_string).unwrap_or_default(),
        owner_id: row.owner_id.to_string(),
        owner_name: row.owner_name.clone(),
        version: row.version,
        kind: summary.kind,
        verdict: summary.verdict,
        service: summary.service,
        profile_type: summary.profile_type,
        from_ns: summary.from_ns.0,
        until_ns: summary.until_ns.0,
        created_ns: row.created_at.0,
        changed_ns: row.changed_at.0,
        expires_ns: row.expires_at.map(|at| at.0),
        revoked_ns: row.revoked_at.map(|at| at.0),
        views: row.views.unsigned_abs(),
        viewed_ns: row.viewed_at.map(|at| at.0),
        policy: row.policy.clone(),
        policy_version: row.policy_version.unsigned_abs(),
        policy_outdated: row.policy_version < i64::from(VERSION),
        snapshot: summary.snapshot,
        derived_from: row.derived_from.clone().unwrap_or_default(),
        bytes: row.payload_bytes.unsigned_abs(),
        state: state.to_owned(),
        everyone_signed_in: row.everyone_signed_in,
    }
}

/// Title, note, views and annotations of a share. People's names are included only for callers who are signed in.
pub(super) fn envelope(opened: Envelope, who: &Principal) -> ShareEnvelope {
    let Envelope { share, views, annotations } = opened;
    let summary = summary(&share);
    let named = |name: &str| if is_signed_in(who) { name.to_owned() } else { String::new() };
    ShareEnvelope {
        verdict: summary.verdict,
        created_ns: share.created_at.0,
        expires_ns: share.expires_at.map(|at| at.0),
        owner_name: named(&share.owner_name),
        views: views.into_iter().map(view).collect(),
        annotations: annotations
            .into_iter()
            .map(|row| {
                let author = named(&row.author_name);
                ShareAnnotation { author, ..annotation(row) }
            })
            .collect(),
        snapshot: share.snapshot_hash.clone().unwrap_or_default(),
        id: if may_manage(&share, who) { share.id.to_string() } else { String::new() },
        version: share.version,
        title: title(&share),
        note: share.note,
        visibility: share.visibility,
        view: share.view,
    }
}

pub(super) fn view(row: ViewRow) -> ShareView {
    ShareView { number: u32::try_from(row.number).unwrap_or(0), name: row.name, state: row.state }
}

pub(super) fn annotation(row: AnnotationRow) -> ShareAnnotation {
    let path = serde_json::from_str(&row.path).unwrap_or_else(|error| {
        tracing::error!(%error, annotation = %row.id, "annotation path is corrupt");
        Vec::new()
    });
    ShareAnnotation {
        id: row.id.into(),
        path,
        text: row.text,
        author: row.author_name,
        created_ns: row.created_at.0,
    }
}

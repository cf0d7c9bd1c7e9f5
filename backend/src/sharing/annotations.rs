//! Named views ("Fig. 1") and annotations of a share, sanitized by the share's own policy when they are written.

use super::audit_entry::audit_entry;
use super::change::{clean_annotation, clean_view};
use super::manage::managed;
use super::policy::policy_of;
use super::{ShareError, ShareService};
use crate::auth::Principal;
use crate::db::annotations::AnnotationRow;
use crate::db::audit::Actor;
use crate::db::id::{AnnotationId, ShareId};
use crate::db::share_views::ViewRow;
use crate::problem::ProblemKind;
use flarepath_profile::sanitize::Sanitizer;
use serde_json::json;

/// Views and annotations per share.
pub(crate) const MAX_VIEWS: i64 = 99;
const MAX_ANNOTATIONS: usize = 500;
/// Characters of a view's name and of an annotation.
const MAX_NAME_CHARS: usize = 120;
const MAX_TEXT_CHARS: usize = 4000;
/// Functions in a path, and their total bytes.
pub(crate) const MAX_DEPTH: usize = 1024;
const MAX_PATH_BYTES: usize = 32_768;

/// Sets a named view.
///
/// # Errors
/// [`ShareError::NotFound`], [`ShareError::Invalid`].
pub(crate) async fn set_view(
    service: &ShareService,
    who: &Principal,
    actor: &Actor,
    id: &ShareId,
    view: ViewRow,
) -> Result<ViewRow, ShareError> {
    let share = managed(service, id, who).await?;
    let bad = |message: String| Err(ShareError::invalid(ProblemKind::BadView, message));
    if !(1..=MAX_VIEWS).contains(&view.number) {
        return bad(format!("views are numbered from 1 to {MAX_VIEWS}"));
    }
    if view.name.chars().count() > MAX_NAME_CHARS {
        return bad(format!("`name` has more than {MAX_NAME_CHARS} characters"));
    }
    let policy = policy_of(&share);
    let view = clean_view(view, &mut Sanitizer::new(&policy))?;
    let mut change = service.records.change().await?;
    change.set_share_view(&share.id, &view, who.id(), service.clock.now()).await?;
    let entry = audit_entry(actor, "share.set_view", &share);
    change.commit(entry.after(json!({ "number": view.number, "name": view.name }))).await?;
    Ok(view)
}

/// Deletes a view.
///
/// # Errors
/// [`ShareError::NotFound`].
pub async fn delete_view(
    service: &ShareService,
    who: &Principal,
    actor: &Actor,
    id: &ShareId,
    number: i64,
) -> Result<(), ShareError> {
    let share = managed(service, id, who).await?;
    let mut change = service.records.change().await?;
    if !change.delete_share_view(&share.id, number).await? {
        return Err(ShareError::NotFound);
    }
    let entry = audit_entry(actor, "share.delete_view", &share).before(json!({ "number": number }));
    Ok(change.commit(entry).await?)
}

/// Adds an annotation at a path of functions.
///
/// # Errors
/// [`ShareError::NotFound`], [`ShareError::Invalid`].
pub async fn annotate(
    service: &ShareService,
    who: &Principal,
    actor: &Actor,
    id: &ShareId,
    path: &[String],
    text: &str,
) -> Result<AnnotationRow, ShareError> {
    let share = managed(service, id, who).await?;
    let bad = |message: String| Err(ShareError::invalid(ProblemKind::BadAnnotation, message));
    if text.trim().is_empty() || text.chars().count() > MAX_TEXT_CHARS {
        return bad(format!("`text`: expected 1 to {MAX_TEXT_CHARS} characters"));
    }
    if path.len() > MAX_DEPTH || path.iter().map(String::len).sum::<usize>() > MAX_PATH_BYTES {
        return bad(format!("`path`: expected at most {MAX_DEPTH} names of {MAX_PATH_BYTES} bytes in total"));
    }
    if service.records.share_annotations(&share.id).await?.len() >= MAX_ANNOTATIONS {
        return bad(format!("a share can have at most {MAX_ANNOTATIONS} annotations; delete some"));
    }
    let policy = policy_of(&share);
    let (path, text) = clean_annotation(path, text.trim(), &mut Sanitizer::new(&policy));
    let row = AnnotationRow {
        id: AnnotationId::random(),
        path,
        text,
        author_id: who.id().clone(),
        author_name: who.name().to_owned(),
        created_at: service.clock.now(),
    };
    let mut change = service.records.change().await?;
    change.set_annotation(&share.id, &row).await?;
    let entry = audit_entry(actor, "share.annotate", &share);
    change.commit(entry.after(json!({ "annotation": row.id }))).await?;
    Ok(row)
}

/// Deletes an annotation.
///
/// # Errors
/// [`ShareError::NotFound`].
pub async fn delete_annotation(
    service: &ShareService,
    who: &Principal,
    actor: &Actor,
    id: &ShareId,
    annotation: &AnnotationId,
) -> Result<(), ShareError> {
    let share = managed(service, id, who).await?;
    let mut change = service.records.change().await?;
    if !change.delete_annotation(&share.id, annotation).await? {
        return Err(ShareError::NotFound);
    }
    let entry = audit_entry(actor, "share.delete_annotation", &share);
    Ok(change.commit(entry.before(json!({ "annotation": annotation }))).await?)
}

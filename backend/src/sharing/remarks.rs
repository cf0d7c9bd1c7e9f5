//! Views with names ("Fig. 1") and remarks at places of a share: sanitised by the share's own rules when they are written.

use super::manage::{clean_remark, clean_views, policy_of};
use super::{Desk, ShareError};
use crate::auth::Principal;
use crate::db::annotations::AnnotationRow;
use crate::db::audit::{Actor, AuditEntry};
use crate::db::id::new_id;
use crate::db::share_views::ViewRow;
use flarepath_profile::sanitize::Sanitizer;
use serde_json::json;

/// Views and remarks that a share may have.
const MOST_VIEWS: i64 = 99;
const MOST_REMARKS: usize = 500;
/// Characters of a name and of a remark.
const LONGEST_NAME: usize = 120;
const LONGEST_REMARK: usize = 4000;
/// Functions of a path, and their characters together.
const DEEPEST: usize = 1024;
const LONGEST_PATH: usize = 32_768;

impl Desk {
    /// Sets a view.
    ///
    /// # Errors
    /// [`ShareError::NotFound`], [`ShareError::Invalid`].
    pub(crate) async fn set_view(
        &self,
        who: &Principal,
        actor: &Actor,
        id: &str,
        view: ViewRow,
    ) -> Result<ViewRow, ShareError> {
        let share = self.managed(id, who).await?;
        if !(1..=MOST_VIEWS).contains(&view.number) {
            return Err(ShareError::invalid(
                "bad-view",
                format!("views are numbered from 1 to {MOST_VIEWS}"),
            ));
        }
        if view.name.chars().count() > LONGEST_NAME {
            return Err(ShareError::invalid(
                "bad-view",
                format!("`name` has more than {LONGEST_NAME} characters"),
            ));
        }
        let policy = policy_of(&share);
        let mut cleaned = clean_views(vec![view], &mut Sanitizer::new(&policy))?;
        let view = cleaned.pop().ok_or_else(|| ShareError::Internal("a view was lost".to_owned()))?;
        let mut change = self.records.change().await?;
        change.set_share_view(&share.id, &view, who.id(), self.clock.now_ns()).await?;
        let entry = AuditEntry::new(actor, "share.set_view", "share", &share.id, &share.title);
        change.commit(entry.after(json!({ "number": view.number, "name": view.name }))).await?;
        Ok(view)
    }

    /// Removes a view.
    ///
    /// # Errors
    /// [`ShareError::NotFound`].
    pub async fn delete_view(
        &self,
        who: &Principal,
        actor: &Actor,
        id: &str,
        number: i64,
    ) -> Result<(), ShareError> {
        let share = self.managed(id, who).await?;
        let mut change = self.records.change().await?;
        if !change.delete_share_view(&share.id, number).await? {
            return Err(ShareError::NotFound);
        }
        let entry = AuditEntry::new(actor, "share.delete_view", "share", &share.id, &share.title);
        Ok(change.commit(entry.before(json!({ "number": number }))).await?)
    }

    /// Adds a remark at a path of functions.
    ///
    /// # Errors
    /// [`ShareError::NotFound`], [`ShareError::Invalid`].
    pub async fn annotate(
        &self,
        who: &Principal,
        actor: &Actor,
        id: &str,
        path: &[String],
        text: &str,
    ) -> Result<AnnotationRow, ShareError> {
        let share = self.managed(id, who).await?;
        let bad = |message: String| Err(ShareError::invalid("bad-annotation", message));
        if text.trim().is_empty() || text.chars().count() > LONGEST_REMARK {
            return bad(format!("`text`: expected 1 to {LONGEST_REMARK} characters"));
        }
        if path.len() > DEEPEST || path.iter().map(String::len).sum::<usize>() > LONGEST_PATH {
            return bad(format!("`path`: at most {DEEPEST} names of {LONGEST_PATH} bytes together"));
        }
        if self.records.share_annotations(&share.id).await?.len() >= MOST_REMARKS {
            return bad(format!("a share has at most {MOST_REMARKS} annotations; remove some"));
        }
        let policy = policy_of(&share);
        let (path, text) = clean_remark(path, text.trim(), &mut Sanitizer::new(&policy));
        let row = AnnotationRow {
            id: new_id(),
            path,
            text,
            author_id: who.id().to_owned(),
            author_name: who.name().to_owned(),
            created_at: self.clock.now_ns(),
        };
        let mut change = self.records.change().await?;
        change.set_annotation(&share.id, &row).await?;
        let entry = AuditEntry::new(actor, "share.annotate", "share", &share.id, &share.title);
        change.commit(entry.after(json!({ "annotation": row.id }))).await?;
        Ok(row)
    }

    /// Removes a remark.
    ///
    /// # Errors
    /// [`ShareError::NotFound`].
    pub async fn delete_annotation(
        &self,
        who: &Principal,
        actor: &Actor,
        id: &str,
        annotation: &str,
    ) -> Result<(), ShareError> {
        let share = self.managed(id, who).await?;
        let mut change = self.records.change().await?;
        if !change.delete_annotation(&share.id, annotation).await? {
            return Err(ShareError::NotFound);
        }
        let entry = AuditEntry::new(actor, "share.delete_annotation", "share", &share.id, &share.title);
        Ok(change.commit(entry.before(json!({ "annotation": annotation }))).await?)
    }
}

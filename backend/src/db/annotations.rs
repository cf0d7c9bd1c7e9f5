//! Annotations on the frames of a share.

use super::id::{AnnotationId, PrincipalId, ShareId};
use super::row::{insert, row, select};
use super::{Change, DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;

/// An annotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnotationRow {
    pub(crate) id: AnnotationId,
    /// Function names from the root, as a JSON array.
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) author_id: PrincipalId,
    /// The author's name when it was written.
    pub(crate) author_name: String,
    pub(crate) created_at: UnixNanos,
}

row!(AnnotationRow: id, path, text, author_id, author_name, created_at);

impl Records {
    /// All annotations of a share, oldest first.
    pub(crate) async fn share_annotations(&self, share_id: &ShareId) -> Result<Vec<AnnotationRow>, DbError> {
        let rows = select("FROM share_annotations WHERE share_id = $1 ORDER BY created_at, id");
        Ok(rows.bind(share_id).fetch_all(&self.pool).await?)
    }
}

impl Change {
    /// Inserts an annotation, or overwrites path and text of the one with this id.
    pub(crate) async fn set_annotation(
        &mut self,
        share_id: &ShareId,
        row: &AnnotationRow,
    ) -> Result<(), DbError> {
        let update = "ON CONFLICT (id) DO UPDATE SET path = excluded.path, text = excluded.text";
        let upsert = insert("share_annotations", row, &["share_id"], update).bind(share_id);
        self.run(upsert).await.map(drop)
    }

    /// Deletes an annotation of a share. False for an unknown id.
    pub(crate) async fn delete_annotation(
        &mut self,
        share_id: &ShareId,
        id: &AnnotationId,
    ) -> Result<bool, DbError> {
        let delete = sqlx::query("DELETE FROM share_annotations WHERE share_id = $1 AND id = $2");
        Ok(self.run(delete.bind(share_id).bind(id)).await? == 1)
    }
}

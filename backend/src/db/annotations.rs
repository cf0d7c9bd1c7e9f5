//! Annotations on the frames of a share.

use super::from_row;
use super::id::{AnnotationId, PrincipalId, ShareId};
use super::{Change, DbError, Records};

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
    /// Nanoseconds since the epoch.
    pub(crate) created_at: i64,
}

from_row!(AnnotationRow { id, path, text, author_id, author_name, created_at });

impl Records {
    /// All annotations of a share, oldest first.
    pub(crate) async fn share_annotations(&self, share_id: &ShareId) -> Result<Vec<AnnotationRow>, DbError> {
        let rows = sqlx::query_as(
            "SELECT id, path, text, author_id, author_name, created_at FROM share_annotations \
             WHERE share_id = $1 ORDER BY created_at, id",
        );
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
        sqlx::query(
            "INSERT INTO share_annotations (id, share_id, path, text, author_id, author_name, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (id) DO UPDATE SET path = excluded.path, text = excluded.text",
        )
        .bind(&row.id)
        .bind(share_id)
        .bind(&row.path)
        .bind(&row.text)
        .bind(&row.author_id)
        .bind(&row.author_name)
        .bind(row.created_at)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Deletes an annotation of a share. False for an unknown id.
    pub(crate) async fn delete_annotation(
        &mut self,
        share_id: &ShareId,
        id: &AnnotationId,
    ) -> Result<bool, DbError> {
        let delete = sqlx::query("DELETE FROM share_annotations WHERE share_id = $1 AND id = $2");
        Ok(delete.bind(share_id).bind(id).execute(self.connection()).await?.rows_affected() == 1)
    }
}

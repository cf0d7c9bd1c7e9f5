//! Remarks at places of a share.

use super::{Change, DbError, Records};

/// A remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnotationRow {
    /// Its id.
    pub(crate) id: String,
    /// Function names from the root on, a JSON list.
    pub(crate) path: String,
    /// What it says.
    pub(crate) text: String,
    /// Who wrote it.
    pub(crate) author_id: String,
    /// That one's name at the time.
    pub(crate) author_name: String,
    /// Nanoseconds since the epoch.
    pub(crate) created_at: i64,
}

impl Records {
    /// All of a share, oldest first.
    pub(crate) async fn share_annotations(&self, share_id: &str) -> Result<Vec<AnnotationRow>, DbError> {
        type Columns = (String, String, String, String, String, i64);
        let rows: Vec<Columns> = sqlx::query_as(
            "SELECT id, path, text, author_id, author_name, created_at FROM share_annotations \
             WHERE share_id = $1 ORDER BY created_at, id",
        )
        .bind(share_id)
        .fetch_all(&self.pool)
        .await?;
        let row = |(id, path, text, author_id, author_name, created_at): Columns| AnnotationRow {
            id,
            path,
            text,
            author_id,
            author_name,
            created_at,
        };
        Ok(rows.into_iter().map(row).collect())
    }
}

impl Change {
    /// Adds one, or writes path and text of it anew.
    pub(crate) async fn set_annotation(
        &mut self,
        share_id: &str,
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

    /// Removes one of a share; false when there is none.
    pub(crate) async fn delete_annotation(&mut self, share_id: &str, id: &str) -> Result<bool, DbError> {
        let gone = sqlx::query("DELETE FROM share_annotations WHERE share_id = $1 AND id = $2");
        Ok(gone.bind(share_id).bind(id).execute(self.connection()).await?.rows_affected() == 1)
    }
}

//! Numbered, named views of a share (figures).

use super::from_row;
use super::id::{PrincipalId, ShareId};
use super::{Change, DbError, Records};

/// A named view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ViewRow {
    /// From 1 on.
    pub(crate) number: i64,
    /// Such as `Fig. 1`.
    pub(crate) name: String,
    /// URL parameters of the view.
    pub(crate) state: String,
}

from_row!(ViewRow { number, name, state });

impl Records {
    /// All views of a share, by number.
    pub(crate) async fn share_views(&self, share_id: &ShareId) -> Result<Vec<ViewRow>, DbError> {
        let rows =
            sqlx::query_as("SELECT number, name, state FROM share_views WHERE share_id = $1 ORDER BY number");
        Ok(rows.bind(share_id).fetch_all(&self.pool).await?)
    }
}

impl Change {
    /// Inserts a view, or overwrites the one with this number.
    pub(crate) async fn set_share_view(
        &mut self,
        share_id: &ShareId,
        view: &ViewRow,
        by: &PrincipalId,
        now_ns: i64,
    ) -> Result<(), DbError> {
        sqlx::query(
            "INSERT INTO share_views (share_id, number, name, state, created_by, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (share_id, number) DO UPDATE SET name = excluded.name, state = excluded.state",
        )
        .bind(share_id)
        .bind(view.number)
        .bind(&view.name)
        .bind(&view.state)
        .bind(by)
        .bind(now_ns)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Deletes a view. False for an unknown number.
    pub(crate) async fn delete_share_view(
        &mut self,
        share_id: &ShareId,
        number: i64,
    ) -> Result<bool, DbError> {
        let delete = sqlx::query("DELETE FROM share_views WHERE share_id = $1 AND number = $2");
        Ok(delete.bind(share_id).bind(number).execute(self.connection()).await?.rows_affected() == 1)
    }
}

//! Numbered, named views of a share (figures).

use super::id::{PrincipalId, ShareId};
use super::row::{insert, row, select};
use super::{Change, DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;

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

row!(ViewRow: number, name, state);

impl Records {
    /// All views of a share, by number.
    pub(crate) async fn share_views(&self, share_id: &ShareId) -> Result<Vec<ViewRow>, DbError> {
        let rows = select("FROM share_views WHERE share_id = $1 ORDER BY number");
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
        now: UnixNanos,
    ) -> Result<(), DbError> {
        let update =
            "ON CONFLICT (share_id, number) DO UPDATE SET name = excluded.name, state = excluded.state";
        let upsert = insert("share_views", view, &["share_id", "created_by", "created_at"], update);
        self.run(upsert.bind(share_id).bind(by).bind(now.0)).await.map(drop)
    }

    /// Deletes a view. False for an unknown number.
    pub(crate) async fn delete_share_view(
        &mut self,
        share_id: &ShareId,
        number: i64,
    ) -> Result<bool, DbError> {
        let delete = sqlx::query("DELETE FROM share_views WHERE share_id = $1 AND number = $2");
        Ok(self.run(delete.bind(share_id).bind(number)).await? == 1)
    }
}

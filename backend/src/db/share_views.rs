//! Views of a share with a number and a name.

use super::{Change, DbError, Records};

/// A view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ViewRow {
    /// From 1 on.
    pub(crate) number: i64,
    /// Such as `Fig. 1`.
    pub(crate) name: String,
    /// Parameters of the view.
    pub(crate) state: String,
}

impl Records {
    /// All of a share, by number.
    pub(crate) async fn share_views(&self, share_id: &str) -> Result<Vec<ViewRow>, DbError> {
        let rows: Vec<(i64, String, String)> =
            sqlx::query_as("SELECT number, name, state FROM share_views WHERE share_id = $1 ORDER BY number")
                .bind(share_id)
                .fetch_all(&self.pool)
                .await?;
        Ok(rows.into_iter().map(|(number, name, state)| ViewRow { number, name, state }).collect())
    }
}

impl Change {
    /// Sets one.
    pub(crate) async fn set_share_view(
        &mut self,
        share_id: &str,
        view: &ViewRow,
        by: &str,
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

    /// Removes one; false when there is none.
    pub(crate) async fn delete_share_view(&mut self, share_id: &str, number: i64) -> Result<bool, DbError> {
        let gone = sqlx::query("DELETE FROM share_views WHERE share_id = $1 AND number = $2");
        Ok(gone.bind(share_id).bind(number).execute(self.connection()).await?.rows_affected() == 1)
    }
}

//! Share snapshots, addressed by the hash of their bytes, and preview images.

use super::id::ShareId;
use super::{Change, DbError, Records};

impl Records {
    /// The bytes of a snapshot.
    pub(crate) async fn snapshot(&self, hash: &str) -> Result<Option<Vec<u8>>, DbError> {
        let row = sqlx::query_scalar("SELECT bytes FROM snapshots WHERE hash = $1").bind(hash);
        Ok(row.fetch_optional(&self.pool).await?)
    }

    /// The preview image of a share, as PNG.
    pub(crate) async fn share_picture(&self, share_id: &ShareId) -> Result<Option<Vec<u8>>, DbError> {
        let row = sqlx::query_scalar("SELECT png FROM share_pictures WHERE share_id = $1").bind(share_id);
        Ok(row.fetch_optional(&self.pool).await?)
    }
}

impl Change {
    /// Stores bytes under their hash; once, however many shares refer to them.
    pub(crate) async fn insert_snapshot(
        &mut self,
        hash: &str,
        bytes: &[u8],
        now_ns: i64,
    ) -> Result<(), DbError> {
        // The no-op update locks the row, so that no purge removes it before the share that needs it is committed.
        sqlx::query(
            "INSERT INTO snapshots (hash, bytes, created_at) VALUES ($1, $2, $3) \
             ON CONFLICT (hash) DO UPDATE SET created_at = snapshots.created_at",
        )
        .bind(hash)
        .bind(bytes.to_vec())
        .bind(now_ns)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Detaches the snapshots of all shares that ended before a time, then deletes unreferenced snapshots. Returns how
    /// many.
    pub(crate) async fn purge_snapshots(&mut self, ended_before_ns: i64) -> Result<u64, DbError> {
        const ENDED: &str = "revoked_at < $1 OR expires_at < $1";
        let pictures =
            format!("DELETE FROM share_pictures WHERE share_id IN (SELECT id FROM shares WHERE {ENDED})");
        let shares =
            format!("UPDATE shares SET snapshot_hash = NULL WHERE snapshot_hash IS NOT NULL AND ({ENDED})");
        for statement in [pictures, shares] {
            let statement = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(ended_before_ns);
            statement.execute(self.connection()).await?;
        }
        let delete = sqlx::query(
            "DELETE FROM snapshots WHERE NOT EXISTS \
             (SELECT 1 FROM shares WHERE shares.snapshot_hash = snapshots.hash)",
        );
        Ok(delete.execute(self.connection()).await?.rows_affected())
    }

    /// Sets or deletes the preview image of a share.
    pub(crate) async fn set_share_picture(
        &mut self,
        share_id: &ShareId,
        png: Option<&[u8]>,
    ) -> Result<(), DbError> {
        let Some(png) = png else {
            let delete = sqlx::query("DELETE FROM share_pictures WHERE share_id = $1").bind(share_id);
            delete.execute(self.connection()).await?;
            return Ok(());
        };
        sqlx::query(
            "INSERT INTO share_pictures (share_id, png) VALUES ($1, $2) \
             ON CONFLICT (share_id) DO UPDATE SET png = excluded.png",
        )
        .bind(share_id)
        .bind(png.to_vec())
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

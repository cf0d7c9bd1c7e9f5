//! Share snapshots, addressed by the hash of their bytes, and preview images.

use super::id::ShareId;
use super::{Change, DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;

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
        now: UnixNanos,
    ) -> Result<(), DbError> {
        // The no-op update locks the row, so that no purge removes it before the share that needs it is committed.
        let upsert = sqlx::query(
            "INSERT INTO snapshots (hash, bytes, created_at) VALUES ($1, $2, $3) \
             ON CONFLICT (hash) DO UPDATE SET created_at = snapshots.created_at",
        );
        self.run(upsert.bind(hash).bind(bytes.to_vec()).bind(now.0)).await.map(drop)
    }

    /// Detaches the snapshots of all shares that ended before a time, then deletes unreferenced snapshots. Returns how
    /// many.
    pub(crate) async fn purge_snapshots(&mut self, ended_before: UnixNanos) -> Result<u64, DbError> {
        const ENDED: &str = "revoked_at < $1 OR expires_at < $1";
        let pictures =
            format!("DELETE FROM share_pictures WHERE share_id IN (SELECT id FROM shares WHERE {ENDED})");
        let shares =
            format!("UPDATE shares SET snapshot_hash = NULL WHERE snapshot_hash IS NOT NULL AND ({ENDED})");
        for statement in [pictures, shares] {
            self.run(sqlx::query(sqlx::AssertSqlSafe(statement)).bind(ended_before.0)).await?;
        }
        let delete = sqlx::query(
            "DELETE FROM snapshots WHERE NOT EXISTS \
             (SELECT 1 FROM shares WHERE shares.snapshot_hash = snapshots.hash)",
        );
        self.run(delete).await
    }

    /// Sets or deletes the preview image of a share.
    pub(crate) async fn set_share_picture(
        &mut self,
        share_id: &ShareId,
        png: Option<&[u8]>,
    ) -> Result<(), DbError> {
        let Some(png) = png else {
            let delete = sqlx::query("DELETE FROM share_pictures WHERE share_id = $1").bind(share_id);
            return self.run(delete).await.map(drop);
        };
        let upsert = sqlx::query(
            "INSERT INTO share_pictures (share_id, png) VALUES ($1, $2) \
             ON CONFLICT (share_id) DO UPDATE SET png = excluded.png",
        );
        self.run(upsert.bind(share_id).bind(png.to_vec())).await.map(drop)
    }
}

//! Shares: the mutable envelope around a snapshot.

use super::id::{PrincipalId, ShareId, TeamId, UserId};
use super::row::{Column, Statement, from_row};
use super::{Change, DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;
use sqlx::AssertSqlSafe;
use std::time::Duration;

/// A share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareRow {
    /// Id by which it is managed.
    pub id: ShareId,
    /// SHA-256 of the link's id, hexadecimal.
    pub link_hash: String,
    /// BLAKE3 of the snapshot; `None` once it is purged.
    pub snapshot_hash: Option<String>,
    /// The owner.
    pub owner_id: PrincipalId,
    /// The owner's current name; ignored by writes.
    pub owner_name: String,
    /// Who created it.
    pub created_by: PrincipalId,
    /// Title.
    pub title: String,
    /// Note.
    pub note: String,
    /// `private`, `team`, `org` or `link`.
    pub visibility: String,
    /// The team, with visibility `team`.
    pub team_id: Option<TeamId>,
    /// Whether a share with visibility `org` opens for everyone who signs in, as all of them once did.
    pub everyone_signed_in: bool,
    /// Incremented by every change of the envelope.
    pub version: i64,
    /// BLAKE3 of the snapshot that this one was derived from.
    pub derived_from: Option<String>,
    /// Name of the sanitization policy.
    pub policy: String,
    /// Version of the policy.
    pub policy_version: i64,
    /// Summary for lists, as JSON.
    pub summary: String,
    /// Initial view, as URL parameters.
    pub view: String,
    /// Compressed size of the snapshot.
    pub payload_bytes: i64,
    /// Creation time.
    pub created_at: UnixNanos,
    /// Time of the last change of the envelope.
    pub changed_at: UnixNanos,
    /// Expiry; `None` for never.
    pub expires_at: Option<UnixNanos>,
    /// Time of the revocation.
    pub revoked_at: Option<UnixNanos>,
    /// How often it was opened.
    pub views: i64,
    /// Time of the last view.
    pub viewed_at: Option<UnixNanos>,
}

/// Position in the list of shares: the last share of the previous page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareCursor {
    /// Creation time of that share.
    pub created_at: UnixNanos,
    /// Its id.
    pub id: ShareId,
}

from_row!(
    ShareRow: id, link_hash, snapshot_hash, owner_id, owner_name, created_by, title, note, visibility, team_id, version,
    derived_from, policy, policy_version, summary, view, payload_bytes, created_at, changed_at, expires_at, revoked_at,
    views, viewed_at, everyone_signed_in
);

const SELECT: &str = "SELECT shares.id, link_hash, snapshot_hash, owner_id, \
     COALESCE(users.display_name, service_accounts.name, shares.owner_id) AS owner_name, \
     shares.created_by, title, note, visibility, team_id, version, derived_from, policy, policy_version, summary, view, \
     payload_bytes, shares.created_at, changed_at, expires_at, revoked_at, views, viewed_at, everyone_signed_in \
     FROM shares LEFT JOIN users ON users.id = shares.owner_id \
     LEFT JOIN service_accounts ON service_accounts.id = shares.owner_id";

/// Binds `$1` to `$19` of a statement that writes a share: its id, its version, and the fields that a change may set.
fn bind_envelope<'q>(statement: Statement<'q>, share: &ShareRow) -> Statement<'q> {
    statement
        .bind(&share.id)
        .bind(share.version)
        .bind(&share.link_hash)
        .bind(share.snapshot_hash.as_deref())
        .bind(&share.owner_id)
        .bind(&share.title)
        .bind(&share.note)
        .bind(&share.visibility)
        .bind(share.team_id.as_ref())
        .bind(share.derived_from.as_deref())
        .bind(&share.policy)
        .bind(share.policy_version)
        .bind(&share.summary)
        .bind(&share.view)
        .bind(share.payload_bytes)
        .bind(share.changed_at.to_stored())
        .bind(share.expires_at.to_stored())
        .bind(share.revoked_at.to_stored())
        .bind(share.everyone_signed_in.to_stored())
}

impl Records {
    /// The share behind a link, ended ones included.
    pub(crate) async fn share_by_link(&self, link_hash: &str) -> Result<Option<ShareRow>, DbError> {
        self.one_share("link_hash", link_hash).await
    }

    /// The share with this id.
    pub async fn share(&self, id: &ShareId) -> Result<Option<ShareRow>, DbError> {
        self.one_share("shares.id", id.as_str()).await
    }

    async fn one_share(&self, column: &str, value: &str) -> Result<Option<ShareRow>, DbError> {
        let sql = format!("{SELECT} WHERE {column} = $1");
        Ok(sqlx::query_as(AssertSqlSafe(sql)).bind(value).fetch_optional(&self.pool).await?)
    }

    /// Shares of one owner, or of all owners, newest first. With `for_everyone_at` only those that have not ended at that time and
    /// open for everyone who signs in.
    pub async fn shares(
        &self,
        owner_id: Option<&PrincipalId>,
        for_everyone_at: Option<UnixNanos>,
        before: Option<&ShareCursor>,
        limit: i64,
    ) -> Result<Vec<ShareRow>, DbError> {
        let for_everyone = match for_everyone_at {
            Some(_) => {
                "visibility = 'org' AND everyone_signed_in = 1 AND revoked_at IS NULL AND snapshot_hash IS NOT NULL \
                 AND (expires_at IS NULL OR expires_at > $4) AND"
            }
            None => "",
        };
        // An empty owner id selects no shares, not those of any owner.
        let of_owner = match (owner_id, for_everyone_at) {
            (None, _) => "",
            (Some(_), None) => "owner_id = $4 AND",
            (Some(_), Some(_)) => "owner_id = $5 AND",
        };
        let sql = format!(
            "{SELECT} WHERE {for_everyone} {of_owner} \
             (shares.created_at < $1 OR (shares.created_at = $1 AND shares.id < $2)) \
             ORDER BY shares.created_at DESC, shares.id DESC LIMIT $3"
        );
        let (at, id) = before.map_or((UnixNanos::MAX, ""), |b| (b.created_at, b.id.as_str()));
        let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(at.0).bind(id).bind(limit);
        if let Some(now) = for_everyone_at {
            query = query.bind(now.0);
        }
        if let Some(owner_id) = owner_id {
            query = query.bind(owner_id);
        }
        Ok(query.fetch_all(&self.pool).await?)
    }

    /// How many shares somebody has created since a time, and their total size in bytes.
    pub(crate) async fn shares_created_since(
        &self,
        by: &PrincipalId,
        since: UnixNanos,
    ) -> Result<(i64, i64), DbError> {
        let sums = sqlx::query_as(
            "SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(payload_bytes), 0) AS BIGINT) \
             FROM shares WHERE created_by = $1 AND created_at >= $2",
        );
        Ok(sums.bind(by).bind(since.0).fetch_one(&self.pool).await?)
    }

    /// Titles of an owner's shares that begin with a text, those of ended shares included.
    pub(crate) async fn share_titles(
        &self,
        owner_id: &PrincipalId,
        start: &str,
    ) -> Result<Vec<String>, DbError> {
        let titles = sqlx::query_scalar(
            "SELECT title FROM shares WHERE owner_id = $1 AND substr(title, 1, length($2)) = $2",
        );
        Ok(titles.bind(owner_id).bind(start).fetch_all(&self.pool).await?)
    }

    /// The enabled user with this name.
    pub(crate) async fn enabled_user_id(&self, name: &str) -> Result<Option<UserId>, DbError> {
        let row = sqlx::query_scalar("SELECT id FROM users WHERE name = $1 AND disabled_at IS NULL");
        Ok(row.bind(name.to_lowercase()).fetch_optional(&self.pool).await?)
    }

    /// Whether the team exists.
    pub(crate) async fn team_exists(&self, id: &TeamId) -> Result<bool, DbError> {
        let row: Option<TeamId> = sqlx::query_scalar("SELECT id FROM teams WHERE id = $1")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.is_some())
    }
}

impl Change {
    /// Inserts a share.
    pub(crate) async fn insert_share(&mut self, share: &ShareRow) -> Result<(), DbError> {
        let insert = sqlx::query(
            "INSERT INTO shares (id, version, link_hash, snapshot_hash, owner_id, title, note, visibility, team_id, \
             derived_from, policy, policy_version, summary, view, payload_bytes, changed_at, expires_at, revoked_at, \
             everyone_signed_in, created_by, created_at, views, viewed_at, view_noted_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
             $23, 0)",
        );
        let insert = bind_envelope(insert, share).bind(&share.created_by).bind(share.created_at.0);
        self.run(insert.bind(share.views).bind(share.viewed_at.to_stored())).await.map(drop)
    }

    /// Writes the mutable fields of a share if the stored version is the one before `share.version`. False if it is not.
    pub async fn update_share(&mut self, share: &ShareRow) -> Result<bool, DbError> {
        let update = sqlx::query(
            "UPDATE shares SET link_hash = $3, snapshot_hash = $4, owner_id = $5, title = $6, note = $7, visibility = $8, \
             team_id = $9, version = $2, derived_from = $10, policy = $11, policy_version = $12, summary = $13, view = $14, \
             payload_bytes = $15, changed_at = $16, expires_at = $17, revoked_at = $18, everyone_signed_in = $19 \
             WHERE id = $1 AND version = $2 - 1",
        );
        Ok(self.run(bind_envelope(update, share)).await? == 1)
    }

    /// Replaces the summary of a share, which is derived from its snapshot and no part of what a version counts, and a title that was
    /// copied from an older one. False if the share has another version meanwhile.
    pub(crate) async fn set_share_summary(
        &mut self,
        id: &ShareId,
        version: i64,
        summary: &str,
        title: &str,
    ) -> Result<bool, DbError> {
        let update = sqlx::query("UPDATE shares SET summary = $3, title = $4 WHERE id = $1 AND version = $2");
        let update = update.bind(id).bind(version).bind(summary.to_owned()).bind(title.to_owned());
        Ok(self.run(update).await? == 1)
    }

    /// Revokes all shares of an owner and returns how many.
    pub(crate) async fn revoke_shares_of(
        &mut self,
        owner_id: &PrincipalId,
        now: UnixNanos,
    ) -> Result<u64, DbError> {
        let update = sqlx::query(
            "UPDATE shares SET revoked_at = $2, changed_at = $2, version = version + 1 \
             WHERE owner_id = $1 AND revoked_at IS NULL",
        );
        self.run(update.bind(owner_id).bind(now.0)).await
    }

    /// Transfers all shares of an owner and returns how many.
    pub(crate) async fn transfer_shares_of(
        &mut self,
        owner_id: &PrincipalId,
        to: &PrincipalId,
        now: UnixNanos,
    ) -> Result<u64, DbError> {
        let update = sqlx::query(
            "UPDATE shares SET owner_id = $2, changed_at = $3, version = version + 1 WHERE owner_id = $1",
        );
        self.run(update.bind(owner_id).bind(to).bind(now.0)).await
    }

    /// Counts a view.
    pub(crate) async fn count_share_view(&mut self, id: &ShareId, now: UnixNanos) -> Result<(), DbError> {
        let update = sqlx::query("UPDATE shares SET views = views + 1, viewed_at = $2 WHERE id = $1");
        self.run(update.bind(id).bind(now.0)).await.map(drop)
    }

    /// Whether this view gets an audit entry: at most one in each `every` does.
    pub(crate) async fn claim_view_audit(
        &mut self,
        id: &ShareId,
        now: UnixNanos,
        every: Duration,
    ) -> Result<bool, DbError> {
        let update =
            sqlx::query("UPDATE shares SET view_noted_at = $2 WHERE id = $1 AND view_noted_at <= $3");
        Ok(self.run(update.bind(id).bind(now.0).bind(now.minus(every).0)).await? == 1)
    }
}

//! API tokens: everything but the secret, of which only a hash is stored.

use super::id::{PrincipalId, TokenId};
use super::row::{column, columns_of, insert, row, select};
use super::{Change, DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, FromRow};

/// An API token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TokenRow {
    pub(crate) id: TokenId,
    /// Its prefix, such as `fp_pat_`.
    pub(crate) prefix: String,
    /// Its last four characters.
    pub(crate) last_four: String,
    /// `pat`, `sa` or `agt`.
    pub(crate) kind: String,
    /// `user` or `service_account`.
    pub(crate) owner_kind: String,
    pub(crate) owner_id: PrincipalId,
    /// Display name, chosen by the owner.
    pub(crate) name: String,
    /// The role it is limited to.
    pub(crate) role: String,
    /// Selector of the profiles it is limited to.
    pub(crate) selector: String,
    /// Id of the first token in its chain of rotations.
    pub(crate) family: TokenId,
    /// The token that replaced it.
    pub(crate) replaced_by: Option<TokenId>,
    pub(crate) created_by: PrincipalId,
    pub(crate) created_at: UnixNanos,
    /// First moment at which it is no longer valid.
    pub(crate) expires_at: UnixNanos,
    /// Time of the revocation.
    pub(crate) revoked_at: Option<UnixNanos>,
    /// Time of the last use, to the minute.
    pub(crate) used_at: Option<UnixNanos>,
    /// Client address of the last use.
    pub(crate) used_ip: Option<String>,
}

row!(
    TokenRow: id, prefix, last_four, kind, owner_kind, owner_id, name, role, selector, family, replaced_by, created_by,
    created_at, expires_at, revoked_at, used_at, used_ip
);

/// A token found by its secret, with its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoundToken {
    pub(crate) token: TokenRow,
    /// Name of the owner; `None` if the owner no longer exists.
    pub(crate) owner_name: Option<String>,
    /// When the owner was disabled.
    pub(crate) owner_disabled_at: Option<UnixNanos>,
    /// Revision of all grants, see [`Change::grants_changed`].
    pub(crate) revision: String,
}

impl FromRow<'_, AnyRow> for FoundToken {
    fn from_row(row: &AnyRow) -> Result<FoundToken, sqlx::Error> {
        Ok(FoundToken {
            token: TokenRow::from_row(row)?,
            owner_name: column(row, "owner_name")?,
            owner_disabled_at: column(row, "owner_disabled_at")?,
            revision: column(row, "revision")?,
        })
    }
}

impl Records {
    /// The token whose secret has this hash.
    pub(crate) async fn token_by_hash(&self, secret_hash: &str) -> Result<Option<FoundToken>, DbError> {
        let row = sqlx::query_as(AssertSqlSafe(format!(
            "SELECT {}, COALESCE(u.name, s.name) AS owner_name, COALESCE(u.disabled_at, s.disabled_at) AS owner_disabled_at, \
             COALESCE((SELECT i.value FROM instance i WHERE i.name = 'revision'), '0') AS revision \
             FROM api_tokens t \
             LEFT JOIN users u ON t.owner_kind = 'user' AND u.id = t.owner_id \
             LEFT JOIN service_accounts s ON t.owner_kind = 'service_account' AND s.id = t.owner_id \
             WHERE t.secret_hash = $1",
            columns_of::<TokenRow>("t")
        )));
        Ok(row.bind(secret_hash).fetch_optional(&self.pool).await?)
    }

    /// The tokens of an owner that are valid, or ended after `since`; newest first.
    pub(crate) async fn tokens_of(
        &self,
        owner_kind: &str,
        owner_id: &PrincipalId,
        since: UnixNanos,
    ) -> Result<Vec<TokenRow>, DbError> {
        let rows = select(
            "FROM api_tokens WHERE owner_kind = $1 AND owner_id = $2 AND expires_at > $3 \
             AND (revoked_at IS NULL OR revoked_at > $3) ORDER BY created_at DESC, id DESC",
        );
        Ok(rows.bind(owner_kind).bind(owner_id).bind(since.0).fetch_all(&self.pool).await?)
    }

    /// All tokens that are valid, or ended after `since`; newest first.
    pub(crate) async fn tokens(&self, since: UnixNanos) -> Result<Vec<TokenRow>, DbError> {
        let rows = select(
            "FROM api_tokens WHERE expires_at > $1 AND (revoked_at IS NULL OR revoked_at > $1) \
             ORDER BY created_at DESC, id DESC",
        );
        Ok(rows.bind(since.0).fetch_all(&self.pool).await?)
    }
}

impl Change {
    /// The token with this id.
    pub(crate) async fn token(&mut self, id: &TokenId) -> Result<Option<TokenRow>, DbError> {
        Ok(select("FROM api_tokens WHERE id = $1").bind(id).fetch_optional(self.connection()).await?)
    }

    /// How many valid tokens an owner has.
    pub(crate) async fn count_live_tokens(
        &mut self,
        owner_kind: &str,
        owner_id: &PrincipalId,
        now: UnixNanos,
    ) -> Result<i64, DbError> {
        let count = sqlx::query_scalar(
            "SELECT COUNT(*) FROM api_tokens \
             WHERE owner_kind = $1 AND owner_id = $2 AND revoked_at IS NULL AND expires_at > $3",
        );
        Ok(count.bind(owner_kind).bind(owner_id).bind(now.0).fetch_one(self.connection()).await?)
    }

    /// Inserts a token.
    pub(crate) async fn insert_token(&mut self, token: &TokenRow, secret_hash: &str) -> Result<(), DbError> {
        let insert = insert("api_tokens", token, &["secret_hash"], "");
        self.run(insert.bind(secret_hash)).await.map(drop)
    }

    /// Marks a token as replaced; it stays valid until `expires_at`. False if it was replaced or revoked already: of
    /// several concurrent rotations, one wins.
    pub(crate) async fn replace_token(
        &mut self,
        id: &TokenId,
        replaced_by: &TokenId,
        expires_at: UnixNanos,
    ) -> Result<bool, DbError> {
        let update = sqlx::query(
            "UPDATE api_tokens SET replaced_by = $2, expires_at = $3 \
             WHERE id = $1 AND replaced_by IS NULL AND revoked_at IS NULL",
        );
        Ok(self.run(update.bind(id).bind(replaced_by).bind(expires_at.0)).await? == 1)
    }

    /// Revokes a token. False if it was revoked already.
    pub(crate) async fn revoke_token(&mut self, id: &TokenId, now: UnixNanos) -> Result<bool, DbError> {
        let update =
            sqlx::query("UPDATE api_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL");
        Ok(self.run(update.bind(id).bind(now.0)).await? == 1)
    }

    /// Revokes all tokens of a family and returns how many.
    pub(crate) async fn revoke_family(&mut self, family: &TokenId, now: UnixNanos) -> Result<u64, DbError> {
        let update =
            sqlx::query("UPDATE api_tokens SET revoked_at = $2 WHERE family = $1 AND revoked_at IS NULL");
        self.run(update.bind(family).bind(now.0)).await
    }

    /// Records the use of a token, unless a use after `unless_since` is recorded already.
    pub(crate) async fn note_token_use(
        &mut self,
        id: &TokenId,
        now: UnixNanos,
        ip: &str,
        unless_since: UnixNanos,
    ) -> Result<(), DbError> {
        let update = sqlx::query(
            "UPDATE api_tokens SET used_at = $2, used_ip = $3 WHERE id = $1 AND (used_at IS NULL OR used_at <= $4)",
        );
        self.run(update.bind(id).bind(now.0).bind(ip).bind(unless_since.0)).await.map(drop)
    }
}

//! API tokens: everything but the secret, of which only a hash is stored.

use super::from_row;
use super::id::{PrincipalId, TokenId};
use super::{Change, DbError, Records};

/// An API token. Times are nanoseconds since the epoch.
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
    pub(crate) created_at: i64,
    /// First moment at which it is no longer valid.
    pub(crate) expires_at: i64,
    /// Time of the revocation.
    pub(crate) revoked_at: Option<i64>,
    /// Time of the last use, to the minute.
    pub(crate) used_at: Option<i64>,
    /// Client address of the last use.
    pub(crate) used_ip: Option<String>,
}

from_row!(TokenRow {
    id,
    prefix,
    last_four,
    kind,
    owner_kind,
    owner_id,
    name,
    role,
    selector,
    family,
    replaced_by,
    created_by,
    created_at,
    expires_at,
    revoked_at,
    used_at,
    used_ip
});

/// A token found by its secret, with its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoundToken {
    pub(crate) token: TokenRow,
    /// Name of the owner; `None` if the owner no longer exists.
    pub(crate) owner_name: Option<String>,
    /// When the owner was disabled.
    pub(crate) owner_disabled_at: Option<i64>,
    /// Revision of all grants, see [`Change::grants_changed`].
    pub(crate) revision: String,
}

from_row!(FoundToken { owner_name, owner_disabled_at, revision } flatten { token });

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, prefix, last_four, kind, owner_kind, owner_id, name, role, selector, family, replaced_by, \
             created_by, created_at, expires_at, revoked_at, used_at, used_ip FROM api_tokens ",
            $rest
        )
    };
}

impl Records {
    /// The token whose secret has this hash.
    pub(crate) async fn token_by_hash(&self, secret_hash: &str) -> Result<Option<FoundToken>, DbError> {
        let row = sqlx::query_as(
            "SELECT t.id, t.prefix, t.last_four, t.kind, t.owner_kind, t.owner_id, t.name, t.role, t.selector, t.family, \
             t.replaced_by, t.created_by, t.created_at, t.expires_at, t.revoked_at, t.used_at, t.used_ip, \
             COALESCE(u.name, s.name) AS owner_name, COALESCE(u.disabled_at, s.disabled_at) AS owner_disabled_at, \
             COALESCE((SELECT i.value FROM instance i WHERE i.name = 'revision'), '0') AS revision \
             FROM api_tokens t \
             LEFT JOIN users u ON t.owner_kind = 'user' AND u.id = t.owner_id \
             LEFT JOIN service_accounts s ON t.owner_kind = 'service_account' AND s.id = t.owner_id \
             WHERE t.secret_hash = $1",
        );
        Ok(row.bind(secret_hash).fetch_optional(&self.pool).await?)
    }

    /// The tokens of an owner that are valid, or ended after `since`; newest first.
    pub(crate) async fn tokens_of(
        &self,
        owner_kind: &str,
        owner_id: &PrincipalId,
        since: i64,
    ) -> Result<Vec<TokenRow>, DbError> {
        let rows = sqlx::query_as(select!(
            "WHERE owner_kind = $1 AND owner_id = $2 AND expires_at > $3 AND (revoked_at IS NULL OR revoked_at > $3) \
             ORDER BY created_at DESC, id DESC"
        ));
        Ok(rows.bind(owner_kind).bind(owner_id).bind(since).fetch_all(&self.pool).await?)
    }

    /// All tokens that are valid, or ended after `since`; newest first.
    pub(crate) async fn tokens(&self, since: i64) -> Result<Vec<TokenRow>, DbError> {
        let rows = sqlx::query_as(select!(
            "WHERE expires_at > $1 AND (revoked_at IS NULL OR revoked_at > $1) ORDER BY created_at DESC, id DESC"
        ));
        Ok(rows.bind(since).fetch_all(&self.pool).await?)
    }
}

impl Change {
    /// The token with this id.
    pub(crate) async fn token(&mut self, id: &TokenId) -> Result<Option<TokenRow>, DbError> {
        let row = sqlx::query_as(select!("WHERE id = $1")).bind(id);
        Ok(row.fetch_optional(self.connection()).await?)
    }

    /// How many valid tokens an owner has.
    pub(crate) async fn count_live_tokens(
        &mut self,
        owner_kind: &str,
        owner_id: &PrincipalId,
        now: i64,
    ) -> Result<i64, DbError> {
        let count = sqlx::query_scalar(
            "SELECT COUNT(*) FROM api_tokens \
             WHERE owner_kind = $1 AND owner_id = $2 AND revoked_at IS NULL AND expires_at > $3",
        );
        Ok(count.bind(owner_kind).bind(owner_id).bind(now).fetch_one(self.connection()).await?)
    }

    /// Inserts a token.
    pub(crate) async fn insert_token(&mut self, token: &TokenRow, secret_hash: &str) -> Result<(), DbError> {
        sqlx::query(
            "INSERT INTO api_tokens (id, secret_hash, prefix, last_four, kind, owner_kind, owner_id, name, role, selector, \
             family, created_by, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        )
        .bind(&token.id)
        .bind(secret_hash)
        .bind(&token.prefix)
        .bind(&token.last_four)
        .bind(&token.kind)
        .bind(&token.owner_kind)
        .bind(&token.owner_id)
        .bind(&token.name)
        .bind(&token.role)
        .bind(&token.selector)
        .bind(&token.family)
        .bind(&token.created_by)
        .bind(token.created_at)
        .bind(token.expires_at)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Marks a token as replaced; it stays valid until `expires_at`. False if it was replaced or revoked already: of
    /// several concurrent rotations, one wins.
    pub(crate) async fn replace_token(
        &mut self,
        id: &TokenId,
        replaced_by: &TokenId,
        expires_at: i64,
    ) -> Result<bool, DbError> {
        let update = sqlx::query(
            "UPDATE api_tokens SET replaced_by = $2, expires_at = $3 \
             WHERE id = $1 AND replaced_by IS NULL AND revoked_at IS NULL",
        );
        let done = update.bind(id).bind(replaced_by).bind(expires_at).execute(self.connection()).await?;
        Ok(done.rows_affected() == 1)
    }

    /// Revokes a token. False if it was revoked already.
    pub(crate) async fn revoke_token(&mut self, id: &TokenId, now: i64) -> Result<bool, DbError> {
        let update =
            sqlx::query("UPDATE api_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL");
        Ok(update.bind(id).bind(now).execute(self.connection()).await?.rows_affected() == 1)
    }

    /// Revokes all tokens of a family and returns how many.
    pub(crate) async fn revoke_family(&mut self, family: &TokenId, now: i64) -> Result<u64, DbError> {
        let update =
            sqlx::query("UPDATE api_tokens SET revoked_at = $2 WHERE family = $1 AND revoked_at IS NULL");
        Ok(update.bind(family).bind(now).execute(self.connection()).await?.rows_affected())
    }

    /// Records the use of a token, unless a use after `unless_since` is recorded already.
    pub(crate) async fn note_token_use(
        &mut self,
        id: &TokenId,
        now: i64,
        ip: &str,
        unless_since: i64,
    ) -> Result<(), DbError> {
        let update = sqlx::query(
            "UPDATE api_tokens SET used_at = $2, used_ip = $3 WHERE id = $1 AND (used_at IS NULL OR used_at <= $4)",
        );
        update.bind(id).bind(now).bind(ip).bind(unless_since).execute(self.connection()).await?;
        Ok(())
    }
}

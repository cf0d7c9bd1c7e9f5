//! API tokens: what is known of them without the secret.

use super::{Change, DbError, Records};

/// A token.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct TokenRow {
    /// Id.
    pub(crate) id: String,
    /// What it begins with, such as `fp_pat_`.
    pub(crate) prefix: String,
    /// Its last four characters.
    pub(crate) last_four: String,
    /// `pat`, `sa` or `agt`.
    pub(crate) kind: String,
    /// `user` or `service_account`.
    pub(crate) owner_kind: String,
    /// Id of the owner.
    pub(crate) owner_id: String,
    /// What its owner calls it.
    pub(crate) name: String,
    /// At most this role.
    pub(crate) role: String,
    /// Over at most these profiles.
    pub(crate) selector: String,
    /// The same for all that came from one by rotation: the id of the first.
    pub(crate) family: String,
    /// Id of the token that took its place.
    pub(crate) replaced_by: Option<String>,
    /// Id of who made it.
    pub(crate) created_by: String,
    /// Nanoseconds since the epoch, as the others.
    pub(crate) created_at: i64,
    /// From when on it is dead.
    pub(crate) expires_at: i64,
    /// When it was revoked.
    pub(crate) revoked_at: Option<i64>,
    /// When it was last used, to the minute.
    pub(crate) used_at: Option<i64>,
    /// From where.
    pub(crate) used_ip: Option<String>,
}

/// A token that was shown, with whose it is.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct ShownToken {
    /// The token.
    #[sqlx(flatten)]
    pub(crate) token: TokenRow,
    /// Name of the owner; absent when it is gone.
    pub(crate) owner_name: Option<String>,
    /// When the owner was switched off.
    pub(crate) owner_disabled_at: Option<i64>,
    /// State of who may do what, see [`Change::grants_changed`].
    pub(crate) revision: String,
}

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
    /// The token with this hash, with all that decides on it.
    pub(crate) async fn token_by_hash(&self, secret_hash: &str) -> Result<Option<ShownToken>, DbError> {
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

    /// The tokens of one owner that live, or died after `since`; newest first.
    pub(crate) async fn tokens_of(
        &self,
        owner_kind: &str,
        owner_id: &str,
        since: i64,
    ) -> Result<Vec<TokenRow>, DbError> {
        let rows = sqlx::query_as(select!(
            "WHERE owner_kind = $1 AND owner_id = $2 AND expires_at > $3 AND (revoked_at IS NULL OR revoked_at > $3) \
             ORDER BY created_at DESC, id DESC"
        ));
        Ok(rows.bind(owner_kind).bind(owner_id).bind(since).fetch_all(&self.pool).await?)
    }

    /// All tokens that live, or died after `since`; newest first.
    pub(crate) async fn tokens(&self, since: i64) -> Result<Vec<TokenRow>, DbError> {
        let rows = sqlx::query_as(select!(
            "WHERE expires_at > $1 AND (revoked_at IS NULL OR revoked_at > $1) ORDER BY created_at DESC, id DESC"
        ));
        Ok(rows.bind(since).fetch_all(&self.pool).await?)
    }
}

impl Change {
    /// A token by its id.
    pub(crate) async fn token(&mut self, id: &str) -> Result<Option<TokenRow>, DbError> {
        let row = sqlx::query_as(select!("WHERE id = $1")).bind(id);
        Ok(row.fetch_optional(self.connection()).await?)
    }

    /// How many tokens of one owner live.
    pub(crate) async fn count_live_tokens(
        &mut self,
        owner_kind: &str,
        owner_id: &str,
        now: i64,
    ) -> Result<i64, DbError> {
        let count = sqlx::query_scalar(
            "SELECT COUNT(*) FROM api_tokens \
             WHERE owner_kind = $1 AND owner_id = $2 AND revoked_at IS NULL AND expires_at > $3",
        );
        Ok(count.bind(owner_kind).bind(owner_id).bind(now).fetch_one(self.connection()).await?)
    }

    /// Adds a token.
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

    /// Says that another token took the place of one that lives until `expires_at`. False when one did already, or
    /// it was revoked: of several rotations at once, one wins.
    pub(crate) async fn replace_token(
        &mut self,
        id: &str,
        replaced_by: &str,
        expires_at: i64,
    ) -> Result<bool, DbError> {
        let update = sqlx::query(
            "UPDATE api_tokens SET replaced_by = $2, expires_at = $3 \
             WHERE id = $1 AND replaced_by IS NULL AND revoked_at IS NULL",
        );
        let done = update.bind(id).bind(replaced_by).bind(expires_at).execute(self.connection()).await?;
        Ok(done.rows_affected() == 1)
    }

    /// Revokes a token. False when it was revoked already.
    pub(crate) async fn revoke_token(&mut self, id: &str, now: i64) -> Result<bool, DbError> {
        let update =
            sqlx::query("UPDATE api_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL");
        Ok(update.bind(id).bind(now).execute(self.connection()).await?.rows_affected() == 1)
    }

    /// Revokes all tokens of a family; how many that were.
    pub(crate) async fn revoke_family(&mut self, family: &str, now: i64) -> Result<u64, DbError> {
        let update =
            sqlx::query("UPDATE api_tokens SET revoked_at = $2 WHERE family = $1 AND revoked_at IS NULL");
        Ok(update.bind(family).bind(now).execute(self.connection()).await?.rows_affected())
    }

    /// Notes the use of a token, unless one was noted after `unless_since`.
    pub(crate) async fn note_token_use(
        &mut self,
        id: &str,
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

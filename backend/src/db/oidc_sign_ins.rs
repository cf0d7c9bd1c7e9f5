//! Sign-ins at the identity provider that are in progress.

use super::{Change, DbError};
use secrecy::{ExposeSecret, SecretString};
use sqlx::Row;

/// A sign-in in progress.
#[derive(Clone, Debug)]
pub(crate) struct OidcSignIn {
    /// SHA-256 of the `state`, hexadecimal.
    pub(crate) state_hash: String,
    /// SHA-256 of the secret in the browser's cookie, hexadecimal.
    pub(crate) browser_hash: String,
    /// Expected `nonce` of the ID token.
    pub(crate) nonce: SecretString,
    /// The code verifier (RFC 7636).
    pub(crate) verifier: SecretString,
    /// Redirect URI that was sent to the provider.
    pub(crate) redirect_uri: String,
    /// Path to return to afterwards.
    pub(crate) next: String,
    /// Nanoseconds since the epoch.
    pub(crate) expires_at: i64,
}

impl Change {
    /// Inserts a sign-in.
    pub(crate) async fn insert_oidc_sign_in(&mut self, begun: &OidcSignIn) -> Result<(), DbError> {
        sqlx::query(
            "INSERT INTO oidc_sign_ins (state_hash, browser_hash, nonce, verifier, redirect_uri, next, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&begun.state_hash)
        .bind(&begun.browser_hash)
        .bind(begun.nonce.expose_secret())
        .bind(begun.verifier.expose_secret())
        .bind(&begun.redirect_uri)
        .bind(&begun.next)
        .bind(begun.expires_at)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Removes a sign-in, so that it completes at most once. One begun in another browser stays, so that nobody can cancel
    /// a stranger's sign-in.
    pub(crate) async fn take_oidc_sign_in(
        &mut self,
        state_hash: &str,
        browser_hash: &str,
    ) -> Result<Option<OidcSignIn>, DbError> {
        let row = sqlx::query(
            "DELETE FROM oidc_sign_ins WHERE state_hash = $1 AND browser_hash = $2 \
             RETURNING nonce, verifier, redirect_uri, next, expires_at",
        );
        let row = row.bind(state_hash).bind(browser_hash).fetch_optional(self.connection()).await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(OidcSignIn {
            state_hash: state_hash.to_owned(),
            browser_hash: browser_hash.to_owned(),
            nonce: row.try_get::<String, _>(0)?.into(),
            verifier: row.try_get::<String, _>(1)?.into(),
            redirect_uri: row.try_get(2)?,
            next: row.try_get(3)?,
            expires_at: row.try_get(4)?,
        }))
    }

    /// Deletes sign-ins that expired before `now`.
    pub(crate) async fn delete_oidc_sign_ins(&mut self, now: i64) -> Result<(), DbError> {
        let delete = sqlx::query("DELETE FROM oidc_sign_ins WHERE expires_at <= $1").bind(now);
        delete.execute(self.connection()).await?;
        Ok(())
    }
}

//! Sign-ins at the identity provider that are in progress.

use super::row::{Row, insert, row};
use super::{Change, DbError};
use flarepath_profile::unix_nanos::UnixNanos;
use secrecy::SecretString;
use sqlx::AssertSqlSafe;

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
    pub(crate) expires_at: UnixNanos,
}

row!(OidcSignIn: state_hash, browser_hash, nonce, verifier, redirect_uri, next, expires_at);

impl Change {
    /// Inserts a sign-in.
    pub(crate) async fn insert_oidc_sign_in(&mut self, begun: &OidcSignIn) -> Result<(), DbError> {
        self.run(insert("oidc_sign_ins", begun, &[], "")).await.map(drop)
    }

    /// Removes a sign-in, so that it completes at most once. One begun in another browser stays, so that nobody can cancel
    /// a stranger's sign-in.
    pub(crate) async fn take_oidc_sign_in(
        &mut self,
        state_hash: &str,
        browser_hash: &str,
    ) -> Result<Option<OidcSignIn>, DbError> {
        let row = sqlx::query_as(AssertSqlSafe(format!(
            "DELETE FROM oidc_sign_ins WHERE state_hash = $1 AND browser_hash = $2 RETURNING {}",
            OidcSignIn::COLUMNS
        )));
        Ok(row.bind(state_hash).bind(browser_hash).fetch_optional(self.connection()).await?)
    }

    /// Deletes sign-ins that expired before `now`.
    pub(crate) async fn delete_oidc_sign_ins(&mut self, now: UnixNanos) -> Result<(), DbError> {
        let delete = sqlx::query("DELETE FROM oidc_sign_ins WHERE expires_at <= $1").bind(now.0);
        self.run(delete).await.map(drop)
    }
}

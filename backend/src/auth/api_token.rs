//! Authentication by API token.
//!
//! A token grants the intersection of what its owner may do and what the token is limited to, evaluated with each request.
//! A replaced token that is used after its overlap has ended must have been copied: all tokens of its family are revoked.

use super::grants::GrantCache;
use super::token_text::{self, TokenKind};
use super::{AuthError, Client, Grant, Kind, Principal, Role, Scope};
use crate::db::api_tokens::{FoundToken, TokenRow};
use crate::db::audit::AuditEntry;
use crate::db::id::PrincipalId;
use crate::db::{DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use std::time::Duration;

/// The use of a token is recorded at most this often.
const USE_RECORDED_EVERY: Duration = Duration::from_secs(60);

/// The principal of a token.
///
/// # Errors
/// [`AuthError::BadToken`] if it is malformed, unknown, expired or revoked, or its owner is disabled; nothing says which.
pub(crate) async fn identify(
    records: &Records,
    cache: &GrantCache,
    secret: &SecretString,
    client: &Client,
    now: UnixNanos,
    settled: UnixNanos,
) -> Result<Principal, AuthError> {
    if token_text::kind_of(secret.expose_secret()).is_none() {
        return Err(AuthError::BadToken);
    }
    let found = records.token_by_hash(&super::secret::digest(secret)).await?.ok_or(AuthError::BadToken)?;
    let token = &found.token;
    if token.revoked_at.is_some() {
        return Err(AuthError::BadToken);
    }
    if token.expires_at <= now {
        // Revoking is for good, so a clock that runs ahead must not cause it.
        if token.replaced_by.is_some() && token.expires_at <= settled {
            revoke_family(records, token, client, now).await?;
        }
        return Err(AuthError::BadToken);
    }
    let principal = principal(records, cache, &found).await?;
    record_use(records, token, client, now).await;
    Ok(principal)
}

/// The owner, limited to what the token allows.
async fn principal(
    records: &Records,
    cache: &GrantCache,
    found: &FoundToken,
) -> Result<Principal, AuthError> {
    let FoundToken { token, owner_name: Some(name), owner_disabled_at: None, revision } = found else {
        return Err(AuthError::BadToken);
    };
    let (kind, granted) = match token.owner_kind.as_str() {
        "user" => (Kind::User, cache.of_user(records, &token.owner_id.as_str().into(), revision).await?),
        "service_account" => {
            let id = token.owner_id.as_str().into();
            (Kind::ServiceAccount, cache.of_service_account(records, &id, revision).await?)
        }
        other => return Err(DbError::Damaged(format!("token with owner kind `{other}`")).into()),
    };
    let cap = cap(token)?;
    let grants = granted.grants.iter().filter_map(|grant| grant.intersect(&cap)).collect();
    let owner = Principal::new(kind, token.owner_id.clone(), name, granted.teams.clone(), Vec::new());
    let owner = owner.with_scope_teams(&granted.scope_teams).with_reading_teams(&granted.reading_teams);
    Ok(owner.with_token(&token.id, grants))
}

/// The grant that a token is limited to.
pub(super) fn cap(token: &TokenRow) -> Result<Grant, DbError> {
    let damaged = |error: &dyn std::fmt::Display| DbError::Damaged(format!("API token: {error}"));
    let role: Role = token.role.parse().map_err(|e| damaged(&e))?;
    let role = match TokenKind::named(&token.kind) {
        Some(TokenKind::Agent) => Role::Agent,
        Some(_) => role,
        None => return Err(damaged(&format!("unknown kind `{}`", token.kind))),
    };
    let selector: flarepath_profile::selector::Selector = token.selector.parse().map_err(|e| damaged(&e))?;
    // `{}` when only the role is limited.
    let scope = if selector.matchers.is_empty() { Scope::Everything } else { Scope::Matching(selector) };
    Ok(Grant { role, scope })
}

async fn revoke_family(
    records: &Records,
    token: &TokenRow,
    client: &Client,
    now: UnixNanos,
) -> Result<(), AuthError> {
    let mut change = records.change().await?;
    let revoked = change.revoke_family(&token.family, now).await?;
    let actor = client.actor_named(now, Kind::Anonymous.name(), PrincipalId::default(), "");
    let entry = AuditEntry::new(&actor, "token.reuse", "token", &token.id, &token.name);
    change.commit(entry.after(json!({ "family": token.family, "revoked": revoked }))).await?;
    tracing::warn!(token = %token.id, revoked, "replaced API token used after its overlap; token family revoked");
    Ok(())
}

/// Records the use of a token. A failure is no reason to reject the caller.
async fn record_use(records: &Records, token: &TokenRow, client: &Client, now: UnixNanos) {
    let unless_since = now.minus(USE_RECORDED_EVERY);
    if token.used_at.is_some_and(|at| at > unless_since) {
        return;
    }
    let recorded = async {
        let mut change = records.change().await?;
        change.note_token_use(&token.id, now, &client.ip.to_string(), unless_since).await?;
        change.commit_unaudited().await
    };
    if let Err(error) = recorded.await {
        tracing::warn!(%error, "recording API token use failed");
    }
}

//! Identifying a caller by its API token.
//!
//! A token gives what its owner may do now and the token allows, never more: both are looked at with each request. When a
//! token was replaced and is used after its overlap is over, somebody holds a copy: all tokens of its family are revoked.

use super::grants::GrantCache;
use super::token_text::{self, TokenKind};
use super::{AuthError, Client, Grant, Kind, Principal, Role, Scope, secret};
use crate::db::api_tokens::{ShownToken, TokenRow};
use crate::db::audit::AuditEntry;
use crate::db::{DbError, Records};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

/// The use of a token is written down at most this often, in nanoseconds.
const USE_NOTED_EVERY: i64 = 60_000_000_000;

/// Who shows this token.
///
/// # Errors
/// [`AuthError::BadToken`] when it is not one of ours, dead, or its owner is; nothing says which.
pub(crate) async fn identify(
    records: &Records,
    cache: &GrantCache,
    shown: &SecretString,
    client: &Client,
    now: i64,
) -> Result<Principal, AuthError> {
    if token_text::kind_of(shown.expose_secret()).is_none() {
        return Err(AuthError::BadToken);
    }
    let shown = records.token_by_hash(&secret::digest(shown)).await?.ok_or(AuthError::BadToken)?;
    let token = &shown.token;
    if token.revoked_at.is_some() {
        return Err(AuthError::BadToken);
    }
    if token.expires_at <= now {
        if token.replaced_by.is_some() {
            revoke_stolen(records, token, client, now).await?;
        }
        return Err(AuthError::BadToken);
    }
    let principal = principal(records, cache, &shown).await?;
    note_use(records, token, client, now).await;
    Ok(principal)
}

/// The owner, with what the token leaves of its rights.
async fn principal(
    records: &Records,
    cache: &GrantCache,
    shown: &ShownToken,
) -> Result<Principal, AuthError> {
    let ShownToken { token, owner_name: Some(name), owner_disabled_at: None, revision } = shown else {
        return Err(AuthError::BadToken);
    };
    let (kind, granted) = match token.owner_kind.as_str() {
        "user" => (Kind::User, cache.of_user(records, &token.owner_id, revision).await?),
        "service_account" => {
            (Kind::ServiceAccount, cache.of_service_account(records, &token.owner_id, revision).await?)
        }
        other => return Err(DbError::Damaged(format!("a token of a `{other}`")).into()),
    };
    let cap = cap(token)?;
    let grants = granted.grants.iter().filter_map(|grant| grant.meet(&cap)).collect();
    let owner = Principal::new(kind, &token.owner_id, name, granted.teams.clone(), Vec::new());
    Ok(owner.through_token(&token.id, grants))
}

/// What the token allows at most.
pub(super) fn cap(token: &TokenRow) -> Result<Grant, DbError> {
    let damaged = |error: &dyn std::fmt::Display| DbError::Damaged(format!("a token: {error}"));
    let role: Role = token.role.parse().map_err(|e| damaged(&e))?;
    let role = match TokenKind::named(&token.kind) {
        Some(TokenKind::Agent) => Role::Agent,
        Some(_) => role,
        None => return Err(damaged(&format!("its kind `{}` is unknown", token.kind))),
    };
    let selector: flarepath_profile::selector::Selector = token.selector.parse().map_err(|e| damaged(&e))?;
    // Written `{}` when the token narrows the role only.
    let scope = if selector.matchers.is_empty() { Scope::Everything } else { Scope::Matching(selector) };
    Ok(Grant { role, scope })
}

async fn revoke_stolen(
    records: &Records,
    token: &TokenRow,
    client: &Client,
    now: i64,
) -> Result<(), AuthError> {
    let mut change = records.change().await?;
    let revoked = change.revoke_family(&token.family, now).await?;
    let actor = client.actor_named(now, Kind::Anonymous.name(), "", "");
    let entry = AuditEntry::new(&actor, "token.reuse", "token", &token.id, &token.name);
    change.commit(entry.after(json!({ "family": token.family, "revoked": revoked }))).await?;
    tracing::warn!(token = token.id, revoked, "a replaced token was used again: its family is revoked");
    Ok(())
}

/// Writes down that a token was used. A failure is no reason to refuse the caller.
async fn note_use(records: &Records, token: &TokenRow, client: &Client, now: i64) {
    let unless_since = now.saturating_sub(USE_NOTED_EVERY);
    if token.used_at.is_some_and(|at| at > unless_since) {
        return;
    }
    let noted = async {
        let mut change = records.change().await?;
        change.note_token_use(&token.id, now, &client.ip.to_string(), unless_since).await?;
        change.commit_unaudited().await
    };
    if let Err(error) = noted.await {
        tracing::warn!(%error, "the use of a token could not be noted");
    }
}

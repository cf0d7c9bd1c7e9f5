//! Creating, rotating and revoking API tokens. Authentication by token is in [`super::api_token`].

use super::token_text::{self, TokenKind};
use super::{
    AuthError, Grant, Kind, Principal, Role, api_token, grants, secret, service_accounts, validation,
};
use crate::db::api_tokens::TokenRow;
use crate::db::audit::{Actor, AuditEntry};
use crate::db::id::{PrincipalId, ServiceAccountId, TokenId};
use crate::db::{Change, Records};
use crate::problem::ProblemKind;
use flarepath_profile::unix_nanos::UnixNanos;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// Default lifetime.
pub(crate) const DEFAULT_LIFETIME: Duration = Duration::from_secs(90 * 24 * 3600);
/// Longest lifetime: a token must be looked at once a year.
pub(crate) const MAX_LIFETIME: Duration = Duration::from_secs(365 * 24 * 3600);
/// How long a replaced token stays valid by default.
pub(crate) const DEFAULT_OVERLAP: Duration = Duration::from_secs(3600);
/// How long it may stay valid at most.
pub(crate) const MAX_OVERLAP: Duration = DAY;
/// Ended tokens stay listed for this long, to show why a program was rejected.
const LISTED_AFTER_END: Duration = Duration::from_secs(90 * 24 * 3600);
/// Valid tokens per owner.
const MAX_TOKENS: i64 = 100;

/// A token to be created.
#[derive(Clone, Debug)]
pub(crate) struct NewToken {
    /// Display name.
    pub(crate) name: String,
    /// The role it is limited to.
    pub(crate) role: Role,
    /// Selector of the profiles it is limited to; empty or `{}` for all of the owner's.
    pub(crate) selector: String,
    pub(crate) lifetime: Duration,
}

/// A token that was just created.
#[derive(Debug)]
pub(crate) struct CreatedToken {
    pub(crate) token: TokenRow,
    /// The token itself, shown once.
    pub(crate) secret: SecretString,
}

/// Which tokens a caller may manage.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Access<'a> {
    /// The user's own.
    Own(&'a PrincipalId),
    /// Those of service accounts. Nobody gets a secret that acts as another user.
    ServiceAccounts,
    /// All tokens, for administrators.
    All,
}

/// Creates a personal token.
///
/// # Errors
/// [`AuthError::Forbidden`] if it would grant more than the user has; [`AuthError::Invalid`] for invalid input.
pub(crate) async fn create_own(
    records: &Records,
    actor: &Actor,
    who: &Principal,
    new: &NewToken,
) -> Result<CreatedToken, AuthError> {
    if who.kind() != Kind::User {
        return Err(AuthError::invalid(
            ProblemKind::NoSignIn,
            "sign-in is disabled on this server, so no token is needed",
        ));
    }
    let created = draft(actor, TokenKind::Personal, ("user", who.id().clone()), new)?;
    let cap = api_token::cap(&created.token)?;
    if !covers(who.grants(), &cap) {
        return Err(AuthError::Forbidden(format!(
            "a token with the role {} would grant more than you have",
            new.role.name()
        )));
    }
    insert(records.change().await?, actor, created).await
}

/// Creates a token of a service account. `creator` are the grants of the caller.
///
/// # Errors
/// As [`create_own`]; [`AuthError::NotFound`]; [`AuthError::Conflict`] if the account itself lacks the role.
pub(crate) async fn create_for_service_account(
    records: &Records,
    actor: &Actor,
    creator: &[Grant],
    account_id: &ServiceAccountId,
    new: &NewToken,
) -> Result<CreatedToken, AuthError> {
    let created = draft_for_service_account(actor, account_id, new)?;
    let cap = api_token::cap(&created.token)?;
    let account = grants::of_service_account(records, account_id).await?;
    let mut change = records.change().await?;
    service_accounts::find(&mut change, account_id).await?;
    let role = new.role.name();
    if !covers(creator, &cap) {
        let detail = format!("a token with the role {role} would grant more than you have");
        return Err(AuthError::Forbidden(detail));
    }
    if !covers(&account.grants, &cap) {
        let detail =
            format!("the service account does not have the role {role}; create the role binding first");
        return Err(AuthError::Conflict(detail));
    }
    insert(change, actor, created).await
}

/// Replaces a valid token by a new one. The old one stays valid for `overlap`.
///
/// # Errors
/// [`AuthError::NotFound`]; [`AuthError::Conflict`] if it has ended or was replaced.
pub(crate) async fn rotate(
    records: &Records,
    actor: &Actor,
    access: Access<'_>,
    id: &TokenId,
    overlap: Duration,
) -> Result<CreatedToken, AuthError> {
    if overlap > MAX_OVERLAP {
        return Err(AuthError::invalid(
            ProblemKind::BadOverlap,
            "a replaced token stays valid for at most 24 hours (86400 s)",
        ));
    }
    let mut change = records.change().await?;
    let old = find(&mut change, access, id).await?;
    if old.revoked_at.is_some() || old.expires_at <= actor.at || old.replaced_by.is_some() {
        return Err(ended());
    }
    let kind = TokenKind::named(&old.kind)
        .ok_or_else(|| AuthError::Internal(format!("token {id} has the unknown kind `{}`", old.kind)))?;
    let lifetime = u64::try_from(old.expires_at.nanos_since(old.created_at)).unwrap_or(0);
    let lifetime = Duration::from_nanos(lifetime).min(MAX_LIFETIME);
    let secret = token_text::generate(kind);
    let token = TokenRow {
        id: TokenId::random(),
        last_four: token_text::last_four(&secret),
        created_by: actor.id.clone(),
        created_at: actor.at,
        expires_at: actor.at.plus(lifetime),
        used_at: None,
        used_ip: None,
        ..old.clone()
    };
    let valid_until = old.expires_at.min(actor.at.plus(overlap));
    if !change.replace_token(id, &token.id, valid_until).await? {
        return Err(ended());
    }
    change.insert_token(&token, &secret::digest(&secret)).await?;
    let entry = entry(actor, "token.rotate", &token);
    change
        .commit(entry.before(json!({ "id": id, "good_until": valid_until })).after(audited(&token)))
        .await?;
    Ok(CreatedToken { token, secret })
}

/// Revokes a token, effective with the next request.
///
/// # Errors
/// [`AuthError::NotFound`].
pub(crate) async fn revoke(
    records: &Records,
    actor: &Actor,
    access: Access<'_>,
    id: &TokenId,
) -> Result<(), AuthError> {
    let mut change = records.change().await?;
    let token = find(&mut change, access, id).await?;
    if !change.revoke_token(id, actor.at).await? {
        return Ok(());
    }
    Ok(change.commit(entry(actor, "token.revoke", &token).before(audited(&token))).await?)
}

/// The tokens of an owner, recently ended ones included.
pub(crate) async fn list(
    records: &Records,
    owner: (&str, &PrincipalId),
    now: UnixNanos,
) -> Result<Vec<TokenRow>, AuthError> {
    Ok(records.tokens_of(owner.0, owner.1, now.minus(LISTED_AFTER_END)).await?)
}

/// The tokens of all owners, recently ended ones included.
pub(crate) async fn list_all(records: &Records, now: UnixNanos) -> Result<Vec<TokenRow>, AuthError> {
    Ok(records.tokens(now.minus(LISTED_AFTER_END)).await?)
}

/// Whether one of the grants includes the role of `cap`, for some profiles at least. For which is decided when the token
/// is used.
fn covers(grants: &[Grant], cap: &Grant) -> bool {
    grants.iter().any(|grant| grant.intersect(cap).is_some_and(|both| both.role == cap.role))
}

/// A token of a service account, not stored yet.
pub(super) fn draft_for_service_account(
    actor: &Actor,
    account: &ServiceAccountId,
    new: &NewToken,
) -> Result<CreatedToken, AuthError> {
    let kind = if new.role == Role::Agent { TokenKind::Agent } else { TokenKind::ServiceAccount };
    draft(actor, kind, ("service_account", account.into()), new)
}

fn draft(
    actor: &Actor,
    kind: TokenKind,
    (owner_kind, owner_id): (&str, PrincipalId),
    new: &NewToken,
) -> Result<CreatedToken, AuthError> {
    if new.lifetime < DAY || new.lifetime > MAX_LIFETIME {
        return Err(AuthError::invalid(
            ProblemKind::BadExpiry,
            "the lifetime of a token must be 1 to 365 days",
        ));
    }
    let secret = token_text::generate(kind);
    let id = TokenId::random();
    let selector = if new.selector.trim().is_empty() { "{}" } else { &new.selector };
    let token = TokenRow {
        prefix: kind.prefix(),
        last_four: token_text::last_four(&secret),
        kind: kind.name().to_owned(),
        owner_kind: owner_kind.to_owned(),
        owner_id,
        name: validation::title("a token's name", &new.name)?,
        role: new.role.name().to_owned(),
        selector: validation::selector(selector)?,
        family: id.clone(),
        replaced_by: None,
        created_by: actor.id.clone(),
        created_at: actor.at,
        expires_at: actor.at.plus(new.lifetime),
        revoked_at: None,
        used_at: None,
        used_ip: None,
        id,
    };
    Ok(CreatedToken { token, secret })
}

/// Stores a token and commits.
pub(super) async fn insert(
    mut change: Change,
    actor: &Actor,
    created: CreatedToken,
) -> Result<CreatedToken, AuthError> {
    let token = &created.token;
    if change.count_live_tokens(&token.owner_kind, &token.owner_id, actor.at).await? >= MAX_TOKENS {
        let detail = format!("there are {MAX_TOKENS} valid tokens already; revoke some first");
        return Err(AuthError::Conflict(detail));
    }
    change.insert_token(token, &secret::digest(&created.secret)).await?;
    change.commit(entry(actor, "token.create", token).after(audited(token))).await?;
    Ok(created)
}

/// A token outside of the caller's access does not exist for the caller.
async fn find(change: &mut Change, access: Access<'_>, id: &TokenId) -> Result<TokenRow, AuthError> {
    let accessible = |token: &TokenRow| match access {
        Access::All => true,
        Access::ServiceAccounts => token.owner_kind == "service_account",
        Access::Own(user_id) => token.owner_kind == "user" && token.owner_id == *user_id,
    };
    let found = change.token(id).await?.filter(accessible);
    found.ok_or_else(|| AuthError::NotFound("token not found".to_owned()))
}

fn ended() -> AuthError {
    AuthError::Conflict("the token has expired or was revoked or replaced; create a new one".to_owned())
}

fn entry(actor: &Actor, action: &'static str, token: &TokenRow) -> AuditEntry {
    AuditEntry::new(actor, action, "token", &token.id, &token.name)
}

fn audited(token: &TokenRow) -> Value {
    json!({
        "kind": token.kind,
        "owner_kind": token.owner_kind,
        "owner_id": token.owner_id,
        "role": token.role,
        "selector": token.selector,
        "expires_at": token.expires_at,
    })
}

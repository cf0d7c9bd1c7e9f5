//! Making, replacing and revoking API tokens. What one is worth when it is shown, [`super::api_token`] says.

use super::token_text::{self, TokenKind};
use super::{AuthError, Grant, Kind, Principal, Role, api_token, grants, secret, service_accounts, written};
use crate::db::api_tokens::TokenRow;
use crate::db::audit::{Actor, AuditEntry};
use crate::db::{Change, Records, id};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// How long a token lives if nobody says.
pub(crate) const DEFAULT_LIFETIME: Duration = Duration::from_secs(90 * 24 * 3600);
/// How long it may live: what nobody looks at for a year is forgotten.
pub(crate) const MAX_LIFETIME: Duration = Duration::from_secs(365 * 24 * 3600);
/// How long a replaced token is still good if nobody says.
pub(crate) const DEFAULT_OVERLAP: Duration = Duration::from_secs(3600);
/// How long it may be good.
pub(crate) const MAX_OVERLAP: Duration = DAY;
/// Dead tokens stay listed that long, so that one can see why a program stopped.
const REMEMBERED: Duration = Duration::from_secs(90 * 24 * 3600);
/// Live tokens of one owner.
const MAX_TOKENS: i64 = 100;

/// What a token is to be.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    /// What it is called.
    pub(crate) name: String,
    /// At most this role.
    pub(crate) role: Role,
    /// Over at most these profiles; empty or `{}` for no less than the owner.
    pub(crate) selector: String,
    /// How long it lives.
    pub(crate) lifetime: Duration,
}

/// A token that was just made.
#[derive(Debug)]
pub(crate) struct Made {
    /// What is kept of it.
    pub(crate) token: TokenRow,
    /// The token itself, shown once.
    pub(crate) secret: SecretString,
}

/// Whose tokens somebody works on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reach<'a> {
    /// One's own.
    Own(&'a str),
    /// Those of service accounts. Nobody gets a secret that acts as another person.
    ServiceAccounts,
    /// All: an administrator's.
    All,
}

/// Makes a token of the person `who`.
///
/// # Errors
/// [`AuthError::Forbidden`] when it would give more than the person has; [`AuthError::Invalid`] for what cannot be kept.
pub(crate) async fn create_own(
    records: &Records,
    actor: &Actor,
    who: &Principal,
    wish: &Wish,
) -> Result<Made, AuthError> {
    if who.kind() != Kind::User {
        return Err(AuthError::invalid("no-sign-in", "there is no sign-in here, so nothing needs a token"));
    }
    let made = draft(actor, TokenKind::Personal, ("user", who.id()), wish)?;
    let cap = api_token::cap(&made.token)?;
    if !covers(who.grants(), &cap) {
        return Err(AuthError::Forbidden(format!(
            "a token with the role {} would give more than you have",
            wish.role.name()
        )));
    }
    keep(records.change().await?, actor, made).await
}

/// Makes a token of a service account. `creator` is what the one who makes it may do.
///
/// # Errors
/// As [`create_own`]; [`AuthError::NotFound`]; [`AuthError::Conflict`] when the account may not do that itself.
pub(crate) async fn create_for_service_account(
    records: &Records,
    actor: &Actor,
    creator: &[Grant],
    account_id: &str,
    wish: &Wish,
) -> Result<Made, AuthError> {
    let kind = if wish.role == Role::Agent { TokenKind::Agent } else { TokenKind::ServiceAccount };
    let made = draft(actor, kind, ("service_account", account_id), wish)?;
    let cap = api_token::cap(&made.token)?;
    let account = grants::of_service_account(records, account_id).await?;
    let mut change = records.change().await?;
    service_accounts::find(&mut change, account_id).await?;
    let role = wish.role.name();
    if !covers(creator, &cap) {
        let detail = format!("a token with the role {role} would give more than you have");
        return Err(AuthError::Forbidden(detail));
    }
    if !covers(&account.grants, &cap) {
        let detail =
            format!("the service account does not have the role {role}; bind it to the account first");
        return Err(AuthError::Conflict(detail));
    }
    keep(change, actor, made).await
}

/// Puts a new token in the place of one that lives, which is still good for `overlap`.
///
/// # Errors
/// [`AuthError::NotFound`]; [`AuthError::Conflict`] when it is dead or was replaced.
pub(crate) async fn rotate(
    records: &Records,
    actor: &Actor,
    reach: Reach<'_>,
    id: &str,
    overlap: Duration,
) -> Result<Made, AuthError> {
    if overlap > MAX_OVERLAP {
        return Err(AuthError::invalid(
            "bad-overlap",
            "a replaced token is good for 24 hours (86400 s) at most",
        ));
    }
    let mut change = records.change().await?;
    let old = find(&mut change, reach, id).await?;
    if old.revoked_at.is_some() || old.expires_at <= actor.at || old.replaced_by.is_some() {
        return Err(dead());
    }
    let kind = TokenKind::named(&old.kind)
        .ok_or_else(|| AuthError::Internal(format!("token {id} is of the unknown kind `{}`", old.kind)))?;
    let lifetime = old.expires_at.saturating_sub(old.created_at).min(ns(MAX_LIFETIME));
    let secret = token_text::generate(kind);
    let token = TokenRow {
        id: id::new_id(),
        last_four: token_text::last_four(&secret),
        created_by: actor.id.clone(),
        created_at: actor.at,
        expires_at: actor.at.saturating_add(lifetime),
        used_at: None,
        used_ip: None,
        ..old.clone()
    };
    let good_until = old.expires_at.min(actor.at.saturating_add(ns(overlap)));
    if !change.replace_token(id, &token.id, good_until).await? {
        return Err(dead());
    }
    change.insert_token(&token, &secret::digest(&secret)).await?;
    let entry = entry(actor, "token.rotate", &token);
    change.commit(entry.before(json!({ "id": id, "good_until": good_until })).after(about(&token))).await?;
    Ok(Made { token, secret })
}

/// Revokes a token; from the next request on it is refused.
///
/// # Errors
/// [`AuthError::NotFound`].
pub(crate) async fn revoke(
    records: &Records,
    actor: &Actor,
    reach: Reach<'_>,
    id: &str,
) -> Result<(), AuthError> {
    let mut change = records.change().await?;
    let token = find(&mut change, reach, id).await?;
    if !change.revoke_token(id, actor.at).await? {
        return Ok(());
    }
    Ok(change.commit(entry(actor, "token.revoke", &token).before(about(&token))).await?)
}

/// The tokens of an owner, those that died lately included.
pub(crate) async fn list(
    records: &Records,
    owner: (&str, &str),
    now: i64,
) -> Result<Vec<TokenRow>, AuthError> {
    Ok(records.tokens_of(owner.0, owner.1, now.saturating_sub(ns(REMEMBERED))).await?)
}

/// The tokens of all owners.
pub(crate) async fn list_all(records: &Records, now: i64) -> Result<Vec<TokenRow>, AuthError> {
    Ok(records.tokens(now.saturating_sub(ns(REMEMBERED))).await?)
}

/// Whether all that `cap` gives is in one of the grants, over some profiles at least. Over which, is decided when the token is used.
fn covers(grants: &[Grant], cap: &Grant) -> bool {
    grants.iter().any(|grant| grant.meet(cap).is_some_and(|met| met.role == cap.role))
}

/// A token that is not kept yet.
pub(super) fn draft(
    actor: &Actor,
    kind: TokenKind,
    (owner_kind, owner_id): (&str, &str),
    wish: &Wish,
) -> Result<Made, AuthError> {
    if wish.lifetime < DAY || wish.lifetime > MAX_LIFETIME {
        return Err(AuthError::invalid("bad-expiry", "a token lives 1 to 365 days"));
    }
    let secret = token_text::generate(kind);
    let id = id::new_id();
    let selector = if wish.selector.trim().is_empty() { "{}" } else { &wish.selector };
    let token = TokenRow {
        prefix: kind.prefix(),
        last_four: token_text::last_four(&secret),
        kind: kind.name().to_owned(),
        owner_kind: owner_kind.to_owned(),
        owner_id: owner_id.to_owned(),
        name: written::title("a token's name", &wish.name)?,
        role: wish.role.name().to_owned(),
        selector: written::selector(selector)?,
        family: id.clone(),
        replaced_by: None,
        created_by: actor.id.clone(),
        created_at: actor.at,
        expires_at: actor.at.saturating_add(ns(wish.lifetime)),
        revoked_at: None,
        used_at: None,
        used_ip: None,
        id,
    };
    Ok(Made { token, secret })
}

/// Keeps it and commits.
pub(super) async fn keep(mut change: Change, actor: &Actor, made: Made) -> Result<Made, AuthError> {
    let token = &made.token;
    if change.count_live_tokens(&token.owner_kind, &token.owner_id, actor.at).await? >= MAX_TOKENS {
        let detail = format!("there are {MAX_TOKENS} live tokens already; revoke some first");
        return Err(AuthError::Conflict(detail));
    }
    change.insert_token(token, &secret::digest(&made.secret)).await?;
    change.commit(entry(actor, "token.create", token).after(about(token))).await?;
    Ok(made)
}

/// One that is out of reach is not there.
async fn find(change: &mut Change, reach: Reach<'_>, id: &str) -> Result<TokenRow, AuthError> {
    let is_within = |token: &TokenRow| match reach {
        Reach::All => true,
        Reach::ServiceAccounts => token.owner_kind == "service_account",
        Reach::Own(user_id) => token.owner_kind == "user" && token.owner_id == user_id,
    };
    let found = change.token(id).await?.filter(is_within);
    found.ok_or_else(|| AuthError::NotFound("there is no such token".to_owned()))
}

fn dead() -> AuthError {
    AuthError::Conflict("the token is expired, revoked or replaced already; make a new one".to_owned())
}

fn entry(actor: &Actor, action: &'static str, token: &TokenRow) -> AuditEntry {
    AuditEntry::new(actor, action, "token", &token.id, &token.name)
}

fn about(token: &TokenRow) -> Value {
    json!({
        "kind": token.kind,
        "owner_kind": token.owner_kind,
        "owner_id": token.owner_id,
        "role": token.role,
        "selector": token.selector,
        "expires_at": token.expires_at,
    })
}

fn ns(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}

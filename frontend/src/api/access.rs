//! Teams, role bindings, service accounts and API tokens.

use super::change::{Change, delete, fetch, send};
use super::people::{ms, users};
use super::{ApiError, get};
use crate::state::people::{
    Binding, Member, ServiceAccount, Team, Token, TokenOwner, TokenState, WantedToken,
};
use crate::state::url_text::encode;
use flarepath_wire::access as wire;
use gloo_net::http::Method;

/// All teams.
pub(crate) async fn teams() -> Result<Vec<Team>, ApiError> {
    let answer: wire::TeamsResponse = get("/api/v1/teams", None).await?;
    let member = |m: wire::Member| Member { id: m.user_id, name: m.name, from_groups: m.source == "oidc" };
    let team = |t: wire::Team| Team {
        id: t.id,
        name: t.name,
        selector: t.selector,
        members: t.members.into_iter().map(member).collect(),
    };
    Ok(answer.teams.into_iter().map(team).collect())
}

/// Creates or changes a team; of its members, sends only those that differ from `before`.
pub(crate) fn save_team(
    id: &str,
    name: &str,
    selector: &str,
    before: &[String],
    members: &[String],
) -> Change<()> {
    let draft = wire::TeamDraft { name: name.to_owned(), selector: selector.to_owned() };
    let (id, before, members) = (id.to_owned(), before.to_vec(), members.to_vec());
    Box::pin(async move {
        let id = if id.is_empty() {
            fetch::<wire::Team>(Method::POST, "/api/v1/teams", &draft).await?.id
        } else {
            send(Method::PUT, &format!("/api/v1/teams/{}", encode(&id)), &draft).await?;
            id
        };
        let path = |user: &str| format!("/api/v1/teams/{}/members/{}", encode(&id), encode(user));
        for user in members.iter().filter(|user| !before.contains(user)) {
            send(Method::PUT, &path(user), &serde_json::json!({})).await?;
        }
        for user in before.iter().filter(|user| !members.contains(user)) {
            delete(&path(user)).await?;
        }
        Ok(())
    })
}

pub(crate) fn delete_team(id: &str) -> Change<()> {
    delete(&format!("/api/v1/teams/{}", encode(id)))
}

/// Role bindings, with the names of their subjects and scopes.
pub(crate) async fn bindings() -> Result<Vec<Binding>, ApiError> {
    let answer: wire::BindingsResponse = get("/api/v1/bindings", None).await?;
    let (users, teams, accounts) = (users().await?, teams().await?, service_accounts().await?);
    let team = |id: &str| teams.iter().find(|team| team.id == id).map(|team| team.name.clone());
    let named = |kind: &str, id: &str| match kind {
        "user" => users.iter().find(|user| user.id == id).map(|user| user.name.clone()),
        "team" => team(id),
        _ => accounts.iter().find(|account| account.id == id).map(|account| account.name.clone()),
    };
    let binding = |b: wire::Binding| Binding {
        subject_name: named(&b.subject_kind, &b.subject_id).unwrap_or_else(|| b.subject_id.clone()),
        scope_name: team(&b.scope).unwrap_or_default(),
        id: b.id,
        subject_kind: b.subject_kind,
        subject_id: b.subject_id,
        role: b.role,
        scope_kind: b.scope_kind,
        scope: b.scope,
        from_groups: b.source == "oidc",
    };
    Ok(answer.bindings.into_iter().map(binding).collect())
}

/// Creates a role binding.
pub(crate) fn create_binding(binding: &Binding) -> Change<()> {
    let Binding { subject_kind, subject_id, role, scope_kind, scope, .. } = binding.clone();
    let draft = wire::BindingDraft { subject_kind, subject_id, role, scope_kind, scope };
    send(Method::POST, "/api/v1/bindings", &draft)
}

/// Deletes a role binding.
pub(crate) fn delete_binding(id: &str) -> Change<()> {
    delete(&format!("/api/v1/bindings/{}", encode(id)))
}

/// All service accounts.
pub(crate) async fn service_accounts() -> Result<Vec<ServiceAccount>, ApiError> {
    let answer: wire::ServiceAccountsResponse = get("/api/v1/service-accounts", None).await?;
    let account = |a: wire::ServiceAccount| ServiceAccount {
        id: a.id,
        name: a.name,
        created_ms: ms(a.created_at_ns),
        disabled: a.disabled,
    };
    Ok(answer.service_accounts.into_iter().map(account).collect())
}

/// Adds a service account.
pub(crate) fn create_service_account(name: &str) -> Change<()> {
    send(Method::POST, "/api/v1/service-accounts", &wire::ServiceAccountDraft { name: name.to_owned() })
}

/// Disables or enables a service account.
pub(crate) fn set_account_disabled(id: &str, disabled: bool) -> Change<()> {
    let path = format!("/api/v1/service-accounts/{}", encode(id));
    send(Method::PATCH, &path, &wire::ServiceAccountChange { disabled })
}

/// Path of the tokens of an owner.
fn tokens_path(owner: &TokenOwner) -> String {
    match owner {
        TokenOwner::Me => "/api/v1/me/tokens".to_owned(),
        TokenOwner::ServiceAccount(id) => format!("/api/v1/service-accounts/{}/tokens", encode(id)),
    }
}

fn token_path(owner: &TokenOwner, id: &str) -> String {
    match owner {
        TokenOwner::Me => format!("/api/v1/me/tokens/{}", encode(id)),
        TokenOwner::ServiceAccount(_) => format!("/api/v1/tokens/{}", encode(id)),
    }
}

/// Tokens, including those that ended recently.
pub(crate) async fn tokens(owner: TokenOwner) -> Result<Vec<Token>, ApiError> {
    let answer: wire::TokensResponse = get(&tokens_path(&owner), None).await?;
    let token = |t: wire::Token| Token {
        id: t.id,
        name: t.name,
        hint: format!("{}…{}", t.prefix, t.last_four),
        role: t.role,
        selector: t.selector,
        state: match t.state.as_str() {
            "live" => TokenState::Works,
            "replaced" => TokenState::Replaced,
            "expired" => TokenState::Expired,
            _ => TokenState::Revoked,
        },
        created_ms: ms(t.created_at_ns),
        ends_ms: ms(t.revoked_at_ns.unwrap_or(t.expires_at_ns)),
        used_ms: t.used_at_ns.map(ms),
        used_ip: t.used_ip.unwrap_or_default(),
    };
    Ok(answer.tokens.into_iter().map(token).collect())
}

/// Creates a token; returns its secret.
pub(crate) fn create_token(owner: &TokenOwner, wanted: WantedToken) -> Change<String> {
    let WantedToken { name, role, selector, days } = wanted;
    let draft = wire::TokenDraft { name, role, selector, expires_days: days };
    secret(fetch(Method::POST, &tokens_path(owner), &draft))
}

/// Rotates a token; the old secret stays valid for so many hours.
pub(crate) fn rotate_token(owner: &TokenOwner, id: &str, overlap_hours: u32) -> Change<String> {
    let rotation = wire::TokenRotation { overlap_s: Some(overlap_hours * 3600) };
    secret(fetch(Method::POST, &format!("{}/rotate", token_path(owner, id)), &rotation))
}

fn secret(answer: Change<wire::NewToken>) -> Change<String> {
    Box::pin(async move { Ok(answer.await?.secret) })
}

pub(crate) fn revoke_token(owner: &TokenOwner, id: &str) -> Change<()> {
    delete(&token_path(owner, id))
}

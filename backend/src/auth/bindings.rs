//! Giving roles over profiles, and taking them away. What changes here counts from the next request on.

use super::{AuthError, Role, last_admin, written};
use crate::db::audit::{Actor, AuditEntry};
use crate::db::bindings::BindingRow;
use crate::db::{Change, Records, id};
use serde_json::{Value, json};

/// What a binding is to say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish<'a> {
    /// `user`, `team` or `service_account`, and its id.
    pub(crate) subject: (&'a str, &'a str),
    /// Name of a role.
    pub(crate) role: &'a str,
    /// `org`, `team` or `selector`, and the id of the team or the selector.
    pub(crate) scope: (&'a str, &'a str),
}

/// Binds a role.
///
/// # Errors
/// [`AuthError::Invalid`] for words that mean nothing; [`AuthError::NotFound`] for a subject or team that is not there;
/// [`AuthError::Conflict`] for what is bound already.
pub(crate) async fn create(
    records: &Records,
    actor: &Actor,
    wish: Wish<'_>,
) -> Result<BindingRow, AuthError> {
    let mut change = records.change().await?;
    let binding = checked(&mut change, actor, wish).await?;
    if change.has_binding(&binding).await? {
        return Err(AuthError::Conflict("there is such a binding already".to_owned()));
    }
    change.insert_binding(&binding).await?;
    change.grants_changed().await?;
    change.commit(entry(actor, "binding.create", &binding).after(about(&binding))).await?;
    Ok(binding)
}

/// Takes a role away.
///
/// # Errors
/// [`AuthError::NotFound`]; [`AuthError::Conflict`] when nobody would be administrator any more.
pub(crate) async fn delete(records: &Records, actor: &Actor, id: &str) -> Result<(), AuthError> {
    let mut change = records.change().await?;
    let found = change.binding(id).await?;
    let binding = found.ok_or_else(|| AuthError::NotFound("there is no such binding".to_owned()))?;
    change.delete_binding(id).await?;
    last_admin::keep(&mut change).await?;
    Ok(change.commit(entry(actor, "binding.delete", &binding).before(about(&binding))).await?)
}

async fn checked(change: &mut Change, actor: &Actor, wish: Wish<'_>) -> Result<BindingRow, AuthError> {
    let (kind, subject) = wish.subject;
    if !matches!(kind, "user" | "team" | "service_account") {
        let message = format!("`{kind}` is no kind of subject; there are user, team and service_account");
        return Err(AuthError::invalid("bad-subject", message));
    }
    if !change.has_subject(kind, subject).await? {
        return Err(AuthError::NotFound(format!("there is no such {}", kind.replace('_', " "))));
    }
    let role: Role = wish.role.parse().map_err(|e| AuthError::invalid("bad-role", format!("{e}")))?;
    Ok(BindingRow {
        id: id::new_id(),
        subject_kind: kind.to_owned(),
        subject_id: subject.to_owned(),
        role: role.name().to_owned(),
        scope_kind: wish.scope.0.to_owned(),
        scope: scope(change, wish.scope).await?,
        source: "manual".to_owned(),
        created_by: actor.id.clone(),
        created_at: actor.at,
    })
}

async fn scope(change: &mut Change, (kind, scope): (&str, &str)) -> Result<String, AuthError> {
    match kind {
        "org" if scope.is_empty() => Ok(String::new()),
        "org" => Err(AuthError::invalid("bad-scope", "the scope `org` is everything: leave `scope` out")),
        "team" => match change.team(scope).await? {
            Some(team) => Ok(team.id),
            None => Err(AuthError::NotFound("there is no such team".to_owned())),
        },
        "selector" => written::selector(scope),
        other => {
            let message = format!("`{other}` is no kind of scope; there are org, team and selector");
            Err(AuthError::invalid("bad-scope", message))
        }
    }
}

pub(super) fn entry(actor: &Actor, action: &'static str, binding: &BindingRow) -> AuditEntry {
    AuditEntry::new(actor, action, "binding", &binding.id, "")
}

pub(super) fn about(binding: &BindingRow) -> Value {
    json!({
        "subject_kind": binding.subject_kind,
        "subject_id": binding.subject_id,
        "role": binding.role,
        "scope_kind": binding.scope_kind,
        "scope": binding.scope,
        "source": binding.source,
    })
}

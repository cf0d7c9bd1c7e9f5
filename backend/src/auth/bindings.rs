//! Creating and deleting role bindings, effective with the next request.

use super::{AuthError, Role, last_admin, validation};
use crate::db::audit::{Actor, AuditEntry};
use crate::db::bindings::{BindingRow, BindingScope, Subject};
use crate::db::id::BindingId;
use crate::db::{Change, Records};
use crate::problem::ProblemKind;
use serde_json::{Value, json};

/// The source of bindings that an administrator creates.
pub(crate) const MANUAL: &str = "manual";

/// A binding to be created, as it was sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewBinding<'a> {
    /// `user`, `team` or `service_account`, and its id.
    pub(crate) subject: (&'a str, &'a str),
    /// Name of a role.
    pub(crate) role: &'a str,
    /// `org`, `team` or `selector`, and the id of the team or the selector.
    pub(crate) scope: (&'a str, &'a str),
}

/// Creates a binding.
///
/// # Errors
/// [`AuthError::Invalid`] for an unknown kind or role; [`AuthError::NotFound`] for an unknown subject or team;
/// [`AuthError::Conflict`] if this role binding already exists.
pub(crate) async fn create(
    records: &Records,
    actor: &Actor,
    new: NewBinding<'_>,
) -> Result<BindingRow, AuthError> {
    let mut change = records.change().await?;
    let binding = validated(&mut change, actor, new).await?;
    if !add(&mut change, &binding).await? {
        return Err(AuthError::Conflict("this role binding already exists".to_owned()));
    }
    change.commit(entry(actor, "binding.create", &binding).after(audited(&binding))).await?;
    Ok(binding)
}

/// Inserts a binding unless there is an equal one. The audit entry is the caller's to add.
pub(super) async fn add(change: &mut Change, binding: &BindingRow) -> Result<bool, AuthError> {
    if change.has_binding(binding).await? {
        return Ok(false);
    }
    change.insert_binding(binding).await?;
    change.grants_changed().await?;
    Ok(true)
}

/// Deletes a binding.
///
/// # Errors
/// [`AuthError::NotFound`]; [`AuthError::Conflict`] if no administrator would be left.
pub(crate) async fn delete(records: &Records, actor: &Actor, id: &BindingId) -> Result<(), AuthError> {
    let mut change = records.change().await?;
    let found = change.binding(id).await?;
    let binding = found.ok_or_else(|| AuthError::NotFound("role binding not found".to_owned()))?;
    change.delete_binding(id).await?;
    last_admin::keep(&mut change).await?;
    Ok(change.commit(entry(actor, "binding.delete", &binding).before(audited(&binding))).await?)
}

async fn validated(change: &mut Change, actor: &Actor, new: NewBinding<'_>) -> Result<BindingRow, AuthError> {
    let (kind, id) = new.subject;
    let subject = match kind {
        "user" => Subject::User(id.into()),
        "team" => Subject::Team(id.into()),
        "service_account" => Subject::ServiceAccount(id.into()),
        _ => {
            let message = format!("unknown subject kind `{kind}`; use user, team or service_account");
            return Err(AuthError::invalid(ProblemKind::BadSubject, message));
        }
    };
    if !change.has_subject(&subject).await? {
        return Err(AuthError::NotFound(format!("{} not found", kind.replace('_', " "))));
    }
    let role: Role =
        new.role.parse().map_err(|e| AuthError::invalid(ProblemKind::BadRole, format!("{e}")))?;
    let scope = scope(change, new.scope).await?;
    Ok(BindingRow::new(actor, &subject, role.name(), scope, MANUAL))
}

async fn scope(change: &mut Change, (kind, scope): (&str, &str)) -> Result<BindingScope, AuthError> {
    match kind {
        "org" if scope.is_empty() => Ok(BindingScope::Org),
        "org" => Err(AuthError::invalid(ProblemKind::BadScope, "the scope kind `org` takes no `scope`")),
        "team" => match change.team(&scope.into()).await? {
            Some(team) => Ok(BindingScope::Team(team.id)),
            None => Err(AuthError::NotFound("team not found".to_owned())),
        },
        "selector" => Ok(BindingScope::Selector(validation::selector(scope)?)),
        other => {
            let message = format!("unknown scope kind `{other}`; use org, team or selector");
            Err(AuthError::invalid(ProblemKind::BadScope, message))
        }
    }
}

pub(super) fn entry(actor: &Actor, action: &'static str, binding: &BindingRow) -> AuditEntry {
    AuditEntry::new(actor, action, "binding", &binding.id, "")
}

/// A binding as the audit log shows it.
pub(super) fn audited(binding: &BindingRow) -> Value {
    json!({
        "subject_kind": binding.subject_kind,
        "subject_id": binding.subject_id,
        "role": binding.role,
        "scope_kind": binding.scope_kind,
        "scope": binding.scope,
        "source": binding.source,
    })
}

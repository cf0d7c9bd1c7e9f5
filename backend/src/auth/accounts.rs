//! User account management by administrators.

use super::invitation::{self, Link};
use super::user_name::display_name;
use super::{AuthError, Gate, Role, UserName, bindings, last_admin, session};
use crate::db::audit::{Actor, AuditEntry};
use crate::db::bindings::{BindingRow, BindingScope, Subject};
use crate::db::id::UserId;
use crate::db::users::User;
use crate::db::{Change, DbError};
use crate::problem::ProblemKind;
use serde_json::{Value, json};

/// A user to be invited.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewUser {
    /// The name to sign in with.
    pub(crate) name: String,
    /// Defaults to the name if empty.
    pub(crate) display_name: String,
    pub(crate) email: Option<String>,
    /// A role over the whole organisation.
    pub(crate) role: Option<String>,
}

/// Changes to a user; `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct UserUpdate {
    pub(crate) display_name: Option<String>,
    /// Empty to remove it.
    pub(crate) email: Option<String>,
    pub(crate) disabled: Option<bool>,
}

/// Creates a user and an invitation link to set a password.
///
/// # Errors
/// [`AuthError::Invalid`], [`AuthError::Conflict`] if the name is taken.
pub(crate) async fn invite(gate: &Gate, actor: &Actor, new: NewUser) -> Result<Link, AuthError> {
    let name: UserName = new.name.parse()?;
    let shown = display_name(&new.display_name)?;
    let role = new.role.as_deref().map(user_role).transpose()?;
    let display_name = if shown.is_empty() { name.to_string() } else { shown };
    let user = User { email: email(new.email)?, ..User::new(name.to_string(), display_name, actor.at) };
    let mut change = gate.records.change().await?;
    insert(&mut change, &user).await?;
    if let Some(role) = role {
        bind_org_role(&mut change, actor, &user, role).await?;
    }
    change.grants_changed().await?;
    let link = invitation::add(&mut change, user, &actor.id, actor.at).await?;
    let entry = AuditEntry::new(actor, "user.create", "user", &link.user.id, &link.user.name);
    change.commit(entry.after(audited(&link.user))).await?;
    Ok(link)
}

/// Inserts a user within a transaction.
///
/// # Errors
/// [`AuthError::Conflict`] if the name is taken.
pub(crate) async fn insert(change: &mut Change, user: &User) -> Result<(), AuthError> {
    match change.insert_user(user).await {
        Err(DbError::Conflict) => {
            Err(AuthError::Conflict(format!("a user named {} already exists", user.name)))
        }
        other => Ok(other?),
    }
}

/// Binds a user to a role over the whole organisation, within a transaction.
pub(super) async fn bind_org_role(
    change: &mut Change,
    actor: &Actor,
    user: &User,
    role: Role,
) -> Result<(), AuthError> {
    let subject = Subject::User(user.id.clone());
    let binding = BindingRow::new(actor, &subject, role.name(), BindingScope::Org, bindings::MANUAL);
    change.insert_binding(&binding).await?;
    let entry = AuditEntry::new(actor, "binding.create", "binding", &binding.id, &user.name);
    Ok(change.audit(entry.after(json!({ "role": binding.role, "scope": "org" }))).await?)
}

/// Changes display name, e-mail address or disabled state. Disabling ends all sessions and invitations at once.
///
/// # Errors
/// [`AuthError::NotFound`]; [`AuthError::Conflict`] for the last administrator; [`AuthError::Invalid`].
pub(crate) async fn update(
    gate: &Gate,
    actor: &Actor,
    id: &UserId,
    update: UserUpdate,
) -> Result<User, AuthError> {
    let mut change = gate.records.change().await?;
    let before = find(&mut change, id).await?;
    let mut user = before.clone();
    if let Some(text) = &update.display_name {
        user.display_name = display_name(text)?;
    }
    if update.email.is_some() {
        user.email = email(update.email)?;
    }
    match update.disabled {
        Some(true) if user.disabled_at.is_none() => {
            user.disabled_at = Some(actor.at);
            change.revoke_sessions_of(id, actor.at).await?;
            change.end_invitations(id, actor.at).await?;
        }
        Some(false) => user.disabled_at = None,
        _ => {}
    }
    change.update_user(&user).await?;
    let action = match (before.disabled_at, user.disabled_at) {
        (None, Some(_)) => "user.disable",
        (Some(_), None) => "user.enable",
        _ => "user.update",
    };
    if action != "user.update" {
        last_admin::keep(&mut change).await?;
    }
    let entry =
        AuditEntry::new(actor, action, "user", id, &user.name).before(audited(&before)).after(audited(&user));
    change.commit(entry).await?;
    Ok(user)
}

/// Creates a new link to set a password. The current password stays valid until it is used.
///
/// # Errors
/// [`AuthError::NotFound`]; [`AuthError::Conflict`] if the account is disabled.
pub(crate) async fn reset_password(gate: &Gate, actor: &Actor, id: &UserId) -> Result<Link, AuthError> {
    let mut change = gate.records.change().await?;
    let user = find(&mut change, id).await?;
    if user.disabled_at.is_some() {
        return Err(AuthError::Conflict(format!("the account {} is disabled; enable it first", user.name)));
    }
    let link = invitation::add(&mut change, user, &actor.id, actor.at).await?;
    change.commit(AuditEntry::new(actor, "invitation.create", "user", id, &link.user.name)).await?;
    Ok(link)
}

/// Ends all sessions of a user.
///
/// # Errors
/// [`AuthError::NotFound`].
pub(crate) async fn end_sessions(gate: &Gate, actor: &Actor, id: &UserId) -> Result<(), AuthError> {
    let user = gate.records.user(id).await?.ok_or_else(not_found)?;
    session::end_all(gate, actor, id, &user.name).await
}

async fn find(change: &mut Change, id: &UserId) -> Result<User, AuthError> {
    match change.user(id).await {
        Err(DbError::Missing) => Err(not_found()),
        other => Ok(other?),
    }
}

fn not_found() -> AuthError {
    AuthError::NotFound("user not found".to_owned())
}

/// A role for users: agents and deployers are programs.
fn user_role(text: &str) -> Result<Role, AuthError> {
    match text.parse() {
        Ok(Role::Agent | Role::Deployer) | Err(_) => Err(AuthError::invalid(
            ProblemKind::BadRole,
            format!("unknown role `{text}`; use viewer, editor or admin"),
        )),
        Ok(role) => Ok(role),
    }
}

fn email(text: Option<String>) -> Result<Option<String>, AuthError> {
    let Some(text) = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let complete = text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if complete && text.len() <= 254 && !text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Ok(Some(text));
    }
    Err(AuthError::invalid(
        ProblemKind::BadEmail,
        "invalid e-mail address; expected one such as ann@example.org",
    ))
}

fn audited(user: &User) -> Value {
    json!({ "display_name": user.display_name, "email": user.email, "disabled": user.disabled_at.is_some() })
}

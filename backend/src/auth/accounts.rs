//! The accounts of people, as administrators manage them.

use super::invitation::{self, Link};
use super::user_name::display_name;
use super::{AuthError, Gate, Role, UserName, last_admin, session};
use crate::db::audit::{Actor, AuditEntry};
use crate::db::bindings::BindingRow;
use crate::db::users::User;
use crate::db::{Change, DbError, id};
use serde_json::{Value, json};

/// A person to be.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewUser {
    /// To sign in with.
    pub(crate) name: String,
    /// To be read; the name if empty.
    pub(crate) display_name: String,
    /// Where to write to.
    pub(crate) email: Option<String>,
    /// A role over everything.
    pub(crate) role: Option<String>,
}

/// What is to change of a person; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub(crate) struct UserUpdate {
    /// To be read.
    pub(crate) display_name: Option<String>,
    /// Where to write to; empty for nowhere.
    pub(crate) email: Option<String>,
    /// Whether the account is shut.
    pub(crate) disabled: Option<bool>,
}

/// Makes an account, and a link by which its person sets a password.
///
/// # Errors
/// [`AuthError::Invalid`], [`AuthError::Conflict`] when the name is taken.
pub(crate) async fn invite(gate: &Gate, actor: &Actor, new: NewUser) -> Result<Link, AuthError> {
    let name: UserName = new.name.parse()?;
    let shown = display_name(&new.display_name)?;
    let role = new.role.as_deref().map(role_of_a_person).transpose()?;
    let user = User {
        id: id::new_id(),
        display_name: if shown.is_empty() { name.to_string() } else { shown },
        name: name.to_string(),
        email: email(new.email)?,
        password: None,
        created_at: actor.at,
        disabled_at: None,
        signed_in_at: None,
    };
    let mut change = gate.records.change().await?;
    insert(&mut change, &user).await?;
    if let Some(role) = role {
        bind_to_everything(&mut change, actor, &user, role).await?;
    }
    change.grants_changed().await?;
    let link = invitation::add(&mut change, user, &actor.id, actor.at).await?;
    let entry = AuditEntry::new(actor, "user.create", "user", &link.user.id, &link.user.name);
    change.commit(entry.after(shown_in_audit(&link.user))).await?;
    Ok(link)
}

/// Adds an account to a change.
///
/// # Errors
/// [`AuthError::Conflict`] when the name is taken.
pub(crate) async fn insert(change: &mut Change, user: &User) -> Result<(), AuthError> {
    match change.insert_user(user).await {
        Err(DbError::Conflict) => {
            Err(AuthError::Conflict(format!("there is a user named {} already", user.name)))
        }
        other => Ok(other?),
    }
}

/// Gives a person a role over everything, within a change.
pub(crate) async fn bind_to_everything(
    change: &mut Change,
    actor: &Actor,
    user: &User,
    role: Role,
) -> Result<(), AuthError> {
    let binding = BindingRow {
        id: id::new_id(),
        subject_kind: "user".to_owned(),
        subject_id: user.id.clone(),
        role: role.name().to_owned(),
        scope_kind: "org".to_owned(),
        scope: String::new(),
        source: "manual".to_owned(),
        created_by: actor.id.clone(),
        created_at: actor.at,
    };
    change.insert_binding(&binding).await?;
    let entry = AuditEntry::new(actor, "binding.create", "binding", &binding.id, &user.name);
    Ok(change.note(entry.after(json!({ "role": binding.role, "scope": "org" }))).await?)
}

/// Changes name, address, or whether the account is shut. One that is shut loses its sessions and links at once.
///
/// # Errors
/// [`AuthError::NotFound`]; [`AuthError::Conflict`] when it is the last administrator's; [`AuthError::Invalid`].
pub(crate) async fn update(
    gate: &Gate,
    actor: &Actor,
    id: &str,
    update: UserUpdate,
) -> Result<User, AuthError> {
    let mut change = gate.records.change().await?;
    let before = existing(&mut change, id).await?;
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
            change.revoke_sessions_of(id, "", actor.at).await?;
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
    let entry = AuditEntry::new(actor, action, "user", id, &user.name)
        .before(shown_in_audit(&before))
        .after(shown_in_audit(&user));
    change.commit(entry).await?;
    Ok(user)
}

/// A new link by which the person sets a password. The password of before is good until then.
///
/// # Errors
/// [`AuthError::NotFound`]; [`AuthError::Conflict`] when the account is shut.
pub(crate) async fn reset(gate: &Gate, actor: &Actor, id: &str) -> Result<Link, AuthError> {
    let mut change = gate.records.change().await?;
    let user = existing(&mut change, id).await?;
    if user.disabled_at.is_some() {
        return Err(AuthError::Conflict(format!("the account of {} is shut; open it first", user.name)));
    }
    let link = invitation::add(&mut change, user, &actor.id, actor.at).await?;
    change.commit(AuditEntry::new(actor, "invitation.create", "user", id, &link.user.name)).await?;
    Ok(link)
}

/// Ends all sessions of a person. Answers how many.
///
/// # Errors
/// [`AuthError::NotFound`].
pub(crate) async fn end_sessions(gate: &Gate, actor: &Actor, id: &str) -> Result<u64, AuthError> {
    let user = gate.records.user(id).await?.ok_or_else(unknown)?;
    session::end_all(gate, actor, (id, &user.name), "").await
}

async fn existing(change: &mut Change, id: &str) -> Result<User, AuthError> {
    match change.user(id).await {
        Err(DbError::Missing) => Err(unknown()),
        other => Ok(other?),
    }
}

fn unknown() -> AuthError {
    AuthError::NotFound("there is no such user".to_owned())
}

/// An agent's role is for programs.
fn role_of_a_person(text: &str) -> Result<Role, AuthError> {
    match text.parse() {
        Ok(Role::Agent) | Err(_) => {
            Err(AuthError::invalid("bad-role", format!("`{text}` is not viewer, editor or admin")))
        }
        Ok(role) => Ok(role),
    }
}

fn email(text: Option<String>) -> Result<Option<String>, AuthError> {
    let Some(text) = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let whole = text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if whole && text.len() <= 254 && !text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Ok(Some(text));
    }
    Err(AuthError::invalid("bad-email", "an e-mail address looks like ann@example.org"))
}

fn shown_in_audit(user: &User) -> Value {
    json!({ "display_name": user.display_name, "email": user.email, "disabled": user.disabled_at.is_some() })
}

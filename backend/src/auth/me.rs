//! The own account of who asks.

use super::user_name::display_name;
use super::{AuthError, Client, Gate, Kind, Principal, attempts, password, session};
use crate::db::audit::{Actor, AuditEntry};
use crate::db::users::User;
use secrecy::SecretString;
use serde_json::json;

/// What is not in the principal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct About {
    /// To be read.
    pub(crate) display_name: String,
    /// Ids and names, by name.
    pub(crate) teams: Vec<(String, String)>,
    /// When the session ends at the latest.
    pub(crate) session_expires_at: Option<i64>,
    /// Whether there is a password here.
    pub(crate) has_password: bool,
}

/// What is known about `who`.
pub(crate) async fn about(gate: &Gate, who: &Principal) -> Result<About, AuthError> {
    if who.kind() != Kind::User {
        return Ok(About { display_name: who.name().to_owned(), ..About::default() });
    }
    let user = own(gate, who).await?;
    let teams = if who.teams().is_empty() { Vec::new() } else { gate.records.teams().await? };
    let mine = teams.into_iter().filter(|team| who.teams().contains(&team.id));
    let sessions = session::list(gate, who.id()).await?;
    let this = sessions.iter().find(|session| who.session() == Some(session.id.as_str()));
    Ok(About {
        display_name: user.display_name,
        teams: mine.map(|team| (team.id, team.name)).collect(),
        session_expires_at: this.map(|session| session.expires_at),
        has_password: user.password.is_some(),
    })
}

/// Sets the name that others read.
///
/// # Errors
/// [`AuthError::Invalid`] for a bad one; [`AuthError::Conflict`] where nobody signs in.
pub(crate) async fn rename(gate: &Gate, who: &Principal, actor: &Actor, text: &str) -> Result<(), AuthError> {
    let name = display_name(text)?;
    let mut user = own(gate, who).await?;
    let before = std::mem::replace(&mut user.display_name, name);
    let mut change = gate.records.change().await?;
    change.update_user(&user).await?;
    let entry = AuditEntry::new(actor, "user.rename", "user", &user.id, &user.name)
        .before(json!({ "display_name": before }))
        .after(json!({ "display_name": user.display_name }));
    Ok(change.commit(entry).await?)
}

/// Sets a new password for who knows the old one. All sessions end; a new one begins, whose secret is answered.
///
/// # Errors
/// [`AuthError::WrongPassword`], [`AuthError::TooMany`], [`AuthError::Invalid`] for a new one that is too weak.
pub(crate) async fn change_password(
    gate: &Gate,
    who: &Principal,
    client: &Client,
    old: SecretString,
    new: SecretString,
) -> Result<SecretString, AuthError> {
    let user = own(gate, who).await?;
    // A stolen session must not be a way to guess the password.
    let counted = attempts::count_sign_in(gate, &user.name, client).await?;
    if !gate.passwords.verify(old, user.password.as_ref()).await?.right {
        return Err(AuthError::WrongPassword);
    }
    attempts::uncount(&gate.records, &counted).await?;
    password::check_new(&new, &user.name)?;
    let hash = gate.passwords.hash(new).await?;
    let now = gate.clock.now_ns();
    let mut change = gate.records.change().await?;
    change.set_password(&user.id, &hash).await?;
    let ended = change.revoke_sessions_of(&user.id, "", now).await?;
    change.end_invitations(&user.id, now).await?;
    let secret = session::start(gate, &mut change, &user.id, "password", client).await?;
    let actor = client.actor_named(now, "user", &user.id, &user.name);
    let entry = AuditEntry::new(&actor, "user.change_password", "user", &user.id, &user.name)
        .after(json!({ "ended_sessions": ended }));
    change.commit(entry).await?;
    Ok(secret)
}

async fn own(gate: &Gate, who: &Principal) -> Result<User, AuthError> {
    if who.kind() == Kind::Local {
        let detail = "there is no sign-in here, and so no account to change";
        return Err(AuthError::Conflict(detail.to_owned()));
    }
    gate.records.user(who.id()).await?.ok_or(AuthError::SignedOut)
}

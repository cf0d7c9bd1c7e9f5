//! The caller's account.

use super::user_name::display_name;
use super::{AuthError, Client, Gate, Kind, Principal, attempts, known_browsers, password, session};
use crate::db::audit::{Actor, AuditEntry};
use crate::db::id::TeamId;
use crate::db::users::User;
use flarepath_profile::unix_nanos::UnixNanos;
use secrecy::SecretString;
use serde_json::json;

/// Details of an account that are not in the principal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) display_name: String,
    /// Ids and names, by name.
    pub(crate) teams: Vec<(TeamId, String)>,
    /// Latest end of the session.
    pub(crate) session_expires_at: Option<UnixNanos>,
    pub(crate) has_password: bool,
}

/// The account of `who`.
pub(crate) async fn account(gate: &Gate, who: &Principal) -> Result<Account, AuthError> {
    if who.kind() != Kind::User {
        return Ok(Account { display_name: who.name().to_owned(), ..Account::default() });
    }
    let user = own_user(gate, who).await?;
    let teams = if who.teams().is_empty() { Vec::new() } else { gate.records.teams().await? };
    let mine = teams.into_iter().filter(|team| who.teams().contains(&team.id));
    let sessions = session::list(gate, &user.id).await?;
    let this = sessions.iter().find(|session| who.session() == Some(&session.id));
    Ok(Account {
        display_name: user.display_name,
        teams: mine.map(|team| (team.id, team.name)).collect(),
        session_expires_at: this.map(|session| session.expires_at),
        has_password: user.password.is_some(),
    })
}

/// Sets the display name.
///
/// # Errors
/// [`AuthError::Invalid`] for an invalid one; [`AuthError::Conflict`] where sign-in is disabled.
pub(crate) async fn rename(gate: &Gate, who: &Principal, actor: &Actor, text: &str) -> Result<(), AuthError> {
    let name = display_name(text)?;
    let mut user = own_user(gate, who).await?;
    let before = std::mem::replace(&mut user.display_name, name);
    let mut change = gate.records.change().await?;
    change.update_user(&user).await?;
    let entry = AuditEntry::new(actor, "user.rename", "user", &user.id, &user.name)
        .before(json!({ "display_name": before }))
        .after(json!({ "display_name": user.display_name }));
    Ok(change.commit(entry).await?)
}

/// Changes the password, given the current one. Ends all sessions and begins a new one, whose secret is returned.
///
/// # Errors
/// [`AuthError::WrongPassword`], [`AuthError::TooMany`], [`AuthError::Invalid`] for a weak new password.
pub(crate) async fn change_password(
    gate: &Gate,
    who: &Principal,
    client: &Client,
    old: SecretString,
    new: SecretString,
) -> Result<SecretString, AuthError> {
    let user = own_user(gate, who).await?;
    // A stolen session must not be a way to guess the password.
    let counted = attempts::count_sign_in(gate, &user.name, client).await?;
    if !gate.passwords.verify(old, user.password.as_ref()).await?.matches {
        return Err(AuthError::WrongPassword);
    }
    attempts::take_back(&gate.records, &counted).await?;
    password::check_new(&new, &user.name)?;
    let hash = gate.passwords.hash(new).await?;
    let browser = known_browsers::known(gate, &user.name, client).await?;
    let now = gate.clock.now();
    let mut change = gate.records.change().await?;
    change.set_password(&user.id, &hash).await?;
    known_browsers::forget_others(&mut change, &user.id, browser, now).await?;
    let ended = change.revoke_sessions_of(&user.id, now).await?;
    change.end_invitations(&user.id, now).await?;
    let secret = session::start(gate, &mut change, &user.id, "password", client).await?;
    let actor = client.actor_named(now, "user", (&user.id).into(), &user.name);
    let entry = AuditEntry::new(&actor, "user.change_password", "user", &user.id, &user.name)
        .after(json!({ "ended_sessions": ended }));
    change.commit(entry).await?;
    Ok(secret)
}

async fn own_user(gate: &Gate, who: &Principal) -> Result<User, AuthError> {
    if who.kind() == Kind::Local {
        let detail = "sign-in is disabled on this server, so there is no account to change";
        return Err(AuthError::Conflict(detail.to_owned()));
    }
    gate.records.user(&who.user_id()).await?.ok_or(AuthError::SignedOut)
}

//! From a person at the provider to a user here, signed in.
//!
//! Accounts are found by issuer and subject. Names and e-mail addresses can change hands at the provider and are not asked,
//! unless `link_by_email` says so, and then for verified addresses of accounts that nobody signs in to from there yet.

use super::claims::{Person, user_name};
use super::{OidcError, groups};
use crate::auth::sign_in::SignedIn;
use crate::auth::{AuthError, Client, Gate, session};
use crate::config::OidcConfig;
use crate::db::audit::{Actor, AuditEntry};
use crate::db::users::User;
use crate::db::{Change, id};
use serde_json::json;

/// How many names are tried for somebody new.
const NAMES: usize = 50;

/// Begins a session for a person whom the provider vouches for. All or nothing.
///
/// # Errors
/// [`OidcError::NotAllowed`], [`OidcError::NoAccount`], [`OidcError::Disabled`].
pub(crate) async fn enter(
    gate: &Gate,
    config: &OidcConfig,
    person: &Person,
    client: &Client,
) -> Result<SignedIn, OidcError> {
    let now = gate.clock.now_ns();
    let rules = match groups::rules_of(config, person) {
        Ok(rules) => rules,
        Err(refused) => return Err(refuse(gate, person, client, "groups", refused).await?),
    };
    let mut change = gate.records.change().await?;
    // Nobody has signed in yet: what follows is the provider's doing.
    let actor = client.actor_named(now, "system", "", "identity provider");
    let Some(mut user) = find(&mut change, config, person, &actor).await? else {
        drop(change);
        let refused = OidcError::NoAccount(person.name.clone());
        return Err(refuse(gate, person, client, "account", refused).await?);
    };
    if user.disabled_at.is_some() {
        drop(change);
        let refused = OidcError::Disabled(user.name.clone());
        return Err(refuse(gate, person, client, "disabled", refused).await?);
    }
    refresh(&mut change, &mut user, person).await?;
    groups::apply(&mut change, &actor, &user.id, &rules).await?;
    let secret = session::start(gate, &mut change, &user.id, "oidc", client).await?;
    let actor = client.actor_named(now, "user", &user.id, &user.name);
    let entry = AuditEntry::new(&actor, "session.start", "user", &user.id, &user.name);
    change.commit(entry.after(json!({ "method": "oidc", "issuer": person.issuer }))).await?;
    Ok(SignedIn { user, secret })
}

/// The user of the account, linked or made if that is allowed.
async fn find(
    change: &mut Change,
    config: &OidcConfig,
    person: &Person,
    actor: &Actor,
) -> Result<Option<User>, OidcError> {
    if let Some(id) = change.user_of_identity(&person.issuer, &person.subject).await? {
        return Ok(Some(change.user(&id).await?));
    }
    let user = match link(change, config, person).await? {
        Some(user) => user,
        None if config.auto_create => create(change, person, actor).await?,
        None => return Ok(None),
    };
    change.insert_identity(&person.issuer, &person.subject, &user.id, actor.at).await?;
    let entry = AuditEntry::new(actor, "identity.link", "user", &user.id, &user.name);
    change.note(entry.after(json!({ "issuer": person.issuer, "subject": person.subject }))).await?;
    Ok(Some(user))
}

/// The one user with the person's verified address; of several, none.
async fn link(change: &mut Change, config: &OidcConfig, person: &Person) -> Result<Option<User>, OidcError> {
    let Some(email) = person.email.as_ref().filter(|_| config.link_by_email) else { return Ok(None) };
    let found = change.users_to_link(email, &person.issuer).await?;
    match found.as_slice() {
        [id] => Ok(Some(change.user(id).await?)),
        [] => Ok(None),
        _ => {
            tracing::warn!("several users have the e-mail address of somebody who signs in; none is linked");
            Ok(None)
        }
    }
}

async fn create(change: &mut Change, person: &Person, actor: &Actor) -> Result<User, OidcError> {
    let user = User {
        id: id::new_id(),
        name: free_name(change, &person.name).await?,
        display_name: person.display_name.clone(),
        email: person.email.clone(),
        password: None,
        created_at: actor.at,
        disabled_at: None,
        signed_in_at: None,
    };
    change.insert_user(&user).await?;
    let entry = AuditEntry::new(actor, "user.create", "user", &user.id, &user.name);
    change.note(entry.after(json!({ "source": groups::SOURCE }))).await?;
    Ok(user)
}

/// A name like the person's that nobody has: it is never somebody else's account.
async fn free_name(change: &mut Change, wish: &str) -> Result<String, OidcError> {
    let name = user_name(wish);
    for number in 1..=NAMES {
        let name = if number == 1 { name.clone() } else { format!("{name}-{number}") };
        if !change.is_user_name_taken(&name).await? {
            return Ok(name);
        }
    }
    Ok(format!("{name}-{}", id::new_id().get(..8).unwrap_or_default()))
}

/// Follows the provider in what others read.
async fn refresh(change: &mut Change, user: &mut User, person: &Person) -> Result<(), AuthError> {
    let email = person.email.clone().or_else(|| user.email.clone());
    if user.password.is_some() || (user.display_name == person.display_name && user.email == email) {
        return Ok(());
    }
    (user.display_name, user.email) = (person.display_name.clone(), email);
    Ok(change.update_user(user).await?)
}

/// Writes a refusal down, and gives it back.
async fn refuse(
    gate: &Gate,
    person: &Person,
    client: &Client,
    why: &'static str,
    refused: OidcError,
) -> Result<OidcError, OidcError> {
    let actor = client.actor_named(gate.clock.now_ns(), "anonymous", "", "");
    let entry = AuditEntry::new(&actor, "session.refuse", "user", "", &person.name);
    let about = json!({ "method": "oidc", "issuer": person.issuer, "subject": person.subject, "why": why });
    gate.records.change().await?.commit(entry.after(about)).await?;
    Ok(refused)
}

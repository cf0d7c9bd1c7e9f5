//! Sign-in of a person that the provider has authenticated: finds, links or creates the user.
//!
//! Users are found by issuer and subject. Names and e-mail addresses can change hands at the provider and are not used,
//! unless `link_by_email` is set; then verified addresses match users without an identity at this provider.

use super::claims::{Person, user_name};
use super::{Oidc, OidcError, groups};
use crate::auth::refusals::{Account, Refusal};
use crate::auth::sign_in::SignedIn;
use crate::auth::{AuthError, Client, Gate, session};
use crate::config::OidcConfig;
use crate::db::Change;
use crate::db::audit::{Actor, AuditEntry};
use crate::db::id::{PrincipalId, base32, random_bytes};
use crate::db::users::User;
use serde_json::json;

/// How many names are tried for a new user.
const MAX_NAMES: usize = 50;

/// Begins a session for an authenticated person, in one transaction.
///
/// # Errors
/// [`OidcError::NotAllowed`], [`OidcError::NoAccount`], [`OidcError::Disabled`].
pub(crate) async fn sign_in(
    gate: &Gate,
    oidc: &Oidc,
    person: &Person,
    client: &Client,
) -> Result<SignedIn, OidcError> {
    let now = gate.clock.now();
    let rules = match groups::matching_rules(oidc, person) {
        Ok(rules) => rules,
        Err(refused) => return Err(reject(gate, person, client, "groups", refused)),
    };
    let mut change = gate.records.change().await?;
    // No user is signed in yet: the changes below are made by the provider.
    let actor = client.actor_named(now, "system", PrincipalId::default(), "identity provider");
    let Some(mut user) = find(&mut change, &oidc.config, person, &actor).await? else {
        drop(change);
        let refused = OidcError::NoAccount(person.name.clone());
        return Err(reject(gate, person, client, "account", refused));
    };
    if user.disabled_at.is_some() {
        drop(change);
        let refused = OidcError::Disabled(user.name.clone());
        return Err(reject(gate, person, client, "disabled", refused));
    }
    refresh(&mut change, &mut user, person).await?;
    groups::apply(&mut change, &actor, &user.id, &rules).await?;
    let secret = session::start(gate, &mut change, &user.id, "oidc", client).await?;
    let actor = client.actor_named(now, "user", (&user.id).into(), &user.name);
    let entry = AuditEntry::new(&actor, "session.start", "user", &user.id, &user.name);
    change.commit(entry.after(json!({ "method": "oidc", "issuer": person.issuer }))).await?;
    Ok(SignedIn { user, secret })
}

/// The user of an identity, linked or created if the configuration allows it.
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
    change.audit(entry.after(json!({ "issuer": person.issuer, "subject": person.subject }))).await?;
    Ok(Some(user))
}

/// The only user with the person's verified address; `None` if there are several.
async fn link(change: &mut Change, config: &OidcConfig, person: &Person) -> Result<Option<User>, OidcError> {
    let Some(email) = person.email.as_ref().filter(|_| config.link_by_email) else { return Ok(None) };
    let found = change.users_to_link(email, &person.issuer).await?;
    match found.as_slice() {
        [id] => Ok(Some(change.user(id).await?)),
        [] => Ok(None),
        _ => {
            tracing::warn!("several users share the e-mail address of the identity; linked to none of them");
            Ok(None)
        }
    }
}

async fn create(change: &mut Change, person: &Person, actor: &Actor) -> Result<User, OidcError> {
    let name = available_name(change, &person.name).await?;
    let user = User { email: person.email.clone(), ..User::new(name, person.display_name.clone(), actor.at) };
    change.insert_user(&user).await?;
    let entry = AuditEntry::new(actor, "user.create", "user", &user.id, &user.name);
    change.audit(entry.after(json!({ "source": groups::SOURCE }))).await?;
    Ok(user)
}

/// An unused user name like the person's, so that no existing account is taken over.
async fn available_name(change: &mut Change, preferred: &str) -> Result<String, OidcError> {
    let name = user_name(preferred);
    for number in 1..=MAX_NAMES {
        let name = if number == 1 { name.clone() } else { format!("{name}-{number}") };
        if !change.is_user_name_taken(&name).await? {
            return Ok(name);
        }
    }
    Ok(format!("{name}-{}", base32(&random_bytes::<5>())))
}

/// Updates display name and e-mail address to what the provider says.
async fn refresh(change: &mut Change, user: &mut User, person: &Person) -> Result<(), AuthError> {
    let email = person.email.clone().or_else(|| user.email.clone());
    if user.password.is_some() || (user.display_name == person.display_name && user.email == email) {
        return Ok(());
    }
    (user.display_name, user.email) = (person.display_name.clone(), email);
    Ok(change.update_user(user).await?)
}

/// Notes a rejected sign-in for the audit log and returns its error.
fn reject(
    gate: &Gate,
    person: &Person,
    client: &Client,
    reason: &'static str,
    error: OidcError,
) -> OidcError {
    let details =
        json!({ "method": "oidc", "issuer": person.issuer, "subject": person.subject, "why": reason });
    let account = Account { id: person.subject.clone().into(), name: person.name.clone() };
    gate.refusals.note(Refusal::of_account(gate.clock.now(), client, account).with_details(details));
    error
}

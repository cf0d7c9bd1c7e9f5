//! Authentication by a trusted proxy, which asserts a user name with each request: no password, no session.

use super::{AuthError, Client, Gate, Principal, Role, UserName, gate};
use crate::db::DbError;
use crate::db::audit::AuditEntry;
use crate::db::bindings::{BindingRow, BindingScope, Subject};
use crate::db::id::PrincipalId;
use crate::db::identities::NamedUser;
use crate::db::users::User;
use serde_json::json;

/// The source of bindings created here.
/// Source of bindings, and name of the actor, of users that a proxy vouches for.
pub(crate) const SOURCE: &str = "proxy";

/// The user with this name; created as a viewer if unknown, where the configuration says so.
///
/// # Errors
/// [`AuthError::Forbidden`] for an unknown user or a disabled account. The message may say which: the proxy has
/// authenticated its reader.
pub(super) async fn identify(gate: &Gate, name: &str, client: &Client) -> Result<Principal, AuthError> {
    let Ok(name) = name.parse::<UserName>() else {
        let detail = "the proxy sent an invalid user name; ask its administrator";
        return Err(AuthError::Forbidden(detail.to_owned()));
    };
    let found = match gate.records.named_user(name.as_str()).await? {
        None if gate.proxy_creates => create(gate, &name, client).await?,
        other => other,
    };
    let Some(NamedUser { id, disabled: false, revision }) = found else {
        let detail =
            format!("you are signed in as {name}, who has no access to this server; ask an administrator");
        return Err(AuthError::Forbidden(detail));
    };
    let rights = gate.rights_of_user(&id, &revision).await?;
    Ok(gate::user(&id, name.as_str(), &rights))
}

async fn create(gate: &Gate, name: &UserName, client: &Client) -> Result<Option<NamedUser>, AuthError> {
    let actor = client.actor_named(gate.clock.now(), "system", PrincipalId::default(), SOURCE);
    let user =
        User { signed_in_at: Some(actor.at), ..User::new(name.to_string(), name.to_string(), actor.at) };
    let mut change = gate.records.change().await?;
    match change.insert_user(&user).await {
        // A concurrent request was first.
        Err(DbError::Conflict) => {
            drop(change);
            return Ok(gate.records.named_user(name.as_str()).await?);
        }
        other => other?,
    }
    let subject = Subject::User(user.id.clone());
    let binding = BindingRow::new(&actor, &subject, Role::Viewer.name(), BindingScope::Org, SOURCE);
    change.insert_binding(&binding).await?;
    change.grants_changed().await?;
    let entry = AuditEntry::new(&actor, "user.create", "user", &user.id, &user.name);
    change.commit(entry.after(json!({ "source": SOURCE, "role": binding.role }))).await?;
    Ok(gate.records.named_user(name.as_str()).await?)
}

//! People whom a trusted proxy vouches for, by name and with each request: no password, no session here.

use super::{AuthError, Client, Gate, Kind, Principal, Role, UserName};
use crate::db::audit::AuditEntry;
use crate::db::bindings::BindingRow;
use crate::db::identities::NamedUser;
use crate::db::users::User;
use crate::db::{DbError, id};
use serde_json::json;

/// What came from a proxy's word, in our records.
const SOURCE: &str = "proxy";

/// The user of that name; made a viewer if it is new and the settings say so.
///
/// # Errors
/// [`AuthError::Forbidden`] for who has no account, or a shut one. It is the proxy's caller who reads it: no secret there.
pub(super) async fn identify(gate: &Gate, name: &str, client: &Client) -> Result<Principal, AuthError> {
    let Ok(name) = name.parse::<UserName>() else {
        let detail = "the proxy in front does not say clearly who you are; tell whoever runs it";
        return Err(AuthError::Forbidden(detail.to_owned()));
    };
    let found = match gate.records.named_user(name.as_str()).await? {
        None if gate.proxy_creates => create(gate, &name, client).await?,
        other => other,
    };
    let Some(NamedUser { id, disabled: false, revision }) = found else {
        let detail =
            format!("you are signed in as {name}, who may not use this server; ask an administrator");
        return Err(AuthError::Forbidden(detail));
    };
    let rights = gate.rights_of_user(&id, &revision).await?;
    Ok(Principal::new(Kind::User, &id, name.as_str(), rights.teams.clone(), rights.grants.clone()))
}

async fn create(gate: &Gate, name: &UserName, client: &Client) -> Result<Option<NamedUser>, AuthError> {
    let actor = client.actor_named(gate.clock.now_ns(), "system", "", SOURCE);
    let user = User {
        id: id::new_id(),
        name: name.to_string(),
        display_name: name.to_string(),
        email: None,
        password: None,
        created_at: actor.at,
        disabled_at: None,
        signed_in_at: Some(actor.at),
    };
    let mut change = gate.records.change().await?;
    match change.insert_user(&user).await {
        // A request beside this one was faster.
        Err(DbError::Conflict) => {
            drop(change);
            return Ok(gate.records.named_user(name.as_str()).await?);
        }
        other => other?,
    }
    let binding = BindingRow {
        id: id::new_id(),
        subject_kind: "user".to_owned(),
        subject_id: user.id.clone(),
        role: Role::Viewer.name().to_owned(),
        scope_kind: "org".to_owned(),
        scope: String::new(),
        source: SOURCE.to_owned(),
        created_by: String::new(),
        created_at: actor.at,
    };
    change.insert_binding(&binding).await?;
    change.grants_changed().await?;
    let entry = AuditEntry::new(&actor, "user.create", "user", &user.id, &user.name);
    change.commit(entry.after(json!({ "source": SOURCE, "role": binding.role }))).await?;
    Ok(gate.records.named_user(name.as_str()).await?)
}

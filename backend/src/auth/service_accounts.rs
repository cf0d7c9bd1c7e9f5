//! Service account management. Service accounts get roles by bindings, as users do.

use super::{AuthError, validation};
use crate::db::audit::{Actor, AuditEntry};
use crate::db::id::ServiceAccountId;
use crate::db::service_accounts::ServiceAccountRow;
use crate::db::{Change, DbError, Records};
use serde_json::json;

/// Creates a service account without any role.
///
/// # Errors
/// [`AuthError::Invalid`] for an invalid name; [`AuthError::Conflict`] for one that is taken.
pub(crate) async fn create(
    records: &Records,
    actor: &Actor,
    name: &str,
) -> Result<ServiceAccountRow, AuthError> {
    let mut change = records.change().await?;
    let account = insert(&mut change, actor, name).await?;
    change.commit(entry(actor, "service_account.create", &account)).await?;
    Ok(account)
}

/// [`create`] within a transaction.
pub(super) async fn insert(
    change: &mut Change,
    actor: &Actor,
    name: &str,
) -> Result<ServiceAccountRow, AuthError> {
    let account = ServiceAccountRow {
        id: ServiceAccountId::random(),
        name: validation::title("a service account's name", name)?,
        created_by: actor.id.clone(),
        created_at: actor.at,
        disabled_at: None,
    };
    change.insert_service_account(&account).await.map_err(|error| match error {
        DbError::Conflict => {
            AuthError::Conflict("a service account with this name already exists".to_owned())
        }
        other => other.into(),
    })?;
    Ok(account)
}

/// Disables a service account, so that its tokens are rejected, or enables it.
///
/// # Errors
/// [`AuthError::NotFound`].
pub(crate) async fn set_disabled(
    records: &Records,
    actor: &Actor,
    id: &ServiceAccountId,
    disabled: bool,
) -> Result<ServiceAccountRow, AuthError> {
    let mut change = records.change().await?;
    let old = find(&mut change, id).await?;
    let account = ServiceAccountRow { disabled_at: disabled.then_some(actor.at), ..old.clone() };
    change.set_service_account_disabled(id, account.disabled_at).await?;
    let (before, after) = (old.disabled_at.is_some(), disabled);
    let entry = entry(actor, "service_account.update", &account);
    change.commit(entry.before(json!({ "disabled": before })).after(json!({ "disabled": after }))).await?;
    Ok(account)
}

/// Deletes a service account with its bindings and tokens.
///
/// # Errors
/// [`AuthError::NotFound`].
pub(crate) async fn delete(records: &Records, actor: &Actor, id: &ServiceAccountId) -> Result<(), AuthError> {
    let mut change = records.change().await?;
    let account = find(&mut change, id).await?;
    change.delete_service_account(id).await?;
    change.grants_changed().await?;
    let before = json!({ "name": account.name, "created_by": account.created_by });
    Ok(change.commit(entry(actor, "service_account.delete", &account).before(before)).await?)
}

/// The service account with this id.
///
/// # Errors
/// [`AuthError::NotFound`].
pub(super) async fn find(change: &mut Change, id: &ServiceAccountId) -> Result<ServiceAccountRow, AuthError> {
    let found = change.service_account(id).await?;
    found.ok_or_else(|| AuthError::NotFound("service account not found".to_owned()))
}

fn entry(actor: &Actor, action: &'static str, account: &ServiceAccountRow) -> AuditEntry {
    AuditEntry::new(actor, action, "service_account", &account.id, &account.name)
}

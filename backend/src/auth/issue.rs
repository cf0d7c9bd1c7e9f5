//! Issuing service account tokens from the command line: account, role binding and token in one transaction.

use super::tokens::{self, CreatedToken, NewToken};
use super::{AuthError, bindings, service_accounts, validation};
use crate::db::audit::{Actor, AuditEntry};
use crate::db::bindings::{BindingRow, BindingScope, Subject};
use crate::db::service_accounts::ServiceAccountRow;
use crate::db::{Change, Records};

/// Creates a token for the service account named `account`. The account is created if it is missing, and bound to the
/// token's role over the token's profiles if it is not yet.
///
/// # Errors
/// [`AuthError::Invalid`] for an invalid name, selector or lifetime; [`AuthError::Conflict`] if the account is disabled or
/// has too many tokens.
pub(crate) async fn issue(
    records: &Records,
    actor: &Actor,
    account: &str,
    new: &NewToken,
) -> Result<CreatedToken, AuthError> {
    let mut change = records.change().await?;
    let account = find_or_create(&mut change, actor, account).await?;
    bind(&mut change, actor, &account, new).await?;
    let created = tokens::draft_for_service_account(actor, &account.id, new)?;
    tokens::insert(change, actor, created).await
}

async fn find_or_create(
    change: &mut Change,
    actor: &Actor,
    name: &str,
) -> Result<ServiceAccountRow, AuthError> {
    let name = validation::title("a service account's name", name)?;
    match change.service_account_named(&name).await? {
        Some(account) if account.disabled_at.is_some() => {
            Err(AuthError::Conflict(format!("the service account `{name}` is disabled")))
        }
        Some(account) => Ok(account),
        None => {
            let account = service_accounts::insert(change, actor, &name).await?;
            let entry =
                AuditEntry::new(actor, "service_account.create", "service_account", &account.id, &name);
            change.audit(entry).await?;
            Ok(account)
        }
    }
}

async fn bind(
    change: &mut Change,
    actor: &Actor,
    account: &ServiceAccountRow,
    new: &NewToken,
) -> Result<(), AuthError> {
    let scope = match new.selector.trim() {
        "" => BindingScope::Org,
        text => BindingScope::Selector(validation::selector(text)?),
    };
    let subject = Subject::ServiceAccount(account.id.clone());
    let binding = BindingRow::new(actor, &subject, new.role.name(), scope, bindings::MANUAL);
    if bindings::add(change, &binding).await? {
        let entry = bindings::entry(actor, "binding.create", &binding);
        change.audit(entry.after(bindings::audited(&binding))).await?;
    }
    Ok(())
}

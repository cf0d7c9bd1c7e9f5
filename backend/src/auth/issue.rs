//! Tokens for who runs the server: a service account of a name, its role and a token for it, in one change.

use super::token_text::TokenKind;
use super::tokens::{self, Made, Wish};
use super::{AuthError, Role, bindings, service_accounts, written};
use crate::db::audit::{Actor, AuditEntry};
use crate::db::bindings::BindingRow;
use crate::db::service_accounts::ServiceAccountRow;
use crate::db::{Change, Records, id};

/// Makes a token of the service account `account`, which is made if it is missing, and given the token's role over
/// the token's profiles if it does not have that yet.
///
/// # Errors
/// [`AuthError::Invalid`] for what cannot be kept; [`AuthError::Conflict`] when the account is switched off or has too
/// many tokens.
pub(crate) async fn issue(
    records: &Records,
    actor: &Actor,
    account: &str,
    wish: &Wish,
) -> Result<Made, AuthError> {
    let mut change = records.change().await?;
    let account = find_or_make(&mut change, actor, account).await?;
    bind(&mut change, actor, &account, wish).await?;
    let kind = if wish.role == Role::Agent { TokenKind::Agent } else { TokenKind::ServiceAccount };
    let made = tokens::draft(actor, kind, ("service_account", &account.id), wish)?;
    tokens::keep(change, actor, made).await
}

async fn find_or_make(
    change: &mut Change,
    actor: &Actor,
    name: &str,
) -> Result<ServiceAccountRow, AuthError> {
    let name = written::title("a service account's name", name)?;
    match change.service_account_named(&name).await? {
        Some(account) if account.disabled_at.is_some() => {
            Err(AuthError::Conflict(format!("the service account `{name}` is switched off")))
        }
        Some(account) => Ok(account),
        None => {
            let account = service_accounts::insert(change, actor, &name).await?;
            let made =
                AuditEntry::new(actor, "service_account.create", "service_account", &account.id, &name);
            change.note(made).await?;
            Ok(account)
        }
    }
}

async fn bind(
    change: &mut Change,
    actor: &Actor,
    account: &ServiceAccountRow,
    wish: &Wish,
) -> Result<(), AuthError> {
    let (scope_kind, scope) = match wish.selector.trim() {
        "" => ("org", String::new()),
        text => ("selector", written::selector(text)?),
    };
    let binding = BindingRow {
        id: id::new_id(),
        subject_kind: "service_account".to_owned(),
        subject_id: account.id.clone(),
        role: wish.role.name().to_owned(),
        scope_kind: scope_kind.to_owned(),
        scope,
        source: "manual".to_owned(),
        created_by: actor.id.clone(),
        created_at: actor.at,
    };
    if change.has_binding(&binding).await? {
        return Ok(());
    }
    change.insert_binding(&binding).await?;
    change.grants_changed().await?;
    let entry = bindings::entry(actor, "binding.create", &binding).after(bindings::about(&binding));
    Ok(change.note(entry).await?)
}

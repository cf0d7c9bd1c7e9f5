//! What somebody may do: the bindings of its own and of its teams.
//!
//! Asked with every request, changed rarely: kept in memory under the revision that every change of users, teams and
//! bindings raises, so that a change counts from the next request on, on every replica.

use super::{AuthError, Grant, Scope};
use crate::db::bindings::GrantRow;
use crate::db::{DbError, Records};
use moka::future::Cache;
use std::sync::Arc;

/// People and programs kept in memory.
const KEPT: u64 = 10_000;

/// What somebody may do, and its teams.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rights {
    /// Roles over scopes.
    pub(crate) grants: Vec<Grant>,
    /// Ids of the teams it is in.
    pub(crate) teams: Vec<String>,
}

/// Who is asked about, at which revision.
type Key = (&'static str, String, String);

/// What was looked up lately.
#[derive(Clone)]
pub(crate) struct GrantCache {
    kept: Cache<Key, Arc<Rights>>,
}

impl Default for GrantCache {
    fn default() -> GrantCache {
        GrantCache { kept: Cache::new(KEPT) }
    }
}

impl GrantCache {
    /// [`of_user`], as of `revision`.
    pub(crate) async fn of_user(
        &self,
        records: &Records,
        user_id: &str,
        revision: &str,
    ) -> Result<Arc<Rights>, AuthError> {
        self.look_up(("user", user_id.to_owned(), revision.to_owned()), of_user(records, user_id)).await
    }

    /// [`of_service_account`], as of `revision`.
    pub(crate) async fn of_service_account(
        &self,
        records: &Records,
        id: &str,
        revision: &str,
    ) -> Result<Arc<Rights>, AuthError> {
        let key = ("service_account", id.to_owned(), revision.to_owned());
        self.look_up(key, of_service_account(records, id)).await
    }

    /// Rows are read after the revision was, so they are at least as new as it says.
    async fn look_up(
        &self,
        key: Key,
        read: impl Future<Output = Result<Rights, AuthError>>,
    ) -> Result<Arc<Rights>, AuthError> {
        if let Some(rights) = self.kept.get(&key).await {
            return Ok(rights);
        }
        let rights = Arc::new(read.await?);
        self.kept.insert(key, rights.clone()).await;
        Ok(rights)
    }
}

/// What a user may do: its own bindings and those of its teams.
pub(crate) async fn of_user(records: &Records, user_id: &str) -> Result<Rights, AuthError> {
    let grants = read(records.grants_of_user(user_id).await?)?;
    Ok(Rights { grants, teams: records.teams_of(user_id).await? })
}

/// What a service account may do.
pub(crate) async fn of_service_account(records: &Records, id: &str) -> Result<Rights, AuthError> {
    let grants = read(records.grants_of_service_account(id).await?)?;
    Ok(Rights { grants, teams: Vec::new() })
}

fn read(rows: Vec<GrantRow>) -> Result<Vec<Grant>, AuthError> {
    let grants = rows.into_iter().filter_map(|row| grant(row).transpose());
    Ok(grants.collect::<Result<_, DbError>>()?)
}

/// The grant of a row; none when its team is gone. What cannot be read gives nothing, and is an error.
fn grant(row: GrantRow) -> Result<Option<Grant>, DbError> {
    let damaged = |error: &dyn std::fmt::Display| DbError::Damaged(format!("a binding: {error}"));
    let role = row.role.parse().map_err(|e| damaged(&e))?;
    let scope = match (row.scope_kind.as_str(), row.selector) {
        ("org", _) => Scope::Everything,
        ("team" | "selector", Some(text)) => Scope::Matching(text.parse().map_err(|e| damaged(&e))?),
        ("team", None) => return Ok(None),
        (other, _) => return Err(damaged(&format!("its scope `{other}` is unknown"))),
    };
    Ok(Some(Grant { role, scope }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Role;

    fn row(role: &str, scope_kind: &str, selector: Option<&str>) -> GrantRow {
        GrantRow {
            role: role.to_owned(),
            scope_kind: scope_kind.to_owned(),
            selector: selector.map(str::to_owned),
        }
    }

    #[test]
    fn what_cannot_be_read_never_becomes_everything() {
        let admin = Grant { role: Role::Admin, scope: Scope::Everything };
        assert_eq!(grant(row("admin", "org", Some(""))).unwrap(), Some(admin));
        assert_eq!(grant(row("admin", "team", None)).unwrap(), None);
        for bad in [
            row("owner", "org", Some("")),
            row("viewer", "selector", Some("")),
            row("viewer", "selector", Some("{a=")),
            row("viewer", "selector", None),
            row("viewer", "galaxy", Some("{}")),
            row("viewer", "", Some("{}")),
        ] {
            assert!(grant(bad.clone()).is_err(), "{bad:?}");
        }
    }
}

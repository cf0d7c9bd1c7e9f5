//! Grants of users and service accounts, resolved from role bindings.
//!
//! Read with every request and changed rarely, so they are cached under the revision that every change of users, teams and
//! bindings increments: a change takes effect with the next request, on every replica.

use super::{AuthError, Grant, Permission, Role, Scope};
use crate::db::bindings::GrantRow;
use crate::db::id::{ServiceAccountId, TeamId, UserId};
use crate::db::{DbError, Records};
use moka::future::Cache;
use std::sync::Arc;
use std::time::Duration;

/// Principals in the cache.
const CAPACITY: u64 = 10_000;

/// Rights that nobody asked for are dropped after this time.
const IDLE: Duration = Duration::from_secs(300);

/// Grants and teams of a principal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rights {
    pub(crate) grants: Vec<Grant>,
    pub(crate) teams: Vec<TeamId>,
    /// Of a service account: the teams whose profiles it has roles over.
    pub(crate) scope_teams: Vec<TeamId>,
    /// Names of the teams that it is a member of, or over whose profiles it has a role that reads them; sorted.
    pub(crate) reading_teams: Vec<String>,
}

/// Kind and id of the principal, and the revision of grants.
type Key = (&'static str, String, String);

/// Recently resolved rights.
#[derive(Clone)]
pub(crate) struct GrantCache {
    cache: Cache<Key, Arc<Rights>>,
}

impl Default for GrantCache {
    fn default() -> GrantCache {
        GrantCache { cache: Cache::builder().max_capacity(CAPACITY).time_to_idle(IDLE).build() }
    }
}

impl GrantCache {
    /// Drops what has expired; without it, that waits for the next request.
    pub(crate) async fn expire(&self) {
        self.cache.run_pending_tasks().await;
    }

    /// [`of_user`], as of `revision`.
    pub(crate) async fn of_user(
        &self,
        records: &Records,
        user_id: &UserId,
        revision: &str,
    ) -> Result<Arc<Rights>, AuthError> {
        self.look_up(("user", user_id.into(), revision.to_owned()), of_user(records, user_id)).await
    }

    /// [`of_service_account`], as of `revision`.
    pub(crate) async fn of_service_account(
        &self,
        records: &Records,
        id: &ServiceAccountId,
        revision: &str,
    ) -> Result<Arc<Rights>, AuthError> {
        let key = ("service_account", id.into(), revision.to_owned());
        self.look_up(key, of_service_account(records, id)).await
    }

    /// Bindings are read after the revision, so they are at least as new as it.
    async fn look_up(
        &self,
        key: Key,
        read: impl Future<Output = Result<Rights, AuthError>>,
    ) -> Result<Arc<Rights>, AuthError> {
        if let Some(rights) = self.cache.get(&key).await {
            return Ok(rights);
        }
        let rights = Arc::new(read.await?);
        self.cache.insert(key, rights.clone()).await;
        Ok(rights)
    }
}

/// Rights of a user, those of the user's teams included.
async fn of_user(records: &Records, user_id: &UserId) -> Result<Rights, AuthError> {
    let rows = records.grants_of_user(user_id).await?;
    let reading_teams = reading_teams(&rows, records.team_names_of(user_id).await?);
    let teams = records.teams_of(user_id).await?;
    Ok(Rights { grants: read(rows)?, teams, reading_teams, ..Rights::default() })
}

/// Rights of a service account.
pub(crate) async fn of_service_account(
    records: &Records,
    id: &ServiceAccountId,
) -> Result<Rights, AuthError> {
    let rows = records.grants_of_service_account(id).await?;
    let mut scope_teams: Vec<TeamId> = rows.iter().filter_map(|row| row.team_id.clone()).collect();
    scope_teams.sort_unstable();
    scope_teams.dedup();
    let reading_teams = reading_teams(&rows, Vec::new());
    Ok(Rights { grants: read(rows)?, scope_teams, reading_teams, ..Rights::default() })
}

/// Names of teams over whose profiles one of the grants includes reading, and of those that it is a member of.
fn reading_teams(rows: &[GrantRow], member_of: Vec<String>) -> Vec<String> {
    let reads =
        |row: &&GrantRow| row.role.parse::<Role>().is_ok_and(|role| role.includes(Permission::ReadProfiles));
    let by_role = rows.iter().filter(reads).filter_map(|row| row.team_name.clone());
    let mut names: Vec<String> = by_role.chain(member_of).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn read(rows: Vec<GrantRow>) -> Result<Vec<Grant>, AuthError> {
    let grants = rows.into_iter().filter_map(|row| grant(row).transpose());
    Ok(grants.collect::<Result<_, DbError>>()?)
}

/// The grant of a row; `None` if its team no longer exists. A malformed row is an error and grants nothing.
fn grant(row: GrantRow) -> Result<Option<Grant>, DbError> {
    let damaged = |error: &dyn std::fmt::Display| DbError::Damaged(format!("role binding: {error}"));
    let role = row.role.parse().map_err(|e| damaged(&e))?;
    let scope = match (row.scope_kind.as_str(), row.selector) {
        ("org", _) => Scope::Everything,
        ("team" | "selector", Some(text)) => Scope::Matching(text.parse().map_err(|e| damaged(&e))?),
        ("team", None) => return Ok(None),
        (other, _) => return Err(damaged(&format!("unknown scope kind `{other}`"))),
    };
    Ok(Some(Grant { role, scope }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(role: &str, scope_kind: &str, selector: Option<&str>) -> GrantRow {
        GrantRow {
            role: role.to_owned(),
            scope_kind: scope_kind.to_owned(),
            selector: selector.map(str::to_owned),
            team_id: None,
            team_name: None,
        }
    }

    #[test]
    fn teams_are_read_by_members_and_by_roles_that_read() {
        let over = |role: &str, team: &str| GrantRow {
            team_name: Some(team.to_owned()),
            ..row(role, "team", Some("{}"))
        };
        let rows =
            [over("viewer", "pay"), over("agent", "shop"), over("admin", "pay"), row("viewer", "org", None)];
        assert_eq!(reading_teams(&rows, vec!["cart".to_owned()]), ["cart", "pay"]);
        assert!(reading_teams(&[], Vec::new()).is_empty());
    }

    #[test]
    fn malformed_bindings_are_errors() {
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

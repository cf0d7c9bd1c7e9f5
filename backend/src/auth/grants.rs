//! What somebody may do, from bindings.

use super::{AuthError, Grant, Role, Scope};
use crate::db::Records;
use crate::db::bindings::GrantRow;

/// What somebody may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Ids of teams.
    pub teams: Vec<String>,
    /// Roles over scopes.
    pub grants: Vec<Grant>,
}

/// Those of a user: its own and its teams'.
///
/// # Errors
/// [`AuthError::Records`].
pub async fn of_user(records: &Records, user_id: &str) -> Result<Rights, AuthError> {
    let rows = records.grants_of_user(user_id).await?;
    Ok(Rights { teams: records.teams_of(user_id).await?, grants: rows.iter().filter_map(grant).collect() })
}

/// A binding that cannot be understood gives nothing.
fn grant(row: &GrantRow) -> Option<Grant> {
    let role: Role = row.role.parse().ok()?;
    let scope = match (row.scope_kind.as_str(), &row.selector) {
        ("org", _) => Scope::Everything,
        (_, Some(selector)) => Scope::Matching(selector.parse().ok()?),
        (_, None) => return None,
    };
    Some(Grant { role, scope })
}

//! The invariant that the server always has an administrator.

use super::AuthError;
use crate::db::Change;

/// Marks grants as changed, and rejects a change that would leave the organisation without an administrator. Every
/// change of users, teams and bindings calls it as its last step before the commit.
///
/// Concurrent changes are serialized here: the first step writes a row that all of them write, so the count that follows
/// includes everything committed before.
///
/// # Errors
/// [`AuthError::Conflict`] if no administrator would be left.
pub(crate) async fn keep(change: &mut Change) -> Result<(), AuthError> {
    change.grants_changed().await?;
    if change.count_administrators().await? > 0 {
        return Ok(());
    }
    let detail =
        "this would leave the server without an administrator; make another user administrator first";
    Err(AuthError::Conflict(detail.to_owned()))
}

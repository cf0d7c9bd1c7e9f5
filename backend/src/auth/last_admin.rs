//! There is always somebody who can let others in.

use super::AuthError;
use crate::db::Change;

/// Says that grants changed, and refuses a change after which nobody would be administrator of the whole. To be called
/// by every change of people, teams and bindings, as its last step before the commit.
///
/// Changes take turns here: the first step writes one row that all of them write, and what is counted after it has
/// everything in it that was committed before.
///
/// # Errors
/// [`AuthError::Conflict`] when there would be none left.
pub(crate) async fn keep(change: &mut Change) -> Result<(), AuthError> {
    change.grants_changed().await?;
    if change.count_administrators().await? > 0 {
        return Ok(());
    }
    let detail =
        "this would leave nobody who can administer the server; make somebody else administrator first";
    Err(AuthError::Conflict(detail.to_owned()))
}

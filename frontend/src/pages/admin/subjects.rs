//! Possible subjects of a role, and teams whose profiles can be its scope.

use crate::api::Fetch;
use crate::state::people::{ServiceAccount, Team, User};

/// Lists that the dialog offers, as far as they have arrived.
#[derive(Clone, Copy)]
pub(crate) struct Known {
    pub(crate) users: Fetch<Vec<User>>,
    pub(crate) teams: Fetch<Vec<Team>>,
    pub(crate) accounts: Fetch<Vec<ServiceAccount>>,
}

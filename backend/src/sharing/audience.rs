//! The audience of a share whose creator names none: a team where the creator has one, else the organisation.

use super::{ShareError, ShareService, Visibility};
use crate::auth::Principal;
use crate::db::id::TeamId;

/// The audience that a request means by `visibility` and `team`, either of which may be absent. Of several teams, the first
/// by name is the default; the page preselects the same one.
///
/// # Errors
/// [`ShareError::Invalid`] for an unknown visibility, [`ShareError::Records`].
pub(crate) async fn audience(
    service: &ShareService,
    who: &Principal,
    visibility: &str,
    team: Option<TeamId>,
) -> Result<(Visibility, Option<TeamId>), ShareError> {
    if !visibility.is_empty() {
        return Ok((visibility.parse()?, team));
    }
    let team = match team {
        Some(team) => Some(team),
        None => first_team(service, who).await?,
    };
    Ok(team.map_or((Visibility::Org, None), |team| (Visibility::Team, Some(team))))
}

async fn first_team(service: &ShareService, who: &Principal) -> Result<Option<TeamId>, ShareError> {
    if who.teams().is_empty() {
        return Ok(None);
    }
    let by_name = service.records.teams().await?;
    Ok(by_name.into_iter().map(|team| team.id).find(|id| who.teams().contains(id)))
}

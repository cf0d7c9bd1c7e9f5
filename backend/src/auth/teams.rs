//! Team management: users, and the profiles that belong to them.

use super::{AuthError, last_admin, validation};
use crate::db::audit::{Actor, AuditEntry};
use crate::db::bindings::Subject;
use crate::db::id::{TeamId, UserId};
use crate::db::teams::TeamRow;
use crate::db::{Change, DbError, Records};
use serde_json::{Value, json};

/// Creates a team.
///
/// # Errors
/// [`AuthError::Invalid`] for an invalid name or selector; [`AuthError::Conflict`] for a name that is taken.
pub(crate) async fn create(
    records: &Records,
    actor: &Actor,
    name: &str,
    selector: &str,
) -> Result<TeamRow, AuthError> {
    let team = TeamRow {
        id: TeamId::random(),
        name: validation::title("a team's name", name)?,
        selector: validation::selector(selector)?,
        created_at: actor.at,
    };
    let mut change = records.change().await?;
    change.insert_team(&team).await.map_err(name_taken)?;
    change.grants_changed().await?;
    change.commit(entry(actor, "team.create", &team).after(audited(&team))).await?;
    Ok(team)
}

/// Changes the name and selector of a team, effective with the next request.
///
/// # Errors
/// As [`create`]; [`AuthError::NotFound`].
pub(crate) async fn update(
    records: &Records,
    actor: &Actor,
    id: &TeamId,
    name: &str,
    selector: &str,
) -> Result<TeamRow, AuthError> {
    let (name, selector) = (validation::title("a team's name", name)?, validation::selector(selector)?);
    let mut change = records.change().await?;
    let old = find(&mut change, id).await?;
    let team = TeamRow { name, selector, ..old.clone() };
    change.update_team(&team).await.map_err(name_taken)?;
    change.grants_changed().await?;
    change.commit(entry(actor, "team.update", &team).before(audited(&old)).after(audited(&team))).await?;
    Ok(team)
}

/// Deletes a team, with every binding that names it.
///
/// # Errors
/// [`AuthError::NotFound`]; [`AuthError::Conflict`] if no administrator would be left.
pub(crate) async fn delete(records: &Records, actor: &Actor, id: &TeamId) -> Result<(), AuthError> {
    let mut change = records.change().await?;
    let team = find(&mut change, id).await?;
    let members = change.members_of(id).await?;
    change.delete_team(id).await?;
    last_admin::keep(&mut change).await?;
    let before = json!({ "name": team.name, "selector": team.selector, "members": members });
    Ok(change.commit(entry(actor, "team.delete", &team).before(before)).await?)
}

/// Adds a user to a team; adding a member again changes nothing.
///
/// # Errors
/// [`AuthError::NotFound`].
pub(crate) async fn add_member(
    records: &Records,
    actor: &Actor,
    team_id: &TeamId,
    user_id: &UserId,
) -> Result<(), AuthError> {
    let mut change = records.change().await?;
    let team = find(&mut change, team_id).await?;
    if !change.has_subject(&Subject::User(user_id.clone())).await? {
        return Err(AuthError::NotFound("user not found".to_owned()));
    }
    if !change.add_member(team_id, user_id, "manual").await? {
        return Ok(());
    }
    change.grants_changed().await?;
    let entry = entry(actor, "team.add_member", &team).after(json!({ "user": user_id }));
    Ok(change.commit(entry).await?)
}

/// Removes a user from a team.
///
/// # Errors
/// [`AuthError::NotFound`]; [`AuthError::Conflict`] if no administrator would be left.
pub(crate) async fn remove_member(
    records: &Records,
    actor: &Actor,
    team_id: &TeamId,
    user_id: &UserId,
) -> Result<(), AuthError> {
    let mut change = records.change().await?;
    let team = find(&mut change, team_id).await?;
    if !change.remove_member(team_id, user_id).await? {
        return Err(AuthError::NotFound("the user is not a member of this team".to_owned()));
    }
    last_admin::keep(&mut change).await?;
    let entry = entry(actor, "team.remove_member", &team).before(json!({ "user": user_id }));
    Ok(change.commit(entry).await?)
}

async fn find(change: &mut Change, id: &TeamId) -> Result<TeamRow, AuthError> {
    change.team(id).await?.ok_or_else(|| AuthError::NotFound("team not found".to_owned()))
}

fn name_taken(error: DbError) -> AuthError {
    match error {
        DbError::Conflict => AuthError::Conflict("a team with this name already exists".to_owned()),
        other => other.into(),
    }
}

fn entry(actor: &Actor, action: &'static str, team: &TeamRow) -> AuditEntry {
    AuditEntry::new(actor, action, "team", &team.id, &team.name)
}

fn audited(team: &TeamRow) -> Value {
    json!({ "name": team.name, "selector": team.selector })
}

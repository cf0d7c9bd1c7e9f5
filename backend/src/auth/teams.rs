//! Teams: people, and the profiles that are theirs.

use super::{AuthError, last_admin, written};
use crate::db::audit::{Actor, AuditEntry};
use crate::db::teams::TeamRow;
use crate::db::{Change, DbError, Records, id};
use serde_json::{Value, json};

/// Makes a team.
///
/// # Errors
/// [`AuthError::Invalid`] for a name or selector that cannot be kept; [`AuthError::Conflict`] for a name that is taken.
pub(crate) async fn create(
    records: &Records,
    actor: &Actor,
    name: &str,
    selector: &str,
) -> Result<TeamRow, AuthError> {
    let team = TeamRow {
        id: id::new_id(),
        name: written::title("a team's name", name)?,
        selector: written::selector(selector)?,
        created_at: actor.at,
    };
    let mut change = records.change().await?;
    change.insert_team(&team).await.map_err(taken)?;
    change.grants_changed().await?;
    change.commit(entry(actor, "team.create", &team).after(about(&team))).await?;
    Ok(team)
}

/// Gives a team another name and other profiles, which counts at once.
///
/// # Errors
/// As [`create`]; [`AuthError::NotFound`].
pub(crate) async fn update(
    records: &Records,
    actor: &Actor,
    id: &str,
    name: &str,
    selector: &str,
) -> Result<TeamRow, AuthError> {
    let (name, selector) = (written::title("a team's name", name)?, written::selector(selector)?);
    let mut change = records.change().await?;
    let old = find(&mut change, id).await?;
    let team = TeamRow { name, selector, ..old.clone() };
    change.update_team(&team).await.map_err(taken)?;
    change.grants_changed().await?;
    change.commit(entry(actor, "team.update", &team).before(about(&old)).after(about(&team))).await?;
    Ok(team)
}

/// Removes a team, with all bindings that speak of it.
///
/// # Errors
/// [`AuthError::NotFound`]; [`AuthError::Conflict`] when nobody would be administrator any more.
pub(crate) async fn delete(records: &Records, actor: &Actor, id: &str) -> Result<(), AuthError> {
    let mut change = records.change().await?;
    let team = find(&mut change, id).await?;
    let members = change.members_of(id).await?;
    change.delete_team(id).await?;
    last_admin::keep(&mut change).await?;
    let before = json!({ "name": team.name, "selector": team.selector, "members": members });
    Ok(change.commit(entry(actor, "team.delete", &team).before(before)).await?)
}

/// Puts a user into a team; one that is in it stays.
///
/// # Errors
/// [`AuthError::NotFound`].
pub(crate) async fn add_member(
    records: &Records,
    actor: &Actor,
    team_id: &str,
    user_id: &str,
) -> Result<(), AuthError> {
    let mut change = records.change().await?;
    let team = find(&mut change, team_id).await?;
    if !change.has_subject("user", user_id).await? {
        return Err(AuthError::NotFound("there is no such user".to_owned()));
    }
    if !change.add_member(team_id, user_id, "manual").await? {
        return Ok(());
    }
    change.grants_changed().await?;
    let entry = entry(actor, "team.add_member", &team).after(json!({ "user": user_id }));
    Ok(change.commit(entry).await?)
}

/// Takes a user out of a team.
///
/// # Errors
/// [`AuthError::NotFound`]; [`AuthError::Conflict`] when nobody would be administrator any more.
pub(crate) async fn remove_member(
    records: &Records,
    actor: &Actor,
    team_id: &str,
    user_id: &str,
) -> Result<(), AuthError> {
    let mut change = records.change().await?;
    let team = find(&mut change, team_id).await?;
    if !change.remove_member(team_id, user_id).await? {
        return Err(AuthError::NotFound("there is no such member in the team".to_owned()));
    }
    last_admin::keep(&mut change).await?;
    let entry = entry(actor, "team.remove_member", &team).before(json!({ "user": user_id }));
    Ok(change.commit(entry).await?)
}

async fn find(change: &mut Change, id: &str) -> Result<TeamRow, AuthError> {
    change.team(id).await?.ok_or_else(|| AuthError::NotFound("there is no such team".to_owned()))
}

fn taken(error: DbError) -> AuthError {
    match error {
        DbError::Conflict => AuthError::Conflict("there is a team of this name already".to_owned()),
        other => other.into(),
    }
}

fn entry(actor: &Actor, action: &'static str, team: &TeamRow) -> AuditEntry {
    AuditEntry::new(actor, action, "team", &team.id, &team.name)
}

fn about(team: &TeamRow) -> Value {
    json!({ "name": team.name, "selector": team.selector })
}

//! What a person's groups at the provider give here.

use super::OidcError;
use super::claims::Person;
use crate::auth::{AuthError, Role, last_admin};
use crate::config::{GroupRule, OidcConfig};
use crate::db::audit::{Actor, AuditEntry};
use crate::db::bindings::BindingRow;
use crate::db::{Change, id};
use serde_json::json;

/// What came from the provider's groups, in our records.
pub(crate) const SOURCE: &str = "oidc";

/// The rules that hold for a person.
///
/// # Errors
/// [`OidcError::NotAllowed`] for who must be in a group and is in none.
pub(crate) fn rules_of<'a>(config: &'a OidcConfig, person: &Person) -> Result<Vec<&'a GroupRule>, OidcError> {
    let rules: Vec<&GroupRule> =
        config.groups.iter().filter(|rule| person.groups.contains(&rule.group)).collect();
    if rules.is_empty() && config.strict {
        return Err(OidcError::NotAllowed(person.name.clone()));
    }
    Ok(rules)
}

/// A role and where it holds: the id of a team, or everything.
type Wanted = (Role, Option<String>);

/// Gives a user exactly what `rules` say, beside what was given by hand, which stays. Answers whether anything changed.
pub(crate) async fn apply(
    change: &mut Change,
    actor: &Actor,
    user_id: &str,
    rules: &[&GroupRule],
) -> Result<bool, AuthError> {
    let wanted = resolve(change, rules).await?;
    let joined = teams(change, actor, user_id, &wanted).await?;
    let bound = bindings(change, actor, user_id, wanted).await?;
    if joined || bound {
        change.grants_changed().await?;
    }
    Ok(joined || bound)
}

async fn resolve(change: &mut Change, rules: &[&GroupRule]) -> Result<Vec<Wanted>, AuthError> {
    let mut wanted = Vec::new();
    for rule in rules {
        let team = match &rule.team {
            None => None,
            Some(name) => match change.team_of_name(name).await? {
                Some(id) => Some(id),
                None => {
                    tracing::warn!(
                        group = rule.group,
                        team = name,
                        "`oidc.groups` names a team that is not there"
                    );
                    continue;
                }
            },
        };
        if !wanted.contains(&(rule.role, team.clone())) {
            wanted.push((rule.role, team));
        }
    }
    Ok(wanted)
}

async fn teams(
    change: &mut Change,
    actor: &Actor,
    user_id: &str,
    wanted: &[Wanted],
) -> Result<bool, AuthError> {
    let mut changed = false;
    let had = change.teams_from(user_id, SOURCE).await?;
    let wanted: Vec<&String> = wanted.iter().filter_map(|(_, team)| team.as_ref()).collect();
    for team in &wanted {
        if change.add_member(team, user_id, SOURCE).await? {
            note(change, actor, "team.add_member", ("team", team), json!({ "user": user_id })).await?;
            changed = true;
        }
    }
    for team in had.iter().filter(|team| !wanted.contains(team)) {
        changed |= leave(change, actor, team, user_id).await?;
    }
    Ok(changed)
}

async fn bindings(
    change: &mut Change,
    actor: &Actor,
    user_id: &str,
    wanted: Vec<Wanted>,
) -> Result<bool, AuthError> {
    let had = change.bindings_from(user_id, SOURCE).await?;
    let of = |(role, team): &Wanted| {
        let (scope_kind, scope) = team.as_deref().map_or(("org", ""), |team| ("team", team));
        (role.name().to_owned(), scope_kind.to_owned(), scope.to_owned())
    };
    let is = |row: &BindingRow| (row.role.clone(), row.scope_kind.clone(), row.scope.clone());
    let wanted: Vec<_> = wanted.iter().map(of).collect();
    let mut changed = false;
    for (role, scope_kind, scope) in wanted.iter().filter(|want| !had.iter().any(|row| is(row) == **want)) {
        let row = BindingRow {
            id: id::new_id(),
            subject_kind: "user".to_owned(),
            subject_id: user_id.to_owned(),
            role: role.clone(),
            scope_kind: scope_kind.clone(),
            scope: scope.clone(),
            source: SOURCE.to_owned(),
            created_by: String::new(),
            created_at: actor.at,
        };
        add(change, actor, &row).await?;
        changed = true;
    }
    for row in had.iter().filter(|row| !wanted.contains(&is(row))) {
        changed |= remove(change, actor, row).await?;
    }
    Ok(changed)
}

async fn add(change: &mut Change, actor: &Actor, row: &BindingRow) -> Result<(), AuthError> {
    change.insert_binding(row).await?;
    note(change, actor, "binding.create", ("binding", &row.id), what(row)).await
}

/// As [`remove`], for a team: its roles are its members'.
async fn leave(change: &mut Change, actor: &Actor, team: &str, user_id: &str) -> Result<bool, AuthError> {
    change.remove_member(team, user_id).await?;
    if !somebody_administers(change).await? {
        change.add_member(team, user_id, SOURCE).await?;
        return Ok(false);
    }
    note(change, actor, "team.remove_member", ("team", team), json!({ "user": user_id })).await?;
    Ok(true)
}

/// Takes a role away, unless that would leave nobody who administers the server: then the person keeps it, and can still
/// sign in to make somebody else administrator.
async fn remove(change: &mut Change, actor: &Actor, row: &BindingRow) -> Result<bool, AuthError> {
    change.delete_binding(&row.id).await?;
    if !somebody_administers(change).await? {
        change.insert_binding(row).await?;
        return Ok(false);
    }
    note(change, actor, "binding.delete", ("binding", &row.id), what(row)).await?;
    Ok(true)
}

async fn somebody_administers(change: &mut Change) -> Result<bool, AuthError> {
    match last_admin::keep(change).await {
        Err(AuthError::Conflict(_)) => {
            tracing::warn!(
                "the last administrator lost the group for it at the provider; what it gave stays"
            );
            Ok(false)
        }
        other => other.map(|()| true),
    }
}

fn what(row: &BindingRow) -> serde_json::Value {
    json!({ "user": row.subject_id, "role": row.role, "scope": row.scope_kind, "team": row.scope, "source": row.source })
}

async fn note(
    change: &mut Change,
    actor: &Actor,
    action: &'static str,
    (kind, id): (&'static str, &str),
    after: serde_json::Value,
) -> Result<(), AuthError> {
    Ok(change.note(AuditEntry::new(actor, action, kind, id, "").after(after)).await?)
}

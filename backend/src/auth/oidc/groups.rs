//! Mapping of the provider's groups to teams and roles.

use super::claims::Person;
use super::{Oidc, OidcError};
use crate::auth::{AuthError, Role, UnknownRole, last_admin};
use crate::config::GroupRule;
use crate::db::Change;
use crate::db::audit::{Actor, AuditEntry};
use crate::db::bindings::{BindingRow, BindingScope, Subject};
use crate::db::id::{TeamId, UserId};
use serde_json::json;

/// The source of memberships and bindings created here.
pub(crate) const SOURCE: &str = "oidc";

/// A role granted by a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Name of the group at the provider.
    group: String,
    role: Role,
    /// Scope of the role: this team, of which the user becomes a member; everything, if none.
    team: Option<String>,
}

impl TryFrom<&GroupRule> for Rule {
    type Error = UnknownRole;

    fn try_from(rule: &GroupRule) -> Result<Rule, UnknownRole> {
        Ok(Rule { group: rule.group.clone(), role: rule.role.parse()?, team: rule.team.clone() })
    }
}

/// The rules that match a person's groups.
///
/// # Errors
/// [`OidcError::NotAllowed`] if a group is required and none matches.
pub(crate) fn matching_rules<'a>(oidc: &'a Oidc, person: &Person) -> Result<Vec<&'a Rule>, OidcError> {
    let rules: Vec<&Rule> = oidc.rules.iter().filter(|rule| person.groups.contains(&rule.group)).collect();
    if rules.is_empty() && oidc.config.strict {
        return Err(OidcError::NotAllowed(person.name.clone()));
    }
    Ok(rules)
}

/// A role over a team's profiles, or over the whole organisation.
type Wanted = (Role, Option<TeamId>);

/// Makes the user's memberships and bindings from this source exactly those that `rules` say; others stay. Returns
/// whether anything changed.
pub(crate) async fn apply(
    change: &mut Change,
    actor: &Actor,
    user_id: &UserId,
    rules: &[&Rule],
) -> Result<bool, AuthError> {
    let wanted = resolve(change, rules).await?;
    let joined = teams(change, actor, user_id, &wanted).await?;
    let bound = bindings(change, actor, user_id, wanted).await?;
    if joined || bound {
        change.grants_changed().await?;
    }
    Ok(joined || bound)
}

async fn resolve(change: &mut Change, rules: &[&Rule]) -> Result<Vec<Wanted>, AuthError> {
    let mut wanted = Vec::new();
    for rule in rules {
        let team = match &rule.team {
            None => None,
            Some(name) => match change.team_named(name).await? {
                Some(id) => Some(id),
                None => {
                    tracing::warn!(group = rule.group, team = name, "`oidc.groups` names an unknown team");
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
    user_id: &UserId,
    wanted: &[Wanted],
) -> Result<bool, AuthError> {
    let mut changed = false;
    let had = change.teams_from(user_id, SOURCE).await?;
    let wanted: Vec<&TeamId> = wanted.iter().filter_map(|(_, team)| team.as_ref()).collect();
    for team in &wanted {
        if change.add_member(team, user_id, SOURCE).await? {
            audit(change, actor, "team.add_member", ("team", team.as_str()), json!({ "user": user_id }))
                .await?;
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
    user_id: &UserId,
    wanted: Vec<Wanted>,
) -> Result<bool, AuthError> {
    let had = change.bindings_from(user_id, SOURCE).await?;
    let subject = Subject::User(user_id.clone());
    let row = |(role, team): Wanted| {
        let scope = team.map_or(BindingScope::Org, BindingScope::Team);
        BindingRow::new(actor, &subject, role.name(), scope, SOURCE)
    };
    let wanted: Vec<BindingRow> = wanted.into_iter().map(row).collect();
    let same = |a: &BindingRow, b: &BindingRow| {
        (&a.role, &a.scope_kind, &a.scope) == (&b.role, &b.scope_kind, &b.scope)
    };
    let mut changed = false;
    for row in wanted.iter().filter(|want| !had.iter().any(|row| same(row, want))) {
        add(change, actor, row).await?;
        changed = true;
    }
    for row in had.iter().filter(|row| !wanted.iter().any(|want| same(row, want))) {
        changed |= remove(change, actor, row).await?;
    }
    Ok(changed)
}

async fn add(change: &mut Change, actor: &Actor, row: &BindingRow) -> Result<(), AuthError> {
    change.insert_binding(row).await?;
    audit(change, actor, "binding.create", ("binding", row.id.as_str()), audited(row)).await
}

/// As [`remove`], for membership in a team, which may carry the administrator's role.
async fn leave(
    change: &mut Change,
    actor: &Actor,
    team: &TeamId,
    user_id: &UserId,
) -> Result<bool, AuthError> {
    change.remove_member(team, user_id).await?;
    if !has_administrator(change).await? {
        change.add_member(team, user_id, SOURCE).await?;
        return Ok(false);
    }
    audit(change, actor, "team.remove_member", ("team", team.as_str()), json!({ "user": user_id })).await?;
    Ok(true)
}

/// Deletes a binding, unless that would leave the server without an administrator: then the user keeps the role, and can
/// still sign in to make another user administrator.
async fn remove(change: &mut Change, actor: &Actor, row: &BindingRow) -> Result<bool, AuthError> {
    change.delete_binding(&row.id).await?;
    if !has_administrator(change).await? {
        change.insert_binding(row).await?;
        return Ok(false);
    }
    audit(change, actor, "binding.delete", ("binding", row.id.as_str()), audited(row)).await?;
    Ok(true)
}

async fn has_administrator(change: &mut Change) -> Result<bool, AuthError> {
    match last_admin::keep(change).await {
        Err(AuthError::Conflict(_)) => {
            tracing::warn!(
                "the last administrator has left the administrators' group at the identity provider; keeping the role"
            );
            Ok(false)
        }
        other => other.map(|()| true),
    }
}

fn audited(row: &BindingRow) -> serde_json::Value {
    json!({ "user": row.subject_id, "role": row.role, "scope": row.scope_kind, "team": row.scope, "source": row.source })
}

async fn audit(
    change: &mut Change,
    actor: &Actor,
    action: &'static str,
    (kind, id): (&'static str, &str),
    after: serde_json::Value,
) -> Result<(), AuthError> {
    Ok(change.audit(AuditEntry::new(actor, action, kind, id, "").after(after)).await?)
}

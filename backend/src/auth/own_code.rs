//! Rules for the own code of a service: its editors set them in place of the guess of [`OwnCode`].

use super::whole_services::WholeServices;
use super::{AuthError, Permission, Principal};
use crate::db::audit::{Actor, AuditEntry};
use crate::db::own_code::OwnCodeRow;
use crate::db::{DbError, Records};
use crate::problem::ProblemKind;
use flarepath_profile::own_code::{OwnCode, OwnPattern};
use serde_json::{Value, json};

/// Patterns of a service, at most.
pub(crate) const MAX_PATTERNS: usize = 50;
/// Longest text of a pattern.
pub(crate) const MAX_PATTERN_CHARS: usize = 200;
/// Longest name of a service.
const MAX_SERVICE_CHARS: usize = 500;
/// What patterns are compared with.
pub(crate) const KINDS: [&str; 3] = ["name", "package", "file"];

/// A pattern: what it is compared with, and the text.
pub(crate) type Pattern = (String, String);

/// What is set for a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) row: OwnCodeRow,
}

/// Services whose own code a caller may set: those of which it edits all profiles, as it is the same for everyone.
fn editable(who: &Principal) -> WholeServices {
    WholeServices::of(who, Permission::EditServices)
}

/// Whether the caller may set it.
pub(crate) fn may_edit(who: &Principal, service: &str) -> bool {
    editable(who).includes(service)
}

/// What is set for a service, if anything.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn of_service(records: &Records, service: &str) -> Result<Option<Setting>, DbError> {
    records.own_code(service).await?.map(Setting::read).transpose()
}

/// What is set for at most `limit` services, by name, from the first one after `after`; only for those that the caller may set.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn list(
    records: &Records,
    who: &Principal,
    after: &str,
    limit: usize,
) -> Result<Vec<Setting>, DbError> {
    let editable = editable(who);
    let (mut found, mut after) = (Vec::new(), after.to_owned());
    loop {
        let rows = records.own_codes(&after, limit).await?;
        let more = rows.len() == limit;
        after = rows.last().map(|row| row.service.clone()).unwrap_or_default();
        for row in rows.into_iter().filter(|row| editable.includes(&row.service)) {
            found.push(Setting::read(row)?);
            if found.len() == limit {
                return Ok(found);
            }
        }
        if !more {
            return Ok(found);
        }
    }
}

/// Sets it. No patterns: no function is own code.
///
/// # Errors
/// [`AuthError::Forbidden`]; [`AuthError::Invalid`] for patterns or a service that cannot be.
pub(crate) async fn set(
    records: &Records,
    (who, actor): (&Principal, &Actor),
    service: &str,
    patterns: Vec<Pattern>,
) -> Result<Setting, AuthError> {
    let (service, patterns) = (valid_service(service)?, valid(patterns)?);
    allow(who, &service)?;
    let row = OwnCodeRow {
        service,
        patterns: json!(patterns).to_string(),
        changed_at: actor.at,
        changed_by: who.name().to_owned(),
    };
    let mut change = records.change().await?;
    let before = change.own_code(&row.service).await?;
    change.set_own_code(&row).await?;
    let entry = entry(actor, "own_code.set", &row.service).after(audited(&row));
    let entry = match &before {
        Some(before) => entry.before(audited(before)),
        None => entry,
    };
    change.commit(entry).await?;
    Ok(Setting { patterns, row })
}

/// Deletes it: from then on it is guessed again.
///
/// # Errors
/// [`AuthError::Forbidden`]; [`AuthError::NotFound`] if nothing is set.
pub(crate) async fn delete(
    records: &Records,
    (who, actor): (&Principal, &Actor),
    service: &str,
) -> Result<(), AuthError> {
    allow(who, service)?;
    let mut change = records.change().await?;
    let Some(before) = change.own_code(service).await? else {
        return Err(AuthError::NotFound("own code of this service is not set; it is guessed".to_owned()));
    };
    change.delete_own_code(service).await?;
    Ok(change.commit(entry(actor, "own_code.delete", service).before(audited(&before))).await?)
}

impl Setting {
    fn read(row: OwnCodeRow) -> Result<Setting, DbError> {
        let patterns = serde_json::from_str(&row.patterns)
            .map_err(|error| DbError::Damaged(format!("own code of a service: {error}")))?;
        Ok(Setting { patterns, row })
    }

    /// The patterns, for computations.
    pub(crate) fn own_code(&self) -> OwnCode {
        let pattern = |(kind, text): &Pattern| match kind.as_str() {
            "package" => OwnPattern::Package(text.clone()),
            "file" => OwnPattern::File(text.clone()),
            _ => OwnPattern::Name(text.clone()),
        };
        OwnCode::set(self.patterns.iter().map(pattern).collect())
    }
}

fn allow(who: &Principal, service: &str) -> Result<(), AuthError> {
    if may_edit(who, service) {
        return Ok(());
    }
    let message = "own code is the same for everyone who reads the service: it takes a role as editor of all of its profiles";
    Err(AuthError::Forbidden(message.to_owned()))
}

/// A name of a service, trimmed, within its limits.
pub(crate) fn valid_service(text: &str) -> Result<String, AuthError> {
    let service = text.trim();
    let length_ok = (1..=MAX_SERVICE_CHARS).contains(&service.chars().count());
    if length_ok && !service.chars().any(char::is_control) {
        return Ok(service.to_owned());
    }
    let message = format!("`service` must be 1 to {MAX_SERVICE_CHARS} characters on one line");
    Err(AuthError::invalid(ProblemKind::BadName, message))
}

/// Patterns within their limits, trimmed, each once.
fn valid(patterns: Vec<Pattern>) -> Result<Vec<Pattern>, AuthError> {
    let bad = |message: String| AuthError::invalid(ProblemKind::BadText, message);
    if patterns.len() > MAX_PATTERNS {
        return Err(bad(format!("a service has at most {MAX_PATTERNS} patterns")));
    }
    let mut kept: Vec<Pattern> = Vec::new();
    for (kind, text) in patterns {
        let text = text.trim().to_owned();
        if !KINDS.contains(&kind.as_str()) {
            return Err(bad(format!("`{kind}`: expected name, package or file")));
        }
        let length_ok = (1..=MAX_PATTERN_CHARS).contains(&text.chars().count());
        if !length_ok || text.chars().any(char::is_control) {
            return Err(bad(format!("a pattern must be 1 to {MAX_PATTERN_CHARS} characters on one line")));
        }
        if !kept.contains(&(kind.clone(), text.clone())) {
            kept.push((kind, text));
        }
    }
    Ok(kept)
}

fn entry(actor: &Actor, action: &'static str, service: &str) -> AuditEntry {
    AuditEntry::new(actor, action, "service", service, service)
}

fn audited(row: &OwnCodeRow) -> Value {
    json!({ "patterns": serde_json::from_str::<Value>(&row.patterns).unwrap_or(Value::Null) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{Grant, Kind, Role, Scope};

    fn editor(scope: &str) -> Principal {
        let grants = vec![Grant { role: Role::Editor, scope: Scope::Matching(scope.parse().unwrap()) }];
        Principal::new(Kind::User, "1", "ann", Vec::new(), grants)
    }

    #[test]
    fn only_editors_of_all_profiles_of_a_service_may_set_it() {
        assert!(may_edit(&Principal::local(), "shop") && may_edit(&editor("{}"), "shop"));
        assert!(may_edit(&editor(r#"{service_name=~"sho.*"}"#), "shop"));
        assert!(!may_edit(&editor(r#"{service_name="cart"}"#), "shop"));
        assert!(!may_edit(&editor(r#"{service_name="shop", region="eu"}"#), "shop"));
        assert!(!may_edit(&editor(r#"{team="pay"}"#), "shop") && !may_edit(&Principal::anonymous(), "shop"));
    }

    #[test]
    fn patterns_are_trimmed_bounded_and_unique() {
        let pattern = |kind: &str, text: &str| (kind.to_owned(), text.to_owned());
        let found = valid(vec![pattern("name", " shop:: "), pattern("name", "shop::")]).unwrap();
        assert_eq!(found, [pattern("name", "shop::")]);
        for bad in [
            vec![pattern("crate", "shop")],
            vec![pattern("file", " ")],
            vec![pattern("file", "a\nb")],
            vec![pattern("name", &"x".repeat(MAX_PATTERN_CHARS + 1))],
            vec![pattern("name", "x"); MAX_PATTERNS + 1],
        ] {
            assert!(valid(bad).is_err());
        }
        assert!(valid_service("").is_err() && valid_service("a\nb").is_err());
    }
}

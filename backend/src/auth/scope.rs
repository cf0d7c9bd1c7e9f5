//! Scopes of roles: the profiles that they apply to.

use super::Role;
use flarepath_profile::selector::Selector;

/// The profiles that a grant applies to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All profiles of the organisation.
    Everything,
    /// Profiles of matching series.
    Matching(Selector),
}

impl Scope {
    /// The profiles in both scopes.
    #[must_use]
    pub(crate) fn intersect(&self, other: &Scope) -> Scope {
        match (self, other) {
            (Scope::Everything, scope) | (scope, Scope::Everything) => scope.clone(),
            (Scope::Matching(one), Scope::Matching(other)) => {
                let mut both = one.clone();
                both.matchers.extend(other.matchers.iter().cloned());
                Scope::Matching(both)
            }
        }
    }
}

/// A role over a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The profiles it applies to.
    pub scope: Scope,
}

impl Grant {
    /// What both grant; `None` if that is nothing.
    pub(crate) fn intersect(&self, other: &Grant) -> Option<Grant> {
        Some(Grant { role: self.role.intersect(other.role)?, scope: self.scope.intersect(&other.scope) })
    }
}

/// The profiles that a principal may access. Every query is limited to them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Bounds {
    /// All profiles.
    Everything,
    /// Series that match at least one of the selectors; no series if there is none.
    AnyOf(Vec<Selector>),
}

impl Bounds {
    /// No profiles.
    pub(crate) const NOTHING: Bounds = Bounds::AnyOf(Vec::new());

    /// The union of scopes.
    pub fn of<'a>(scopes: impl Iterator<Item = &'a Scope>) -> Bounds {
        let mut selectors = Vec::new();
        for scope in scopes {
            match scope {
                // A selector without matchers matches everything.
                Scope::Everything => return Bounds::Everything,
                Scope::Matching(selector) if selector.matchers.is_empty() => return Bounds::Everything,
                Scope::Matching(selector) => selectors.push(selector.clone()),
            }
        }
        selectors.sort_by_key(ToString::to_string);
        selectors.dedup();
        Bounds::AnyOf(selectors)
    }
}

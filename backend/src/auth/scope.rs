//! Over which profiles a role holds.

use super::Role;
use flarepath_profile::selector::Selector;

/// Which profiles a grant is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of the organisation.
    Everything,
    /// Those whose series match.
    Matching(Selector),
}

impl Scope {
    /// What lies in both.
    #[must_use]
    pub(crate) fn meet(&self, other: &Scope) -> Scope {
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
    /// What may be done.
    pub role: Role,
    /// To what.
    pub scope: Scope,
}

impl Grant {
    /// What both give; `None` when that is nothing.
    pub fn meet(&self, other: &Grant) -> Option<Grant> {
        Some(Grant { role: self.role.meet(other.role)?, scope: self.scope.meet(&other.scope) })
    }
}

/// What of the profiles somebody may reach. A store is asked within these bounds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Bounds {
    /// All.
    Everything,
    /// Series that match at least one; none, if there are none.
    AnyOf(Vec<Selector>),
}

impl Bounds {
    /// Nothing at all.
    pub const NOTHING: Bounds = Bounds::AnyOf(Vec::new());

    /// The union of scopes.
    pub fn of<'a>(scopes: impl Iterator<Item = &'a Scope>) -> Bounds {
        let mut selectors = Vec::new();
        for scope in scopes {
            match scope {
                // A selector without matchers selects everything.
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

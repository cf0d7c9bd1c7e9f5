//! Services over all of whose profiles a caller has a permission. What is the same for everyone who reads a service can be changed by,
//! or shown to, such callers only.

use super::{Bounds, Permission, Principal};
use crate::selector::CompiledSelector;
use flarepath_profile::labels::{Labels, SERVICE_NAME};
use flarepath_profile::selector::Selector;

/// Services over all of whose profiles a caller has a permission.
pub(crate) struct WholeServices {
    /// `None`: all services. Otherwise those that match one of the selectors, which are about names of services only.
    any_of: Option<Vec<CompiledSelector>>,
    has_parts: bool,
}

impl WholeServices {
    /// Those of the caller. Compiles patterns, which may take milliseconds.
    pub(crate) fn of(who: &Principal, permission: Permission) -> WholeServices {
        let Bounds::AnyOf(selectors) = who.bounds(permission) else {
            return WholeServices { any_of: None, has_parts: false };
        };
        let (whole, parts): (Vec<Selector>, Vec<Selector>) =
            selectors.into_iter().partition(selects_whole_services);
        let compiled = whole.iter().filter_map(|selector| CompiledSelector::new(selector).ok()).collect();
        WholeServices { any_of: Some(compiled), has_parts: !parts.is_empty() }
    }

    /// Whether a service is one of them.
    pub(crate) fn includes(&self, service: &str) -> bool {
        let Some(selectors) = &self.any_of else { return true };
        let labels: Labels = [(SERVICE_NAME, service)].into_iter().collect();
        selectors.iter().any(|selector| selector.matches(&labels))
    }

    /// Whether they are all services.
    pub(crate) fn are_all(&self) -> bool {
        self.any_of.is_none()
    }

    /// Whether the caller has the permission over some profiles of other services, too.
    pub(crate) fn has_parts(&self) -> bool {
        self.has_parts
    }
}

/// Whether a selector selects either all profiles of a service or none.
pub(crate) fn selects_whole_services(selector: &Selector) -> bool {
    selector.matchers.iter().all(|matcher| matcher.name == SERVICE_NAME)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{Grant, Kind, Role, Scope};

    fn of(scopes: &[&str]) -> WholeServices {
        let grant =
            |scope: &&str| Grant { role: Role::Viewer, scope: Scope::Matching(scope.parse().unwrap()) };
        let who = Principal::new(Kind::User, "1", "ann", Vec::new(), scopes.iter().map(grant).collect());
        WholeServices::of(&who, Permission::ReadProfiles)
    }

    #[test]
    fn bounds_on_other_labels_are_parts_of_services() {
        let all = of(&["{}"]);
        assert!(all.are_all() && all.includes("shop") && !all.has_parts());
        let some = of(&[r#"{service_name=~"sho.*"}"#, r#"{service_name="cart"}"#]);
        assert!(some.includes("shop") && some.includes("cart") && !some.includes("pay"));
        assert!(!some.has_parts() && !some.are_all());
        let mixed = of(&[r#"{service_name="cart"}"#, r#"{service_name="shop", region="eu"}"#]);
        assert!(mixed.includes("cart") && !mixed.includes("shop") && mixed.has_parts());
        let none = of(&[]);
        assert!(!none.includes("shop") && !none.has_parts() && !none.are_all());
    }
}

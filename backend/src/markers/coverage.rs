//! Coverage of a selector by a caller's roles: whether they hold for all series that it selects, those of the future included.
//!
//! A role covers a selector if each of its own matchers follows from it: because the selector has the same matcher, or because it
//! fixes the label to a value that the matcher accepts. So `{service_name=~"pay-.*"}` covers `{service_name="pay-api",
//! region="eu"}`, and `{service_name="pay-api", region="eu"}` does not cover `{service_name="pay-api"}`. What follows in other ways,
//! such as by two patterns of which one includes the other, does not count.

use crate::auth::{Bounds, Permission, Principal};
use crate::selector::{CompiledSelector, compiled};
use flarepath_profile::labels::Labels;
use flarepath_profile::selector::{MatchOp, Matcher, Selector};
use std::sync::Arc;

/// What a caller's roles with a permission cover.
#[derive(Clone)]
pub(super) enum Coverage {
    All,
    /// What one of these covers; each is a list of single matchers.
    AnyOf(Vec<Arc<[CompiledSelector]>>),
}

impl Coverage {
    pub(super) fn of(who: &Principal, permission: Permission) -> Coverage {
        let Bounds::AnyOf(selectors) = who.bounds(permission) else { return Coverage::All };
        Coverage::AnyOf(selectors.iter().filter_map(|selector| compiled(&singles(selector)).ok()).collect())
    }

    /// Whether it covers a selector.
    pub(super) fn includes(&self, selector: &Selector) -> bool {
        let Coverage::AnyOf(roles) = self else { return true };
        roles.iter().any(|role| role.iter().all(|single| follows(single, selector)))
    }
}

/// Each matcher by itself.
fn singles(selector: &Selector) -> Vec<Selector> {
    selector.matchers.iter().map(|matcher| Selector { matchers: vec![matcher.clone()] }).collect()
}

/// Whether all that the selector selects has what a single matcher asks for.
fn follows(single: &CompiledSelector, selector: &Selector) -> bool {
    let Some(wanted) = single.selector().matchers.first() else { return true };
    let fixes = |matcher: &Matcher| {
        let labels: Labels = [(matcher.name.as_str(), matcher.value.as_str())].into_iter().collect();
        matcher.op == MatchOp::Equal && matcher.name == wanted.name && single.matches(&labels)
    };
    selector.matchers.iter().any(|matcher| matcher == wanted || fixes(matcher))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{Grant, Kind, Role, Scope};

    fn covers(scopes: &[&str], selector: &str) -> bool {
        let grant =
            |scope: &&str| Grant { role: Role::Editor, scope: Scope::Matching(scope.parse().unwrap()) };
        let who = Principal::new(Kind::User, "1", "ann", Vec::new(), scopes.iter().map(grant).collect());
        Coverage::of(&who, Permission::WriteMarkers).includes(&selector.parse().unwrap())
    }

    #[test]
    fn a_role_covers_what_its_matchers_follow_from() {
        const SHOP: &str = r#"{service_name="shop"}"#;
        const SHOP_EU: &str = r#"{service_name="shop", region="eu"}"#;
        for (scopes, selector, expected) in [
            (&["{}"][..], SHOP, true),
            (&[SHOP], SHOP, true),
            (&[SHOP], SHOP_EU, true),
            (&[r#"{service_name=~"sh.*"}"#], SHOP_EU, true),
            (&[SHOP_EU], SHOP_EU, true),
            (&[SHOP_EU], SHOP, false),
            (&[r#"{region="eu"}"#], SHOP_EU, true),
            (&[r#"{region="eu"}"#], SHOP, false),
            (&[r#"{region!="us"}"#], SHOP, false),
            (&[r#"{region!="us"}"#], SHOP_EU, true),
            (&[r#"{service_name="cart"}"#], SHOP, false),
            (&[r#"{service_name="cart"}"#, SHOP], SHOP, true),
            (&[r#"{region="eu"}"#, r#"{region!="eu"}"#], SHOP, false),
            (&[r#"{region=~"eu-.*"}"#], r#"{service_name="shop", region=~"eu-.*"}"#, true),
            (&[r#"{region=~"eu-.*"}"#], r#"{service_name="shop", region=~".*"}"#, false),
            (&[], SHOP, false),
        ] {
            assert_eq!(covers(scopes, selector), expected, "{scopes:?} of {selector}");
        }
    }

    #[test]
    fn viewers_cover_nothing_that_they_could_change() {
        let grants = vec![Grant { role: Role::Viewer, scope: Scope::Everything }];
        let who = Principal::new(Kind::User, "1", "vic", Vec::new(), grants);
        assert!(!Coverage::of(&who, Permission::WriteMarkers).includes(&Selector::default()));
        assert!(Coverage::of(&who, Permission::ReadProfiles).includes(&Selector::default()));
    }
}

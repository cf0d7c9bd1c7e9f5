//! Visibility of markers: which of them a caller sees who asks for some series. Costs time where a marker has patterns, so it is
//! computed off the async threads.

use super::coverage::Coverage;
use super::selection::{of_service, whole};
use crate::auth::{Permission, Principal};
use crate::db::DbError;
use crate::db::markers::MarkerRow;
use crate::selector::CompiledSelector;
use crate::store::SeriesInfo;
use flarepath_profile::labels::{Labels, SERVICE_NAME};
use flarepath_profile::selector::Selector;
use std::collections::HashMap;
use std::sync::Arc;

/// A marker that the caller sees, and whether the caller may delete it.
pub(super) type SeenMarker = (MarkerRow, bool);

/// Decides on markers.
pub(super) struct Visibility {
    /// The series asked for of which the caller sees profiles of any time, by service.
    series: HashMap<String, Vec<Arc<Labels>>>,
    /// The services asked for; absent if only some of their series are.
    services: Option<CompiledSelector>,
    readable: Coverage,
    writable: Coverage,
}

impl Visibility {
    /// `series` are those that `asked` selects within the caller's bounds.
    pub(super) fn new(who: &Principal, asked: &Selector, series: &[SeriesInfo]) -> Visibility {
        let mut by_service: HashMap<String, Vec<Arc<Labels>>> = HashMap::new();
        for info in series {
            match by_service.get_mut(info.labels.service()) {
                Some(known) => known.push(info.labels.clone()),
                None => {
                    by_service.insert(info.labels.service().to_owned(), vec![info.labels.clone()]);
                }
            }
        }
        let of_services = asked.matchers.iter().all(|matcher| matcher.name == SERVICE_NAME);
        Visibility {
            series: by_service,
            services: of_services.then(|| CompiledSelector::new(asked).ok()).flatten(),
            readable: Coverage::of(who, Permission::ReadProfiles),
            writable: Coverage::of(who, Permission::WriteMarkers),
        }
    }

    /// The markers that the caller sees.
    ///
    /// # Errors
    /// [`DbError::Damaged`] for a stored selector that cannot be.
    pub(super) fn seen(&self, rows: Vec<MarkerRow>) -> Result<Vec<SeenMarker>, DbError> {
        let mut found = Vec::new();
        // Many markers are of one service, or of one part of it.
        let mut decided: HashMap<(String, String), (bool, bool)> = HashMap::new();
        for row in rows {
            let key = (row.service.clone(), row.selector.clone());
            let decision = match decided.get(&key) {
                Some(known) => *known,
                None => self.decide(&row)?,
            };
            decided.insert(key, decision);
            if let (true, deletable) = decision {
                found.push((row, deletable));
            }
        }
        Ok(found)
    }

    /// Whether it is seen, and whether it may be deleted.
    fn decide(&self, row: &MarkerRow) -> Result<(bool, bool), DbError> {
        let selector = whole(&row.service, &row.selector)?;
        let compiled = CompiledSelector::new(&selector)
            .map_err(|error| DbError::Damaged(format!("selector of a marker: {error}")))?;
        let series = self.series.get(&row.service);
        let is_seen = series.is_some_and(|series| series.iter().any(|labels| compiled.matches(labels)));
        let is_visible = is_seen || (self.is_asked(&row.service) && self.readable.includes(&selector));
        Ok((is_visible, is_visible && self.writable.includes(&selector)))
    }

    /// Whether all series of a service were asked for: then its markers are seen even before its first profile, by those who will
    /// see all of them.
    fn is_asked(&self, service: &str) -> bool {
        let only = of_service(service);
        let labels: Labels = [(only.name, only.value)].into_iter().collect();
        self.services.as_ref().is_some_and(|services| services.matches(&labels))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{Grant, Kind, Role, Scope};
    use crate::db::id::MarkerId;
    use flarepath_profile::unix_nanos::UnixNanos;

    fn row(service: &str, selector: &str) -> MarkerRow {
        MarkerRow {
            id: MarkerId::random(),
            at: UnixNanos(0),
            kind: "deploy".into(),
            service: service.into(),
            selector: selector.into(),
            version: String::new(),
            text: String::new(),
            url: String::new(),
            idempotency_key: None,
            created_by: String::new(),
            created_at: UnixNanos(0),
        }
    }

    /// What an editor of `scope` sees and may delete who asks for `asked`, of a server that has the shop in two regions.
    fn seen(scope: &str, asked: &str) -> Vec<String> {
        let grants = vec![Grant { role: Role::Editor, scope: Scope::Matching(scope.parse().unwrap()) }];
        let who = Principal::new(Kind::User, "1", "ann", Vec::new(), grants);
        let (scope, asked): (Selector, Selector) = (scope.parse().unwrap(), asked.parse().unwrap());
        let both = Selector { matchers: [scope.matchers, asked.matchers.clone()].concat() };
        let both = CompiledSelector::new(&both).unwrap();
        let series: Vec<SeriesInfo> = ["eu", "us"]
            .map(|region| [("service_name", "shop"), ("region", region)].into_iter().collect::<Labels>())
            .into_iter()
            .filter(|labels| both.matches(labels))
            .map(|labels| SeriesInfo {
                labels: Arc::new(labels),
                profile_types: Vec::new().into(),
                newest: UnixNanos(0),
            })
            .collect();
        let rows = vec![
            row("shop", ""),
            row("shop", r#"{region="us"}"#),
            row("shop", r#"{region="mars"}"#),
            row("cart", ""),
        ];
        let seen = Visibility::new(&who, &asked, &series).seen(rows).unwrap();
        seen.iter().map(|(row, deletable)| format!("{}{} {deletable}", row.service, row.selector)).collect()
    }

    #[test]
    fn markers_of_series_that_the_caller_sees() {
        const SHOP: &str = r#"{service_name="shop"}"#;
        let all = ["shop true", r#"shop{region="us"} true"#, r#"shop{region="mars"} true"#, "cart true"];
        assert_eq!(seen("{}", "{}"), all);
        assert_eq!(seen("{}", SHOP), all[..3]);
        assert_eq!(seen(SHOP, "{}"), all[..3]);
        assert_eq!(seen("{}", r#"{service_name="shop", region="us"}"#), all[..2]);
        assert_eq!(seen("{}", r#"{service_name="shop", region="eu"}"#), all[..1]);
        let eu = r#"{service_name="shop", region="eu"}"#;
        assert_eq!(seen(eu, "{}"), ["shop false"], "not those of other regions, and none to delete");
        assert_eq!(seen(r#"{service_name="other"}"#, SHOP), [""; 0]);
    }
}

//! Keeps all services and series in memory and assigns their ids; rows are written with the first profile that needs them, and
//! dropped by [`super::collect`].
//!
//! - [`series`]: one series. [`texts`]: label texts, each once. [`state`]: the maps. [`load`]: reading them at the start.
//!
//! Ids are never used twice, so an id that something still holds never means another series. At 100 000 series with six labels
//! each, all of it takes some 40 MB.

mod load;
mod series;
mod state;
mod texts;

pub(crate) use series::{Selected, Series};
pub(crate) use state::Pending;

use crate::store::{Growth, Inventory, NewProfile, Selection, StoreError};
use crate::work::Cancelled;
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::profile::ValueType;
use flarepath_profile::unix_nanos::UnixNanos;
use rustc_hash::FxHashMap;
use series::Kind;
use sqlx::sqlite::SqliteConnection;
use state::{List, State};
use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Series that are matched between two looks at the token of a selection: at 20 patterns each some 10 ms.
const MATCHED_AT_ONCE: usize = 256;

/// All services and series.
#[derive(Default)]
pub(crate) struct Registry {
    state: RwLock<State>,
}

impl Registry {
    /// Reads all services and series.
    pub(crate) async fn load(
        connection: &mut SqliteConnection,
    ) -> Result<Result<Registry, StoreError>, sqlx::Error> {
        load::load(connection).await
    }

    /// The series that a profile belongs to, made if it is new and `growth` allows it; otherwise `None`.
    pub(crate) fn series_of(&self, new: &NewProfile, growth: &dyn Growth) -> Option<Arc<Series>> {
        let kind = kind_of(new);
        if let Some(known) = self.read().find(&new.labels, &kind) {
            return Some(known.clone());
        }
        let mut state = self.write();
        let is_new = state.find(&new.labels, &kind).is_none();
        (!is_new || growth.allows_series(&new.labels, state.size(new.labels.service())))
            .then(|| state.series(&new.labels, kind))
    }

    /// How many services and series there are, and up to `largest` of the services with the most series.
    pub(crate) fn inventory(&self, largest: usize) -> Inventory {
        let state = self.read();
        let mut sizes: Vec<(usize, &Arc<str>)> =
            state.services.values().map(|service| (service.series.len(), &service.name)).collect();
        sizes.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        let largest = sizes.into_iter().take(largest).map(|(size, name)| (name.to_string(), size)).collect();
        Inventory { services: state.services.len(), series: state.series_count(), largest }
    }

    /// The series that match, by service; `also`, which is asked about these only, narrows further. Services without any are left
    /// out. Takes long where there are many series and patterns: not on an async thread.
    ///
    /// # Errors
    /// [`Cancelled`], when the selection is.
    pub(crate) fn select(
        &self,
        selection: &Selection,
        mut also: impl FnMut(&Series) -> bool,
    ) -> Result<Vec<Selected>, Cancelled> {
        let services = self.services_of(selection);
        let (mut matching, mut selected) = (selection.matching(), Vec::new());
        for (service, all) in &services {
            let mut found = FxHashMap::default();
            for (step, series) in all.iter().enumerate() {
                if step.is_multiple_of(MATCHED_AT_ONCE) {
                    selection.cancel.check()?;
                }
                if matching.matches(&series.labels) && also(series) {
                    found.insert(series.id, series.clone());
                }
            }
            if !found.is_empty() {
                selected.push(Selected { service: *service, all: found.len() == all.len(), series: found });
            }
        }
        metrics::counter!("flarepath_matcher_evaluations_total").increment(matching.evaluations() as u64);
        Ok(selected)
    }

    /// The services that may match, with the series they have now.
    fn services_of(&self, selection: &Selection) -> Vec<(i64, List)> {
        let state = self.read();
        let series = |id: &i64| state.services.get(id).map(|service| (*id, service.series.clone()));
        match selection.exact(SERVICE_NAME) {
            Some(name) => state.service_ids.get(name).and_then(series).into_iter().collect(),
            None => state.services.keys().filter_map(series).collect(),
        }
    }

    /// The row of a service that some profile was pushed for.
    pub(crate) fn service(&self, name: &str) -> Option<i64> {
        self.read().service_ids.get(name).copied()
    }

    /// Rows of all services, ascending.
    pub(crate) fn services(&self) -> Vec<i64> {
        self.read().services.keys().copied().collect()
    }

    /// Whether there is a service with this row.
    pub(crate) fn has_service(&self, service: i64) -> bool {
        self.read().services.contains_key(&service)
    }

    /// Start of the newest profile that was ever committed; `None` in an empty store. Looks at every series: not on an async
    /// thread.
    pub(crate) fn newest(&self) -> Option<UnixNanos> {
        let services = self.read().lists();
        let all = services.iter().flat_map(|(_, series)| series.iter());
        all.map(|series| series.span().1).filter(|&newest| newest > i64::MIN).max().map(UnixNanos)
    }

    /// Series with rows whose profiles all start before a time, by service. Looks at every series: not on an async thread.
    pub(crate) fn ended_before(&self, before_ns: i64) -> Vec<(i64, Vec<Arc<Series>>)> {
        let (pending, services) = {
            let state = self.read();
            let pending: HashSet<i64> = state.pending.series.iter().map(|series| series.id).collect();
            (pending, state.lists())
        };
        let ended = |series: &&Arc<Series>| series.span().1 < before_ns && !pending.contains(&series.id);
        let of = |(id, all): (i64, List)| (id, all.iter().filter(ended).cloned().collect::<Vec<_>>());
        services.into_iter().map(of).filter(|(_, series)| !series.is_empty()).collect()
    }

    /// Whether these are all the series that a service has.
    pub(crate) fn are_all(&self, service: i64, series: &[Arc<Series>]) -> bool {
        self.read().services.get(&service).is_some_and(|known| known.series.len() == series.len())
    }

    /// Removes series whose rows were dropped, with that of their service if `with_service`. Pushes that still hold one of them
    /// see that it is retired.
    pub(crate) fn retire(&self, service: i64, gone: &[Arc<Series>], with_service: bool) {
        let mut state = self.write();
        gone.iter().for_each(|series| series.retire());
        state.remove(service, &gone.iter().map(|series| series.id).collect(), with_service);
    }

    /// Gives memory back after many were removed. Pushes wait meanwhile, and it takes a while: not on an async thread.
    pub(crate) fn shrink(&self) {
        self.write().shrink();
    }

    /// How many services and series there are.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let state = self.read();
        (state.services.len(), state.series_count())
    }

    /// Services and series without a row.
    pub(crate) fn pending(&self) -> Pending {
        self.read().pending.clone()
    }

    /// Records that the rows of `written` were committed.
    pub(crate) fn set_committed(&self, written: &Pending) {
        if written.services.is_empty() && written.series.is_empty() {
            return;
        }
        // Only the writer takes some out, and new ones are added at the end.
        let mut state = self.write();
        state.pending.services.drain(..written.services.len());
        state.pending.series.drain(..written.series.len());
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn kind_of(new: &NewProfile) -> Kind {
    let p = &new.profile;
    let pair = |t: &ValueType| (p.str(t.kind).to_owned(), p.str(t.unit).to_owned());
    Kind {
        name: new.name.clone(),
        sample_types: p.sample_types.iter().map(pair).collect(),
        period_type: pair(&p.period_type),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::conformance::{ProfileSpec, new_profile};
    use crate::store::{StoreSize, TimeRange, Unlimited};
    use flarepath_profile::labels::Labels;

    fn profile(pod: usize) -> NewProfile {
        let mut new = new_profile(&ProfileSpec::default());
        new.labels.set("pod", format!("pod-{pod}"));
        new
    }

    fn series_of(registry: &Registry, new: &NewProfile) -> Arc<Series> {
        registry.series_of(new, &Unlimited).unwrap()
    }

    fn selection(text: &str) -> Selection {
        Selection::new(&text.parse().unwrap(), TimeRange::nanos(0, 1)).unwrap()
    }

    #[test]
    fn series_can_be_added_while_others_are_matched() {
        let registry = Registry::default();
        series_of(&registry, &profile(0));
        let add = |_: &Series| {
            series_of(&registry, &profile(1));
            true
        };
        let found = registry.select(&selection(r#"{pod=~"pod-.*"}"#), add).unwrap();
        assert_eq!((found.len(), found[0].series.len(), found[0].all), (1, 1, true));
        let found = registry.select(&selection("{}"), |_| true).unwrap();
        assert_eq!(found[0].series.len(), 2);
    }

    #[test]
    fn matching_ends_when_cancelled() {
        let registry = Registry::default();
        (0..3 * MATCHED_AT_ONCE).for_each(|pod| drop(series_of(&registry, &profile(pod))));
        let (selection, matched) = (selection("{}"), std::cell::Cell::new(0));
        let cancel = |_: &Series| {
            matched.set(matched.get() + 1);
            selection.cancel.cancel();
            true
        };
        assert!(registry.select(&selection, cancel).is_err());
        assert_eq!(matched.get(), MATCHED_AT_ONCE);
    }

    #[test]
    fn removed_series_come_back_with_other_ids_and_their_texts_leave_the_memory() {
        let registry = Registry::default();
        let series: Vec<Arc<Series>> = (0..3).map(|pod| series_of(&registry, &profile(pod))).collect();
        assert!(Arc::ptr_eq(&series[1], &series_of(&registry, &profile(1))));
        registry.set_committed(&registry.pending());
        series.iter().enumerate().for_each(|(at, series)| series.note(at as i64, at as i64));
        let texts = registry.read().texts.len();
        let ended = registry.ended_before(2);
        assert_eq!((ended.len(), ended[0].1.len()), (1, 2));
        registry.retire(1, &ended[0].1, false);
        assert_eq!(series.iter().map(|s| s.is_retired()).collect::<Vec<_>>(), [true, true, false]);
        drop((ended, series));
        registry.shrink();
        assert_eq!(registry.read().texts.len(), texts - 2, "pod-0 and pod-1");
        assert_eq!((series_of(&registry, &profile(0)).id, registry.counts()), (4, (1, 2)));
        let rest = registry.ended_before(i64::MAX);
        assert!(!registry.are_all(1, &rest[0].1), "one has no row yet");
        registry.set_committed(&registry.pending());
        registry.retire(1, &registry.ended_before(i64::MAX)[0].1, true);
        assert_eq!((registry.counts(), registry.newest()), ((0, 0), None));
        assert_eq!(series_of(&registry, &profile(0)).service, 2, "a service comes back with another id");
    }

    #[test]
    fn texts_stay_until_it_is_worth_a_look_at_all_of_them() {
        let registry = Registry::default();
        (0..100).for_each(|pod| drop(series_of(&registry, &profile(pod))));
        registry.set_committed(&registry.pending());
        let texts = || registry.read().texts.len();
        let before = texts();
        let retire = |pods: std::ops::Range<usize>| {
            let gone: Vec<Arc<Series>> = pods.map(|pod| series_of(&registry, &profile(pod))).collect();
            registry.retire(1, &gone, false);
            drop(gone);
            registry.shrink();
        };
        retire(0..5);
        assert_eq!(texts(), before);
        retire(5..20);
        assert_eq!(texts(), before - 20);
    }

    #[test]
    fn a_service_that_gets_a_series_while_it_is_dropped_gets_a_row_again() {
        let registry = Registry::default();
        series_of(&registry, &profile(0));
        registry.set_committed(&registry.pending());
        let ended = registry.ended_before(0);
        series_of(&registry, &profile(1));
        registry.retire(1, &ended[0].1, true);
        let pending = registry.pending();
        assert_eq!((pending.services[0].0, pending.series[0].id, registry.counts()), (1, 2, (1, 1)));
    }

    #[test]
    fn stored_labels_are_read_as_they_were_written() {
        let labels: Labels = [("b", "ü \"x\"\n"), ("a", "1")].into_iter().collect();
        let text = serde_json::to_string(&labels).unwrap();
        assert_eq!(text, r#"{"a":"1","b":"ü \"x\"\n"}"#);
        assert_eq!(serde_json::from_str::<Labels>(&text).unwrap(), labels);
        let last = serde_json::from_str::<Labels>(r#"{"b":"1","a":"2","b":"3"}"#).unwrap();
        assert_eq!(last.iter().collect::<Vec<_>>(), [("a", "2"), ("b", "3")]);
        assert!(serde_json::from_str::<Labels>(r#"{"a":1}"#).is_err());
    }

    #[test]
    fn kinds_of_one_label_set_share_its_labels() {
        let registry = Registry::default();
        let mut other = profile(0);
        other.name = "memory".to_owned();
        let (first, second) = (series_of(&registry, &profile(0)), series_of(&registry, &other));
        assert!(first.id != second.id && Arc::ptr_eq(&first.labels, &second.labels));
        assert!(first.has_siblings() && second.has_siblings());
        assert!(!series_of(&registry, &profile(1)).has_siblings());
    }

    /// Allows series until the service has this many.
    struct AtMost(usize);

    impl Growth for AtMost {
        fn allows_series(&self, _: &Labels, held: StoreSize) -> bool {
            held.of_service.unwrap_or(0) < self.0
        }

        fn allows_functions(&self, _: &Labels, _: usize) -> bool {
            true
        }
    }

    #[test]
    fn refused_series_are_not_made_and_known_ones_are_not_asked_about() {
        let registry = Registry::default();
        let made: Vec<bool> =
            [0, 1, 2, 0, 1].map(|pod| registry.series_of(&profile(pod), &AtMost(2)).is_some()).to_vec();
        assert_eq!(made, [true, true, false, true, true]);
        let Inventory { services, series, largest } = registry.inventory(10);
        assert_eq!((services, series, largest.len(), largest[0].1), (1, 2, 1, 2));
        assert_eq!(registry.pending().series.len(), 2, "rows to write");
    }
}

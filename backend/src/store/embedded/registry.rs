//! Keeps all services and series in memory and assigns their ids; rows are written with the first profile that needs them.

use super::varint::Damaged;
use crate::store::{Growth, Held, Inventory, NewProfile, Selection, StoreError};
use crate::work::Cancelled;
use flarepath_profile::labels::Labels;
use flarepath_profile::profile::ValueType;
use flarepath_profile::profile_type::ProfileType;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Row};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

/// What the profiles of a series have in common besides their labels.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Kind {
    /// Such as `process_cpu`.
    pub(crate) name: String,
    /// Kind and unit of each sample type, in the order of the stored columns.
    pub(crate) sample_types: Vec<(String, String)>,
    /// Kind and unit of what drives the sampling.
    pub(crate) period_type: (String, String),
}

/// A series: one label set, one kind.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Series {
    /// Its row.
    pub(crate) id: i64,
    /// The service's row.
    pub(crate) service: i64,
    pub(crate) labels: Labels,
    pub(crate) kind: Kind,
}

impl Series {
    /// Profile types, one for each column.
    pub(crate) fn profile_types(&self) -> impl Iterator<Item = ProfileType> + '_ {
        self.kind.sample_types.iter().map(|(sample_type, sample_unit)| ProfileType {
            name: self.kind.name.clone(),
            sample_type: sample_type.clone(),
            sample_unit: sample_unit.clone(),
            period_type: self.kind.period_type.0.clone(),
            period_unit: self.kind.period_type.1.clone(),
        })
    }

    /// The column that holds a profile type.
    pub(crate) fn column(&self, wanted: &ProfileType) -> Option<usize> {
        let (period_type, period_unit) = &self.kind.period_type;
        let kind = self.kind.name == wanted.name
            && *period_type == wanted.period_type
            && *period_unit == wanted.period_unit;
        let same = |(t, u): &(String, String)| *t == wanted.sample_type && *u == wanted.sample_unit;
        kind.then(|| self.kind.sample_types.iter().position(same)).flatten()
    }
}

/// The selected series of one service.
pub(crate) struct Selected {
    /// The service's row.
    pub(crate) service: i64,
    /// Its series that match.
    pub(crate) series: HashMap<i64, Arc<Series>>,
    /// Whether these are all the series the service has.
    pub(crate) all: bool,
}

/// Series that are matched between two looks at the token of a selection: at 20 patterns each some 10 ms.
const MATCHED_AT_ONCE: usize = 256;

/// All services and series.
#[derive(Default)]
pub(crate) struct Registry {
    state: RwLock<State>,
}

#[derive(Default)]
struct State {
    services: Vec<String>,
    service_ids: HashMap<String, i64>,
    series: Vec<Arc<Series>>,
    series_ids: HashMap<(Labels, Kind), i64>,
    /// Series of each service. Shared with those who match them, so that they need not hold the lock.
    by_service: Vec<Arc<Vec<Arc<Series>>>>,
    committed: Committed,
}

/// How many services and series have rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Committed {
    services: usize,
    series: usize,
}

impl State {
    /// How much there is, of all services and of this one.
    fn held(&self, service: &str) -> Held {
        let of_service = self.service_ids.get(service).map(|&id| self.by_service[id as usize - 1].len());
        Held { services: self.service_ids.len(), series: self.series_ids.len(), of_service }
    }

    fn service(&mut self, name: &str) -> i64 {
        if let Some(&id) = self.service_ids.get(name) {
            return id;
        }
        self.services.push(name.to_owned());
        self.by_service.push(Arc::default());
        let id = self.services.len() as i64;
        self.service_ids.insert(name.to_owned(), id);
        id
    }

    fn series(&mut self, labels: Labels, kind: Kind) -> Arc<Series> {
        let key = (labels, kind);
        if let Some(&id) = self.series_ids.get(&key) {
            return self.series[id as usize - 1].clone();
        }
        let service = self.service(key.0.service());
        let id = self.series.len() as i64 + 1;
        let series = Arc::new(Series { id, service, labels: key.0.clone(), kind: key.1.clone() });
        Arc::make_mut(&mut self.by_service[service as usize - 1]).push(series.clone());
        self.series.push(series.clone());
        self.series_ids.insert(key, id);
        series
    }
}

impl Registry {
    /// Reads all services and series.
    pub(crate) async fn load(
        connection: &mut SqliteConnection,
    ) -> Result<Result<Registry, StoreError>, sqlx::Error> {
        let mut state = State::default();
        let mut snapshot = connection.begin().await?;
        for row in sqlx::query("SELECT id, name FROM service ORDER BY id").fetch_all(&mut *snapshot).await? {
            if state.service(&row.try_get::<String, _>(1)?) != row.try_get::<i64, _>(0)? {
                return Ok(Err(Damaged("services are missing from the database").into()));
            }
        }
        let rows =
            sqlx::query("SELECT id, labels, kind FROM series ORDER BY id").fetch_all(&mut *snapshot).await?;
        for row in rows {
            let labels = serde_json::from_str(&row.try_get::<String, _>(1)?);
            let kind = serde_json::from_str(&row.try_get::<String, _>(2)?);
            let (Ok(labels), Ok(kind)) = (labels, kind) else {
                return Ok(Err(Damaged("the labels of a series do not parse").into()));
            };
            if state.series(labels, kind).id != row.try_get::<i64, _>(0)? {
                return Ok(Err(Damaged("series are missing from the database").into()));
            }
        }
        state.committed = Committed { services: state.services.len(), series: state.series.len() };
        Ok(Ok(Registry { state: RwLock::new(state) }))
    }

    /// The series that a profile belongs to, made if it is new and `growth` allows it; otherwise `None`.
    pub(crate) fn series_of(&self, new: &NewProfile, growth: &dyn Growth) -> Option<Arc<Series>> {
        let key = (new.labels.clone(), kind_of(new));
        {
            let state = self.read();
            if let Some(&id) = state.series_ids.get(&key) {
                return Some(state.series[id as usize - 1].clone());
            }
        }
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let is_new = !state.series_ids.contains_key(&key);
        (!is_new || growth.allows_series(&key.0, state.held(key.0.service())))
            .then(|| state.series(key.0, key.1))
    }

    /// How many services and series there are, and up to `largest` of the services with the most series.
    pub(crate) fn inventory(&self, largest: usize) -> Inventory {
        let state = self.read();
        let Held { services, series, .. } = state.held("");
        let mut sizes: Vec<(usize, &String)> = state
            .service_ids
            .iter()
            .map(|(name, &id)| (state.by_service[id as usize - 1].len(), name))
            .collect();
        sizes.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        let largest = sizes.into_iter().take(largest).map(|(size, name)| (name.clone(), size)).collect();
        Inventory { services, series, largest }
    }

    /// The series that match, by service; `also` narrows further. Services without any are left out. Takes long where there
    /// are many series and patterns: not on an async thread.
    ///
    /// # Errors
    /// [`Cancelled`], when the selection is.
    pub(crate) fn select(
        &self,
        selection: &Selection,
        also: impl Fn(&Series) -> bool,
    ) -> Result<Vec<Selected>, Cancelled> {
        let services = self.services_of(selection);
        let (mut matching, mut selected) = (selection.matching(), Vec::new());
        for (service, all) in &services {
            let mut found = HashMap::new();
            for (step, series) in all.iter().enumerate() {
                if step.is_multiple_of(MATCHED_AT_ONCE) {
                    selection.cancel.check()?;
                }
                if also(series) && matching.matches(&series.labels) {
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
    fn services_of(&self, selection: &Selection) -> Vec<(i64, Arc<Vec<Arc<Series>>>)> {
        let state = self.read();
        let series = |id: i64| (id, state.by_service[id as usize - 1].clone());
        match selection.exact(flarepath_profile::labels::SERVICE_NAME) {
            Some(name) => state.service_ids.get(name).copied().map(series).into_iter().collect(),
            None => (1..=state.services.len() as i64).map(series).collect(),
        }
    }

    /// The row of a service that some profile was pushed for.
    pub(crate) fn service(&self, name: &str) -> Option<i64> {
        self.read().service_ids.get(name).copied()
    }

    /// Rows of all services.
    pub(crate) fn services(&self) -> Vec<i64> {
        (1..=self.read().services.len() as i64).collect()
    }

    /// Services and series without a row, and the counts once these are committed.
    pub(crate) fn pending(&self) -> (Vec<(i64, String)>, Vec<Arc<Series>>, Committed) {
        let state = self.read();
        let services = (state.committed.services..state.services.len())
            .map(|i| (i as i64 + 1, state.services[i].clone()))
            .collect();
        let series = state.series[state.committed.series..].to_vec();
        let committed = Committed { services: state.services.len(), series: state.series.len() };
        (services, series, committed)
    }

    /// Records that rows were committed.
    pub(crate) fn set_committed(&self, committed: Committed) {
        self.state.write().unwrap_or_else(PoisonError::into_inner).committed = committed;
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
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
    use crate::store::{TimeRange, Unlimited};

    fn profile(pod: usize) -> NewProfile {
        let mut new = new_profile(&ProfileSpec::default());
        new.labels.set("pod", format!("pod-{pod}"));
        new
    }

    fn selection(text: &str) -> Selection {
        Selection::new(&text.parse().unwrap(), TimeRange::nanos(0, 1)).unwrap()
    }

    #[test]
    fn series_can_be_added_while_others_are_matched() {
        let registry = Registry::default();
        registry.series_of(&profile(0), &Unlimited);
        let add = |_: &Series| {
            registry.series_of(&profile(1), &Unlimited);
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
        (0..3 * MATCHED_AT_ONCE).for_each(|pod| drop(registry.series_of(&profile(pod), &Unlimited)));
        let (selection, matched) = (selection("{}"), std::cell::Cell::new(0));
        let cancel = |_: &Series| {
            matched.set(matched.get() + 1);
            selection.cancel.cancel();
            true
        };
        assert!(registry.select(&selection, cancel).is_err());
        assert_eq!(matched.get(), MATCHED_AT_ONCE);
    }

    /// Allows series until the service has this many.
    struct AtMost(usize);

    impl Growth for AtMost {
        fn allows_series(&self, _: &Labels, held: Held) -> bool {
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
        assert_eq!(registry.pending().1.len(), 2, "rows to write");
    }
}

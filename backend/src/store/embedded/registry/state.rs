//! State of the registry: services and series by id and by name, and which of them have no row yet.

use super::series::{Kind, Series, SharedKind};
use super::texts::Texts;
use crate::store::StoreSize;
use flarepath_profile::labels::Labels;
use hashbrown::HashTable;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

/// The series of a service. Shared with those who go through it, so that they need not hold the lock.
pub(super) type List = Arc<Vec<Arc<Series>>>;

/// Memory is given back once one series in so many was removed since the last time: it means to go through all of them, while
/// pushes wait.
const WORTH: usize = 8;

/// A service and its series.
pub(super) struct Service {
    pub(super) name: Arc<str>,
    pub(super) series: List,
}

/// Services and series that have no row yet.
#[derive(Clone, Default)]
pub(crate) struct Pending {
    pub(crate) services: Vec<(i64, Arc<str>)>,
    pub(crate) series: Vec<Arc<Series>>,
}

/// The last ids that were given out. Ids are never used twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LastIds {
    pub(super) service: i64,
    pub(super) series: i64,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) services: BTreeMap<i64, Service>,
    pub(super) service_ids: HashMap<Arc<str>, i64>,
    /// By the hash of their labels.
    series: HashTable<Arc<Series>>,
    hasher: RandomState,
    kinds: HashMap<Kind, Arc<SharedKind>>,
    pub(super) texts: Texts,
    pub(super) last: LastIds,
    pub(super) pending: Pending,
    /// Series removed since memory was last given back.
    removed: usize,
}

impl State {
    /// The series of each service, as they are now.
    pub(super) fn lists(&self) -> Vec<(i64, List)> {
        self.services.iter().map(|(id, service)| (*id, service.series.clone())).collect()
    }

    /// The series of these labels and this kind, if there is one.
    pub(super) fn find(&self, labels: &Labels, kind: &Kind) -> Option<&Arc<Series>> {
        let same = |series: &Arc<Series>| **series.kind == *kind && *series.labels == *labels;
        self.series.find(self.hasher.hash_one(labels), same)
    }

    /// How much there is, of all services and of this one.
    pub(super) fn size(&self, service: &str) -> StoreSize {
        let id = self.service_ids.get(service);
        let of_service = id.and_then(|id| self.services.get(id)).map(|service| service.series.len());
        StoreSize { services: self.services.len(), series: self.series_count(), of_service }
    }

    /// The id of a service, made if it is new.
    pub(super) fn service(&mut self, name: &str) -> i64 {
        if let Some(&id) = self.service_ids.get(name) {
            return id;
        }
        self.last.service += 1;
        let (id, name) = (self.last.service, Arc::<str>::from(name));
        self.add_service(id, name.clone());
        self.pending.services.push((id, name));
        id
    }

    pub(super) fn add_service(&mut self, id: i64, name: Arc<str>) {
        self.service_ids.insert(name.clone(), id);
        self.services.insert(id, Service { name, series: Arc::default() });
    }

    /// The series of these labels and this kind, made if it is new.
    pub(super) fn series(&mut self, labels: &Labels, kind: Kind) -> Arc<Series> {
        if let Some(known) = self.find(labels, &kind) {
            return known.clone();
        }
        let service = self.service(labels.service());
        self.last.series += 1;
        let kind = self.shared_kind(kind);
        let series = self.add_series(self.last.series, service, labels, kind);
        self.pending.series.push(series.clone());
        series
    }

    pub(super) fn shared_kind(&mut self, kind: Kind) -> Arc<SharedKind> {
        let shared =
            self.kinds.entry(kind).or_insert_with_key(|kind| Arc::new(SharedKind::new(kind.clone())));
        shared.clone()
    }

    /// Adds a series that is not there, of a service that is.
    pub(super) fn add_series(
        &mut self,
        id: i64,
        service: i64,
        labels: &Labels,
        kind: Arc<SharedKind>,
    ) -> Arc<Series> {
        let hash = self.hasher.hash_one(labels);
        let sibling = self.series.find(hash, |series| *series.labels == *labels).cloned();
        let labels = match &sibling {
            Some(sibling) => sibling.labels.clone(),
            None => Arc::new(labels.sharing(|text| self.texts.share(text))),
        };
        let series = Arc::new(Series::new(id, service, labels, kind));
        if let Some(sibling) = sibling {
            sibling.note_sibling();
            series.note_sibling();
        }
        if let Some(service) = self.services.get_mut(&service) {
            Arc::make_mut(&mut service.series).push(series.clone());
        }
        let hasher = &self.hasher;
        self.series.insert_unique(hash, series.clone(), |series| hasher.hash_one(&*series.labels));
        series
    }

    /// Removes series, and their service if `with_service`: then its row is gone. If it has got other series meanwhile, it stays
    /// and needs a row again.
    pub(super) fn remove(&mut self, service: i64, gone: &HashSet<i64>, with_service: bool) {
        let Some(of_service) = self.services.get_mut(&service) else { return };
        for series in of_service.series.iter().filter(|series| gone.contains(&series.id)) {
            let hash = self.hasher.hash_one(&*series.labels);
            if let Ok(entry) = self.series.find_entry(hash, |known| known.id == series.id) {
                entry.remove();
                self.removed += 1;
            }
        }
        Arc::make_mut(&mut of_service.series).retain(|series| !gone.contains(&series.id));
        match (with_service, of_service.series.is_empty()) {
            (true, true) => {
                self.service_ids.remove(&of_service.name);
                self.services.remove(&service);
            }
            (true, false) => self.pending.services.push((service, of_service.name.clone())),
            (false, _) => {}
        }
    }

    /// Gives memory back after many were removed.
    pub(super) fn shrink(&mut self) {
        if self.removed * WORTH < self.series.len() {
            return;
        }
        self.removed = 0;
        self.kinds.retain(|_, kind| Arc::strong_count(kind) > 1);
        self.texts.drop_unused();
        let hasher = &self.hasher;
        self.series.shrink_to_fit(|series| hasher.hash_one(&*series.labels));
        self.service_ids.shrink_to_fit();
    }

    /// How many series there are.
    pub(super) fn series_count(&self) -> usize {
        self.series.len()
    }
}

//! Keeps all services and series in memory and assigns their ids; rows are written with the first profile that needs them.

use super::varint::Damaged;
use crate::store::{NewProfile, Selection, StoreError};
use flarepath_profile::labels::Labels;
use flarepath_profile::profile::ValueType;
use flarepath_profile::profile_type::ProfileType;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Row};
use std::collections::{BTreeMap, HashMap};
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
    /// Series of each service, by position.
    by_service: Vec<Vec<usize>>,
    committed: Committed,
}

/// How many services and series have rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Committed {
    services: usize,
    series: usize,
}

impl State {
    fn service(&mut self, name: &str) -> i64 {
        if let Some(&id) = self.service_ids.get(name) {
            return id;
        }
        self.services.push(name.to_owned());
        self.by_service.push(Vec::new());
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
        self.by_service[service as usize - 1].push(self.series.len());
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

    /// The series that a profile belongs to, made if it is new.
    pub(crate) fn series_of(&self, new: &NewProfile) -> Arc<Series> {
        let key = (new.labels.clone(), kind_of(new));
        {
            let state = self.read();
            if let Some(&id) = state.series_ids.get(&key) {
                return state.series[id as usize - 1].clone();
            }
        }
        self.state.write().unwrap_or_else(PoisonError::into_inner).series(key.0, key.1)
    }

    /// The series that match, by service; `also` narrows further. Services without any are left out.
    pub(crate) fn select(&self, selection: &Selection, also: impl Fn(&Series) -> bool) -> Vec<Selected> {
        let state = self.read();
        let mut found: BTreeMap<i64, HashMap<i64, Arc<Series>>> = BTreeMap::new();
        let services: Vec<i64> = match selection.exact(flarepath_profile::labels::SERVICE_NAME) {
            Some(name) => state.service_ids.get(name).copied().into_iter().collect(),
            None => (1..=state.services.len() as i64).collect(),
        };
        for service in services {
            for &position in &state.by_service[service as usize - 1] {
                let series = &state.series[position];
                if also(series) && selection.matches(&series.labels) {
                    found.entry(service).or_default().insert(series.id, series.clone());
                }
            }
        }
        let selected = |(service, series): (i64, HashMap<_, _>)| Selected {
            all: series.len() == state.by_service[service as usize - 1].len(),
            service,
            series,
        };
        found.into_iter().map(selected).collect()
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

//! Opens the configured profile stores: at most one embedded one, and any remote ones.
//!
//! Opening a remote store asks it nothing, so that one that is down does not keep the server from starting: its requests fail until it is back,
//! and those to the other stores do not.

use super::clickhouse::ClickHouseStore;
use super::embedded::{EmbeddedOptions, EmbeddedStore};
use super::freshness::{Age, Freshness, LoggedWriter};
use super::parca::ParcaStore;
use super::pyroscope::PyroscopeStore;
use super::remote::{Upstream, UpstreamHealth};
use super::{ProfileStore, ProfileWriter, Retention, StoreError};
use crate::clock::{Clock, SettledClock};
use crate::config::{StoreConfig, StoreKind, StoresConfig};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How long after its start a profile may still arrive at a remote store. Agents retry for minutes, not for longer.
const SETTLED_AFTER: Duration = Duration::from_secs(600);
/// How long an answer of a remote store about a settled range holds: compaction and deletion there go unnoticed for this time.
const SETTLED_TTL: Duration = Duration::from_secs(3600);

/// A profile storage, whatever keeps it.
#[derive(Clone)]
pub struct Storage {
    /// Answers questions.
    pub read: Arc<dyn ProfileStore>,
    /// Takes new profiles; absent where the storage is read-only.
    pub write: Option<Arc<dyn ProfileWriter>>,
    /// Decides how long answers hold.
    pub freshness: Arc<dyn Freshness>,
    /// Its name in cache keys and logs; each storage has another.
    pub name: Arc<str>,
}

impl Storage {
    /// A storage that only this process writes to, through the writer given here.
    pub fn exclusive<S: ProfileStore + ProfileWriter + 'static>(name: &str, store: Arc<S>) -> Storage {
        let log = store.write_log().unwrap_or_default();
        Storage {
            read: store.clone(),
            write: Some(Arc::new(LoggedWriter { inner: store, log: log.clone() })),
            freshness: log,
            name: name.into(),
        }
    }
}

/// A storage, and what is configured about it.
#[derive(Clone)]
pub struct OpenStore {
    /// The storage, under the name of its section.
    pub storage: Storage,
    /// Its kind.
    pub kind: StoreKind,
    /// Names of the teams that may read it; empty: everyone who may read profiles.
    pub teams: Vec<String>,
    /// Requests to a remote store.
    pub upstream: Option<Arc<Upstream>>,
}

impl OpenStore {
    /// A store on another server, which is asked nothing yet; `None` of the embedded one. Within a runtime.
    ///
    /// # Errors
    /// Those of its settings, such as certificates that cannot be parsed.
    pub fn remote(config: &StoreConfig, clock: &Arc<dyn Clock>) -> Result<Option<OpenStore>, StoreError> {
        let Some(settings) = &config.remote else { return Ok(None) };
        let upstream = Upstream::new(&config.name, settings, clock.clone());
        let (read, write): (Arc<dyn ProfileStore>, Option<Arc<dyn ProfileWriter>>) = match config.kind {
            StoreKind::Pyroscope => {
                let store = Arc::new(PyroscopeStore::new(upstream.clone(), settings)?);
                (store.clone(), Some(store))
            }
            StoreKind::Parca => (Arc::new(ParcaStore::new(upstream.clone(), settings)?), None),
            StoreKind::ClickHouse => {
                let store = Arc::new(ClickHouseStore::new(upstream.clone(), settings)?);
                (store.clone(), Some(store))
            }
            StoreKind::Embedded => return Ok(None),
        };
        let freshness = Age { settled_after: SETTLED_AFTER, ttl: SETTLED_TTL, clock: clock.clone() };
        let storage =
            Storage { read, write, freshness: Arc::new(freshness), name: config.name.as_str().into() };
        let teams = config.teams.clone();
        Ok(Some(OpenStore { storage, kind: config.kind, teams, upstream: Some(upstream) }))
    }

    /// How requests to a remote store went; `None` of the embedded one.
    pub(crate) fn health(&self) -> Option<UpstreamHealth> {
        self.upstream.as_ref().map(|upstream| upstream.health())
    }
}

/// As an embedded store for everyone.
impl From<Storage> for OpenStore {
    fn from(storage: Storage) -> OpenStore {
        OpenStore { storage, kind: StoreKind::Embedded, teams: Vec::new(), upstream: None }
    }
}

/// The stores of a server. Each has another name.
#[derive(Clone)]
pub struct OpenStores {
    /// Name of the one that is read where a request names none.
    pub default: Arc<str>,
    /// Name of the one that takes pushes, if one does.
    pub ingest: Option<Arc<str>>,
    /// All of them, by name.
    pub all: Vec<OpenStore>,
}

/// A single embedded store, which takes pushes if it can be written to.
impl From<Storage> for OpenStores {
    fn from(storage: Storage) -> OpenStores {
        let default = storage.name.clone();
        let ingest = storage.write.as_ref().map(|_| default.clone());
        OpenStores { default, ingest, all: vec![storage.into()] }
    }
}

/// Settings of the embedded store.
pub(crate) struct EmbeddedSettings<'a> {
    /// The data directory, which is made if it is missing.
    pub(crate) dir: &'a Path,
    /// When profiles are dropped because of their age; `None`: never.
    pub(crate) retention: Option<Retention>,
    /// Bytes that it may take; `None`: no limit.
    pub(crate) max_size: Option<u64>,
    /// Ages count from it.
    pub(crate) clock: Arc<SettledClock>,
}

/// Opens all configured stores.
///
/// # Errors
/// Those of [`EmbeddedStore::open`]; of a remote store those of its settings, such as certificates that cannot be parsed;
/// [`StoreError::Unsupported`] if the store for pushes takes none.
pub(crate) async fn open_all(
    config: &StoresConfig,
    embedded: EmbeddedSettings<'_>,
    clock: Arc<dyn Clock>,
) -> Result<OpenStores, StoreError> {
    let mut all = Vec::with_capacity(config.all.len());
    for store in &config.all {
        all.push(open(store, &embedded, &clock).await?);
    }
    let ingest = config.ingest.as_deref().map(|name| taking_pushes(&all, name)).transpose()?;
    Ok(OpenStores { default: config.default.as_str().into(), ingest, all })
}

async fn open(
    config: &StoreConfig,
    embedded: &EmbeddedSettings<'_>,
    clock: &Arc<dyn Clock>,
) -> Result<OpenStore, StoreError> {
    if let Some(remote) = OpenStore::remote(config, clock)? {
        return Ok(remote);
    }
    let EmbeddedSettings { dir, retention, max_size, clock } = embedded;
    let options = EmbeddedOptions {
        retention: *retention,
        max_size: *max_size,
        clock: clock.clone(),
        ..EmbeddedOptions::default()
    };
    let storage = Storage::exclusive(&config.name, EmbeddedStore::open(dir, options).await?);
    Ok(OpenStore { teams: config.teams.clone(), ..OpenStore::from(storage) })
}

/// The name of the store for pushes, once it is known that it takes them.
fn taking_pushes(all: &[OpenStore], name: &str) -> Result<Arc<str>, StoreError> {
    let found = all.iter().find(|store| &*store.storage.name == name && store.storage.write.is_some());
    let found = found.map(|store| store.storage.name.clone());
    found.ok_or(StoreError::Unsupported("pushes; name another store in `ingest.store`, or none"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use crate::store::memory::MemoryStore;

    fn memory(name: &str) -> Storage {
        Storage::exclusive(name, Arc::new(MemoryStore::new()))
    }

    fn config(name: &str, kind: StoreKind) -> StoreConfig {
        StoreConfig { name: name.to_owned(), kind, teams: vec!["pay".to_owned()], remote: None }
    }

    #[test]
    fn a_single_storage_takes_pushes_if_it_can_be_written_to() {
        let stores = OpenStores::from(memory("one"));
        assert_eq!((&*stores.default, stores.ingest.as_deref()), ("one", Some("one")));
        assert!(OpenStores::from(Storage { write: None, ..memory("one") }).ingest.is_none());
    }

    #[test]
    fn pushes_need_a_store_that_takes_them() {
        let all: Vec<OpenStore> = vec![memory("one").into(), Storage { write: None, ..memory("two") }.into()];
        assert_eq!(&*taking_pushes(&all, "one").unwrap(), "one");
        for name in ["two", "three"] {
            let error = taking_pushes(&all, name).unwrap_err().to_string();
            assert!(error.contains("`ingest.store`"), "{error}");
        }
    }

    #[tokio::test]
    async fn the_embedded_store_has_the_name_of_its_section() {
        let dir = tempfile::tempdir().unwrap();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let settled = Arc::new(SettledClock::unsaved(clock.clone()));
        let embedded = EmbeddedSettings { dir: dir.path(), retention: None, max_size: None, clock: settled };
        let stores = StoresConfig {
            default: "local".to_owned(),
            ingest: Some("local".to_owned()),
            all: vec![config("local", StoreKind::Embedded)],
        };
        let opened = open_all(&stores, embedded, clock).await.unwrap();
        let store = &opened.all[0];
        assert_eq!((&*store.storage.name, opened.ingest.as_deref()), ("local", Some("local")));
        assert_eq!(store.teams, ["pay"]);
        assert!(store.upstream.is_none() && store.storage.write.is_some());
        store.storage.read.close().await.unwrap();
    }
}

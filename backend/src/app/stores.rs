//! The stores of an app: who may read which, and what belongs to each.
//!
//! Nothing that waits is shared between stores, so that a slow one never slows another: each has a queue of queries with the configured
//! limits, a cache of answers of the configured size, and an overview that a job of its own refreshes.

use super::disk::Disk;
use crate::auth::Principal;
use crate::clock::Clock;
use crate::config::StoreKind;
use crate::query::overview::Board;
use crate::query::{Querier, QueryError};
use crate::store::{OpenStore, OpenStores, ProfileWriter, Storage};
use flarepath_profile::unix_nanos::UnixNanos;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// What a verdict reads is used again within it, by the next steps; hardly anything is from one minute to the next.
const OVERVIEW_CACHE_BYTES: u64 = 8 << 20;
/// The overview of a remote store is kept up to date for this time after somebody asked for it.
const OVERVIEW_KEPT: Duration = Duration::from_secs(15 * 60);

/// All stores of an app.
pub(crate) struct Stores {
    default: Arc<OneStore>,
    by_name: BTreeMap<Arc<str>, Arc<OneStore>>,
}

/// A store, and what is computed from it.
pub(crate) struct OneStore {
    /// The only access of handlers to its profiles.
    pub(crate) querier: Querier,
    /// The overview of its services, which a job refreshes.
    pub(crate) overview: Board,
    /// Reports what its profiles take of the disk.
    pub(crate) disk: Disk,
    /// What is configured about it.
    pub(crate) open: OpenStore,
    /// Whether it is read where a request names none.
    pub(crate) is_default: bool,
    /// Whether pushed profiles go to it.
    pub(crate) takes_pushes: bool,
    /// When its overview was last asked for, in nanoseconds since the epoch.
    overview_asked: AtomicI64,
}

impl Stores {
    /// These stores, each read by a querier of its own.
    ///
    /// # Panics
    /// If the default is none of them.
    pub(super) fn new(
        opened: OpenStores,
        querier: impl Fn(&Storage) -> Querier,
        clock: &Arc<dyn Clock>,
    ) -> Stores {
        let OpenStores { default, ingest, all } = opened;
        let one = |open: OpenStore| {
            let name = open.storage.name.clone();
            let querier = match open.kind {
                StoreKind::Embedded => querier(&open.storage),
                // Its failures say which of the stores it is.
                _ => querier(&open.storage).named(name.clone()),
            };
            let overview = querier.with_cache_of(OVERVIEW_CACHE_BYTES, &open.storage);
            let store = OneStore {
                overview: Board::new(overview, clock.clone()),
                querier,
                disk: Disk::new(open.storage.read.clone()),
                is_default: name == default,
                takes_pushes: ingest.as_ref() == Some(&name),
                open,
                overview_asked: AtomicI64::new(i64::MIN),
            };
            (name, Arc::new(store))
        };
        let by_name: BTreeMap<_, _> = all.into_iter().map(one).collect();
        let default = by_name.get(&default).expect("the default is one of the stores").clone();
        Stores { default, by_name }
    }

    /// The store that is read where a request names none.
    pub(crate) fn default(&self) -> &Arc<OneStore> {
        &self.default
    }

    /// The store of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Arc<OneStore>> {
        self.by_name.get(name)
    }

    /// All of them, by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<OneStore>> {
        self.by_name.values()
    }

    /// Those that the caller may read, by name.
    pub(crate) fn readable<'a>(&'a self, who: &'a Principal) -> impl Iterator<Item = &'a Arc<OneStore>> {
        self.iter().filter(|store| store.is_readable_by(who))
    }

    /// The way pushed profiles get in; `None` where no store takes them.
    pub(super) fn writer(&self) -> Option<Arc<dyn ProfileWriter>> {
        self.iter().find(|store| store.takes_pushes)?.open.storage.write.clone()
    }

    /// The embedded store, if there is one; the default of several.
    pub(crate) fn embedded(&self) -> Option<&Arc<OneStore>> {
        let mut all = std::iter::once(&self.default).chain(self.iter());
        all.find(|store| store.open.kind == StoreKind::Embedded)
    }
}

impl OneStore {
    /// By which requests and the configuration call it.
    pub(crate) fn name(&self) -> &str {
        &self.open.storage.name
    }

    /// Whether the caller, who may read profiles, may read those of this store.
    pub(crate) fn is_readable_by(&self, who: &Principal) -> bool {
        who.reads_store_of(&self.open.teams)
    }

    /// What it does not offer, in words.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        self.open.storage.read.capabilities().missing()
    }

    /// Records that its overview is asked for at `now`.
    pub(crate) fn note_overview_asked(&self, now: UnixNanos) {
        self.overview_asked.fetch_max(now.0, Ordering::Relaxed);
    }

    /// Computes its overview anew, if it is wanted.
    pub(super) async fn refresh_overview(&self, now: UnixNanos) -> Result<(), QueryError> {
        if self.is_overview_wanted(now) { self.overview.refresh().await } else { Ok(()) }
    }

    /// A remote store is not asked for nothing: only if it is the default, or its overview was asked for lately.
    fn is_overview_wanted(&self, now: UnixNanos) -> bool {
        let asked = UnixNanos(self.overview_asked.load(Ordering::Relaxed));
        self.open.upstream.is_none() || self.is_default || now.minus(OVERVIEW_KEPT) <= asked
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{Grant, Kind, Role, Scope};
    use crate::clock::FixedClock;
    use crate::config::{QueryConfig, RemoteAuth, RemoteStoreConfig};
    use crate::store::Upstream;
    use crate::store::memory::MemoryStore;

    fn opened(name: &str, teams: &[&str]) -> OpenStore {
        let storage = Storage::exclusive(name, Arc::new(MemoryStore::new()));
        let teams = teams.iter().map(|&team| team.to_owned()).collect();
        OpenStore { teams, ..OpenStore::from(storage) }
    }

    fn stores(ingest: Option<&str>) -> Stores {
        let all = vec![opened("one", &[]), opened("two", &["mine"]), opened("three", &["theirs"])];
        let opened = OpenStores { default: "one".into(), ingest: ingest.map(Into::into), all };
        let clock: Arc<dyn Clock> = Arc::new(FixedClock(UnixNanos(1_000)));
        Stores::new(opened, |storage| Querier::new(storage, &QueryConfig::default()), &clock)
    }

    #[test]
    fn callers_read_the_stores_of_their_teams() {
        let scope = Scope::Matching(r#"{service_name="cart"}"#.parse().unwrap());
        let ann =
            Principal::new(Kind::User, "1", "ann", Vec::new(), vec![Grant { role: Role::Viewer, scope }]);
        let ann = ann.with_reading_teams(&["mine".to_owned()]);
        let stores = stores(None);
        let names =
            |who: &Principal| stores.readable(who).map(|store| store.name().to_owned()).collect::<Vec<_>>();
        assert_eq!(names(&ann), ["one", "two"]);
        assert_eq!(names(&Principal::local()), ["one", "three", "two"]);
    }

    fn upstream(name: &str) -> Arc<Upstream> {
        let settings = RemoteStoreConfig {
            url: "http://127.0.0.1:1".to_owned(),
            auth: RemoteAuth::None,
            headers: Vec::new(),
            header_files: Vec::new(),
            ca: None,
            timeout: Duration::from_secs(1),
            concurrency: 1,
            service_label: "service_name".to_owned(),
            max_range: Duration::from_secs(86_400),
            database: String::new(),
        };
        Upstream::new(name, &settings, Arc::new(FixedClock(UnixNanos(1_000))))
    }

    #[test]
    fn overviews_of_remote_stores_are_kept_up_to_date_for_those_who_look_at_them() {
        let all =
            ["one", "two"].map(|name| OpenStore { upstream: Some(upstream(name)), ..opened(name, &[]) });
        let all = all.into_iter().chain([opened("three", &[])]).collect();
        let clock: Arc<dyn Clock> = Arc::new(FixedClock(UnixNanos(1_000)));
        let opened = OpenStores { default: "one".into(), ingest: None, all };
        let stores = Stores::new(opened, |storage| Querier::new(storage, &QueryConfig::default()), &clock);
        let wanted = |name: &str, minute: i64| {
            stores.get(name).unwrap().is_overview_wanted(UnixNanos(minute * 60_000_000_000))
        };
        assert!(wanted("one", 100) && wanted("three", 100) && !wanted("two", 100));
        stores.get("two").unwrap().note_overview_asked(UnixNanos(100 * 60_000_000_000));
        assert!(wanted("two", 101) && wanted("two", 115) && !wanted("two", 116));
    }

    #[test]
    fn one_store_is_the_default_and_one_takes_pushes() {
        assert!(stores(None).writer().is_none());
        let stores = stores(Some("two"));
        assert!(stores.writer().is_some() && stores.get("two").unwrap().takes_pushes);
        assert!(stores.default().is_default && !stores.default().takes_pushes);
        assert_eq!(stores.default().name(), "one");
        assert!(stores.get("four").is_none());
    }
}

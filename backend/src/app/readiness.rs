//! Readiness: whether both databases work. A remote store that is down makes no server unready: the others are read as before, and the page of
//! stores shows its failures.
//!
//! The check reads one row of each database and looks at its file and disk. It does not wait in the queue of queries and keeps
//! no answer. Callers that ask while a check is under way share it, so that many cost no more than one.

use crate::db::{DbError, Records};
use crate::store::{ProfileStore, StoreError};
use futures::FutureExt;
use futures::future::{BoxFuture, WeakShared};
use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Time limit of a check: as long as most probes wait.
const TIMEOUT: Duration = Duration::from_secs(2);

/// A database does not work. The reason is public; the log has the details.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotReady(pub(crate) &'static str);

type Check = BoxFuture<'static, Result<(), NotReady>>;

/// Checks the databases of an app.
pub(crate) struct Readiness {
    /// The embedded store, if there is one.
    store: Option<Arc<dyn ProfileStore>>,
    records: Records,
    under_way: Mutex<Option<WeakShared<Check>>>,
}

impl Readiness {
    pub(super) fn new(store: Option<Arc<dyn ProfileStore>>, records: Records) -> Readiness {
        Readiness { store, records, under_way: Mutex::default() }
    }

    /// What the embedded store has to say to everyone at present.
    pub(super) fn store_warnings(&self) -> Vec<String> {
        self.store.as_ref().map(|store| store.warnings()).unwrap_or_default()
    }

    /// Takes part in the check under way, or begins one.
    pub(crate) async fn check(&self) -> Result<(), NotReady> {
        let check = {
            let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
            under_way.as_ref().and_then(WeakShared::upgrade).unwrap_or_else(|| {
                let check = both(self.store.clone(), self.records.clone()).boxed().shared();
                *under_way = check.downgrade();
                check
            })
        };
        check.await
    }
}

async fn both(store: Option<Arc<dyn ProfileStore>>, records: Records) -> Result<(), NotReady> {
    let profiles = async {
        match store {
            Some(store) => store.check().await,
            None => Ok(()),
        }
    };
    let (profiles, records) = futures::join!(
        one("profiles", profiles, store_reason),
        one("records", records.check(), DbError::reason),
    );
    profiles.and(records)
}

async fn one<E: Display>(
    database: &str,
    check: impl Future<Output = Result<(), E>>,
    reason: fn(&E) -> &'static str,
) -> Result<(), NotReady> {
    match tokio::time::timeout(TIMEOUT, check).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => {
            tracing::error!(database, %error, "readiness check failed");
            Err(NotReady(reason(&error)))
        }
        Err(_) => {
            tracing::error!(database, timeout_s = TIMEOUT.as_secs(), "readiness check timed out");
            Err(NotReady("a database did not answer the readiness check within 2 s"))
        }
    }
}

/// The public reason of a failure of the profile store.
fn store_reason(error: &StoreError) -> &'static str {
    match error {
        StoreError::Corrupt(_) => {
            "the profile database is damaged; the server's log names the file and what to do"
        }
        StoreError::DiskFull(_) => "the disk of the profile database is full",
        _ => "the profile database cannot be read or written; see the server's log",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::App;
    use crate::auth::{Gate, Principal, SignIn};
    use crate::clock::FixedClock;
    use crate::config::QueryConfig;
    use crate::query::Question;
    use crate::store::embedded::{EmbeddedOptions, EmbeddedStore};
    use crate::store::memory::MemoryStore;
    use crate::store::{Storage, TimeRange};
    use flarepath_profile::selector::Selector;
    use flarepath_profile::unix_nanos::UnixNanos;
    use tempfile::TempDir;

    struct Opened {
        store: Arc<EmbeddedStore>,
        app: Arc<App>,
        dir: TempDir,
    }

    async fn opened(concurrency: usize) -> Opened {
        let dir = TempDir::new().unwrap();
        let store = EmbeddedStore::open(dir.path(), EmbeddedOptions::default()).await.unwrap();
        let records = Records::open_in(dir.path()).await.unwrap();
        let gate = Gate::new(records, Arc::new(FixedClock(UnixNanos(1_000))), SignIn::Off);
        let app = App::builder(Storage::exclusive("test", store.clone()), gate)
            .query(QueryConfig { concurrency, ..QueryConfig::default() })
            .build();
        assert_eq!(app.readiness.check().await, Ok(()));
        Opened { store, app, dir }
    }

    #[tokio::test]
    async fn notices_replaced_and_removed_database_files() {
        for name in ["records.db", "profiles.db"] {
            let Opened { app, dir, store: _store } = opened(1).await;
            let (path, copy) = (dir.path().join(name), dir.path().join("copy"));
            std::fs::copy(&path, &copy).unwrap();
            std::fs::rename(&copy, &path).unwrap();
            assert!(app.readiness.check().await.is_err(), "{name} replaced");
            std::fs::remove_file(&path).unwrap();
            assert!(app.readiness.check().await.is_err(), "{name} removed");
        }
    }

    #[tokio::test]
    async fn notices_a_stopped_writer() {
        let Opened { app, store, dir: _dir } = opened(1).await;
        store.close().await.unwrap();
        assert!(app.readiness.check().await.is_err());
    }

    #[tokio::test]
    async fn does_not_wait_for_query_permits() {
        let Opened { app, store: _store, dir: _dir } = opened(0).await;
        let question =
            Question::new(Selector::default(), TimeRange { start: UnixNanos(0), end: UnixNanos(1) });
        let local = Principal::local();
        let query = app.stores.default().querier.series(&local, &question);
        assert!(query.now_or_never().is_none(), "there is no permit");
        assert_eq!(app.readiness.check().await, Ok(()));
    }

    #[tokio::test]
    async fn concurrent_callers_share_one_check() {
        let records = Records::in_memory();
        // Takes the only connection, so that a check has to wait.
        let change = records.change().await.unwrap();
        let gate = Gate::new(records, Arc::new(FixedClock(UnixNanos(1_000))), SignIn::Off);
        let storage = Storage::exclusive("memory", Arc::new(MemoryStore::new()));
        let app = App::builder(storage, gate).build();
        let readiness = &app.readiness;
        let mut first = Box::pin(readiness.check());
        assert!(first.as_mut().now_or_never().is_none());
        let under_way = || readiness.under_way.lock().unwrap().clone().unwrap().upgrade().unwrap();
        let before = under_way();
        let mut second = Box::pin(readiness.check());
        assert!(second.as_mut().now_or_never().is_none());
        assert!(before.ptr_eq(&under_way()));
        drop((before, change));
        let (first, second) = futures::join!(first, second);
        assert_eq!(first, second);
    }
}

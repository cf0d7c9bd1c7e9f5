//! The embedded store keeps profiles in a SQLite database of their own in the data directory. See docs/storage.md.
//!
//! The layers, lowest first:
//! 1. [`varint`], [`packed`]: numbers and compressed bytes. [`columns`], [`points`], [`details`]: encodings of a profile's parts.
//! 2. [`symbols`]: per service, the meaning of stack ids; [`function_tree`] as functions, [`export`] as a profile.
//! 3. [`registry`]: services and series. [`window`]: time.
//! 4. [`folder`], [`connection`], [`error`]: the data directory and the database in it. [`commits`]: a second file that counts what was
//!    acknowledged. [`damage`], [`verify`], [`check`], [`inspect`]: whether all of it is sound. [`files`]: for backups.
//! 5. [`append`] → [`row`] → [`writer`] ([`change`]): writing. [`snapshot`] → [`merge`] ([`cells`]) → [`read`]: reading.
//!    [`profile_store`]: the questions of the trait.
//! 6. [`upkeep`] → [`fold`] ([`block_builder`], [`activity`]), [`retention`], [`collect`], [`space`], [`ahead`]: background work.
//!
//! A pushed profile gets its series, its symbols are resolved and its samples become columns. The row waits for the writer,
//! which commits it together with everything else that waits; then the caller is answered. Pushes have threads and database
//! connections of their own and never wait for a question.

mod activity;
mod ahead;
mod append;
mod block_builder;
mod cells;
mod change;
mod check;
mod collect;
mod columns;
mod commits;
mod connection;
mod damage;
mod details;
mod error;
pub(crate) mod export;
pub(crate) mod files;
mod fold;
mod folder;
mod function_tree;
pub(crate) mod inspect;
mod merge;
mod migrations;
mod options;
mod packed;
mod points;
mod profile_store;
mod read;
mod registry;
pub(crate) mod retention;
mod row;
mod snapshot;
mod space;
mod symbols;
#[cfg(test)]
mod test_data;
#[cfg(test)]
mod tests;
mod upkeep;
mod varint;
mod verify;
mod window;
mod writer;

pub use options::EmbeddedOptions;

use super::{Retention, Selection, StoreError, WriteLog};
use crate::clock::SystemClock;
use crate::jobs::Jobs;
use crate::opened_file::OpenedFile;
use crate::work::{Workers, cores};
use activity::{Activity, Horizon};
use ahead::AheadList;
use change::Change;
use check::Heartbeat;
use collect::{Collected, Collection};
use damage::Condition;
use error::store_error;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use read::Query;
use registry::Registry;
use sqlx::sqlite::SqlitePool;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use symbols::cache::{ServiceSymbols, SymbolCache};
use symbols::chunk;
use symbols::loading::Loading;
use symbols::table::Symbols;
use tokio::sync::{mpsc, oneshot};
use window::WIDEST;
use writer::{Job, QUEUE, Writer};

/// Sums of queries, and folding. How many queries run at once is bounded elsewhere.
static WORKERS: LazyLock<Workers> = LazyLock::new(|| Workers::new(4 * cores()));
/// Symbol tables on their way into memory, which pushes and queries need.
static LOADERS: LazyLock<Workers> = LazyLock::new(|| Workers::new(2));

/// How long a request waits for a place in the writer's queue.
const PATIENCE: Duration = Duration::from_secs(10);

/// Profiles in a data directory of this machine.
pub struct EmbeddedStore {
    dir: PathBuf,
    options: EmbeddedOptions,
    registry: Arc<Registry>,
    symbols: Arc<SymbolCache>,
    loading: Loading,
    readers: SqlitePool,
    /// For symbol tables.
    loaders: SqlitePool,
    checker: SqlitePool,
    heartbeat: Arc<Heartbeat>,
    condition: Arc<Condition>,
    ahead: AheadList,
    /// The database file that was opened.
    file: OpenedFile,
    watch: space::Watch,
    queue: mpsc::Sender<Job>,
    activity: Activity,
    /// Held while folding, so that background and [`EmbeddedStore::fold_all`] take turns.
    upkeep: tokio::sync::Mutex<upkeep::Memory>,
    /// For each level the time before which it was dropped, as in the database.
    dropped: [AtomicI64; WIDEST + 1],
    /// Tells the cache of answers what was dropped.
    log: Arc<WriteLog>,
    /// Cancelled when the store is dropped.
    _jobs: Jobs,
}

impl EmbeddedStore {
    /// Opens the store in `dir`, which is made if it is missing. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another process has the folder, [`StoreError::Unusable`] when it cannot be written,
    /// [`StoreError::Corrupt`] when the database in it is damaged or lacks acknowledged profiles; the files are left as they are.
    pub async fn open(dir: &Path, options: EmbeddedOptions) -> Result<Arc<EmbeddedStore>, StoreError> {
        let lock = folder::take(dir)?;
        damage::before_opening(dir)?;
        let mut connections = connection::open(dir, &options).await?;
        let database = space::open_file(dir)?;
        let commits = damage::after_opening(dir, &database, &mut connections.writer).await?;
        let space = space::Space::new(dir.to_owned(), database, &mut connections.writer);
        let space = space.await.map_err(|e| store_error(&e, dir))?;
        let file = check::opened(dir)?;
        let registry = Registry::load(&mut connections.writer).await.map_err(|e| store_error(&e, dir))??;
        let registry = Arc::new(registry);
        let dropped = retention::load(&mut connections.writer).await.map_err(|e| store_error(&e, dir))?;
        if let Some(newest) = registry.newest() {
            options.clock.begin_at_newest(newest);
        }
        let symbols = Arc::new(SymbolCache::new(options.symbol_cache_bytes));
        let (queue, jobs) = mpsc::channel(QUEUE);
        let (heartbeat, condition) = (Arc::new(Heartbeat::default()), Arc::new(Condition::default()));
        let writer = Writer {
            connection: connections.writer,
            registry: registry.clone(),
            symbols: symbols.clone(),
            dir: dir.to_owned(),
            heartbeat: heartbeat.clone(),
            commits,
            space,
            condition: condition.clone(),
            lock,
        };
        writer.start(jobs);
        let background = options.background_folding;
        let mut jobs = Jobs::new(Arc::new(SystemClock));
        Ok(Arc::new_cyclic(|store| {
            if background {
                jobs.start(upkeep::job(store.clone()));
                jobs.start(verify::job(store.clone()));
            }
            EmbeddedStore {
                dir: dir.to_owned(),
                symbols,
                options,
                registry,
                loading: Loading::default(),
                readers: connections.readers,
                loaders: connections.loaders,
                checker: connections.checker,
                heartbeat,
                condition,
                ahead: AheadList::default(),
                file,
                watch: space::Watch::load(dir),
                queue,
                activity: Activity::default(),
                upkeep: tokio::sync::Mutex::default(),
                dropped: dropped.map(AtomicI64::new),
                log: Arc::default(),
                _jobs: jobs,
            }
        }))
    }

    /// Folds everything now, incomplete windows included. For tests and tools.
    pub async fn fold_all(&self) -> Result<(), StoreError> {
        upkeep::fold_services(self, |_| Horizon::ALL).await
    }

    /// Looks for profiles with a time in the future, which [`warnings`](super::ProfileStore::warnings) lists. The background task
    /// does so every ten minutes.
    pub async fn look_ahead(&self) -> Result<(), StoreError> {
        self.ahead.look(self).await
    }

    /// Reads and decodes everything that is stored, and notes damage for [`check`](super::ProfileStore::check). The background task
    /// does so once a day.
    pub async fn verify_all(self: &Arc<Self>) -> Result<(), StoreError> {
        verify::pass(&Arc::downgrade(self), Duration::ZERO).await
    }

    /// Drops what is older than the retention allows at `now`. The background task does so every ten minutes.
    pub async fn apply_retention(&self, retention: Retention, now: UnixNanos) -> Result<(), StoreError> {
        retention::apply(self, retention, now).await
    }

    /// Drops the oldest and finest data until database, log and free pages can take at most `max_size` bytes. The background task
    /// does so every ten seconds.
    #[cfg(test)]
    pub(crate) async fn apply_max_size(&self, max_size: u64, now: UnixNanos) -> Result<(), StoreError> {
        retention::enforce(self, max_size, now).await.map(drop)
    }

    /// Gives the space of free pages back to the file system, all but `kept` bytes of them; false when readers prevent it at
    /// present. The background task does so every ten seconds.
    #[cfg(test)]
    pub(crate) async fn give_back(&self, kept: u64) -> Result<bool, StoreError> {
        upkeep::give_back(self, kept).await
    }

    /// Drops the series, services and symbols that nothing refers to any more. The background task does so after retention, with
    /// symbols only where it pays.
    pub async fn collect_all(&self) -> Result<(), StoreError> {
        collect::unused_series(self).await?;
        collect::all_unused_symbols(self).await
    }

    /// Bytes of memory that the symbol tables of all services take that are loaded, roughly.
    pub fn symbol_bytes(&self) -> usize {
        self.symbols.bytes()
    }

    /// The time before which a level was dropped.
    fn dropped_before(&self, level: usize) -> i64 {
        self.dropped[level].load(Ordering::Acquire)
    }

    fn set_dropped_before(&self, level: usize, before_ns: i64) {
        self.dropped[level].store(before_ns, Ordering::Release);
        // The edges of older ranges have become coarser.
        self.log.record_drop(UnixNanos(before_ns));
    }

    /// Commits a change that drops data from before a time, and lets no answer hold that was computed from it.
    async fn drop_data(&self, change: Change, before_ns: i64) -> Result<(), StoreError> {
        let result = self.change(change).await;
        // After an error too: it may be committed all the same.
        self.log.record_drop(UnixNanos(before_ns));
        result
    }

    fn error(&self, error: sqlx::Error) -> StoreError {
        match error {
            sqlx::Error::PoolClosed => shutting_down(),
            sqlx::Error::PoolTimedOut => StoreError::Busy("too many queries at once".to_owned()),
            other => store_error(&other, &self.dir),
        }
    }

    fn query<'a>(&'a self, selection: &'a Selection, profile_type: &'a ProfileType) -> Query<'a> {
        Query { store: self, selection, profile_type }
    }

    /// The symbols of a service, from memory or from the database.
    async fn symbols(&self, service: i64) -> Result<Arc<ServiceSymbols>, StoreError> {
        if let Some(symbols) = self.symbols.get(service) {
            return Ok(symbols);
        }
        let lock = self.loading.of(service);
        let _one = lock.lock().await;
        if let Some(symbols) = self.symbols.get(service) {
            return Ok(symbols);
        }
        let chunks = change::chunks(&self.loaders, service).await.map_err(|e| self.error(e))?;
        let load = move || {
            let mut table = Symbols::new();
            chunks.iter().try_for_each(|(_, bytes)| chunk::apply(bytes, &mut table))?;
            Ok::<_, StoreError>(table)
        };
        let table = LOADERS.run(load).await.map_err(|_| shutting_down())??;
        Ok(self.symbols.put(ServiceSymbols::new(service, table)))
    }

    async fn change(&self, change: Change) -> Result<(), StoreError> {
        let (answer, done) = oneshot::channel();
        self.send(Job::Change(change, answer), done).await.map(drop)
    }

    /// Has the writer drop what nothing refers to.
    async fn drop_unused(&self, collection: Collection) -> Result<Collected, StoreError> {
        let (answer, done) = oneshot::channel();
        self.send(Job::Collect(Box::new(collection), answer), done).await
    }

    async fn send<T>(
        &self,
        job: Job,
        done: oneshot::Receiver<Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        use mpsc::error::SendTimeoutError::{Closed, Timeout};
        match self.queue.send_timeout(job, PATIENCE).await {
            Ok(()) => done.await.unwrap_or_else(|_| Err(shutting_down())),
            Err(Timeout(_)) => Err(StoreError::Busy("the disk does not keep up with pushes".to_owned())),
            Err(Closed(_)) => Err(shutting_down()),
        }
    }
}

/// Runs what takes the processor for long away from the threads that answer requests.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    WORKERS.run(work).await.map_err(|_| shutting_down())
}

fn shutting_down() -> StoreError {
    StoreError::Busy("the store is shutting down".to_owned())
}

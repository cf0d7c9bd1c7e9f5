//! The single writer commits everything that waits in one transaction, so that many requests share one fsync.
//!
//! Requests wait in a bounded queue of encoded rows. The writer takes the first and whatever else is there, up to a limit, and
//! answers each after the commit: acknowledged means on disk. If the commit fails, nothing of the group is stored and
//! every request of it fails; ids assigned to symbols and series stay valid and are written with the next commit.
//! While a group is committed, [`super::commits`] records it in a second file; the callers are answered once both are on disk.
//! Collection drops rows while nothing else is written, and then retires series or symbols; rows that were encoded before with one of
//! these are refused as outdated, and encoded again.
//! When idle, it checkpoints the write-ahead log and truncates it.

use super::change::{self, Change};
use super::check::Heartbeat;
use super::collect::{Collected, Collection};
use super::commits::Commits;
use super::connection::truncate_log;
use super::damage::Condition;
use super::error::store_error;
use super::folder::FolderLock;
use super::registry::{Pending, Registry};
use super::row::Row;
use super::space::{Slice, Space};
use super::symbols::cache::{ServiceSymbols, SymbolCache};
use super::symbols::chunk;
use super::symbols::table::Mark;
use crate::store::StoreError;
use crate::work::Workers;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Requests that may wait.
pub(crate) const QUEUE: usize = 256;
/// Bytes of rows after which no more requests join a transaction.
const GROUP_BYTES: usize = 4 << 20;
const GROUP_JOBS: usize = 128;
/// Idle time after which the write-ahead log is truncated.
const IDLE: Duration = Duration::from_secs(2);
/// Idle time after which the last group is recorded as acknowledged. Shorter, it would delay the next group's commit.
const SETTLE: Duration = Duration::from_millis(50);

/// Symbols on their way to the disk. One at a time: there is one writer.
static ENCODER: LazyLock<Workers> = LazyLock::new(|| Workers::new(1));

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is on disk.
    Done,
    /// Nothing was stored: series or symbols of these profiles were collected after they had been encoded.
    Outdated,
}

type Answer<T = Outcome> = oneshot::Sender<Result<T, StoreError>>;

type Collecting = (Box<Collection>, Answer<Collected>);

/// A request to the writer.
pub(crate) enum Job {
    /// Store profiles.
    Append(Vec<Row>, Answer),
    /// Apply a maintenance change.
    Change(Change, Answer),
    /// Give the space of free pages back, all but so many bytes of them, for a moment.
    GiveBack(u64, Answer<Slice>),
    /// Drop what nothing refers to, in a transaction of its own.
    Collect(Box<Collection>, Answer<Collected>),
    /// Store what waits, truncate the log and stop.
    Close(Answer),
}

/// The writer's state.
pub(crate) struct Writer {
    pub(crate) connection: SqliteConnection,
    pub(crate) registry: Arc<Registry>,
    pub(crate) symbols: Arc<SymbolCache>,
    pub(crate) dir: PathBuf,
    pub(crate) heartbeat: Arc<Heartbeat>,
    pub(crate) commits: Commits,
    pub(super) space: Space,
    pub(crate) condition: Arc<Condition>,
    /// Held until the writer is done.
    pub(crate) lock: FolderLock,
}

impl Writer {
    /// Runs in a task of its own until closed, or until all senders are dropped.
    #[expect(clippy::disallowed_methods, reason = "readiness watches its heartbeat; it ends with its queue")]
    pub(crate) fn start(self, queue: mpsc::Receiver<Job>) {
        tokio::spawn(self.run(queue));
    }

    async fn run(mut self, mut queue: mpsc::Receiver<Job>) {
        let mut log_is_empty = true;
        let mut closing = None;
        loop {
            let soon = self.commits.is_behind() && !self.commits.has_failed();
            let patience = if soon { SETTLE } else { IDLE };
            let job = match tokio::time::timeout(patience, queue.recv()).await {
                Ok(Some(job)) => job,
                Ok(None) => break,
                Err(_) => {
                    self.settle().await;
                    if !soon && !log_is_empty {
                        log_is_empty = self.cut_log().await;
                    }
                    continue;
                }
            };
            let mut group = Group::default();
            group.take(job, &mut queue, &mut closing);
            while let Some(job) = group.has_room().then(|| queue.try_recv().ok()).flatten() {
                group.take(job, &mut queue, &mut closing);
            }
            log_is_empty = false;
            self.heartbeat.begin();
            let slices = std::mem::take(&mut group.slices);
            let collection = group.collection.take();
            self.store(group).await;
            if let Some((collection, answer)) = collection {
                let _ = answer.send(self.collect(&collection).await);
            }
            for (kept, answer) in slices {
                let given = self.space.slice(&mut self.connection, kept).await;
                let _ = answer.send(given.map_err(|e| store_error(&e, &self.dir)));
            }
            self.heartbeat.end();
        }
        self.settle().await;
        self.cut_log().await;
        let closed = self.connection.close().await.map_err(|e| store_error(&e, &self.dir));
        drop(self.lock);
        if let Some(answer) = closing {
            let _ = answer.send(closed.map(|()| Outcome::Done));
        }
    }

    async fn store(&mut self, group: Group) {
        if group.answers.is_empty() {
            return;
        }
        let result = self.commit(&group).await;
        if let Err(error) = &result {
            self.condition.note(error);
            tracing::error!(%error, requests = group.answers.len(), "transaction rolled back");
            // SQLite may have rolled back by itself; then this one fails, which is fine.
            let _ = sqlx::query("ROLLBACK").execute(&mut self.connection).await;
        }
        for answer in group.answers {
            let _ = answer.send(result.clone().map(|()| Outcome::Done));
        }
    }

    async fn commit(&mut self, group: &Group) -> Result<(), StoreError> {
        let translate = |dir: &PathBuf, e: sqlx::Error| store_error(&e, dir);
        let gained = gained(&group.rows).await?;
        let committed = self.transact(group, &gained).await.map_err(|e| translate(&self.dir, e))?;
        self.registry.set_committed(&committed);
        group.rows.iter().for_each(|row| row.series.note(row.start_ns, row.start_ns));
        for Gained { symbols, mark, .. } in gained {
            symbols.set_committed(mark);
        }
        Ok(())
    }

    async fn transact(&mut self, group: &Group, gained: &[Gained]) -> Result<Pending, sqlx::Error> {
        let connection = &mut self.connection;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
        let pending = self.registry.pending();
        for (id, name) in &pending.services {
            let insert = sqlx::query("INSERT INTO service VALUES (?, ?)").bind(id).bind(&**name);
            insert.execute(&mut *connection).await?;
        }
        for series in &pending.series {
            sqlx::query("INSERT INTO series VALUES (?, ?, ?, ?)")
                .bind(series.id)
                .bind(series.service)
                .bind(serde_json::to_string(&*series.labels).map_err(|e| sqlx::Error::Encode(e.into()))?)
                .bind(serde_json::to_string(&**series.kind).map_err(|e| sqlx::Error::Encode(e.into()))?)
                .execute(&mut *connection)
                .await?;
        }
        for Gained { symbols, chunk, .. } in gained {
            change::append_chunk(connection, symbols.service, chunk).await?;
        }
        let first = self.commits.last() + 1;
        insert(connection, first, &group.rows).await?;
        for change in &group.changes {
            change.apply(connection).await?;
        }
        let commit = sqlx::query("COMMIT").execute(&mut *connection);
        if group.rows.is_empty() {
            commit.await?;
            return Ok(pending);
        }
        let last = first - 1 + group.rows.len() as i64;
        let (done, recorded) = futures::join!(commit, self.commits.begin(last));
        done?;
        self.commits.committed(last);
        // The profiles are on disk, so this is no failure of the request; the server is not ready until it works again.
        self.condition.recording(recorded);
        Ok(pending)
    }

    async fn collect(&mut self, collection: &Collection) -> Result<Collected, StoreError> {
        let (registry, symbols) = (&self.registry, &self.symbols);
        let collected = collection.apply(&mut self.connection, registry, symbols).await;
        if collected.is_err() {
            // As in `store`.
            let _ = sqlx::query("ROLLBACK").execute(&mut self.connection).await;
        }
        let collected = collected.map_err(|e| store_error(&e, &self.dir)).flatten();
        collected.inspect_err(|error| self.condition.note(error))
    }

    /// Records that the last group was acknowledged.
    async fn settle(&mut self) {
        if self.commits.is_behind() {
            let recorded = self.commits.settle().await;
            self.condition.recording(recorded);
        }
    }

    /// Checkpoints and truncates the write-ahead log. Returns false when readers prevent it.
    async fn cut_log(&mut self) -> bool {
        match truncate_log(&mut self.connection).await {
            Ok(is_empty) => is_empty,
            Err(error) => {
                tracing::warn!(%error, "checkpoint failed");
                false
            }
        }
    }
}

/// What the table of a service holds beyond what is committed.
struct Gained {
    symbols: Arc<ServiceSymbols>,
    chunk: Vec<u8>,
    /// The table's mark at the end of the chunk.
    mark: Mark,
}

/// What the tables of some rows have gained. Nearly always nothing; if something, it is encoded off the async threads.
async fn gained(rows: &[Row]) -> Result<Vec<Gained>, StoreError> {
    let tables: HashMap<i64, Arc<ServiceSymbols>> = (rows.iter())
        .filter(|row| row.symbols.has_uncommitted())
        .map(|row| (row.symbols.service, row.symbols.clone()))
        .collect();
    if tables.is_empty() {
        return Ok(Vec::new());
    }
    let encode = move || {
        let gained = tables.into_values().map(|symbols| {
            let table = symbols.read();
            let (chunk, mark) = (chunk::encode(&table, symbols.committed())?, table.mark());
            drop(table);
            Ok(Gained { symbols, chunk, mark })
        });
        gained.collect::<std::io::Result<_>>()
    };
    let encoded = ENCODER.run(encode).await.map_err(|e| StoreError::Busy(e.to_string()))?;
    encoded.map_err(|e| StoreError::Database(format!("symbols cannot be encoded: {e}")))
}

/// Requests that share a transaction.
#[derive(Default)]
struct Group {
    rows: Vec<Row>,
    changes: Vec<Change>,
    answers: Vec<Answer>,
    /// Asked for after the transaction.
    slices: Vec<(u64, Answer<Slice>)>,
    bytes: usize,
    /// What to do once the others are stored.
    collection: Option<Collecting>,
}

impl Group {
    fn has_room(&self) -> bool {
        self.bytes < GROUP_BYTES && self.answers.len() < GROUP_JOBS && self.collection.is_none()
    }

    fn take(&mut self, job: Job, queue: &mut mpsc::Receiver<Job>, closing: &mut Option<Answer>) {
        match job {
            Job::Append(rows, answer) if rows.iter().any(Row::is_outdated) => {
                let _ = answer.send(Ok(Outcome::Outdated));
            }
            Job::Append(rows, answer) => {
                self.bytes += rows.iter().map(Row::bytes).sum::<usize>();
                self.rows.extend(rows);
                self.answers.push(answer);
            }
            Job::Change(change, answer) => {
                self.bytes += change.bytes();
                self.changes.push(change);
                self.answers.push(answer);
            }
            Job::GiveBack(kept, answer) => self.slices.push((kept, answer)),
            Job::Collect(collection, answer) => self.collection = Some((collection, answer)),
            Job::Close(answer) => {
                // What is in the queue is still stored; then `recv` says that there is no more.
                queue.close();
                *closing = Some(answer);
            }
        }
    }
}

/// Rows a statement: each size is prepared once and kept.
const SIZES: [usize; 6] = [32, 16, 8, 4, 2, 1];
static INSERTS: LazyLock<[String; SIZES.len()]> = LazyLock::new(|| {
    SIZES.map(|rows| {
        let values = vec!["(?,?,?,?,?,?,?)"; rows].join(",");
        format!(
            "INSERT INTO profile (id, service_id, series_id, start_ns, head, samples, details) VALUES {values}"
        )
    })
});

/// Inserts rows, numbered from `id` on.
async fn insert(connection: &mut SqliteConnection, mut id: i64, mut rows: &[Row]) -> Result<(), sqlx::Error> {
    for (&size, sql) in SIZES.iter().zip(INSERTS.iter()) {
        while rows.len() >= size {
            let (now, later) = rows.split_at(size);
            let mut query = sqlx::query(sql.as_str());
            for row in now {
                query = query.bind(id).bind(row.series.service).bind(row.series.id).bind(row.start_ns);
                query = query.bind(&row.head[..]).bind(&row.samples[..]).bind(row.details.as_deref());
                id += 1;
            }
            query.execute(&mut *connection).await?;
            rows = later;
        }
    }
    Ok(())
}

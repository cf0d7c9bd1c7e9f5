//! Makes a new symbol table of a service, without the symbols that nothing refers to, and puts it in the place of the old one.
//!
//! 1. Mark: all rows of the service are read, piece by piece. Only stacks are referred to; what they need stays with them.
//! 2. Draft: marked stacks are copied, slice by slice, to a table whose chunks are written as those of the next generation.
//! 3. Swap, by the writer: stacks of profiles that were stored meanwhile are added, and the generation counts from then on. Profiles
//!    that were encoded with the old table are encoded again.
//! 4. The chunks of the old generation are dropped, a few at a time.
//!
//! Folding waits meanwhile, so that blocks stay as they were marked. A crash leaves chunks of another generation, which nothing
//! reads; the next collection drops them. Memory: both tables, and one bit a stack.

use super::marks::Marks;
use super::{Collected, Collection};
use crate::store::StoreError;
use crate::store::embedded::change::{self, Change, last_profile};
use crate::store::embedded::symbols::cache::{SLICE, ServiceSymbols, SymbolCache};
use crate::store::embedded::symbols::chunk;
use crate::store::embedded::symbols::draft::Draft;
use crate::store::embedded::symbols::table::Mark;
use crate::store::embedded::varint::Damaged;
use crate::store::embedded::verify::pause;
use crate::store::embedded::window::WIDEST;
use crate::store::embedded::{EmbeddedStore, blocking};
use crate::work::Workers;
use futures::TryStreamExt;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Rows read at once, and bytes of samples after which a piece is not continued.
const PIECE: i64 = 1024;
const PIECE_BYTES: usize = 1 << 20;
/// Stacks a chunk.
const CHUNK_STACKS: usize = 8 * SLICE;
/// So few profiles are left to the writer.
const FEW: usize = 64;
/// Old chunks dropped in one transaction.
const DROPPED_AT_ONCE: i64 = 4;

/// The end of the draft, for the writer.
static WRITER: LazyLock<Workers> = LazyLock::new(|| Workers::new(1));

/// Rows of single profiles after a start, a series and an id, with what `Marks::add_row` needs.
const PROFILES: &str = "SELECT start_ns, series_id, id, samples, details FROM profile INDEXED BY profile_by_time \
     WHERE service_id = ?1 AND (start_ns, series_id, id) > (?2, ?3, ?4) ORDER BY start_ns, series_id, id LIMIT ?5";
/// The same of blocks after a level, a start and a series.
const BLOCKS: &str = "SELECT level, start_ns, series_id, samples, NULL FROM block INDEXED BY block_by_window \
     WHERE service_id = ?1 AND (level, start_ns, series_id) > (?2, ?3, ?4) ORDER BY level, start_ns, series_id LIMIT ?5";
/// Profiles of a service after a number, by way of the numbers.
const SINCE: &str = "SELECT id, samples, details FROM profile NOT INDEXED WHERE id > ?2 AND service_id = ?1 ORDER BY id LIMIT ?3";

/// A new table that only lacks what was stored since.
pub(crate) struct NewSymbols {
    service: i64,
    generation: i64,
    old: Arc<ServiceSymbols>,
    /// The table, and the mark up to which its chunks are written. Taken by the writer.
    draft: Mutex<Option<(Draft, Mark)>>,
    /// Sequence number of the next chunk.
    sequence: i64,
    /// Bytes of the chunks.
    bytes: i64,
    dropped_ns: i64,
    /// The last profile that was marked.
    last_profile: i64,
    /// Stacks that are dropped.
    pub(super) unused: usize,
}

/// Makes the new table of a service. `None` if fewer than one in `worth` of its stacks is unused.
pub(super) async fn prepare(
    store: &EmbeddedStore,
    service: i64,
    worth: usize,
    rest: Duration,
) -> Result<Option<NewSymbols>, StoreError> {
    drop_other_generations(store, service).await?;
    let dropped_ns = store.dropped_before(WIDEST);
    let read = async { last_profile(&mut *store.readers.acquire().await?).await };
    let mut last_profile = read.await.map_err(|e| store.error(e))?;
    let marks = mark(store, service, BLOCKS, Marks::default(), rest).await?;
    let marks = mark(store, service, PROFILES, marks, rest).await?;
    let old = store.symbols(service).await?;
    let (table, end) = (old.clone(), old.committed().stacks);
    let live = marks.iter().take_while(|&stack| (stack as usize) < end).count();
    let known = blocking(move || table.read().known_stacks(end)).await?;
    let unused = known.saturating_sub(live);
    if unused == 0 || unused.saturating_mul(worth) < known {
        let bytes = chunk_bytes(store, service).await?;
        store.change(Change::SymbolsKept { service, bytes, dropped_ns }).await?;
        return Ok(None);
    }
    let number = "SELECT coalesce((SELECT number FROM symbol_generation WHERE service_id = ?), 0)";
    let number = sqlx::query_scalar::<_, i64>(number).bind(service).fetch_one(&store.readers).await;
    let generation = number.map_err(|e| store.error(e))? + 1;
    let (mut draft, mut marks, mut sequence, mut bytes) = (Draft::new(), marks, (generation << 32) + 1, 0);
    for start in (0..end).step_by(CHUNK_STACKS) {
        let (began, table) = (Instant::now(), old.clone());
        let copied = blocking(move || {
            let chunk = copy(&mut draft, &table, &marks, start..end.min(start + CHUNK_STACKS))?;
            Ok::<_, std::io::Error>((draft, marks, chunk))
        });
        let chunk;
        (draft, marks, chunk) = copied.await?.map_err(unpackable)?;
        bytes += chunk.len() as i64;
        store.change(Change::DraftChunk { service, sequence, chunk }).await?;
        sequence += 1;
        pause(began, rest).await;
    }
    let written = draft.symbols().mark();
    catch_up(store, service, &old, &mut draft, &mut last_profile).await?;
    let draft = Mutex::new(Some((draft, written)));
    Ok(Some(NewSymbols {
        service,
        generation,
        old,
        draft,
        sequence,
        bytes,
        dropped_ns,
        last_profile,
        unused,
    }))
}

/// Puts the new table in the place of the old one.
pub(super) async fn swap(store: &EmbeddedStore, new: NewSymbols) -> Result<Collected, StoreError> {
    let service = new.service;
    let collected = {
        // Nobody may be reading the old table from the database.
        let loading = store.loading.of(service);
        let _none = loading.lock().await;
        store.drop_unused(Collection::Symbols(Box::new(new))).await?
    };
    drop_other_generations(store, service).await?;
    Ok(collected)
}

/// Adds the stacks of all rows of a kind.
async fn mark(
    store: &EmbeddedStore,
    service: i64,
    sql: &'static str,
    mut marks: Marks,
    rest: Duration,
) -> Result<Marks, StoreError> {
    let mut after = (i64::MIN, i64::MIN, i64::MIN);
    loop {
        let began = Instant::now();
        let rows = piece(store, service, sql, after).await.map_err(|e| store.error(e))?;
        let Some(last) = rows.last() else { return Ok(marks) };
        let key = |row: &SqliteRow| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
        after = key(last).map_err(|e| store.error(e))?;
        let marked = blocking(move || {
            rows.iter().try_for_each(|row| add_row(&mut marks, row, 3))?;
            Ok::<_, Damaged>(marks)
        });
        marks = marked.await??;
        pause(began, rest).await;
    }
}

/// The next rows of a kind.
async fn piece(
    store: &EmbeddedStore,
    service: i64,
    sql: &'static str,
    after: (i64, i64, i64),
) -> Result<Vec<SqliteRow>, sqlx::Error> {
    let query = sqlx::query(sql).bind(service).bind(after.0).bind(after.1).bind(after.2).bind(PIECE);
    let (mut found, mut rows, mut bytes) = (query.fetch(&store.readers), Vec::new(), 0);
    while bytes < PIECE_BYTES
        && let Some(row) = found.try_next().await?
    {
        bytes += row.try_get::<&[u8], _>(3).map_or(0, <[u8]>::len);
        rows.push(row);
    }
    Ok(rows)
}

/// Adds a row whose samples are at column `at`, and whose details follow.
fn add_row(marks: &mut Marks, row: &SqliteRow, at: usize) -> Result<(), Damaged> {
    let unreadable = |_| Damaged("a profile's row cannot be decoded");
    marks.add_row(row.try_get(at).map_err(unreadable)?, row.try_get(at + 1).map_err(unreadable)?)
}

/// Copies stacks, and gives the chunk that holds them. Pushes get at the old table between two slices.
fn copy(
    draft: &mut Draft,
    old: &ServiceSymbols,
    marks: &Marks,
    stacks: std::ops::Range<usize>,
) -> std::io::Result<Vec<u8>> {
    let from = draft.symbols().mark();
    for start in stacks.clone().step_by(SLICE) {
        draft.extend(&old.read(), stacks.end.min(start + SLICE), |stack| marks.contains(stack));
    }
    chunk::encode(draft.symbols(), from)
}

/// Adds the stacks of profiles that were stored while others were read, until only a few are left.
async fn catch_up(
    store: &EmbeddedStore,
    service: i64,
    old: &Arc<ServiceSymbols>,
    draft: &mut Draft,
    last_profile: &mut i64,
) -> Result<(), StoreError> {
    loop {
        let query = sqlx::query(SINCE).bind(service).bind(*last_profile).bind(8 * FEW as i64);
        let rows = query.fetch_all(&store.readers).await.map_err(|e| store.error(e))?;
        if rows.len() <= FEW {
            return Ok(());
        }
        *last_profile = rows[rows.len() - 1].try_get(0).map_err(|e| store.error(e))?;
        let (table, mut taken) = (old.clone(), std::mem::replace(draft, Draft::new()));
        let added = blocking(move || {
            put_back(&mut taken, &table, &rows)?;
            Ok::<_, Damaged>(taken)
        });
        *draft = added.await??;
    }
}

/// Adds the stacks that some profiles refer to, and all that the old table has got at its end.
fn put_back(draft: &mut Draft, old: &ServiceSymbols, rows: &[SqliteRow]) -> Result<(), Damaged> {
    let mut marks = Marks::default();
    rows.iter().try_for_each(|row| add_row(&mut marks, row, 1))?;
    let end = old.committed().stacks;
    let table = old.read();
    marks.iter().for_each(|stack| draft.put_back(&table, stack));
    draft.extend(&table, end, |_| true);
    Ok(())
}

/// Drops what is left of interrupted collections, or of the generation before.
async fn drop_other_generations(store: &EmbeddedStore, service: i64) -> Result<(), StoreError> {
    while change::has_other_chunks(&store.readers, service).await.map_err(|e| store.error(e))? {
        store.change(Change::DropChunks { service, most: DROPPED_AT_ONCE }).await?;
    }
    Ok(())
}

async fn chunk_bytes(store: &EmbeddedStore, service: i64) -> Result<i64, StoreError> {
    let sum = "SELECT coalesce(sum(length(data)), 0) FROM symbol_chunk WHERE service_id = ?";
    sqlx::query_scalar(sum).bind(service).fetch_one(&store.readers).await.map_err(|e| store.error(e))
}

fn unpackable(error: std::io::Error) -> StoreError {
    StoreError::Database(format!("symbols cannot be compressed: {error}"))
}

impl NewSymbols {
    /// Adds what was stored since, and makes the new table the one that counts. Within the writer, so nothing is stored meanwhile.
    pub(super) async fn swap(
        &self,
        connection: &mut SqliteConnection,
        symbols: &SymbolCache,
    ) -> Result<Result<Collected, StoreError>, sqlx::Error> {
        let rows = sqlx::query(SINCE).bind(self.service).bind(self.last_profile).bind(i64::MAX);
        let rows = rows.fetch_all(&mut *connection).await?;
        let Some((mut draft, written)) = self.draft.lock().unwrap_or_else(PoisonError::into_inner).take()
        else {
            return Ok(Ok(Collected::default()));
        };
        let old = self.old.clone();
        let finish = move || {
            put_back(&mut draft, &old, &rows)?;
            let grown = draft.symbols().mark() != written;
            let chunk =
                grown.then(|| chunk::encode(draft.symbols(), written)).transpose().map_err(unpackable)?;
            Ok::<_, StoreError>((draft.finish(), chunk))
        };
        let (table, chunk) = match WRITER.run(finish).await {
            Ok(Ok(finished)) => finished,
            Ok(Err(error)) => return Ok(Err(error)),
            Err(stopping) => return Ok(Err(StoreError::Busy(stopping.to_string()))),
        };
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
        let bytes = self.bytes + chunk.as_ref().map_or(0, |chunk| chunk.len() as i64);
        if let Some(chunk) = chunk {
            change::put_chunk(connection, self.service, self.sequence, &chunk).await?;
        }
        sqlx::query(
            "INSERT INTO symbol_generation VALUES (?, ?, ?, ?) ON CONFLICT (service_id) DO UPDATE SET \
             number = excluded.number, bytes = excluded.bytes, dropped_ns = excluded.dropped_ns",
        )
        .bind(self.service)
        .bind(self.generation)
        .bind(bytes)
        .bind(self.dropped_ns)
        .execute(&mut *connection)
        .await?;
        sqlx::query("COMMIT").execute(connection).await?;
        symbols.replace(ServiceSymbols::new(self.service, table));
        Ok(Ok(Collected { stacks: self.unused, ..Collected::default() }))
    }
}

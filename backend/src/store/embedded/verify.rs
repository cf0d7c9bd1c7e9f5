//! Reads and decodes every stored row, a piece at a time: in the background once a day, and for `flarepath check`.
//!
//! In pieces, because a long read transaction would keep the log from being cut. Between two pieces the job rests for as
//! long as the piece took, at least [`REST`], so it takes no more than a fraction of one core.

use super::change::{chunks, generations};
use super::collect::marks::Marks;
use super::columns::Columns;
use super::details::Details;
use super::points::{Head, Points};
use super::symbols::chunk;
use super::symbols::table::{HOLE, Symbols};
use super::varint::Damaged;
use super::{EmbeddedStore, blocking};
use crate::jobs::Job;
use crate::store::StoreError;
use futures::TryStreamExt;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use std::collections::HashMap;
use std::sync::Weak;
use std::time::{Duration, Instant};

/// Time between two passes.
const PERIOD: Duration = Duration::from_secs(86_400);
/// The first pass begins this long after the start, when queries have warmed up.
const FIRST: Duration = Duration::from_secs(60);
const REST: Duration = Duration::from_millis(20);
/// Rows a piece.
const PIECE: i64 = 64;
/// Bytes of samples after which a piece is not continued.
const PIECE_BYTES: usize = 1 << 20;

/// What is read row by row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Single profiles.
    Profiles,
    /// Blocks of all levels.
    Blocks,
}

impl Part {
    /// At most `?2` rows after id `?1`.
    pub(super) fn rows(self) -> &'static str {
        match self {
            Part::Profiles => {
                "SELECT id, head, samples, details, service_id FROM profile WHERE id > ? ORDER BY id LIMIT ?"
            }
            Part::Blocks => {
                "SELECT id, points, samples, NULL, service_id FROM block WHERE id > ? ORDER BY id LIMIT ?"
            }
        }
    }

    /// The last `?1` rows.
    pub(super) fn newest(self) -> &'static str {
        match self {
            Part::Profiles => {
                "SELECT id, head, samples, details, service_id FROM profile ORDER BY id DESC LIMIT ?"
            }
            Part::Blocks => {
                "SELECT id, points, samples, NULL, service_id FROM block ORDER BY id DESC LIMIT ?"
            }
        }
    }

    pub(super) fn damaged(self, id: i64, damaged: Damaged) -> StoreError {
        let what = match self {
            Part::Profiles => "profile",
            Part::Blocks => "block",
        };
        let StoreError::Corrupt(text) = StoreError::from(damaged) else { return damaged.into() };
        StoreError::Corrupt(format!("{what} {id}: {text}"))
    }
}

/// Stacks that rows refer to, by service: a bit each.
pub(super) type Used = HashMap<i64, Marks>;

/// Decodes the parts of a row, and marks its stacks as used.
pub(super) fn decode(part: Part, row: &SqliteRow, used: &mut Used) -> Result<(), Damaged> {
    let bytes =
        |index: usize| row.try_get::<Option<&[u8]>, _>(index).map_err(|_| Damaged("a column cannot be read"));
    let present = |index: usize| bytes(index)?.ok_or(Damaged("a column is empty"));
    let service: i64 = row.try_get(4).map_err(|_| Damaged("a column cannot be read"))?;
    let marks = used.entry(service).or_default();
    Columns::decode(present(2)?)?.stacks.iter().for_each(|&stack| marks.add(stack));
    match part {
        Part::Profiles => {
            Head::decode(present(1)?)?;
            let details = bytes(3)?.map(Details::decode).transpose()?;
            details.iter().flat_map(|details| &details.samples).for_each(|sample| marks.add(sample.stack));
        }
        Part::Blocks => {
            Points::decode(present(1)?)?;
        }
    }
    Ok(())
}

/// Rows of one piece.
pub(super) struct Piece {
    part: Part,
    rows: Vec<SqliteRow>,
}

impl Piece {
    /// Reads the rows after id `after`, at most [`PIECE`] and about [`PIECE_BYTES`].
    pub(super) async fn read(
        connection: &mut SqliteConnection,
        part: Part,
        after: i64,
    ) -> Result<Piece, sqlx::Error> {
        let mut found = sqlx::query(part.rows()).bind(after).bind(PIECE).fetch(connection);
        let (mut rows, mut bytes) = (Vec::new(), 0);
        while bytes < PIECE_BYTES
            && let Some(row) = found.try_next().await?
        {
            bytes += row.try_get::<&[u8], _>(2).map_or(0, <[u8]>::len);
            rows.push(row);
        }
        Ok(Piece { part, rows })
    }

    /// The last id; `None` when there are no more rows.
    pub(super) fn last(&self) -> Result<Option<i64>, sqlx::Error> {
        self.rows.last().map(|row| row.try_get(0)).transpose()
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// What cannot be decoded. Takes the processor for milliseconds.
    pub(super) fn damage(&self, used: &mut Used) -> Vec<StoreError> {
        let mut damaged = |row: &SqliteRow| {
            let damaged = decode(self.part, row, used).err()?;
            Some(self.part.damaged(row.try_get(0).unwrap_or_default(), damaged))
        };
        self.rows.iter().filter_map(&mut damaged).collect()
    }
}

/// Loads a service's symbols from their chunks, and looks in them for the stacks that rows `used`, unless they were collected since generation
/// `since`: then those rows may be gone.
pub(super) async fn symbols(
    service: i64,
    chunks: Vec<(i64, Vec<u8>)>,
    used: Marks,
    since: i64,
) -> Result<(), StoreError> {
    let is_same = chunks.iter().all(|(sequence, _)| sequence >> 32 == since);
    let load = move || {
        let mut table = Symbols::new();
        chunks.iter().try_for_each(|(_, bytes)| chunk::apply(bytes, &mut table))?;
        let is_missing = |stack: u32| table.stacks.get(stack as usize).is_none_or(|&node| node == HOLE);
        match is_same && used.iter().any(is_missing) {
            true => Err(Damaged("rows refer to stacks that are missing")),
            false => Ok(()),
        }
    };
    blocking(load).await?.map_err(|damaged| {
        let StoreError::Corrupt(text) = StoreError::from(damaged) else { return damaged.into() };
        StoreError::Corrupt(format!("symbols of service {service}: {text}"))
    })
}

/// Finds a row of a service that refers to a series which is not there.
pub(super) async fn series(
    connection: &mut SqliteConnection,
    service: i64,
) -> Result<Result<(), StoreError>, sqlx::Error> {
    let missing: Option<i64> = sqlx::query_scalar(
        "SELECT p.series_id FROM profile p INDEXED BY profile_by_time WHERE p.service_id = ?1 AND NOT EXISTS \
         (SELECT 1 FROM series s WHERE s.id = p.series_id AND s.service_id = ?1) UNION ALL \
         SELECT b.series_id FROM block b INDEXED BY block_by_window WHERE b.service_id = ?1 AND NOT EXISTS \
         (SELECT 1 FROM series s WHERE s.id = b.series_id AND s.service_id = ?1) LIMIT 1",
    )
    .bind(service)
    .fetch_optional(connection)
    .await?;
    let StoreError::Corrupt(text) = StoreError::from(Damaged("profiles refer to a series that is missing"))
    else {
        return Ok(Ok(()));
    };
    Ok(missing
        .map_or(Ok(()), |id| Err(StoreError::Corrupt(format!("series {id} of service {service}: {text}")))))
}

/// The job that reads everything once a day. It does nothing once the store is gone or closed.
pub(super) fn job(store: Weak<EmbeddedStore>) -> Job {
    let run = move || {
        let store = store.clone();
        async move { Ok(pass(&store, REST).await?) }
    };
    Job::new("profile-verify", PERIOD, run).after(FIRST)
}

/// Reads everything, with a rest after each piece. What is found is noted in the store's condition.
pub(super) async fn pass(store: &Weak<EmbeddedStore>, rest: Duration) -> Result<(), StoreError> {
    // Not held during a rest, so that the store can be dropped.
    let open = || store.upgrade().filter(|store| !store.queue.is_closed());
    let Some(opened) = open() else { return Ok(()) };
    let generations = generations(&opened.checker).await.map_err(|e| opened.error(e))?;
    drop(opened);
    let mut used = Used::new();
    for part in [Part::Profiles, Part::Blocks] {
        let mut after = i64::MIN;
        loop {
            let Some(store) = open() else { return Ok(()) };
            let began = Instant::now();
            let Some(last) = store.condition.noting(one(&store, part, after, &mut used)).await? else {
                break;
            };
            after = last;
            drop(store);
            pause(began, rest).await;
        }
    }
    let services = open().map(|store| store.registry.services()).unwrap_or_default();
    for service in services {
        let Some(store) = open() else { return Ok(()) };
        let began = Instant::now();
        let used = used.remove(&service).unwrap_or_default();
        let since = generations.get(&service).copied().unwrap_or_default();
        // The pass goes on: another service may be damaged as well.
        if let Ok(found) = store.condition.noting(one_service(&store, service, used, since)).await {
            found.iter().filter_map(|part| part.as_ref().err()).for_each(|e| store.condition.note(e));
        }
        drop(store);
        pause(began, rest).await;
    }
    Ok(())
}

pub(super) async fn pause(began: Instant, rest: Duration) {
    if !rest.is_zero() {
        tokio::time::sleep(began.elapsed().max(rest)).await;
    }
}

/// Checks the symbols of a service, and what its rows refer to. Collection waits meanwhile.
async fn one_service(
    store: &EmbeddedStore,
    service: i64,
    used: Marks,
    since: i64,
) -> Result<Vec<Result<(), StoreError>>, StoreError> {
    let _turn = store.upkeep.lock().await;
    if !store.registry.has_service(service) {
        return Ok(Vec::new());
    }
    let read = async {
        let mut connection = store.checker.acquire().await?;
        let chunks = chunks(&mut *connection, service).await?;
        let symbols = symbols(service, chunks, used, since).await;
        Ok(vec![symbols, series(&mut connection, service).await?])
    };
    read.await.map_err(|e| store.error(e))
}

async fn one(
    store: &EmbeddedStore,
    part: Part,
    after: i64,
    used: &mut Used,
) -> Result<Option<i64>, StoreError> {
    let read = async { Piece::read(&mut *store.checker.acquire().await?, part, after).await };
    let piece = read.await.map_err(|e| store.error(e))?;
    let last = piece.last().map_err(|e| store.error(e))?;
    let mut marked = std::mem::take(used);
    let (damage, marked) = blocking(move || (piece.damage(&mut marked), marked)).await?;
    *used = marked;
    damage.iter().for_each(|damage| store.condition.note(damage));
    Ok(last)
}

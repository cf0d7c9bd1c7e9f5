//! Maintenance changes: folding, sealing, dropping, joining symbol chunks. The writer applies each within one transaction.

use sqlx::sqlite::SqliteConnection;
use std::collections::HashMap;

/// The number of the last profile that was committed.
macro_rules! last_profile {
    () => {
        "SELECT max(coalesce((SELECT max(id) FROM profile), 0), coalesce((SELECT number FROM last_profile), 0))"
    };
}

/// The generation of the symbols of service `?1`; the upper half of the sequence numbers of its chunks.
macro_rules! generation {
    () => {
        "coalesce((SELECT number FROM symbol_generation WHERE service_id = ?1), 0)"
    };
}

/// The number of the last profile that was ever committed; 0 in an empty store.
pub(crate) async fn last_profile(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(last_profile!()).fetch_one(connection).await
}

/// A block to write; replaces the one of the same window and series.
#[derive(Clone, Debug)]
pub(crate) struct BlockRow {
    pub(crate) service: i64,
    pub(crate) level: usize,
    pub(crate) start_ns: i64,
    pub(crate) series: i64,
    pub(crate) profiles: i64,
    pub(crate) oldest_ns: i64,
    pub(crate) newest_ns: i64,
    pub(crate) duration_ns: i64,
    pub(crate) period: i64,
    pub(crate) points: Vec<u8>,
    pub(crate) samples: Vec<u8>,
}

/// One maintenance change.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// Writes blocks, notes which profiles they now contain (start and row), and makes a window usable.
    Fold { service: i64, blocks: Vec<BlockRow>, folded: Vec<(i64, i64)>, seal: Option<(usize, i64)> },
    /// Writes a chunk of the next generation of a service's symbols.
    DraftChunk { service: i64, sequence: i64, chunk: Vec<u8> },
    /// Records that a service's symbols are in use but for a few.
    SymbolsKept { service: i64, bytes: i64, dropped_ns: i64 },
    /// Drops chunks of a service that are not of its present generation, at most so many.
    DropChunks { service: i64, most: i64 },
    /// Puts one chunk in the place of all chunks of a service from one sequence number to another.
    JoinChunks { service: i64, first: i64, last: i64, chunk: Vec<u8> },
    /// Drops folded profiles that start in a range.
    DropProfiles { service: i64, from_ns: i64, to_ns: i64 },
    /// Drops blocks and seals of windows of a level that start in a range.
    DropBlocks { service: i64, level: usize, from_ns: i64, to_ns: i64 },
    /// Records that a level is incomplete before a time.
    Dropped { level: usize, before_ns: i64 },
}

impl Change {
    /// Bytes that it writes, roughly.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Change::Fold { blocks, folded, .. } => {
                blocks.iter().map(|b| b.samples.len() + b.points.len()).sum::<usize>() + folded.len() * 32
            }
            Change::JoinChunks { chunk, .. } | Change::DraftChunk { chunk, .. } => chunk.len(),
            Change::DropProfiles { .. } | Change::DropBlocks { .. } | Change::DropChunks { .. } => 1 << 20,
            Change::Dropped { .. } | Change::SymbolsKept { .. } => 64,
        }
    }

    /// Applies it within the transaction that is open.
    pub(crate) async fn apply(&self, connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        match self {
            Change::Fold { service, blocks, folded, seal } => {
                for block in blocks {
                    put_block(connection, block).await?;
                }
                mark_folded(connection, *service, folded).await?;
                match seal {
                    Some((level, start_ns)) => seal_window(connection, *service, *level, *start_ns).await,
                    None => Ok(()),
                }
            }
            Change::DraftChunk { service, sequence, chunk } => {
                put_chunk(connection, *service, *sequence, chunk).await
            }
            Change::SymbolsKept { service, bytes, dropped_ns } => {
                keep_symbols(connection, *service, *bytes, *dropped_ns).await
            }
            Change::DropChunks { service, most } => drop_chunks(connection, *service, *most).await,
            Change::JoinChunks { service, first, last, chunk } => {
                sqlx::query("DELETE FROM symbol_chunk WHERE service_id = ? AND sequence BETWEEN ? AND ?")
                    .bind(service)
                    .bind(first)
                    .bind(last)
                    .execute(&mut *connection)
                    .await?;
                put_chunk(connection, *service, *first, chunk).await
            }
            Change::DropProfiles { service, from_ns, to_ns } => {
                drop_profiles(connection, *service, [*from_ns, *to_ns]).await
            }
            Change::DropBlocks { service, level, from_ns, to_ns } => {
                drop_blocks(connection, *service, *level, [*from_ns, *to_ns]).await
            }
            Change::Dropped { level, before_ns } => {
                let insert = sqlx::query("INSERT OR REPLACE INTO dropped VALUES (?, ?)");
                insert.bind(*level as i64).bind(before_ns).execute(connection).await.map(|_| ())
            }
        }
    }
}

/// The chunks of a service's symbols, in order.
pub(crate) async fn chunks(
    executor: impl sqlx::SqliteExecutor<'_>,
    service: i64,
) -> Result<Vec<(i64, Vec<u8>)>, sqlx::Error> {
    sqlx::query_as(concat!(
        "SELECT sequence, data FROM symbol_chunk WHERE service_id = ?1 AND sequence >> 32 = ",
        generation!(),
        " ORDER BY sequence"
    ))
    .bind(service)
    .fetch_all(executor)
    .await
}

/// The chunks of a service's symbols in a database without generations.
pub(crate) async fn all_chunks(
    executor: impl sqlx::SqliteExecutor<'_>,
    service: i64,
) -> Result<Vec<(i64, Vec<u8>)>, sqlx::Error> {
    sqlx::query_as("SELECT sequence, data FROM symbol_chunk WHERE service_id = ? ORDER BY sequence")
        .bind(service)
        .fetch_all(executor)
        .await
}

/// The generation of the symbols of each service that collection has looked at; that of the others is 0.
pub(crate) async fn generations(
    executor: impl sqlx::SqliteExecutor<'_>,
) -> Result<HashMap<i64, i64>, sqlx::Error> {
    let rows: Vec<(i64, i64)> =
        sqlx::query_as("SELECT service_id, number FROM symbol_generation").fetch_all(executor).await?;
    Ok(rows.into_iter().collect())
}

/// How many chunks a service's symbols have.
pub(crate) async fn count_chunks(
    executor: impl sqlx::SqliteExecutor<'_>,
    service: i64,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(concat!(
        "SELECT count(*) FROM symbol_chunk WHERE service_id = ?1 AND sequence >> 32 = ",
        generation!()
    ))
    .bind(service)
    .fetch_one(executor)
    .await
}

/// Whether a service has chunks of another generation than the one that counts.
pub(crate) async fn has_other_chunks(
    executor: impl sqlx::SqliteExecutor<'_>,
    service: i64,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(concat!(
        "SELECT EXISTS (SELECT 1 FROM symbol_chunk WHERE service_id = ?1 AND sequence >> 32 <> ",
        generation!(),
        ")"
    ))
    .bind(service)
    .fetch_one(executor)
    .await
}

/// Writes a chunk with a sequence number that is free.
pub(crate) async fn put_chunk(
    connection: &mut SqliteConnection,
    service: i64,
    sequence: i64,
    chunk: &[u8],
) -> Result<(), sqlx::Error> {
    let insert = sqlx::query("INSERT INTO symbol_chunk VALUES (?, ?, ?)");
    insert.bind(service).bind(sequence).bind(chunk).execute(connection).await?;
    Ok(())
}

/// Writes a service's next symbol chunk.
pub(crate) async fn append_chunk(
    connection: &mut SqliteConnection,
    service: i64,
    chunk: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query(concat!(
        "INSERT INTO symbol_chunk SELECT ?1, coalesce(max(sequence), ",
        generation!(),
        " << 32) + 1, ?2 FROM symbol_chunk WHERE service_id = ?1 AND sequence >> 32 = ",
        generation!()
    ))
    .bind(service)
    .bind(chunk)
    .execute(connection)
    .await?;
    Ok(())
}

async fn put_block(connection: &mut SqliteConnection, block: &BlockRow) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO block (service_id, level, start_ns, series_id, profiles, oldest_ns, newest_ns, duration_ns, period, points, samples) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (service_id, level, start_ns, series_id) DO UPDATE SET \
         profiles = excluded.profiles, oldest_ns = excluded.oldest_ns, newest_ns = excluded.newest_ns, duration_ns = excluded.duration_ns, \
         period = excluded.period, points = excluded.points, samples = excluded.samples",
    )
    .bind(block.service)
    .bind(block.level as i64)
    .bind(block.start_ns)
    .bind(block.series)
    .bind(block.profiles)
    .bind(block.oldest_ns)
    .bind(block.newest_ns)
    .bind(block.duration_ns)
    .bind(block.period)
    .bind(&block.points[..])
    .bind(&block.samples[..])
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO series_span VALUES (?, ?, ?) ON CONFLICT (series_id) DO UPDATE SET \
         oldest_ns = min(oldest_ns, excluded.oldest_ns), newest_ns = max(newest_ns, excluded.newest_ns)",
    )
    .bind(block.series)
    .bind(block.oldest_ns)
    .bind(block.newest_ns)
    .execute(connection)
    .await?;
    Ok(())
}

async fn seal_window(
    connection: &mut SqliteConnection,
    service: i64,
    level: usize,
    start_ns: i64,
) -> Result<(), sqlx::Error> {
    let insert = sqlx::query("INSERT OR IGNORE INTO sealed VALUES (?, ?, ?)");
    insert.bind(service).bind(level as i64).bind(start_ns).execute(connection).await?;
    Ok(())
}

async fn keep_symbols(
    connection: &mut SqliteConnection,
    service: i64,
    bytes: i64,
    dropped_ns: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO symbol_generation VALUES (?, 0, ?, ?) ON CONFLICT (service_id) DO UPDATE SET \
         bytes = excluded.bytes, dropped_ns = excluded.dropped_ns",
    )
    .bind(service)
    .bind(bytes)
    .bind(dropped_ns)
    .execute(connection)
    .await?;
    Ok(())
}

async fn drop_chunks(connection: &mut SqliteConnection, service: i64, most: i64) -> Result<(), sqlx::Error> {
    sqlx::query(concat!(
        "DELETE FROM symbol_chunk WHERE service_id = ?1 AND sequence IN (SELECT sequence FROM symbol_chunk \
         WHERE service_id = ?1 AND sequence >> 32 <> ",
        generation!(),
        " LIMIT ?2)"
    ))
    .bind(service)
    .bind(most)
    .execute(connection)
    .await?;
    Ok(())
}

async fn drop_profiles(
    connection: &mut SqliteConnection,
    service: i64,
    [from_ns, to_ns]: [i64; 2],
) -> Result<(), sqlx::Error> {
    // The profile that holds the last number may be among them.
    sqlx::query(concat!("INSERT OR REPLACE INTO last_profile VALUES (0, (", last_profile!(), "))"))
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "DELETE FROM profile WHERE service_id = ?1 AND start_ns >= ?2 AND start_ns < ?3 AND id NOT IN \
         (SELECT profile_id FROM unfolded WHERE service_id = ?1 AND start_ns >= ?2 AND start_ns < ?3)",
    )
    .bind(service)
    .bind(from_ns)
    .bind(to_ns)
    .execute(connection)
    .await?;
    Ok(())
}

async fn drop_blocks(
    connection: &mut SqliteConnection,
    service: i64,
    level: usize,
    [from_ns, to_ns]: [i64; 2],
) -> Result<(), sqlx::Error> {
    for sql in [
        "DELETE FROM block WHERE service_id = ? AND level = ? AND start_ns >= ? AND start_ns < ?",
        "DELETE FROM sealed WHERE service_id = ? AND level = ? AND start_ns >= ? AND start_ns < ?",
    ] {
        let delete = sqlx::query(sql).bind(service).bind(level as i64).bind(from_ns).bind(to_ns);
        delete.execute(&mut *connection).await?;
    }
    Ok(())
}

async fn mark_folded(
    connection: &mut SqliteConnection,
    service: i64,
    folded: &[(i64, i64)],
) -> Result<(), sqlx::Error> {
    for chunk in folded.chunks(512) {
        let rows: Vec<String> = chunk.iter().map(|(start, id)| format!("[{start},{id}]")).collect();
        sqlx::query(
            "DELETE FROM unfolded WHERE (service_id, start_ns, profile_id) IN \
             (SELECT ?1, value ->> 0, value ->> 1 FROM json_each(?2))",
        )
        .bind(service)
        .bind(format!("[{}]", rows.join(",")))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

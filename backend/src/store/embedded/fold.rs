//! Folds profiles into 5-minute blocks, these into 1-hour blocks, and these into 1-day blocks; a block is of one series.
//!
//! Invariant: a profile is either unfolded, and in no block; or folded, and in the block of its series of every *sealed*
//! window that holds it. Readers use sealed windows only, and read unfolded profiles beside them, so folding never
//! changes an answer. Two moves keep it so:
//! - Fold: blocks of all sealed windows around some unfolded profiles are rewritten with them, and the profiles are marked
//!   folded, in one transaction. A 5-minute window is sealed, still empty, just before its first fold.
//! - Raise: a wider window gets blocks made of the sealed windows inside it, and is sealed together with the last of them.
//!
//! Late profiles are unfolded profiles whose windows already have blocks; they need no case of their own.

use super::activity::Horizon;
use super::block_builder::{BlockBuilder, Slot};
use super::change::{BlockRow, Change};
use super::varint::Damaged;
use super::window::{WIDEST, width, window};
use super::{EmbeddedStore, blocking};
use crate::store::StoreError;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use std::collections::BTreeMap;

/// Series whose profiles of one window are folded at once; bounds memory and the length of a transaction.
const SERIES_AT_ONCE: usize = 64;
/// While a service is busy, a window that has blocks already is rewritten only for so many profiles.
const WORTH_REWRITING: i64 = 16;

/// For each level of a service, the start before which all windows are raised.
pub(crate) type Cursors = [i64; WIDEST + 1];

/// Folds and raises what is due in one service. Returns whether anything was done.
pub(super) async fn service(
    store: &EmbeddedStore,
    service: i64,
    horizon: Horizon,
    cursors: &mut Cursors,
) -> Result<bool, StoreError> {
    let mut work = Work { store, service, horizon };
    let mut worked = work.fold_windows(cursors).await?;
    for level in 2..=WIDEST {
        worked |= work.raise_windows(level, cursors).await?;
    }
    Ok(worked)
}

struct Work<'a> {
    store: &'a EmbeddedStore,
    service: i64,
    horizon: Horizon,
}

impl Work<'_> {
    fn is_over(&self, level: usize, start_ns: i64) -> bool {
        start_ns.saturating_add(width(level)) <= self.horizon.before.0 || self.horizon == Horizon::ALL
    }

    /// Folds the unfolded profiles of all complete windows.
    async fn fold_windows(&mut self, cursors: &mut Cursors) -> Result<bool, StoreError> {
        let (mut worked, mut at) = (false, i64::MIN);
        while let Some(first) = self
            .first("SELECT min(start_ns) FROM unfolded WHERE service_id = ?1 AND start_ns >= ?3", 0, at)
            .await?
        {
            let start_ns = window(1, first);
            if !self.is_over(1, start_ns) {
                break;
            }
            at = start_ns.saturating_add(width(1));
            if at <= first {
                // The window at the end of time has no end to fold up to.
                break;
            }
            let sealed = self.sealed_around(start_ns).await?;
            let waits = !self.horizon.quiet
                && !sealed.is_empty()
                && self.unfolded(start_ns, at).await? < WORTH_REWRITING;
            if !waits {
                self.fold_window(start_ns, sealed).await?;
                for cursor in &mut cursors[2..] {
                    *cursor = (*cursor).min(start_ns);
                }
                worked = true;
            }
        }
        Ok(worked)
    }

    async fn fold_window(&self, start_ns: i64, mut sealed: Vec<usize>) -> Result<(), StoreError> {
        if !sealed.contains(&1) && (sealed.is_empty() || start_ns >= self.store.dropped_before(1)) {
            let seal = Some((1, start_ns));
            let service = self.service;
            self.store.change(Change::Fold { service, blocks: vec![], folded: vec![], seal }).await?;
            sealed.push(1);
        }
        let series: Vec<i64> = sqlx::query_scalar(
            "SELECT DISTINCT p.series_id FROM unfolded u CROSS JOIN profile p ON p.id = u.profile_id \
             WHERE u.service_id = ? AND u.start_ns >= ? AND u.start_ns < ? ORDER BY 1",
        )
        .bind(self.service)
        .bind(start_ns)
        .bind(start_ns.saturating_add(width(1)))
        .fetch_all(&self.store.readers)
        .await
        .map_err(|e| self.store.error(e))?;
        for some in series.chunks(SERIES_AT_ONCE) {
            self.fold_series(start_ns, &sealed, some).await?;
        }
        Ok(())
    }

    /// Folds the unfolded profiles of some series in a 5-minute window into the blocks of all `levels`.
    async fn fold_series(&self, start_ns: i64, levels: &[usize], series: &[i64]) -> Result<(), StoreError> {
        let rows = sqlx::query(
            "SELECT p.id, p.series_id, p.start_ns, p.head, p.samples FROM unfolded u CROSS JOIN profile p ON p.id = u.profile_id \
             WHERE u.service_id = ? AND u.start_ns >= ? AND u.start_ns < ? \
             AND p.series_id IN (SELECT value FROM json_each(?))",
        )
        .bind(self.service)
        .bind(start_ns)
        .bind(start_ns.saturating_add(width(1)))
        .bind(json(series))
        .fetch_all(&self.store.readers)
        .await
        .map_err(|e| self.store.error(e))?;
        let mut present: BTreeMap<(i64, usize), BlockRow> = BTreeMap::new();
        for &level in levels {
            for block in self.blocks(level, window(level, start_ns), width(level), series).await? {
                present.insert((block.series, level), block);
            }
        }
        let (service, levels) = (self.service, levels.to_vec());
        let (blocks, folded) =
            blocking(move || fold_rows(service, start_ns, &levels, &rows, &present)).await??;
        self.store.change(Change::Fold { service, blocks, folded, seal: None }).await
    }

    /// Builds and seals the complete windows of a level that contain sealed windows of the level below.
    async fn raise_windows(&self, level: usize, cursors: &mut Cursors) -> Result<bool, StoreError> {
        let mut worked = false;
        while let Some(first) = self
            .first(
                "SELECT min(start_ns) FROM sealed WHERE service_id = ? AND level = ? AND start_ns >= ?",
                level - 1,
                cursors[level],
            )
            .await?
        {
            let start_ns = window(level, first);
            let end_ns = start_ns.saturating_add(width(level));
            let done = self.sealed_around(start_ns).await?.contains(&level);
            if !done {
                if !self.is_over(level, start_ns)
                    || self.unfolded(start_ns, end_ns).await? > 0
                    || self.has_gap(level, start_ns).await?
                {
                    break;
                }
                self.raise_window(level, start_ns).await?;
                worked = true;
            }
            cursors[level] = end_ns;
        }
        Ok(worked)
    }

    async fn raise_window(&self, level: usize, start_ns: i64) -> Result<(), StoreError> {
        let service = self.service;
        let series: Vec<i64> = sqlx::query_scalar(
            "SELECT DISTINCT series_id FROM block WHERE service_id = ? AND level = ? AND start_ns >= ? AND start_ns < ?",
        )
        .bind(service)
        .bind(level as i64 - 1)
        .bind(start_ns)
        .bind(start_ns.saturating_add(width(level)))
        .fetch_all(&self.store.readers)
        .await
        .map_err(|e| self.store.error(e))?;
        for some in series.chunks(SERIES_AT_ONCE / 8) {
            let parts = self.blocks(level - 1, start_ns, width(level), some).await?;
            let blocks = blocking(move || raise_blocks(service, level, start_ns, parts)).await??;
            self.store.change(Change::Fold { service, blocks, folded: vec![], seal: None }).await?;
        }
        let seal = Some((level, start_ns));
        self.store.change(Change::Fold { service, blocks: vec![], folded: vec![], seal }).await
    }

    async fn first(&self, sql: &'static str, level: usize, from_ns: i64) -> Result<Option<i64>, StoreError> {
        let query = sqlx::query_scalar(sql).bind(self.service).bind(level as i64).bind(from_ns);
        query.fetch_one(&self.store.readers).await.map_err(|e| self.store.error(e))
    }

    async fn unfolded(&self, from_ns: i64, to_ns: i64) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM unfolded WHERE service_id = ? AND start_ns >= ? AND start_ns < ?";
        let query = sqlx::query_scalar(sql).bind(self.service).bind(from_ns).bind(to_ns);
        query.fetch_one(&self.store.readers).await.map_err(|e| self.store.error(e))
    }

    /// Whether some data inside a window has not reached the level just below it, two levels further down.
    async fn has_gap(&self, level: usize, start_ns: i64) -> Result<bool, StoreError> {
        sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM sealed a WHERE service_id = ?1 AND level = ?2 - 2 \
             AND start_ns >= ?3 AND start_ns < ?4 AND NOT EXISTS (SELECT 1 FROM sealed b WHERE b.service_id = ?1 \
             AND b.level = ?2 - 1 AND b.start_ns = a.start_ns - a.start_ns % ?5))",
        )
        .bind(self.service)
        .bind(level as i64)
        .bind(start_ns)
        .bind(start_ns.saturating_add(width(level)))
        .bind(width(level - 1))
        .fetch_one(&self.store.readers)
        .await
        .map_err(|e| self.store.error(e))
    }

    /// The levels whose window around a time is sealed.
    async fn sealed_around(&self, ns: i64) -> Result<Vec<usize>, StoreError> {
        let mut levels = Vec::new();
        for level in 1..=WIDEST {
            let sql =
                "SELECT EXISTS (SELECT 1 FROM sealed WHERE service_id = ? AND level = ? AND start_ns = ?)";
            let query = sqlx::query_scalar(sql).bind(self.service).bind(level as i64).bind(window(level, ns));
            if query.fetch_one(&self.store.readers).await.map_err(|e| self.store.error(e))? {
                levels.push(level);
            }
        }
        Ok(levels)
    }

    async fn blocks(
        &self,
        level: usize,
        from_ns: i64,
        span_ns: i64,
        series: &[i64],
    ) -> Result<Vec<BlockRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT start_ns, series_id, profiles, oldest_ns, newest_ns, duration_ns, period, points, samples FROM block \
             WHERE service_id = ? AND level = ? AND start_ns >= ? AND start_ns < ? \
             AND series_id IN (SELECT value FROM json_each(?))",
        )
        .bind(self.service)
        .bind(level as i64)
        .bind(from_ns)
        .bind(from_ns.saturating_add(span_ns))
        .bind(json(series))
        .fetch_all(&self.store.readers)
        .await
        .map_err(|e| self.store.error(e))?;
        rows.iter()
            .map(|row| block_row(self.service, level, row))
            .collect::<Result<_, _>>()
            .map_err(|e| self.store.error(e))
    }
}

fn json(ids: &[i64]) -> String {
    format!("[{}]", ids.iter().map(i64::to_string).collect::<Vec<_>>().join(","))
}

fn block_row(service: i64, level: usize, row: &SqliteRow) -> Result<BlockRow, sqlx::Error> {
    Ok(BlockRow {
        service,
        level,
        start_ns: row.try_get(0)?,
        series: row.try_get(1)?,
        profiles: row.try_get(2)?,
        oldest_ns: row.try_get(3)?,
        newest_ns: row.try_get(4)?,
        duration_ns: row.try_get(5)?,
        period: row.try_get(6)?,
        points: row.try_get(7)?,
        samples: row.try_get(8)?,
    })
}

type Folded = (Vec<BlockRow>, Vec<(i64, i64)>);

fn fold_rows(
    service: i64,
    start_ns: i64,
    levels: &[usize],
    rows: &[SqliteRow],
    present: &BTreeMap<(i64, usize), BlockRow>,
) -> Result<Folded, StoreError> {
    let (mut mixes, mut folded): (BTreeMap<i64, BlockBuilder>, _) = (BTreeMap::new(), Vec::new());
    let unreadable = |_| Damaged("a profile's row cannot be decoded");
    for row in rows {
        let (id, series, start): (i64, i64, i64) = (
            row.try_get(0).map_err(unreadable)?,
            row.try_get(1).map_err(unreadable)?,
            row.try_get(2).map_err(unreadable)?,
        );
        let mix = mixes.entry(series).or_default();
        mix.add_profile(start, row.try_get(3).map_err(unreadable)?, row.try_get(4).map_err(unreadable)?)?;
        folded.push((start, id));
    }
    let mut blocks = Vec::new();
    for (series, mix) in mixes {
        let news = mix.finish(Slot { service, level: 1, start_ns, series }).map_err(unpackable)?;
        for &level in levels {
            let slot = Slot { service, level, start_ns: window(level, start_ns), series };
            blocks.push(match present.get(&(series, level)) {
                None => BlockRow { level, start_ns: slot.start_ns, ..news.clone() },
                Some(old) => {
                    let mut mix = BlockBuilder::default();
                    mix.add_block(old)?;
                    mix.add_block(&news)?;
                    mix.finish(slot).map_err(unpackable)?
                }
            });
        }
    }
    Ok((blocks, folded))
}

fn raise_blocks(
    service: i64,
    level: usize,
    start_ns: i64,
    parts: Vec<BlockRow>,
) -> Result<Vec<BlockRow>, StoreError> {
    let mut mixes: BTreeMap<i64, BlockBuilder> = BTreeMap::new();
    for part in &parts {
        mixes.entry(part.series).or_default().add_block(part)?;
    }
    let finish = |(series, mix): (i64, BlockBuilder)| {
        mix.finish(Slot { service, level, start_ns, series }).map_err(unpackable)
    };
    mixes.into_iter().map(finish).collect()
}

fn unpackable(error: std::io::Error) -> StoreError {
    StoreError::Database(format!("a block cannot be compressed: {error}"))
}

#[cfg(test)]
mod tests {
    use crate::store::conformance::{ProfileSpec, SampleSpec, new_profile};
    use crate::store::embedded::snapshot::Snapshot;
    use crate::store::embedded::window::width;
    use crate::store::embedded::{EmbeddedOptions, EmbeddedStore};
    use crate::store::{ProfileWriter, Selection, TimeRange};
    use flarepath_profile::selector::Selector;

    async fn push(store: &EmbeddedStore, starts: impl IntoIterator<Item = i64>) {
        let sample = SampleSpec { path: vec![1], value: 1, span: 0 };
        let spec =
            |start_ns| ProfileSpec { start_ns, samples: vec![sample.clone()], ..ProfileSpec::default() };
        store.append(starts.into_iter().map(|s| new_profile(&spec(s))).collect()).await.unwrap();
    }

    async fn blocks(store: &EmbeddedStore) -> Vec<(i64, i64, i64)> {
        let sql = "SELECT level, count(*), sum(profiles) FROM block GROUP BY level ORDER BY level";
        sqlx::query_as(sql).fetch_all(&store.readers).await.unwrap()
    }

    #[tokio::test]
    async fn all_levels_contain_all_profiles_and_the_widest_one_answers() {
        let dir = tempfile::tempdir().unwrap();
        let options = EmbeddedOptions { background_folding: false, ..EmbeddedOptions::default() };
        let store = EmbeddedStore::open(dir.path(), options).await.unwrap();
        let (base, minute) = (20_000 * width(3), width(1) / 5);
        push(&store, (0..2 * 24 * 30).map(|i| base + i * 2 * minute)).await;
        store.fold_all().await.unwrap();
        assert_eq!(blocks(&store).await, [(1, 576, 1440), (2, 48, 1440), (3, 2, 1440)]);
        // One late profile reaches all levels, and none is written twice.
        push(&store, [base + minute]).await;
        store.fold_all().await.unwrap();
        assert_eq!(blocks(&store).await, [(1, 576, 1441), (2, 48, 1441), (3, 2, 1441)]);
        let range = TimeRange::nanos(base, base + 2 * width(3) + 90 * minute);
        let selection = Selection::new(&Selector::default(), range).unwrap();
        let selected = store.registry.select(&selection, |_| true).unwrap().remove(0);
        let snapshot =
            Snapshot::begin(&store.readers, &selected, range, None, &selection.cancel).await.unwrap();
        let levels: Vec<usize> = snapshot.segments.iter().map(|s| s.level).collect();
        assert_eq!(levels, [3, 0], "two days at once, then what is not there");
    }
}

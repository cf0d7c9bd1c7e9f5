//! Computes answers: series, totals over time, merged trees, merged profiles.

use super::cells::{self, Cells};
use super::details::Details;
use super::export;
use super::merge::Merge;
use super::points::{Head, Points};
use super::registry::{Selected, Series};
use super::snapshot::{Place, Projection, Snapshot};
use super::symbols::cache::ServiceSymbols;
use super::varint::Damaged;
use super::{EmbeddedStore, blocking};
use crate::store::{
    CostsOverTime, CostsQuery, MergedTree, Selection, SeriesInfo, StoreError, TimeRange, TotalsSeries,
};
use flarepath_profile::call_tree;
use flarepath_profile::labels::Labels;
use flarepath_profile::line_costs::{self, LineCost, LineSums};
use flarepath_profile::profile::Profile;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::stack_table::LocationId;
use flarepath_profile::unix_nanos::UnixNanos;
use futures::TryStreamExt;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// See [`crate::store::ProfileStore::series`].
pub(super) async fn series(
    store: &EmbeddedStore,
    selection: &Selection,
) -> Result<Vec<SeriesInfo>, StoreError> {
    let mut found: BTreeMap<Labels, (BTreeSet<ProfileType>, i64)> = BTreeMap::new();
    for selected in store.registry.select(selection, |_| true) {
        let mut snapshot = begin(store, &selected, selection.range).await?;
        for (place, range) in snapshot.places() {
            let mut rows = snapshot.rows(Projection::Newest, place, range);
            while let Some(row) = rows.try_next().await.map_err(|e| store.error(e))? {
                let (id, newest): (i64, i64) = (get(&row, 0)?, get(&row, 1)?);
                let Some(series) = selected.series.get(&id) else { continue };
                let entry = found.entry(series.labels.clone()).or_insert((BTreeSet::new(), i64::MIN));
                entry.0.extend(series.profile_types());
                entry.1 = entry.1.max(newest);
            }
        }
    }
    let info = |(labels, (types, newest)): (Labels, (BTreeSet<_>, i64))| SeriesInfo {
        labels,
        profile_types: types.into_iter().collect(),
        newest: UnixNanos(newest),
    };
    Ok(found.into_iter().map(info).collect())
}

/// See [`crate::store::ProfileStore::totals`].
pub(super) async fn totals(
    store: &EmbeddedStore,
    selection: &Selection,
    profile_type: &ProfileType,
    step_ns: i64,
    by: &[String],
) -> Result<Vec<TotalsSeries>, StoreError> {
    let mut groups = Groups { range: selection.range, step_ns: step_ns.max(1), by, sums: BTreeMap::new() };
    points(store, selection, profile_type, |series, points| groups.add(series, points)).await?;
    Ok(groups.finish())
}

/// See [`crate::store::ProfileStore::each_total`].
pub(super) async fn each_total(
    store: &EmbeddedStore,
    selection: &Selection,
    profile_type: &ProfileType,
    visit: &mut (dyn FnMut(UnixNanos, i64) + Send),
) -> Result<(), StoreError> {
    points(store, selection, profile_type, |_, (starts, totals)| {
        let profiles = starts.iter().map(|&at| UnixNanos(at)).zip(totals);
        profiles.filter(|(at, _)| selection.range.contains(*at)).for_each(|(at, &total)| visit(at, total));
    })
    .await
}

/// Visits starts and totals of all profiles that match, in pieces of one series each. Blocks at the edge may have some
/// outside of the range.
async fn points(
    store: &EmbeddedStore,
    selection: &Selection,
    profile_type: &ProfileType,
    mut visit: impl FnMut(&Series, (&[i64], &[i64])),
) -> Result<(), StoreError> {
    for selected in store.registry.select(selection, |s| s.column(profile_type).is_some()) {
        let mut snapshot = begin(store, &selected, selection.range).await?;
        let by_span = !selection.spans.is_empty();
        let places = if by_span { vec![(Place::Details, selection.range)] } else { snapshot.places() };
        for (place, range) in places {
            let mut rows = snapshot.rows(Projection::Points, place, range);
            while let Some(row) = rows.try_next().await.map_err(|e| store.error(e))? {
                let Some((series, column)) = column_of(&selected, &row, profile_type)? else { continue };
                let (start, bytes): (i64, &[u8]) = (get(&row, 1)?, get(&row, 2)?);
                match place {
                    Place::Blocks(_) => {
                        let points = Points::decode(bytes)?;
                        visit(series, (&points.starts, points.totals.get(column).ok_or(LACKS_COLUMN)?));
                    }
                    Place::Profiles | Place::Unfolded => {
                        let total = Head::decode(bytes)?.totals.get(column).copied();
                        visit(series, (&[start], &[total.ok_or(LACKS_COLUMN)?]));
                    }
                    Place::Details => {
                        let details = Details::decode(bytes)?;
                        let values = details.in_spans(&selection.spans).map(|d| d.values[column]);
                        if let Some(total) = values.reduce(i64::saturating_add) {
                            visit(series, (&[start], &[total]));
                        }
                    }
                }
            }
        }
    }
    Ok(())
}

/// See [`crate::store::ProfileStore::costs_over_time`]. Not by span.
pub(super) async fn costs_over_time(
    store: &EmbeddedStore,
    selection: &Selection,
    profile_type: &ProfileType,
    asked: &CostsQuery,
) -> Result<CostsOverTime, StoreError> {
    let mut costs = CostsOverTime::new();
    for selected in store.registry.select(selection, |s| s.column(profile_type).is_some()) {
        let symbols = store.symbols(selected.service).await?;
        let step = Some(asked.step_ns.max(1));
        let snapshot = Snapshot::begin(&store.readers, &selected, selection.range, step).await;
        let mut snapshot = snapshot.map_err(|e| store.error(e))?;
        let (of, rows) = (symbols.clone(), asked.clone());
        let cells = move || {
            // Functions first: they are brought up to date with a table that may grow in between.
            let functions = of.functions();
            let table = of.read();
            Cells::new(&functions, &table, &rows)
        };
        // Each column is one decoder's, so that none has to change columns more often than rows do.
        let cells = blocking(cells).await?;
        let mut merges = [Merge::new(cells.clone()), Merge::new(cells)];
        for (place, range) in snapshot.places() {
            let mut rows = snapshot.rows(Projection::Cells, place, range);
            while let Some(row) = rows.try_next().await.map_err(|e| store.error(e))? {
                let Some((_, column)) = column_of(&selected, &row, profile_type)? else { continue };
                let (start, samples): (i64, &[u8]) = (get(&row, 1)?, get(&row, 2)?);
                let place = asked.column(start);
                let turn = (place / asked.step_ns.max(1)) & 1;
                merges[turn as usize].add(samples, column, place, 1).await?;
            }
        }
        for merge in merges {
            let found = merge.finish().await?;
            cells::join(&mut costs, blocking(move || found.finish()).await?);
        }
    }
    Ok(costs)
}

/// See [`crate::store::ProfileStore::call_tree`].
pub(super) async fn call_tree(
    store: &EmbeddedStore,
    selection: &Selection,
    profile_type: &ProfileType,
) -> Result<MergedTree, StoreError> {
    let mut parts = Vec::new();
    let mut profiles = 0;
    for selected in store.registry.select(selection, |s| s.column(profile_type).is_some()) {
        let symbols = store.symbols(selected.service).await?;
        let sums = sum(store, &selected, &symbols, selection, profile_type).await?;
        if sums.profiles == 0 {
            continue;
        }
        profiles += sums.profiles;
        let build = move || {
            let functions = symbols.functions();
            functions.call_tree(&symbols.read(), &sums.by_stack)
        };
        parts.push(blocking(build).await?.map_err(|e| StoreError::Corrupt(e.to_string()))?);
    }
    let tree = match parts.len() {
        0 => call_tree::CallTree::empty(),
        1 => parts.remove(0),
        _ => blocking(move || call_tree::merge(&parts)).await?,
    };
    Ok(MergedTree { tree, profiles })
}

/// See [`crate::store::ProfileStore::profile`].
pub(super) async fn profile(
    store: &EmbeddedStore,
    selection: &Selection,
    profile_type: &ProfileType,
) -> Result<Profile, StoreError> {
    let mut parts = Vec::new();
    let mut facts = Facts::default();
    for selected in store.registry.select(selection, |s| s.column(profile_type).is_some()) {
        let symbols = store.symbols(selected.service).await?;
        let sums = sum(store, &selected, &symbols, selection, profile_type).await?;
        if sums.profiles == 0 {
            continue;
        }
        facts.join(&sums.facts);
        let wanted = profile_type.clone();
        parts.push(blocking(move || export::profile_of(&symbols.read(), &sums.by_stack, &wanted)).await?);
    }
    let mut merged = match parts.len() {
        0 => export::empty(profile_type),
        1 => parts.remove(0),
        _ => export::merge(&parts, profile_type),
    };
    merged.time_nanos = facts.oldest_ns.unwrap_or(0);
    merged.duration_nanos = facts.duration_ns;
    merged.period = facts.period;
    Ok(merged)
}

/// See [`crate::store::ProfileStore::line_costs`]. Call sites are looked at where they are, without making a profile.
pub(super) async fn line_costs(
    store: &EmbeddedStore,
    selection: &Selection,
    profile_type: &ProfileType,
    function: &str,
) -> Result<Vec<LineCost>, StoreError> {
    let mut parts = Vec::new();
    for selected in store.registry.select(selection, |s| s.column(profile_type).is_some()) {
        let symbols = store.symbols(selected.service).await?;
        let sums = sum(store, &selected, &symbols, selection, profile_type).await?;
        let function = function.to_owned();
        let count = move || {
            let symbols = symbols.read();
            let mut lines = LineSums::new(&symbols.tables, &function);
            for (&node, &sum) in symbols.stacks.iter().zip(&sums.by_stack).filter(|(_, sum)| **sum != 0) {
                lines.add(symbols.walk(node).map(LocationId), sum);
            }
            lines.finish()
        };
        parts.push(blocking(count).await?);
    }
    Ok(line_costs::join(parts))
}

/// See [`crate::store::ProfileStore::has_service`].
pub(super) async fn has_service(store: &EmbeddedStore, service: &str) -> Result<bool, StoreError> {
    let Some(id) = store.registry.service(service) else { return Ok(false) };
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM profile WHERE service_id = ?1) OR EXISTS (SELECT 1 FROM block WHERE service_id = ?1)",
    )
    .bind(id)
    .fetch_one(&store.readers)
    .await
    .map_err(|e| store.error(e))
}

/// The merge of one service.
struct Sums {
    by_stack: Vec<i64>,
    profiles: u64,
    facts: Facts,
}

/// Facts about the profiles of a merge.
#[derive(Default)]
struct Facts {
    oldest_ns: Option<i64>,
    duration_ns: i64,
    period: i64,
}

impl Facts {
    fn join(&mut self, other: &Facts) {
        self.oldest_ns = self.oldest_ns.into_iter().chain(other.oldest_ns).min();
        self.duration_ns = self.duration_ns.saturating_add(other.duration_ns);
        self.period = self.period.max(other.period);
    }
}

async fn sum(
    store: &EmbeddedStore,
    selected: &Selected,
    symbols: &Arc<ServiceSymbols>,
    selection: &Selection,
    profile_type: &ProfileType,
) -> Result<Sums, StoreError> {
    let mut snapshot = begin(store, selected, selection.range).await?;
    // The table is read after the transaction has begun: it holds every stack that the transaction can see.
    let stacks = symbols.read().stacks.len();
    if !selection.spans.is_empty() {
        return sum_spans(store, snapshot, selected, selection, profile_type, stacks).await;
    }
    let mut merge = Merge::new(vec![0i64; stacks]);
    let mut facts = Facts::default();
    for (place, range) in snapshot.places() {
        let mut rows = snapshot.rows(Projection::Samples, place, range);
        while let Some(row) = rows.try_next().await.map_err(|e| store.error(e))? {
            let Some((_, column)) = column_of(selected, &row, profile_type)? else { continue };
            let (profiles, samples): (i64, &[u8]) = (get(&row, 1)?, get(&row, 2)?);
            merge.add(samples, column, (), profiles as u64).await?;
            facts.join(&read_facts(place, &row)?);
        }
    }
    let profiles = merge.profiles;
    Ok(Sums { by_stack: merge.finish().await?, profiles, facts })
}

fn read_facts(place: Place, row: &SqliteRow) -> Result<Facts, StoreError> {
    if let Place::Blocks(_) = place {
        return Ok(Facts { oldest_ns: Some(get(row, 3)?), duration_ns: get(row, 4)?, period: get(row, 5)? });
    }
    let head = Head::decode(get(row, 4)?)?;
    Ok(Facts { oldest_ns: Some(get(row, 3)?), duration_ns: head.duration_ns, period: head.period })
}

async fn sum_spans(
    store: &EmbeddedStore,
    mut snapshot: Snapshot<'_>,
    selected: &Selected,
    selection: &Selection,
    profile_type: &ProfileType,
    stacks: usize,
) -> Result<Sums, StoreError> {
    let mut sums = Sums { by_stack: vec![0i64; stacks], profiles: 0, facts: Facts::default() };
    let mut rows = snapshot.rows(Projection::Samples, Place::Details, selection.range);
    while let Some(row) = rows.try_next().await.map_err(|e| store.error(e))? {
        let Some((_, column)) = column_of(selected, &row, profile_type)? else { continue };
        let details = Details::decode(get(&row, 2)?)?;
        let mut found = false;
        for sample in details.in_spans(&selection.spans) {
            let slot =
                sums.by_stack.get_mut(sample.stack as usize).ok_or(Damaged("a span has an unknown stack"))?;
            *slot = slot.saturating_add(sample.values[column]);
            found = true;
        }
        if found {
            sums.profiles += 1;
            let head = Head::decode(get(&row, 3)?)?;
            let (duration_ns, period) = (head.duration_ns, head.period);
            sums.facts.join(&Facts { oldest_ns: Some(get(&row, 1)?), duration_ns, period });
        }
    }
    Ok(sums)
}

/// Totals by group and bucket.
struct Groups<'a> {
    range: TimeRange,
    step_ns: i64,
    by: &'a [String],
    sums: BTreeMap<Vec<String>, BTreeMap<i64, i64>>,
}

impl Groups<'_> {
    fn add(&mut self, series: &Series, (starts, totals): (&[i64], &[i64])) {
        let range = self.range;
        let (start, step, buckets) = self.group(series);
        for (&at, &total) in starts.iter().zip(totals).filter(|(at, _)| range.contains(UnixNanos(**at))) {
            let sum = buckets.entry(bucket(start, step, at)).or_insert(0);
            *sum = sum.saturating_add(total);
        }
    }

    fn group(&mut self, series: &Series) -> (i64, i64, &mut BTreeMap<i64, i64>) {
        let value = |name: &String| series.labels.get(name).unwrap_or_default().to_owned();
        let buckets = self.sums.entry(self.by.iter().map(value).collect()).or_default();
        (self.range.start.0, self.step_ns, buckets)
    }

    fn finish(self) -> Vec<TotalsSeries> {
        let by = self.by;
        let series = |(values, points): (Vec<String>, BTreeMap<i64, i64>)| TotalsSeries {
            labels: by.iter().cloned().zip(values).collect(),
            points: points.into_iter().collect(),
        };
        self.sums.into_iter().filter(|(_, points)| !points.is_empty()).map(series).collect()
    }
}

/// Left edge of the bucket of `at`, which is not before `start`. Differences of far-off times do not fit `i64` but `u64`.
fn bucket(start: i64, step: i64, at: i64) -> i64 {
    let offset = at.wrapping_sub(start) as u64;
    start.wrapping_add((offset - offset % step as u64) as i64)
}

const LACKS_COLUMN: Damaged = Damaged("a profile lacks a column");

async fn begin<'a>(
    store: &EmbeddedStore,
    selected: &'a Selected,
    range: TimeRange,
) -> Result<Snapshot<'a>, StoreError> {
    Snapshot::begin(&store.readers, selected, range, None).await.map_err(|e| store.error(e))
}

fn column_of<'a>(
    selected: &'a Selected,
    row: &SqliteRow,
    profile_type: &ProfileType,
) -> Result<Option<(&'a Series, usize)>, StoreError> {
    let series = selected.series.get(&get::<i64>(row, 0)?);
    Ok(series.and_then(|series| Some((&**series, series.column(profile_type)?))))
}

fn get<'r, T: sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>>(
    row: &'r SqliteRow,
    column: usize,
) -> Result<T, StoreError> {
    row.try_get(column).map_err(|e| StoreError::Corrupt(format!("a row does not decode: {e}")))
}

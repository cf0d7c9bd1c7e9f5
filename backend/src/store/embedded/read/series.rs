//! The series of a selection. For nearly all of them their span tells whether they have profiles in the range, without a look
//! into the database.

use super::{begin, get, next};
use crate::store::embedded::registry::{Registry, Selected, Series};
use crate::store::embedded::snapshot::{Projection, watch};
use crate::store::embedded::window::{WIDEST, window};
use crate::store::embedded::{EmbeddedStore, blocking};
use crate::store::{Selection, SeriesFound, SeriesInfo, StoreError, TimeRange};
use crate::work::Cancelled;
use flarepath_profile::unix_nanos::{MINUTE_NS, UnixNanos};
use rustc_hash::FxHashMap;

/// See [`crate::store::ProfileStore::series`].
pub(in super::super) async fn series(
    store: &EmbeddedStore,
    selection: &Selection,
) -> Result<Vec<SeriesInfo>, StoreError> {
    let dropped = std::array::from_fn(|level| store.dropped_before(level));
    let (registry, asked) = (store.registry.clone(), selection.clone());
    let (mut found, unknown) = blocking(move || by_span(&registry, &asked, &dropped)).await??;
    for selected in near_end(store, selection, dropped[0], &mut found, unknown).await? {
        let mut snapshot = begin(store, &selected, selection, None).await?;
        for (place, range) in snapshot.places() {
            let mut rows = snapshot.rows(Projection::Newest, place, range);
            while let Some(row) = next(store, &mut rows).await? {
                let (id, newest): (i64, i64) = (get(&row, 0)?, get(&row, 1)?);
                let Some(series) = selected.series.get(&id) else { continue };
                found.add(&series.labels, &series.kind.profile_types, UnixNanos(newest));
            }
        }
    }
    Ok(found.finish())
}

/// How far before the end of a range single profiles are looked for, and of how many services at least.
const NEAR: [(i64, usize); 2] = [(2 * MINUTE_NS, 1), (60 * MINUTE_NS, 64)];
/// The newest profile of each series of the services `?1` that starts between two times.
const NEWEST: &str = "SELECT p.service_id, p.series_id, max(p.start_ns) FROM json_each(?1) s CROSS JOIN profile p \
     INDEXED BY profile_by_time ON p.service_id = s.value AND p.start_ns >= ?2 AND p.start_ns < ?3 \
     GROUP BY p.service_id, p.series_id";

/// Finds the series that have profiles shortly before the end of the range, those of all services at once: of a range that ends
/// in the past these are nearly all. Gives the others, which a look at the blocks of each service decides.
async fn near_end(
    store: &EmbeddedStore,
    selection: &Selection,
    kept_from_ns: i64,
    found: &mut SeriesFound,
    mut unknown: Vec<Selected>,
) -> Result<Vec<Selected>, StoreError> {
    let (start, end) = (selection.range.start.0, selection.range.end.0);
    for (near_ns, least) in NEAR {
        let from = end.saturating_sub(near_ns).max(start);
        if unknown.len() < least || from >= end || from < kept_from_ns {
            break;
        }
        let services: Vec<String> = unknown.iter().map(|selected| selected.service.to_string()).collect();
        let mut by_service: FxHashMap<i64, Selected> =
            unknown.into_iter().map(|selected| (selected.service, selected)).collect();
        let mut connection = store.readers.acquire().await.map_err(|e| store.error(e))?;
        watch(&mut connection, &selection.cancel).await.map_err(|e| store.error(e))?;
        let newest = sqlx::query(NEWEST).bind(format!("[{}]", services.join(","))).bind(from).bind(end);
        let mut rows = newest.fetch(&mut *connection);
        while let Some(row) = next(store, &mut rows).await? {
            let (service, id, newest): (i64, i64, i64) = (get(&row, 0)?, get(&row, 1)?, get(&row, 2)?);
            let Some(selected) = by_service.get_mut(&service) else { continue };
            if let Some(series) = selected.series.remove(&id) {
                selected.all = false;
                found.add(&series.labels, &series.kind.profile_types, UnixNanos(newest));
            }
        }
        by_service.retain(|_, selected| !selected.series.is_empty());
        if from == start {
            return Ok(Vec::new());
        }
        unknown = by_service.into_values().collect();
    }
    Ok(unknown)
}

/// For each level the time before which it was dropped.
type Dropped = [i64; WIDEST + 1];

/// The matching series of which it is known that they have profiles in the range, and those to look up.
fn by_span(
    registry: &Registry,
    selection: &Selection,
    dropped: &Dropped,
) -> Result<(SeriesFound, Vec<Selected>), Cancelled> {
    let mut found = SeriesFound::default();
    // Nearly all are known; what is not even listed costs the least.
    let unknown = |series: &Series| {
        let presence = presence(series.span(), selection.range, dropped);
        if let Presence::Newest(newest) = presence {
            let add = if series.has_siblings() { SeriesFound::add } else { SeriesFound::add_single };
            add(&mut found, &series.labels, &series.kind.profile_types, UnixNanos(newest));
        }
        presence == Presence::Unknown
    };
    let selected = registry.select(selection, unknown)?;
    Ok((found, selected))
}

/// What the span of a series tells about a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    /// No profile starts in it.
    Absent,
    /// Start of the newest one in it.
    Newest(i64),
    Unknown,
}

/// Where finer data was dropped, a window counts as a whole if it starts in the range, as for all other answers.
fn presence((oldest, newest): (i64, i64), range: TimeRange, dropped: &Dropped) -> Presence {
    let (start, end) = (range.start.0, range.end.0);
    if oldest > newest || newest < start || window(WIDEST, oldest) >= end {
        return Presence::Absent;
    }
    let counts_by_itself = newest >= dropped[0] || window(WIDEST, newest) >= start;
    if newest < end && newest >= dropped[WIDEST] && counts_by_itself {
        return Presence::Newest(newest);
    }
    Presence::Unknown
}

/// See [`crate::store::ProfileStore::has_service`].
pub(in super::super) async fn has_service(store: &EmbeddedStore, service: &str) -> Result<bool, StoreError> {
    let Some(id) = store.registry.service(service) else { return Ok(false) };
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM profile WHERE service_id = ?1) OR EXISTS (SELECT 1 FROM block WHERE service_id = ?1)",
    )
    .bind(id)
    .fetch_one(&store.readers)
    .await
    .map_err(|e| store.error(e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::embedded::window::width;

    #[test]
    fn spans_decide_unless_the_newest_profile_is_outside_of_the_range_or_dropped() {
        let day = width(WIDEST);
        let kept = [i64::MIN; WIDEST + 1];
        let dropped = [10 * day, i64::MIN, i64::MIN, 5 * day];
        let of = |span, start, end, dropped| presence(span, TimeRange::nanos(start, end), dropped);
        assert_eq!(of((3, 7), 8, 90, &kept), Presence::Absent);
        assert_eq!(of((3, 7), 7, 8, &kept), Presence::Newest(7));
        assert_eq!(of((3, 7), 4, 7, &kept), Presence::Unknown);
        assert_eq!(of((2 * day, 3 * day), 0, 2 * day, &kept), Presence::Absent);
        assert_eq!(of((i64::MAX, i64::MIN), i64::MIN, i64::MAX, &kept), Presence::Absent, "none yet");
        let newest = 9 * day + 7;
        assert_eq!(of((0, newest), 9 * day, i64::MAX, &dropped), Presence::Newest(newest));
        assert_eq!(
            of((0, newest), 9 * day + 1, i64::MAX, &dropped),
            Presence::Unknown,
            "its window starts before"
        );
        assert_eq!(of((0, newest), 0, 5 * day, &dropped), Presence::Unknown, "late profiles may be there");
        assert_eq!(of((0, 4 * day), 0, i64::MAX, &dropped), Presence::Unknown, "about to be dropped");
    }
}

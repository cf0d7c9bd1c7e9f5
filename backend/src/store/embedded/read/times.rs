//! Start times of profiles, by replica.

use super::{Query, begin, get, next};
use crate::store::embedded::points::{Head, Points};
use crate::store::embedded::snapshot::{Place, Projection};
use crate::store::embedded::varint::Damaged;
use crate::store::embedded::window::{WIDEST, width};
use crate::store::embedded::{EmbeddedStore, blocking};
use crate::store::{PieceVisitor, ProfilePiece, ProfileTimes, StoreError, TimeRange, TimesBuilder};
use rustc_hash::FxHashMap;

const LACKS_COLUMN: Damaged = Damaged("a profile lacks a column");

impl Query<'_> {
    pub(in super::super) async fn profile_times(&self) -> Result<ProfileTimes, StoreError> {
        let Query { store, selection, .. } = *self;
        let mut times = TimesBuilder::new();
        for selected in self.selected().await? {
            let mut places: FxHashMap<i64, usize> = FxHashMap::default();
            let mut snapshot = begin(store, &selected, selection, None).await?;
            for (place, range) in snapshot.places() {
                let mut rows = snapshot.rows(Projection::Times, place, range);
                while let Some(row) = next(store, &mut rows).await? {
                    let Some(series) = selected.series.get(&get::<i64>(&row, 0)?) else { continue };
                    let at = *places.entry(series.id).or_insert_with(|| times.place(&series.labels));
                    if let Place::Blocks(_) = place {
                        // Those of the edges count as a whole, as in merges.
                        let starts = Points::decode_starts(get(&row, 1)?)?;
                        times.add(at, &starts, get(&row, 2)?, get(&row, 3)?);
                    } else {
                        let Head { duration_ns, period, .. } = Head::decode(get(&row, 2)?)?;
                        times.add(at, &[get(&row, 1)?], duration_ns, period);
                    }
                }
            }
        }
        let block_ns = block_ns(store, selection.range);
        blocking(move || times.finish(block_ns)).await
    }
}

impl Query<'_> {
    pub(in super::super) async fn each_piece(&self, visit: &mut PieceVisitor<'_>) -> Result<i64, StoreError> {
        let Query { store, selection, .. } = *self;
        for selected in self.selected().await? {
            let mut snapshot = begin(store, &selected, selection, None).await?;
            for (place, range) in snapshot.places() {
                let mut rows = snapshot.rows(Projection::Times, place, range);
                while let Some(row) = next(store, &mut rows).await? {
                    let Some((series, column)) = self.column_of(&selected, &row)? else { continue };
                    if let Place::Blocks(_) = place {
                        let Points { starts, totals } = Points::decode(get(&row, 1)?)?;
                        let totals = totals.get(column).ok_or(LACKS_COLUMN)?;
                        let piece = ProfilePiece { starts: &starts, totals, duration_ns: get(&row, 2)? };
                        visit(&series.labels, &piece);
                    } else {
                        let Head { duration_ns, totals, .. } = Head::decode(get(&row, 2)?)?;
                        let total = *totals.get(column).ok_or(LACKS_COLUMN)?;
                        let (starts, totals) = ([get::<i64>(&row, 1)?], [total]);
                        let piece = ProfilePiece { starts: &starts, totals: &totals, duration_ns };
                        visit(&series.labels, &piece);
                    }
                }
            }
        }
        Ok(block_ns(store, selection.range))
    }
}

/// Width of the blocks that are the finest there is at the start of the range; 0 where single profiles are kept.
fn block_ns(store: &EmbeddedStore, range: TimeRange) -> i64 {
    let is_dropped = |level: &usize| range.start.0 < store.dropped_before(*level);
    (0..WIDEST).rev().find(is_dropped).map_or(0, |level| width(level + 1))
}

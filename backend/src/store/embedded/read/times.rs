//! When profiles start, by replica.

use super::{Query, begin, get, next};
use crate::store::embedded::EmbeddedStore;
use crate::store::embedded::points::{Head, Points};
use crate::store::embedded::registry::Selected;
use crate::store::embedded::snapshot::{Place, Projection};
use crate::store::embedded::window::{WIDEST, width};
use crate::store::{ProfileTimes, StoreError, TimeRange, TimesBuilder};
use rustc_hash::FxHashMap;

impl Query<'_> {
    pub(in super::super) async fn profile_times(&self) -> Result<ProfileTimes, StoreError> {
        let Query { store, selection, .. } = *self;
        let selected = self.selected().await?;
        let all = selected.iter().flat_map(|of_service| of_service.series.values());
        let mut times = TimesBuilder::new(all.map(|series| &*series.labels));
        for of_service in &selected {
            let places = places(of_service, &mut times);
            let mut snapshot = begin(store, of_service, selection, None).await?;
            for (place, range) in snapshot.places() {
                let mut rows = snapshot.rows(Projection::Times, place, range);
                while let Some(row) = next(store, &mut rows).await? {
                    let Some(&replica) = places.get(&get::<i64>(&row, 0)?) else { continue };
                    if let Place::Blocks(_) = place {
                        // Those of the edges count as a whole, as in merges.
                        let starts = Points::decode_starts(get(&row, 1)?)?;
                        times.add(replica, &starts, get(&row, 2)?, get(&row, 3)?);
                    } else {
                        let Head { duration_ns, period, .. } = Head::decode(get(&row, 2)?)?;
                        times.add(replica, &[get(&row, 1)?], duration_ns, period);
                    }
                }
            }
        }
        Ok(times.finish(block_ns(store, selection.range)))
    }
}

/// For each series the number of its replica.
fn places(selected: &Selected, times: &mut TimesBuilder) -> FxHashMap<i64, usize> {
    selected.series.iter().map(|(id, series)| (*id, times.place(&series.labels))).collect()
}

/// Width of the blocks that are the finest there is at the start of the range; 0 where single profiles are kept.
fn block_ns(store: &EmbeddedStore, range: TimeRange) -> i64 {
    let is_dropped = |level: &usize| range.start.0 < store.dropped_before(*level);
    (0..WIDEST).rev().find(is_dropped).map_or(0, |level| width(level + 1))
}

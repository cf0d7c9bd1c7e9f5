//! Costs of functions over time, of all profiles or by replica.

use super::{Query, begin_with_symbols, get, next};
use crate::store::embedded::blocking;
use crate::store::embedded::cells::{self, Cells};
use crate::store::embedded::merge::Merge;
use crate::store::embedded::registry::{Selected, Series};
use crate::store::embedded::snapshot::Projection;
use crate::store::{CostsOverTime, CostsQuery, Replica, StoreError};
use flarepath_profile::unix_nanos::UnixNanos;
use rustc_hash::FxHashMap;

impl Query<'_> {
    /// Not by span.
    pub(in super::super) async fn costs_over_time(
        &self,
        wanted: &CostsQuery,
    ) -> Result<CostsOverTime, StoreError> {
        let found = self.costs_by_group(wanted, 1, |_| Some(0)).await?;
        Ok(found.into_iter().next().unwrap_or_default())
    }

    /// Not by span. One read for all replicas.
    pub(in super::super) async fn costs_by_replica(
        &self,
        wanted: &CostsQuery,
        replicas: &[Replica],
    ) -> Result<Vec<CostsOverTime>, StoreError> {
        let place = |series: &Series| replicas.iter().position(|replica| replica.has(&series.labels));
        self.costs_by_group(wanted, replicas.len(), place).await
    }

    /// The costs of each of some groups of series; of a series without a group nothing is read.
    async fn costs_by_group(
        &self,
        wanted: &CostsQuery,
        groups: usize,
        group: impl Fn(&Series) -> Option<usize>,
    ) -> Result<Vec<CostsOverTime>, StoreError> {
        let Query { store, selection, .. } = *self;
        let step_ns = wanted.step_ns.max(1);
        let mut costs = vec![CostsOverTime::new(); groups];
        for mut selected in self.selected().await? {
            let places = narrow(&mut selected, &group);
            if places.is_empty() {
                continue;
            }
            let (symbols, mut snapshot) =
                begin_with_symbols(store, &selected, selection, Some(step_ns)).await?;
            let (rows, cancel, stacks) = (wanted.clone(), selection.cancel.clone(), symbols.stacks());
            let cells =
                move || symbols.functions(stacks, &cancel).map(|tree| Cells::new(&tree, &rows, groups));
            // Each column is one decoder's, so that none has to change columns more often than rows do.
            let cells = blocking(cells).await??;
            let mut merges = [cells.clone(), cells].map(|cells| Merge::new(cells, &selection.cancel));
            for (place, range) in snapshot.places() {
                let mut rows = snapshot.rows(Projection::Cells, place, range);
                while let Some(row) = next(store, &mut rows).await? {
                    let Some((series, column)) = self.column_of(&selected, &row)? else { continue };
                    let Some(&group) = places.get(&series.id) else { continue };
                    let (start, samples): (i64, &[u8]) = (get(&row, 1)?, get(&row, 2)?);
                    let at = wanted.column(UnixNanos(start));
                    let turn = (at.0 / step_ns) & 1;
                    merges[turn as usize].add(samples, column, (group, at)).await?;
                }
            }
            for merge in merges {
                let found = merge.finish().await?;
                cells::join(&mut costs, blocking(move || found.finish()).await?);
            }
        }
        Ok(costs)
    }
}

/// Leaves out series without a group, and gives the group of each other one.
fn narrow(selected: &mut Selected, group: impl Fn(&Series) -> Option<usize>) -> FxHashMap<i64, usize> {
    let matching = selected.series.len();
    let mut places = FxHashMap::default();
    selected.series.retain(|id, series| match group(series) {
        Some(place) => places.insert(*id, place).is_none(),
        None => false,
    });
    selected.all &= selected.series.len() == matching;
    places
}

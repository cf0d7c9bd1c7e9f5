//! Costs of functions over time.

use super::{Query, begin_with_symbols, get, next};
use crate::store::embedded::blocking;
use crate::store::embedded::cells::{self, Cells};
use crate::store::embedded::merge::Merge;
use crate::store::embedded::snapshot::Projection;
use crate::store::{CostsOverTime, CostsQuery, StoreError};
use flarepath_profile::unix_nanos::UnixNanos;

impl Query<'_> {
    /// Not by span.
    pub(in super::super) async fn costs_over_time(
        &self,
        wanted: &CostsQuery,
    ) -> Result<CostsOverTime, StoreError> {
        let Query { store, selection, .. } = *self;
        let step_ns = wanted.step_ns.max(1);
        let mut costs = CostsOverTime::new();
        for selected in self.selected().await? {
            let (symbols, mut snapshot) =
                begin_with_symbols(store, &selected, selection, Some(step_ns)).await?;
            let (rows, cancel, stacks) = (wanted.clone(), selection.cancel.clone(), symbols.stacks());
            let cells = move || symbols.functions(stacks, &cancel).map(|tree| Cells::new(&tree, &rows));
            // Each column is one decoder's, so that none has to change columns more often than rows do.
            let cells = blocking(cells).await??;
            let mut merges = [cells.clone(), cells].map(|cells| Merge::new(cells, &selection.cancel));
            for (place, range) in snapshot.places() {
                let mut rows = snapshot.rows(Projection::Cells, place, range);
                while let Some(row) = next(store, &mut rows).await? {
                    let Some((_, column)) = self.column_of(&selected, &row)? else { continue };
                    let (start, samples): (i64, &[u8]) = (get(&row, 1)?, get(&row, 2)?);
                    let at = wanted.column(UnixNanos(start));
                    let turn = (at.0 / step_ns) & 1;
                    merges[turn as usize].add(samples, column, at).await?;
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

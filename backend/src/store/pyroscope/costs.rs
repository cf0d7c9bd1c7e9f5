//! Costs of functions over time, from one call tree a column; a few columns are asked for at the same time.

use super::PyroscopeStore;
use super::client::{compute, each};
use crate::store::{CostColumn, CostsOverTime, CostsQuery, Selection, StoreError, TimeRange};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use std::sync::Arc;

/// Columns of one question; a heat map has a few hundred.
const MOST_COLUMNS: usize = 2000;

impl PyroscopeStore {
    pub(super) async fn costs_by_column(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        query: &CostsQuery,
    ) -> Result<CostsOverTime, StoreError> {
        let shared = &Arc::new(query.clone());
        let ask = |(at, range): (UnixNanos, TimeRange)| async move {
            let mut column = selection.clone();
            column.range = range;
            let merged = self.merged_tree(&column, profile_type).await?;
            if merged.profiles == 0 {
                return Ok::<Option<(UnixNanos, CostColumn)>, StoreError>(None);
            }
            let query = shared.clone();
            Ok(Some((at, compute(move || query.of_tree(&merged.tree)).await?)))
        };
        Ok(each(columns(selection.range, query)?, ask).await?.into_iter().flatten().collect())
    }
}

/// Left edges of the columns, and the part of the range in each.
fn columns(range: TimeRange, query: &CostsQuery) -> Result<Vec<(UnixNanos, TimeRange)>, StoreError> {
    let mut columns = Vec::new();
    if range.is_empty() {
        return Ok(columns);
    }
    let mut at = query.column(range.start);
    while at < range.end {
        if columns.len() == MOST_COLUMNS {
            return Err(StoreError::TooManyValues(MOST_COLUMNS));
        }
        let next = UnixNanos(at.0.saturating_add(query.step_ns.max(1)));
        columns.push((at, TimeRange { start: at.max(range.start), end: next.min(range.end) }));
        at = next;
    }
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::top_table::Cost;

    #[test]
    fn columns_begin_at_multiples_of_the_step_and_hold_only_the_range() {
        let query = |step_ns| CostsQuery { step_ns, cost: Cost::Total, rows: Vec::new() };
        let found = columns(TimeRange::nanos(13, 35), &query(10)).unwrap();
        let range = TimeRange::nanos;
        let at = UnixNanos;
        assert_eq!(found, [(at(10), range(13, 20)), (at(20), range(20, 30)), (at(30), range(30, 35))]);
        assert!(columns(range(5, 5), &query(10)).unwrap().is_empty());
        assert!(matches!(columns(range(0, i64::MAX), &query(1)), Err(StoreError::TooManyValues(_))));
    }
}

//! Costs of functions over time, from one call tree a column; a few columns are asked for at the same time.

use super::PyroscopeStore;
use super::client::{compute, each};
use crate::store::costs::filled_columns;
use crate::store::{CostColumn, CostsOverTime, CostsQuery, Selection, StoreError, TimeRange};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use std::sync::Arc;

/// Columns with profiles of one question; a heat map has a few hundred.
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
        let columns = filled_columns(self, selection, profile_type, query).await?;
        if columns.len() > MOST_COLUMNS {
            return Err(StoreError::TooManyValues(MOST_COLUMNS));
        }
        Ok(each(columns, ask).await?.into_iter().flatten().collect())
    }
}

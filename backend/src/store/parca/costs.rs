//! Costs over time: one merged tree a column, a few columns at a time.

use super::ParcaStore;
use super::merged::MergeQuestion;
use super::questions::{AT_ONCE, MOST_CALLS, aside};
use super::times::Window;
use crate::store::costs::filled_columns;
use crate::store::{CostColumn, CostsOverTime, CostsQuery, Selection, StoreError};
use crate::work::CancelToken;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use futures::future::{BoxFuture, join_all};
use std::sync::Arc;

impl ParcaStore {
    /// The costs of each column in which a profile with any value starts.
    pub(super) async fn costs_by_column(
        &self,
        selection: &Selection,
        wanted: &ProfileType,
        query: &CostsQuery,
    ) -> Result<CostsOverTime, StoreError> {
        let question = self.merge_question(selection, wanted).await?;
        let mut costs = CostsOverTime::new();
        if question.calls() == 0 {
            return Ok(costs);
        }
        let columns = filled_columns(self, selection, wanted, query).await?.into_iter();
        let columns: Vec<(UnixNanos, Window)> =
            columns.filter_map(|(at, range)| Some((at, Window::of(range)?))).collect();
        if columns.len() > MOST_CALLS / question.calls() {
            return Err(self.too_many_calls());
        }
        let query = Arc::new(query.clone());
        for batch in columns.chunks((AT_ONCE / question.calls()).max(1)) {
            let mut asked: Vec<BoxFuture<'_, Result<Option<CostColumn>, StoreError>>> = Vec::new();
            for (_, window) in batch {
                asked.push(Box::pin(self.cost_column(&question, *window, &query, &selection.cancel)));
            }
            for ((at, _), column) in batch.iter().zip(join_all(asked).await) {
                costs.extend(column?.map(|column| (*at, column)));
            }
        }
        Ok(costs)
    }

    async fn cost_column(
        &self,
        question: &MergeQuestion,
        window: Window,
        query: &Arc<CostsQuery>,
        cancel: &CancelToken,
    ) -> Result<Option<CostColumn>, StoreError> {
        let tree = self.merged_tree(question, window, cancel).await?;
        if tree.is_empty() {
            return Ok(None);
        }
        let query = query.clone();
        aside(move || query.of_tree(&tree)).await.map(Some)
    }
}

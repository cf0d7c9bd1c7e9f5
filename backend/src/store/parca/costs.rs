//! Costs over time: one merged tree a column, a few columns at a time.

use super::ParcaStore;
use super::merged::MergeQuestion;
use super::questions::{AT_ONCE, MOST_CALLS, aside};
use super::times::Window;
use crate::store::{CostColumn, CostsOverTime, CostsQuery, Selection, StoreError, TimeRange};
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
        let columns = columns(selection.range, query, MOST_CALLS / question.calls());
        let columns = columns.ok_or_else(|| self.too_many_calls())?;
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

/// Left edges of the columns of a range, each with the time in it; `None` if there are more than `most`.
fn columns(range: TimeRange, query: &CostsQuery, most: usize) -> Option<Vec<(UnixNanos, Window)>> {
    let mut found = Vec::new();
    let mut at = query.column(range.start);
    while at < range.end {
        if found.len() == most {
            return None;
        }
        let next = UnixNanos(at.0.saturating_add(query.step_ns.max(1)));
        let within = TimeRange { start: at.max(range.start), end: next.min(range.end) };
        found.extend(Window::of(within).map(|window| (at, window)));
        if next == at {
            break;
        }
        at = next;
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::top_table::Cost;
    use flarepath_profile::unix_nanos::SECOND_NS;

    #[test]
    fn columns_begin_at_multiples_of_the_step() {
        let query = CostsQuery { step_ns: 10 * SECOND_NS, cost: Cost::Total, rows: Vec::new() };
        let range = TimeRange::nanos(15 * SECOND_NS, 31 * SECOND_NS);
        let found = columns(range, &query, 3).unwrap();
        let found: Vec<_> =
            found.into_iter().map(|(at, window)| (at.as_secs(), window.first_ms, window.last_ms)).collect();
        assert_eq!(found, [(10, 15_000, 19_999), (20, 20_000, 29_999), (30, 30_000, 30_999)]);
        assert_eq!(columns(range, &query, 2), None);
    }
}

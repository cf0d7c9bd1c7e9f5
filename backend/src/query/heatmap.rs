//! Tables over time: costs of functions, costs by label value, and distributions of profile totals.

use super::cache::Operation;
use super::column_weights::ColumnWeights;
use super::distribution::{BinScale, Distribution};
use super::{KnownNames, Querier, QueryError, Question};
use crate::auth::Principal;
use crate::store::{
    CostsOverTime, CostsQuery, Function, ProfileStore, Selection, StoreError, TimeRange, TotalsSeries,
    column_start,
};
use crate::work::ANSWERS;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::frame_table::FrameId;
use flarepath_profile::heatmap::Bins;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::top_table::{Cost, SortOrder, TopColumn, sort, top_table};
use flarepath_profile::unix_nanos::UnixNanos;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The functions to show as rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    /// The most expensive functions of the range.
    Top(usize),
    /// Functions by name, in this order; functions of one name share a row.
    Named(Vec<String>),
}

/// Costs of functions over time.
pub(crate) struct FunctionCosts {
    /// The functions of each row; the first gives it its name.
    pub(crate) rows: Vec<Vec<Function>>,
    /// How many functions there are in all.
    pub(crate) function_count: usize,
    /// Their cost.
    pub(crate) costs: Arc<CostsOverTime>,
    /// Which names of the question exist.
    pub(crate) known: KnownNames,
    /// What turns costs into rates: of named functions, where the store can tell.
    pub(crate) weights: Option<ColumnWeights>,
}

/// Costs by label value, then by the left edge of a column.
pub(crate) type CostsByLabel = BTreeMap<String, BTreeMap<UnixNanos, i64>>;

impl Querier {
    /// Costs of functions over time, in columns that begin at multiples of the step.
    pub(crate) async fn function_costs(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
        (step_ns, cost): (i64, Cost),
        rows: &Rows,
    ) -> Result<FunctionCosts, QueryError> {
        let (merged, known) = self.call_tree_and_known_names(who, question, profile_type).await?;
        let wanted = rows.clone();
        let chosen = ANSWERS.run(move || choose(&merged.tree, &wanted, cost));
        let weights = match rows {
            Rows::Named(_) => self.column_weights(who, question, profile_type, step_ns).await?,
            Rows::Top(_) => None,
        };
        let (rows, function_count) = chosen.await?;
        let query = CostsQuery { step_ns, cost, rows: rows.clone() };
        let question = self.restricted(who, question)?;
        let operation = Operation::Costs(profile_type.clone(), query.clone());
        let (store, profile_type) = (self.store.clone(), profile_type.clone());
        let compute = self.budget.run(who, &question, move |selection| async move {
            store.costs_over_time(&selection, &profile_type, &query).await
        });
        let costs = self.cache.get(operation, &question, compute).await?;
        Ok(FunctionCosts { rows, function_count, costs, known, weights })
    }

    /// Costs by label value over time, in columns that begin at multiples of the step.
    pub(crate) async fn label_costs(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
        step_ns: i64,
        label: &str,
    ) -> Result<CostsByLabel, QueryError> {
        let by = [label.to_owned()];
        let mut parts = Vec::new();
        // Buckets of totals begin where their range does: the first column is a query by itself.
        for (range, edge) in aligned(question.range, step_ns) {
            let part = Question { range, ..question.clone() };
            parts.push((self.totals(who, &part, profile_type, step_ns, &by).await?, edge));
        }
        let [label] = by;
        let rows = move || {
            let mut rows = CostsByLabel::new();
            for (totals, edge) in &parts {
                for TotalsSeries { labels, points } in totals.iter() {
                    let row = rows.entry(labels.get(&label).unwrap_or_default().to_owned()).or_default();
                    row.extend(points.iter().map(|&(at, value)| (edge.unwrap_or(at), value)));
                }
            }
            rows
        };
        Ok(ANSWERS.run(rows).await?)
    }

    /// Numbers of profiles by total over time, in columns that begin at multiples of the step.
    pub(crate) async fn distribution(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
        step_ns: i64,
        scale: BinScale,
    ) -> Result<Arc<Distribution>, QueryError> {
        self.require(|offered| offered.profile_totals, "totals of single profiles")?;
        let question = self.restricted(who, question)?;
        let operation = Operation::Distribution(profile_type.clone(), step_ns, scale);
        let (store, profile_type) = (self.store.clone(), profile_type.clone());
        let compute = self.budget.run(who, &question, move |selection| async move {
            distribution(&*store, &selection, &profile_type, step_ns, scale).await
        });
        self.cache.get(operation, &question, compute).await
    }
}

async fn distribution(
    store: &dyn ProfileStore,
    selection: &Selection,
    profile_type: &ProfileType,
    step_ns: i64,
    scale: BinScale,
) -> Result<Distribution, StoreError> {
    let (bins, last) = match scale {
        BinScale::Log => (Bins::Log, u64::MAX),
        BinScale::Linear(count) => {
            let mut ends: Option<(i64, i64)> = None;
            let mut visit = |_, value: i64| {
                let (low, high) = ends.unwrap_or((value, value));
                ends = Some((low.min(value), high.max(value)));
            };
            store.each_total(selection, profile_type, &mut visit).await?;
            let (low, high) = ends.unwrap_or_default();
            (Bins::linear(low, high, count), u64::from(count.max(1)) - 1)
        }
    };
    let mut columns: BTreeMap<UnixNanos, BTreeMap<u64, u64>> = BTreeMap::new();
    let mut visit = |start: UnixNanos, value| {
        let column = columns.entry(column_start(start, step_ns)).or_default();
        // A profile that came since the ends were found may lie beyond them.
        *column.entry(bins.bin(value).min(last)).or_default() += 1;
    };
    store.each_total(selection, profile_type, &mut visit).await?;
    Ok(Distribution { bins, columns })
}

/// The functions of each row, and how many functions there are.
fn choose(tree: &CallTree, wanted: &Rows, cost: Cost) -> (Vec<Vec<Function>>, usize) {
    let mut table = top_table(tree);
    let function = |id: FrameId| {
        let text = tree.frames().text(id);
        let [name, file, mapping] = [text.name, text.file, text.mapping].map(str::to_owned);
        Function { name, file, mapping }
    };
    let rows = match wanted {
        Rows::Top(limit) => {
            let column = if cost == Cost::Total { TopColumn::Total } else { TopColumn::SelfValue };
            sort(&mut table, tree, column, SortOrder::Descending);
            table.iter().take(*limit).map(|row| vec![function(row.frame)]).collect()
        }
        Rows::Named(names) => {
            let of = |name: &String| {
                let found: Vec<Function> = table
                    .iter()
                    .filter(|row| tree.frames().name(row.frame) == name)
                    .map(|row| function(row.frame))
                    .collect();
                let absent = Function { name: name.clone(), file: String::new(), mapping: String::new() };
                if found.is_empty() { vec![absent] } else { found }
            };
            names.iter().map(of).collect()
        }
    };
    (rows, table.len())
}

/// The part of a range before its first multiple of the step, with the left edge of the column it lies in; then the rest.
pub(super) fn aligned(range: TimeRange, step_ns: i64) -> Vec<(TimeRange, Option<UnixNanos>)> {
    let edge = column_start(range.start, step_ns);
    if edge == range.start {
        return vec![(range, None)];
    }
    let cut = UnixNanos(edge.0.saturating_add(step_ns)).min(range.end);
    let parts = [(TimeRange { end: cut, ..range }, Some(edge)), (TimeRange { start: cut, ..range }, None)];
    parts.into_iter().filter(|(range, _)| !range.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_split_at_the_first_column_edge() {
        let range = TimeRange::nanos;
        assert_eq!(aligned(range(10, 35), 10), [(range(10, 35), None)]);
        assert_eq!(aligned(range(13, 35), 10), [(range(13, 20), Some(UnixNanos(10))), (range(20, 35), None)]);
        assert_eq!(aligned(range(13, 15), 10), [(range(13, 15), Some(UnixNanos(10)))]);
        assert_eq!(aligned(range(-3, 5), 10), [(range(-3, 0), Some(UnixNanos(-10))), (range(0, 5), None)]);
    }
}

//! Costs of functions over time: query, result, and the computation from one call tree a column.

use super::time_range::column_start;
use super::{ProfileStore, Replica, Selection, StoreError, TimeRange};
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::frame_table::{FrameId, FrameTable};
use flarepath_profile::heatmap::row_costs;
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::top_table::Cost;
use flarepath_profile::unix_nanos::UnixNanos;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A function, as frames of call trees tell it apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Its source file; empty if unknown.
    pub file: String,
    /// The file of its mapping; empty if unknown.
    pub mapping: String,
}

/// A query for the costs of functions over time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CostsQuery {
    /// Width of a column in nanoseconds, at least 1. Columns begin at multiples of it since the epoch, so that stored
    /// blocks of time fall into one column each.
    pub step_ns: i64,
    /// Which cost.
    pub cost: Cost,
    /// The functions of each row, which count as one. A function is in one row at most; of several the last counts.
    pub rows: Vec<Vec<Function>>,
}

/// One column of [`CostsOverTime`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CostColumn {
    /// The cost of each row.
    pub rows: Vec<i64>,
    /// What no row holds; see [`flarepath_profile::heatmap::RowCosts::other`].
    pub other: i64,
    /// What all profiles hold.
    pub all: i64,
}

/// Costs by the left edge of a column. Columns in which no profile starts are absent.
pub type CostsOverTime = BTreeMap<UnixNanos, CostColumn>;

impl CostsQuery {
    /// Left edge of the column that holds `at`.
    pub fn column(&self, at: UnixNanos) -> UnixNanos {
        column_start(at, self.step_ns)
    }

    /// For each frame of a table its row.
    pub(crate) fn rows_of(&self, frames: &FrameTable) -> Vec<Option<u16>> {
        let mut rows = HashMap::new();
        for (row, functions) in (0u16..).zip(&self.rows) {
            for f in functions {
                rows.insert((f.name.as_str(), f.file.as_str(), f.mapping.as_str()), row);
            }
        }
        let row_of = |id: u32| {
            let text = frames.text(FrameId(id));
            rows.get(&(text.name, text.file, text.mapping)).copied()
        };
        // The root is no function, whatever it is called.
        std::iter::once(None).chain((1..frames.len() as u32).map(row_of)).collect()
    }

    /// The costs of a column, from its call tree.
    pub(super) fn of_tree(&self, tree: &CallTree) -> CostColumn {
        let found = row_costs(tree, &self.rows_of(tree.frames()), self.rows.len(), self.cost);
        CostColumn { rows: found.rows, other: found.other, all: tree.total(NodeId::ROOT) }
    }
}

/// Computes [`ProfileStore::costs_over_time`] from one call tree a column.
pub(super) async fn tree_by_tree<S: ProfileStore + ?Sized>(
    store: &S,
    selection: &Selection,
    profile_type: &ProfileType,
    query: &CostsQuery,
) -> Result<CostsOverTime, StoreError> {
    let range = selection.range;
    let mut costs = CostsOverTime::new();
    let mut at = query.column(range.start);
    while at < range.end {
        let next = UnixNanos(at.0.saturating_add(query.step_ns.max(1)));
        let mut column = selection.clone();
        column.range = TimeRange { start: at.max(range.start), end: next.min(range.end) };
        let merged = store.call_tree(&column, profile_type).await?;
        if merged.profiles > 0 {
            costs.insert(at, query.of_tree(&merged.tree));
        }
        at = next;
    }
    Ok(costs)
}

/// Left edges of the columns in which profiles start, each with the part of the range in it. A store that gives a tree a column is asked
/// for these alone: a range may have thousands of columns and profiles in ten.
pub(super) async fn filled_columns<S: ProfileStore + ?Sized>(
    store: &S,
    selection: &Selection,
    profile_type: &ProfileType,
    query: &CostsQuery,
) -> Result<Vec<(UnixNanos, TimeRange)>, StoreError> {
    let range = selection.range;
    if range.is_empty() {
        return Ok(Vec::new());
    }
    let mut whole = selection.clone();
    whole.spans.clear();
    // Buckets of totals begin with the range, columns at multiples of the step.
    whole.range.start = query.column(range.start);
    let totals = store.totals(&whole, profile_type, query.step_ns.max(1), &[]).await?;
    let filled: BTreeSet<UnixNanos> = totals.iter().flat_map(|of| &of.points).map(|point| point.0).collect();
    let with_range = |at: UnixNanos| {
        let next = UnixNanos(at.0.saturating_add(query.step_ns.max(1)));
        (at, TimeRange { start: at.max(range.start), end: next.min(range.end) })
    };
    Ok(filled.into_iter().map(with_range).filter(|(_, within)| !within.is_empty()).collect())
}

/// Computes [`ProfileStore::costs_by_replica`] from one read a replica.
pub(super) async fn replica_by_replica<S: ProfileStore + ?Sized>(
    store: &S,
    selection: &Selection,
    profile_type: &ProfileType,
    query: &CostsQuery,
    replicas: &[Replica],
) -> Result<Vec<CostsOverTime>, StoreError> {
    let mut found = Vec::new();
    for Replica { service, label, value } in replicas {
        let of_service = selection.with(SERVICE_NAME, service);
        let own = if label.is_empty() { of_service } else { of_service.with(label, value) };
        found.push(store.costs_over_time(&own, profile_type, query).await?);
    }
    Ok(found)
}

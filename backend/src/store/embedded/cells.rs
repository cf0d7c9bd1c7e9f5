//! Sums samples over time by group, by column and by the set of rows that their stack passes through.
//!
//! Few distinct sets of rows exist, a few for each function chosen. So each sample is added to the sum of its set, as fast as
//! to the sum of its stack, and only when the column changes are these sums given to their rows.

use super::columns::each_sample;
use super::function_tree::FunctionTree;
use super::merge::Accumulate;
use super::varint::Damaged;
use crate::store::costs::{CostColumn, CostsOverTime, CostsQuery};
use flarepath_profile::top_table::Cost;
use flarepath_profile::unix_nanos::UnixNanos;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Sets of rows, numbered. 0 is the empty set.
struct Sets {
    rows: Vec<Vec<u16>>,
    number: FxHashMap<Vec<u16>, u32>,
    /// The set that results from adding a row to a set.
    with: FxHashMap<(u32, u16), u32>,
}

impl Sets {
    fn new() -> Self {
        Sets {
            rows: vec![Vec::new()],
            number: FxHashMap::from_iter([(Vec::new(), 0)]),
            with: FxHashMap::default(),
        }
    }

    fn with(&mut self, set: u32, row: u16) -> u32 {
        if let Some(&known) = self.with.get(&(set, row)) {
            return known;
        }
        let mut rows = self.rows[set as usize].clone();
        if let Err(place) = rows.binary_search(&row) {
            rows.insert(place, row);
        }
        let next = self.rows.len() as u32;
        let number = *self.number.entry(rows).or_insert_with_key(|rows| {
            self.rows.push(rows.clone());
            next
        });
        self.with.insert((set, row), number);
        number
    }
}

/// Running sums of some groups of rows, such as replicas.
#[derive(Clone)]
pub(crate) struct Cells {
    /// The set of each stack.
    set_of: Arc<[u32]>,
    /// The rows of each set.
    rows: Arc<[Vec<u16>]>,
    /// Number of rows.
    width: usize,
    groups: Vec<Running>,
}

/// Running sums of a group.
#[derive(Clone)]
struct Running {
    /// Sums of the current column by set, and the sets that were touched.
    sums: Vec<i64>,
    touched: Vec<u32>,
    is_touched: Vec<bool>,
    column: Option<UnixNanos>,
    costs: CostsOverTime,
}

impl Cells {
    /// Zero sums of so many groups for the stacks of `functions`.
    pub(crate) fn new(functions: &FunctionTree, query: &CostsQuery, groups: usize) -> Self {
        let row_of = query.rows_of(functions.frames());
        let mut sets = Sets::new();
        let set_of_node = functions.fold(0u32, |above, frame| {
            let above = if query.cost == Cost::Total { above } else { 0 };
            match row_of[frame.index()] {
                Some(row) => sets.with(above, row),
                None => above,
            }
        });
        let set_of = functions.of_stacks().iter().map(|n| set_of_node[n.index()]).collect();
        let running = Running {
            sums: vec![0; sets.rows.len()],
            touched: Vec::new(),
            is_touched: vec![false; sets.rows.len()],
            column: None,
            costs: CostsOverTime::new(),
        };
        Cells { set_of, rows: sets.rows.into(), width: query.rows.len(), groups: vec![running; groups] }
    }

    /// The columns found, by group.
    pub(crate) fn finish(mut self) -> Vec<CostsOverTime> {
        self.groups.iter_mut().for_each(|running| running.flush(&self.rows, self.width));
        self.groups.into_iter().map(|running| running.costs).collect()
    }
}

impl Running {
    fn flush(&mut self, rows: &[Vec<u16>], width: usize) {
        let Some(column) = self.column else { return };
        let empty = || CostColumn { rows: vec![0; width], other: 0, all: 0 };
        let cells = self.costs.entry(column).or_insert_with(empty);
        let add = |slot: &mut i64, value: i64| *slot = slot.saturating_add(value);
        for set in self.touched.drain(..).map(|set| set as usize) {
            let value = std::mem::take(&mut self.sums[set]);
            self.is_touched[set] = false;
            add(&mut cells.all, value);
            if rows[set].is_empty() {
                add(&mut cells.other, value);
            }
            for &row in &rows[set] {
                add(&mut cells.rows[usize::from(row)], value);
            }
        }
    }
}

impl Accumulate for Cells {
    /// The group, and the left edge of the column.
    type Place = (usize, UnixNanos);

    fn add(&mut self, packed: &[u8], column: usize, (group, at): Self::Place) -> Result<(), Damaged> {
        let Cells { set_of, rows, width, groups } = self;
        let Some(running) = groups.get_mut(group) else { return Ok(()) };
        if running.column != Some(at) {
            running.flush(rows, *width);
            running.column = Some(at);
        }
        let Running { sums, touched, is_touched, .. } = running;
        each_sample(packed, column, set_of.len(), |stack, value| {
            let set = set_of[stack as usize];
            let sum = &mut sums[set as usize];
            *sum = sum.saturating_add(value);
            if !is_touched[set as usize] {
                is_touched[set as usize] = true;
                touched.push(set);
            }
        })
    }
}

/// Adds the columns of another service, group by group.
pub(crate) fn join(into: &mut [CostsOverTime], other: Vec<CostsOverTime>) {
    for (into, other) in into.iter_mut().zip(other) {
        for (start, column) in other {
            let known = into
                .entry(start)
                .or_insert_with(|| CostColumn { rows: vec![0; column.rows.len()], ..CostColumn::default() });
            for (sum, value) in known.rows.iter_mut().zip(column.rows) {
                *sum = sum.saturating_add(value);
            }
            known.other = known.other.saturating_add(column.other);
            known.all = known.all.saturating_add(column.all);
        }
    }
}

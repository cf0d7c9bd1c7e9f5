//! Sums samples over time by group, by column and by the set of rows that their stack passes through.
//!
//! Stacks that pass through the same rows need no sums of their own. So each sample is added to the sum of its set, as fast as to the sum
//! of its stack, and only when group or column change are these sums given to their rows.
//!
//! A verdict asks for hundreds of rows, and most stacks pass through ten of them. Giving the sum of each set to each of its rows would take
//! longer than adding the samples. But each set is another one and a row more, as the paths of a tree are:
//!
//! ```text
//! {}  ─ {main} ─ {main, serve} ─ {main, serve, read}       a set gives its sum to the row that it has more,
//!              └ {main, idle}                              and passes it on to the set to the left
//! ```
//!
//! When all have done so, the ones with the most rows first, each row has the sums of all sets with it, and the empty set has the sum of
//! everything.

use super::columns::each_sample;
use super::function_tree::FunctionTree;
use super::merge::{Accumulate, Piece};
use super::varint::Damaged;
use crate::store::costs::{CostColumn, CostsOverTime, CostsQuery};
use flarepath_profile::top_table::Cost;
use flarepath_profile::unix_nanos::UnixNanos;
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::sync::Arc;

/// Sets of rows in the order in which they are found. 0 is the empty set.
struct Sets {
    /// Each as an earlier set and the row that it has more. The entry of the empty set means nothing.
    made_from: Vec<(u32, u16)>,
    /// The set that results from adding a row to a set.
    with: FxHashMap<(u32, u16), u32>,
}

impl Sets {
    fn new() -> Self {
        Sets { made_from: vec![(0, 0)], with: FxHashMap::default() }
    }

    fn with(&mut self, set: u32, row: u16) -> u32 {
        if let Some(&known) = self.with.get(&(set, row)) {
            return known;
        }
        let found = if self.has(set, row) {
            set
        } else {
            self.made_from.push((set, row));
            self.made_from.len() as u32 - 1
        };
        self.with.insert((set, row), found);
        found
    }

    fn has(&self, mut set: u32, row: u16) -> bool {
        while set != 0 {
            let (from, more) = self.made_from[set as usize];
            if more == row {
                return true;
            }
            set = from;
        }
        false
    }

    /// Other numbers: each set before the one that it was made from, as sets with more rows come first. The empty set is the last.
    fn numbers(&self) -> Vec<u32> {
        let mut rows = vec![0u32; self.made_from.len()];
        for (set, (from, _)) in self.made_from.iter().enumerate().skip(1) {
            rows[set] = rows[*from as usize] + 1;
        }
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|set| Reverse(rows[*set]));
        let mut numbers = vec![0; rows.len()];
        for (number, set) in (0..).zip(order) {
            numbers[set] = number;
        }
        numbers
    }

    /// Each but the empty set, by these numbers.
    fn renumbered(&self, numbers: &[u32]) -> Arc<[(u32, u16)]> {
        let mut made_from = vec![(0, 0); numbers.len() - 1];
        for ((from, row), number) in self.made_from.iter().zip(numbers).skip(1) {
            made_from[*number as usize] = (numbers[*from as usize], *row);
        }
        made_from.into()
    }
}

/// Running sums of some groups of rows, such as replicas.
#[derive(Clone)]
pub(crate) struct Cells {
    /// The set of each stack.
    set_of: Arc<[u32]>,
    /// Each set as a later one and the row that it has more. The empty set, which is the last, has no entry.
    made_from: Arc<[(u32, u16)]>,
    /// Number of rows.
    width: usize,
    /// Sums by set, of one column of one group.
    sums: Vec<i64>,
    /// A bit for each set that was added to.
    touched: Vec<u64>,
    /// What the sums are of.
    place: Option<Place>,
    costs: Vec<CostsOverTime>,
}

/// A group, and the left edge of a column.
type Place = (usize, UnixNanos);

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
        let numbers = sets.numbers();
        let set_of = functions.of_stacks().iter().map(|node| numbers[set_of_node[node.index()] as usize]);
        Cells {
            set_of: set_of.collect(),
            made_from: sets.renumbered(&numbers),
            width: query.rows.len(),
            sums: vec![0; numbers.len()],
            touched: vec![0; numbers.len().div_ceil(64)],
            place: None,
            costs: vec![CostsOverTime::new(); groups],
        }
    }

    /// The columns found, by group.
    pub(crate) fn finish(mut self) -> Vec<CostsOverTime> {
        self.give_to_rows();
        self.costs
    }

    /// Adds the sums to their rows, and sets them to zero.
    fn give_to_rows(&mut self) {
        let Some((group, at)) = self.place.take() else { return };
        let Cells { made_from, width, sums, touched, costs, .. } = self;
        let empty = || CostColumn { rows: vec![0; *width], other: 0, all: 0 };
        let column = costs[group].entry(at).or_insert_with(empty);
        add(&mut column.other, sums[made_from.len()]);
        for word in 0..touched.len() {
            // Again, if a sum was passed on to a set of the same word.
            while touched[word] != 0 {
                let mut bits = std::mem::take(&mut touched[word]);
                while bits != 0 {
                    let set = word * 64 + bits.trailing_zeros() as usize;
                    bits &= bits - 1;
                    let sum = std::mem::take(&mut sums[set]);
                    let Some(&(to, row)) = made_from.get(set) else {
                        add(&mut column.all, sum);
                        continue;
                    };
                    add(&mut column.rows[usize::from(row)], sum);
                    add(&mut sums[to as usize], sum);
                    touched[to as usize / 64] |= 1u64 << (to % 64);
                }
            }
        }
    }
}

fn add(sum: &mut i64, value: i64) {
    *sum = sum.saturating_add(value);
}

impl Accumulate for Cells {
    type Place = Place;

    fn add(&mut self, packed: &[u8], column: usize, place: Place) -> Result<(), Damaged> {
        if place.0 >= self.costs.len() {
            return Ok(());
        }
        if self.place != Some(place) {
            self.give_to_rows();
            self.place = Some(place);
        }
        let Cells { set_of, sums, touched, .. } = self;
        each_sample(packed, column, set_of.len(), |stack, value| {
            let set = set_of[stack as usize] as usize;
            add(&mut sums[set], value);
            touched[set / 64] |= 1u64 << (set % 64);
        })
    }

    /// Single profiles are read in the order of their starts, so the groups take turns.
    fn arrange(pieces: &mut [Piece<Place>]) {
        pieces.sort_unstable_by_key(|piece| piece.place);
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
                add(sum, value);
            }
            add(&mut known.other, column.other);
            add(&mut known.all, column.all);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Function;
    use crate::store::embedded::columns::Columns;
    use crate::store::embedded::symbols::table::Symbols;
    use std::collections::BTreeSet;

    const FUNCTIONS: usize = 9;
    const ROWS: usize = 6;
    const GROUPS: usize = 3;

    /// Two functions are one row, two are in none.
    fn row_of(function: usize) -> Option<usize> {
        match function {
            0 | 1 => Some(0),
            2..=6 => Some(function - 1),
            _ => None,
        }
    }

    fn query(cost: Cost) -> CostsQuery {
        let mut rows = vec![Vec::new(); ROWS];
        for function in 0..FUNCTIONS {
            let Some(row) = row_of(function) else { continue };
            let name = format!("[unknown]+{function:#x}");
            rows[row].push(Function { name, file: String::new(), mapping: String::new() });
        }
        CostsQuery { step_ns: 10, cost, rows }
    }

    /// Stacks of functions, each named by its address, and the functions of each stack, outermost first. Some call themselves, one
    /// stack is empty.
    fn stacks() -> (FunctionTree, Vec<Vec<usize>>) {
        let (mut symbols, mut paths) = (Symbols::new(), Vec::new());
        let locations: Vec<u32> =
            (0..FUNCTIONS as u64).map(|address| symbols.location(None, address, &[])).collect();
        for i in 0..300u64 {
            let digits = (i + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let path: Vec<usize> =
                (0..i % 8).map(|depth| (digits >> (7 * depth)) as usize % FUNCTIONS).collect();
            let leaf_first: Vec<u32> = path.iter().rev().map(|function| locations[*function]).collect();
            if symbols.stack(&leaf_first) as usize == paths.len() {
                paths.push(path);
            }
        }
        let mut functions = FunctionTree::default();
        while !functions.extend(&symbols, 1000) {}
        (functions, paths)
    }

    type Samples = Vec<(u32, i64)>;

    /// Samples of many stacks, which come back to the same columns.
    fn pieces(stacks: u32) -> Vec<(Samples, Place)> {
        let piece = |n: usize| {
            let sample = |stack: u32| (stack, i64::from(stack * 31 % 17) - n as i64);
            let samples: Samples = (0..stacks).step_by(n % 5 + 1).map(sample).collect();
            (samples, (n * 5 % GROUPS, UnixNanos(n as i64 % 4 * 10)))
        };
        (0..24).map(piece).chain([(Vec::new(), (1, UnixNanos(90)))]).collect()
    }

    fn expected(
        paths: &[Vec<usize>],
        pieces: &[(Samples, Place)],
        is_counted: impl Fn(usize, &[usize]) -> bool,
    ) -> Vec<CostsOverTime> {
        let mut costs = vec![CostsOverTime::new(); GROUPS];
        for (samples, (group, at)) in pieces {
            let empty = || CostColumn { rows: vec![0; ROWS], ..CostColumn::default() };
            let column = costs[*group].entry(*at).or_insert_with(empty);
            for (stack, value) in samples {
                let path = &paths[*stack as usize];
                let counted = (0..path.len()).filter(|depth| is_counted(*depth, path));
                let rows: BTreeSet<usize> = counted.filter_map(|depth| row_of(path[depth])).collect();
                column.all += value;
                column.other += if rows.is_empty() { *value } else { 0 };
                rows.into_iter().for_each(|row| column.rows[row] += value);
            }
        }
        costs
    }

    fn found(functions: &FunctionTree, pieces: &[(Samples, Place)], cost: Cost) -> Vec<CostsOverTime> {
        let mut cells = Cells::new(functions, &query(cost), GROUPS);
        for (samples, place) in pieces {
            let (stacks, values): (Vec<u32>, Vec<i64>) = samples.iter().copied().unzip();
            let packed = Columns { stacks, values: vec![values] }.encode().unwrap();
            cells.add(&packed, 0, *place).unwrap();
        }
        cells.finish()
    }

    #[test]
    fn rows_get_the_samples_whose_stack_passes_through_them() {
        let (functions, paths) = stacks();
        let sets = Cells::new(&functions, &query(Cost::Total), GROUPS).sums.len();
        assert!(sets > 2 * 64, "{sets} sets");
        let pieces = pieces(paths.len() as u32);
        assert_eq!(found(&functions, &pieces, Cost::Total), expected(&paths, &pieces, |_, _| true));
        let is_leaf = |depth: usize, path: &[usize]| depth + 1 == path.len();
        assert_eq!(found(&functions, &pieces, Cost::SelfValue), expected(&paths, &pieces, is_leaf));
    }

    #[test]
    fn sets_are_numbered_before_those_that_they_are_made_from() {
        let mut sets = Sets::new();
        let first = sets.with(0, 3);
        let second = sets.with(first, 5);
        assert_eq!((sets.with(second, 3), sets.with(first, 5)), (second, second));
        assert_eq!(sets.numbers(), [2, 1, 0]);
        assert_eq!(*sets.renumbered(&[2, 1, 0]), [(1, 5), (2, 3)]);
    }
}

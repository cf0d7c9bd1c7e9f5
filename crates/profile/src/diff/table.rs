//! Table of functions with their cost on both sides.

use super::{Change, DiffTree, Pair, Presence, Scale, Side};
use crate::call_tree::NodeId;
use crate::frame_table::FrameId;
use crate::top_table::{Cost, SortOrder};

/// A function with its cost on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiffRow {
    /// The function, in the union's table.
    pub frame: FrameId,
    /// Spent in the function itself.
    pub self_value: Pair,
    /// Spent in the function and in what it called. Where it called itself, the outermost call counts.
    pub total: Pair,
    /// Which sides have the function.
    pub presence: Presence,
}

impl DiffRow {
    /// One of the costs.
    pub fn cost(&self, cost: Cost) -> Pair {
        match cost {
            Cost::SelfValue => self.self_value,
            Cost::Total => self.total,
        }
    }

    /// What became of the function.
    pub fn change(&self, cost: Cost, scale: &Scale) -> Change {
        scale.change(self.cost(cost), self.presence)
    }

    /// Comparison less baseline, as they are compared.
    pub fn delta(&self, cost: Cost, scale: &Scale) -> f64 {
        scale.delta(self.cost(cost))
    }
}

/// One row for each function that a side has, in the order of frame ids; the root has none. Recursion counts once,
/// as in [`crate::top_table::top_table`]. O(nodes), one pass.
pub fn diff_table(tree: &DiffTree) -> Vec<DiffRow> {
    let row = |i| DiffRow {
        frame: FrameId(i),
        self_value: Pair::default(),
        total: Pair::default(),
        presence: Presence::default(),
    };
    let mut rows: Vec<DiffRow> = (0..tree.frames().len() as u32).map(row).collect();
    let mut covered_until = vec![0; rows.len()];
    for node in (1..tree.len() as u32).map(NodeId) {
        let f = tree.frame(node).index();
        let row = &mut rows[f];
        row.self_value = row.self_value.plus(tree.self_value(node));
        row.presence = row.presence.or(tree.presence(node));
        if node.index() >= covered_until[f] {
            row.total = row.total.plus(tree.total(node));
            covered_until[f] = tree.shape().end(node);
        }
    }
    rows.retain(|row| covered_until[row.frame.index()] > 0);
    rows
}

/// The rows of which one of these became; all of them when `wanted` is empty.
pub fn keep(rows: &mut Vec<DiffRow>, wanted: &[Change], cost: Cost, scale: &Scale) {
    if !wanted.is_empty() {
        rows.retain(|row| wanted.contains(&row.change(cost, scale)));
    }
}

/// A column to sort by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DiffColumn {
    /// By name, then file.
    Name,
    /// By the cost on one side, as it is compared.
    Cost(Side, Cost),
    /// By comparison less baseline: descending, what grew most comes first.
    Delta(Cost),
}

impl Default for DiffColumn {
    fn default() -> Self {
        DiffColumn::Delta(Cost::SelfValue)
    }
}

/// Sorts rows. Ties go by the size of the change, largest first, then by name, then file, so that the order never
/// depends on what it was before.
pub fn sort(rows: &mut [DiffRow], tree: &DiffTree, scale: &Scale, column: DiffColumn, order: SortOrder) {
    let frames = tree.frames();
    let text = |row: &DiffRow| {
        let t = frames.text(row.frame);
        (t.name, t.file)
    };
    let size = |row: &DiffRow, cost| row.delta(cost, scale).abs();
    rows.sort_unstable_by(|a, b| {
        let by_column = match column {
            DiffColumn::Name => text(a).cmp(&text(b)),
            DiffColumn::Cost(side, cost) => a.cost(cost).of(side).cmp(&b.cost(cost).of(side)),
            DiffColumn::Delta(cost) => a.delta(cost, scale).total_cmp(&b.delta(cost, scale)),
        };
        let by_column = if order == SortOrder::Descending { by_column.reverse() } else { by_column };
        by_column
            .then_with(|| size(b, Cost::SelfValue).total_cmp(&size(a, Cost::SelfValue)))
            .then_with(|| size(b, Cost::Total).total_cmp(&size(a, Cost::Total)))
            .then_with(|| text(a).cmp(&text(b)))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::{any_paths, from_paths, tree};
    use crate::diff::diff;
    use crate::top_table::top_table;
    use proptest::prelude::*;

    fn example() -> DiffTree {
        diff(&tree("a;old 4\n a;b 4\n c 2"), &tree("a;new 10\n a;b 4\n c 6"))
    }

    fn names<'a>(both: &'a DiffTree, rows: &[DiffRow]) -> Vec<&'a str> {
        rows.iter().map(|r| both.frames().name(r.frame)).collect()
    }

    #[test]
    fn sorts_rows_by_every_column() {
        let both = example();
        let share = Scale::share(both.total(NodeId::ROOT));
        let sorted = |column, order| {
            let mut rows = diff_table(&both);
            sort(&mut rows, &both, &share, column, order);
            names(&both, &rows)
        };
        use SortOrder::{Ascending, Descending};
        assert_eq!(sorted(DiffColumn::default(), Descending), ["new", "c", "a", "b", "old"]);
        assert_eq!(sorted(DiffColumn::default(), Ascending), ["old", "b", "a", "c", "new"]);
        assert_eq!(sorted(DiffColumn::Delta(Cost::Total), Descending), ["new", "c", "a", "b", "old"]);
        assert_eq!(sorted(DiffColumn::Name, Ascending), ["a", "b", "c", "new", "old"]);
        let before = DiffColumn::Cost(Side::Baseline, Cost::Total);
        assert_eq!(sorted(before, Descending), ["a", "old", "b", "c", "new"]);
    }

    #[test]
    fn filters_rows_by_kind_of_change() {
        let both = example();
        let kept = |wanted: &[Change], cost, scale| {
            let mut rows = diff_table(&both);
            keep(&mut rows, wanted, cost, &scale);
            names(&both, &rows)
        };
        let share = Scale::share(both.total(NodeId::ROOT));
        assert_eq!(kept(&[Change::New], Cost::SelfValue, share), ["new"]);
        assert_eq!(kept(&[Change::Gone], Cost::SelfValue, share), ["old"]);
        assert_eq!(kept(&[Change::Grew], Cost::SelfValue, share), ["c"]);
        assert_eq!(kept(&[Change::Shrank], Cost::SelfValue, share), ["b"]);
        assert_eq!(kept(&[Change::Shrank], Cost::Total, share), ["a", "b"]);
        assert_eq!(kept(&[Change::Grew], Cost::Total, Scale::absolute()), ["a", "c"]);
        assert_eq!(kept(&[Change::Same], Cost::Total, Scale::absolute()), ["b"]);
        assert_eq!(kept(&[Change::New, Change::Gone], Cost::Total, share), ["new", "old"]);
        assert_eq!(kept(&[], Cost::Total, share).len(), 5);
    }

    proptest! {
        #[test]
        fn columns_equal_the_table_of_each_side(before in any_paths(), after in any_paths()) {
            let both = diff(&from_paths(&before), &from_paths(&after));
            let rows = diff_table(&both);
            for (side, paths) in Side::BOTH.into_iter().zip([&before, &after]) {
                let alone = from_paths(paths);
                let expected: Vec<_> = top_table(&alone)
                    .iter()
                    .map(|r| (alone.frames().name(r.frame).to_owned(), r.self_value, r.total))
                    .collect();
                let found: Vec<_> = rows
                    .iter()
                    .filter(|r| r.presence.on(side))
                    .map(|r| (both.frames().name(r.frame).to_owned(), r.self_value.of(side), r.total.of(side)))
                    .collect();
                prop_assert_eq!(found, expected);
            }
        }
    }
}

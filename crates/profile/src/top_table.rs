//! Top table: the cost of each function over the whole tree.

use crate::call_tree::{CallTree, NodeId, sort_ids};
use crate::frame_table::FrameId;
use std::cmp::Reverse;

/// A function with its cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopRow {
    /// The function.
    pub frame: FrameId,
    /// Spent in the function itself.
    pub self_value: i64,
    /// Spent in the function and in what it called. Where it called itself, the outermost call counts.
    pub total: i64,
}

/// Which of its costs a function is judged by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Cost {
    /// What was spent in the function itself.
    #[default]
    SelfValue,
    /// What was spent in the function and what it called.
    Total,
}

/// A column to sort by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TopColumn {
    /// By what was spent in the function itself.
    #[default]
    SelfValue,
    /// By what was spent in the function and what it called.
    Total,
    /// By name, then file.
    Name,
}

/// Direction of sorting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SortOrder {
    /// Largest first; Z to A.
    #[default]
    Descending,
    /// Smallest first; A to Z.
    Ascending,
}

/// One row for each function that the tree has a node of, in the order of frame ids; the root has none.
/// O(nodes), one pass.
pub fn top_table(tree: &CallTree) -> Vec<TopRow> {
    let (frame, _, self_value, total) = tree.columns();
    let mut rows: Vec<TopRow> = (0..tree.frames().len() as u32)
        .map(|i| TopRow { frame: FrameId(i), self_value: 0, total: 0 })
        .collect();
    // Nodes come in pre-order: below a node of the same function is before the end of its subtree.
    let mut covered_until = vec![0u32; rows.len()];
    for i in 1..tree.len() {
        let f = frame[i].index();
        let row = &mut rows[f];
        row.self_value = row.self_value.saturating_add(self_value[i]);
        if i as u32 >= covered_until[f] {
            row.total = row.total.saturating_add(total[i]);
            covered_until[f] = tree.end(NodeId(i as u32)) as u32;
        }
    }
    rows.retain(|row| covered_until[row.frame.index()] > 0);
    rows
}

/// Sorts rows. Ties go by the other cost, largest first, then by name, then file, then mapping, so that the
/// order never depends on what it was before.
pub fn sort(rows: &mut [TopRow], tree: &CallTree, column: TopColumn, order: SortOrder) {
    let frames = tree.frames();
    let text = |row: &TopRow| {
        let t = frames.text(row.frame);
        (t.name, t.file, t.mapping)
    };
    let before = rows.to_vec();
    let mut sorted: Vec<u32> = (0..rows.len() as u32).collect();
    sort_ids(&mut sorted, &|a, b| {
        let (a, b) = (&before[a as usize], &before[b as usize]);
        let by_column = match column {
            TopColumn::SelfValue => a.self_value.cmp(&b.self_value),
            TopColumn::Total => a.total.cmp(&b.total),
            TopColumn::Name => text(a).cmp(&text(b)),
        };
        let by_column = if order == SortOrder::Descending { by_column.reverse() } else { by_column };
        let costs = |row: &TopRow| (Reverse(row.self_value), Reverse(row.total));
        by_column.then_with(|| costs(a).cmp(&costs(b))).then_with(|| text(a).cmp(&text(b)))
    });
    for (row, at) in rows.iter_mut().zip(sorted) {
        *row = before[at as usize];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::{any_paths, from_paths, tree};
    use crate::call_tree::sandwich::sandwich;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn names(tree: &CallTree, column: TopColumn, order: SortOrder) -> Vec<&str> {
        let mut rows = top_table(tree);
        sort(&mut rows, tree, column, order);
        rows.iter().map(|r| tree.frames().name(r.frame)).collect()
    }

    #[test]
    fn recursion_counts_once() {
        let tree = tree("f;g;f;f 5\n f 2\n (root) 1");
        let rows = top_table(&tree);
        let costs: Vec<_> =
            rows.iter().map(|r| (tree.frames().name(r.frame), r.self_value, r.total)).collect();
        assert_eq!(costs, [("f", 7, 7), ("g", 0, 5)]);
    }

    #[test]
    fn sorts_by_every_column_in_both_directions() {
        let tree = tree("a;b 5\n a;c 5\n d 7");
        assert_eq!(names(&tree, TopColumn::SelfValue, SortOrder::Descending), ["d", "b", "c", "a"]);
        assert_eq!(names(&tree, TopColumn::SelfValue, SortOrder::Ascending), ["a", "b", "c", "d"]);
        assert_eq!(names(&tree, TopColumn::Total, SortOrder::Descending), ["a", "d", "b", "c"]);
        assert_eq!(names(&tree, TopColumn::Name, SortOrder::Ascending), ["a", "b", "c", "d"]);
        assert_eq!(names(&tree, TopColumn::Name, SortOrder::Descending), ["d", "c", "b", "a"]);
    }

    proptest! {
        #[test]
        fn a_function_costs_what_its_sandwich_does(paths in any_paths()) {
            let tree = from_paths(&paths);
            let row = top_table(&tree).into_iter().find(|r| tree.frames().name(r.frame) == "b");
            let found = sandwich(&tree, "b").unwrap();
            prop_assert_eq!(row.map_or((0, 0), |r| (r.self_value, r.total)), (found.self_value, found.total));
        }

        #[test]
        fn totals_are_sums_over_paths(paths in any_paths()) {
            let tree = from_paths(&paths);
            let mut expected = BTreeMap::<String, (i64, i64)>::new();
            for (path, value) in &paths {
                if let Some(last) = path.last() {
                    expected.entry(last.clone()).or_default().0 += value;
                }
                for name in path.iter().collect::<BTreeSet<_>>() {
                    expected.entry(name.clone()).or_default().1 += value;
                }
            }
            let found: BTreeMap<_, _> = top_table(&tree)
                .iter()
                .map(|r| (tree.frames().name(r.frame).to_owned(), (r.self_value, r.total)))
                .collect();
            prop_assert_eq!(found, expected);
        }
    }
}

//! Heat maps: the [`grid`] of values, its colours ([`scale`]), and what its rows are made of: functions in a tree,
//! bins of values, or parts of a second ([`offsets`]).

pub mod grid;
pub mod offsets;
pub mod scale;

pub use grid::{Cell, Heatmap, Origin, Rect};
pub use offsets::{OffsetMap, OffsetMapError, Selection, Weight};
pub use scale::{Colors, Scale};

use crate::call_tree::CallTree;
use crate::top_table::Cost;

/// What the rows of a heat map cost in one tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowCosts {
    /// The cost of each row.
    pub rows: Vec<i64>,
    /// What no row holds: with [`Cost::SelfValue`] what was spent in functions of no row, with [`Cost::Total`] what
    /// was spent in stacks that pass through none.
    pub other: i64,
}

/// What some functions cost. `row_of` has one entry a frame of the tree's table, `None` (or no entry) for frames of no
/// row; functions of one row are counted as one, so that a stack through several of them counts once. O(nodes).
pub fn row_costs(tree: &CallTree, row_of: &[Option<u16>], rows: usize, cost: Cost) -> RowCosts {
    let (frame, parent, self_value, total) = tree.columns();
    let mut found = RowCosts { rows: vec![0; rows], other: self_value[0] };
    let row =
        |i: usize| row_of.get(frame[i].index()).copied().flatten().map(usize::from).filter(|&r| r < rows);
    let add = |slot: &mut i64, value: i64| *slot = slot.saturating_add(value);
    // Nodes come in pre-order: below a node of the same row is before the end of its subtree.
    let mut covered_until = vec![0; rows];
    let mut inside = vec![false; tree.len()];
    for i in 1..tree.len() {
        let own = row(i);
        inside[i] = own.is_some() || (cost == Cost::Total && inside[parent[i].index()]);
        if !inside[i] {
            add(&mut found.other, self_value[i]);
        }
        match (own, cost) {
            (Some(row), Cost::SelfValue) => add(&mut found.rows[row], self_value[i]),
            (Some(row), Cost::Total) if i >= covered_until[row] => {
                add(&mut found.rows[row], total[i]);
                covered_until[row] = tree.shape().end(crate::call_tree::NodeId(i as u32));
            }
            _ => {}
        }
    }
    found
}

/// How values are put into bins. Every value has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bins {
    /// Four bins for each doubling, equally wide within it; whatever is not positive is in bin 0.
    Log,
    /// Equally wide ones.
    Linear {
        /// Left edge of bin 0; smaller values are in bin 0 as well.
        low: i64,
        /// Width of a bin, at least 1.
        width: u64,
    },
}

impl Bins {
    /// Equally wide bins, at most `count`, from the smallest to the largest value.
    pub fn linear(smallest: i64, largest: i64, count: u32) -> Bins {
        let span = largest.abs_diff(smallest);
        Bins::Linear { low: smallest, width: span / u64::from(count.max(1)) + 1 }
    }

    /// The bin of a value.
    pub fn bin(self, value: i64) -> u64 {
        match self {
            Bins::Log if value <= 0 => 0,
            Bins::Log => {
                let octave = value.ilog2();
                let quarter = (i128::from(value) << 2 >> octave) as u64 & 3;
                1 + u64::from(octave) * 4 + quarter
            }
            Bins::Linear { low, .. } if value < low => 0,
            Bins::Linear { low, width } => value.abs_diff(low) / width.max(1),
        }
    }

    /// The smallest value of a bin, and one past the largest; of those that hold no whole number both are equal.
    pub fn edges(self, bin: u64) -> (f64, f64) {
        match (self, bin) {
            (Bins::Log, 0) => (i64::MIN as f64, 1.0),
            (Bins::Log, bin) => {
                let edge = |i: u64| ((1.0 + (i % 4) as f64 / 4.0) * ((i / 4) as f64).exp2()).ceil();
                (edge(bin - 1), edge(bin))
            }
            (Bins::Linear { low, width }, bin) => {
                let edge = |bin: u64| low as f64 + bin as f64 * width as f64;
                (edge(bin), edge(bin + 1))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::{any_paths, from_paths};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_are_sums_over_paths(paths in any_paths(), total: bool) {
            let tree = from_paths(&paths);
            // `a` is row 0, `b` and `c` together row 1.
            let row_of: Vec<Option<u16>> = (0..tree.frames().len() as u32)
                .map(|f| match tree.frames().name(crate::frame_table::FrameId(f)) {
                    "a" => Some(0),
                    "b" | "c" => Some(1),
                    _ => None,
                })
                .collect();
            let cost = if total { Cost::Total } else { Cost::SelfValue };
            let found = row_costs(&tree, &row_of, 2, cost);
            let mut expected = RowCosts { rows: vec![0; 2], other: 0 };
            for (path, value) in &paths {
                let counted = if total { &path[..] } else { &path[path.len().saturating_sub(1)..] };
                let has = |names: &[&str]| counted.iter().any(|n| names.contains(&n.as_str()));
                let (first, second) = (has(&["a"]), has(&["b", "c"]));
                expected.rows[0] += if first { *value } else { 0 };
                expected.rows[1] += if second { *value } else { 0 };
                expected.other += if first || second { 0 } else { *value };
            }
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn values_lie_within_their_bin(value: i64, small in -9..5000i64, ends in (any::<i64>(), any::<i64>()), count in 1..60u32) {
            let (smallest, largest) = (ends.0.min(ends.1), ends.0.max(ends.1));
            for value in [value, small] {
                let (low, high) = Bins::Log.edges(Bins::Log.bin(value));
                prop_assert!(low <= value as f64 && (value as f64) < high || value > 1 << 53, "{low} {value} {high}");
                let linear = Bins::linear(smallest, largest, count);
                if (smallest..=largest).contains(&value) {
                    prop_assert!(linear.bin(value) < u64::from(count));
                    let (low, high) = linear.edges(linear.bin(value));
                    // Beyond 2^53 an f64 has no room for single steps.
                    let slack = if value.unsigned_abs().max(smallest.unsigned_abs()) > 1 << 50 { 4096.0 } else { 0.0 };
                    prop_assert!(low <= value as f64 + slack && value as f64 <= high + slack);
                }
            }
        }
    }

    #[test]
    fn bins_double_in_four_steps() {
        assert_eq!(
            [i64::MIN, 0, 1, 2, 3, 4, 5, 8, 9, 10].map(|v| Bins::Log.bin(v)),
            [0, 0, 1, 5, 7, 9, 10, 13, 13, 14]
        );
        assert_eq!(Bins::Log.edges(13), (8.0, 10.0));
        assert_eq!(Bins::Log.bin(i64::MAX), 252);
        assert_eq!(Bins::linear(5, 5, 10).bin(5), 0);
        assert_eq!(Bins::linear(0, 99, 10), Bins::Linear { low: 0, width: 10 });
    }
}

//! Encodes two trees as levels of bars, the content of Pyroscope's `FlameGraphDiff` message.
//!
//! Each level lists its bars as `[offset, total, self, offset, total, self, name]`, first of the left tree (the
//! baseline), then of the right one; each side lies as in [`super::flame_graph`]. Both have the same bars; where a tree
//! lacks one, it is zero wide.

use super::cut::OTHER;
use super::flame_graph::Names;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::{DiffTree, Pair};

/// Bars of both sides, and the names that they refer to by index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FlameGraphDiff {
    /// Names; the first is `total`, the root's.
    pub(crate) names: Vec<String>,
    /// Seven numbers a bar, level by level.
    pub(crate) levels: Vec<Vec<i64>>,
    /// Totals of both roots.
    pub(crate) ticks: Pair,
    /// The largest self value of either side.
    pub(crate) max_self: i64,
}

/// A value of the trees is negative, which bars cannot show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a flame graph diff cannot show negative values")]
pub(crate) struct Negative;

/// A bar to place: a node, or siblings that are left out, by the sums of their totals.
enum Child {
    Node(NodeId),
    Other(Pair),
}

struct Bar {
    child: Child,
    level: usize,
    x: Pair,
}

/// About `max_nodes` bars of both trees. A node stays when either side of it reaches the `max_nodes`-th largest total.
///
/// # Errors
/// [`Negative`]
pub(crate) fn flame_graph_diff(tree: &DiffTree, max_nodes: usize) -> Result<FlameGraphDiff, Negative> {
    let (.., sides) = tree.columns();
    if sides.iter().any(|side| side.iter().any(|&v| v < 0)) {
        return Err(Negative);
    }
    let least = least(tree, max_nodes);
    let mut names = Names::default();
    let mut graph = FlameGraphDiff { ticks: tree.total(NodeId::ROOT), ..FlameGraphDiff::default() };
    // Right-most branches are walked first and each level is turned round at the end, as for one tree.
    let mut levels: Vec<Vec<(Pair, Pair, Pair, i64)>> = Vec::new();
    let mut pending = vec![Bar { child: Child::Node(NodeId::ROOT), level: 0, x: Pair::default() }];
    while let Some(Bar { child, level, x }) = pending.pop() {
        if levels.len() == level {
            levels.push(Vec::new());
        }
        let node = match child {
            Child::Other(total) => {
                levels[level].push((x, total, total, names.index(OTHER)));
                graph.max_self = graph.max_self.max(total.baseline).max(total.comparison);
                continue;
            }
            Child::Node(node) => node,
        };
        let name = if node == NodeId::ROOT { "" } else { tree.name(node) };
        let own = tree.self_value(node);
        levels[level].push((x, tree.total(node), own, names.index(name)));
        graph.max_self = graph.max_self.max(own.baseline).max(own.comparison);
        let (mut x, mut other) = (x.plus(own), None);
        for child in tree.shape().children(node) {
            let total = tree.total(child);
            if total.baseline.max(total.comparison) >= least {
                pending.push(Bar { child: Child::Node(child), level: level + 1, x });
                x = x.plus(total);
            } else {
                other = Some(other.unwrap_or(Pair::default()).plus(total));
            }
        }
        pending.extend(other.map(|total| Bar { child: Child::Other(total), level: level + 1, x }));
    }
    graph.levels = levels.into_iter().map(left_to_right).collect();
    graph.names = names.list;
    Ok(graph)
}

/// The total that a node must reach on either side.
fn least(tree: &DiffTree, max_nodes: usize) -> i64 {
    let rank = max_nodes.max(1);
    if tree.len() <= rank + 1 {
        return i64::MIN;
    }
    let larger = |i| {
        let total = tree.total(NodeId(i));
        total.baseline.max(total.comparison)
    };
    let mut totals: Vec<i64> = (1..tree.len() as u32).map(larger).collect();
    *totals.select_nth_unstable_by(rank - 1, |a, b| b.cmp(a)).1
}

fn left_to_right(bars: Vec<(Pair, Pair, Pair, i64)>) -> Vec<i64> {
    let mut values = Vec::with_capacity(bars.len() * 7);
    let mut end = Pair::default();
    for (x, total, own, name) in bars.into_iter().rev() {
        values.extend([x.baseline.saturating_sub(end.baseline), total.baseline, own.baseline]);
        values.extend([x.comparison.saturating_sub(end.comparison), total.comparison, own.comparison, name]);
        end = x.plus(total);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::super::text_tree;
    use super::*;
    use flarepath_profile::diff::diff;

    #[test]
    fn both_sides_have_the_same_bars() {
        let both = diff(&text_tree(&[("a;b", 3), ("a", 2)]), &text_tree(&[("a;c", 4), ("d", 1)]));
        let graph = flame_graph_diff(&both, 100).unwrap();
        assert_eq!(graph.names, ["total", "d", "a", "c", "b"]);
        let expected = [
            vec![0, 5, 0, 0, 5, 0, 0],
            vec![0, 5, 2, 0, 4, 0, 2, 0, 0, 0, 0, 1, 1, 1],
            vec![2, 3, 3, 0, 0, 0, 4, 0, 0, 0, 0, 4, 4, 3],
        ];
        assert_eq!(graph.levels, expected);
        assert_eq!((graph.ticks, graph.max_self), (Pair { baseline: 5, comparison: 5 }, 4));
    }

    #[test]
    fn nodes_small_on_both_sides_become_other() {
        let both = diff(&text_tree(&[("a", 9), ("b", 1), ("c", 2)]), &text_tree(&[("d", 8), ("b", 3)]));
        let graph = flame_graph_diff(&both, 2).unwrap();
        assert_eq!(graph.names, ["total", "other", "d", "a"]);
        assert_eq!(graph.levels[1], [0, 9, 9, 0, 0, 0, 3, 0, 0, 0, 0, 8, 8, 2, 0, 3, 3, 0, 3, 3, 1]);
    }

    #[test]
    fn rejects_negative_values() {
        let both = diff(&text_tree(&[("a", -1)]), &text_tree(&[("a", 1)]));
        assert_eq!(flame_graph_diff(&both, 2), Err(Negative));
    }
}

//! Encodes a tree as levels of bars, the content of Pyroscope's `FlameGraph` message.
//!
//! Each level lists its bars from left to right as `[offset, total, self, name]`, where `offset` is the distance
//! from the end of the bar before it. What a function spent itself lies at the left of its bar, so its first child
//! starts at `x + self`.

use super::cut::{Child, Cut, OTHER};
use flarepath_profile::call_tree::NodeId;
use rustc_hash::FxHashMap;

/// Bars, and the names that they refer to by index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FlameGraph {
    /// Names; the first is `total`, the root's.
    pub(crate) names: Vec<String>,
    /// Four numbers a bar, level by level.
    pub(crate) levels: Vec<Vec<i64>>,
    /// Total of the root.
    pub(crate) total: i64,
    /// The largest self value.
    pub(crate) max_self: i64,
}

struct Bar {
    child: Child,
    level: usize,
    x: i64,
}

/// The bars of what the cut shows. Right-most branches are walked first, as Pyroscope does, so that names are
/// numbered as it numbers them; each level is turned round at the end.
pub(crate) fn flame_graph(cut: &Cut<'_>) -> FlameGraph {
    let tree = cut.tree;
    let mut names = Names::default();
    let mut graph = FlameGraph { total: tree.total(NodeId::ROOT), ..FlameGraph::default() };
    // Bars as (x, total, self, name), right to left.
    let mut levels: Vec<Vec<[i64; 4]>> = Vec::new();
    let mut pending = vec![Bar { child: Child::Node(NodeId::ROOT), level: 0, x: 0 }];
    let mut children = Vec::new();
    while let Some(Bar { child, level, x }) = pending.pop() {
        if levels.len() == level {
            levels.push(Vec::new());
        }
        let bar = match child {
            Child::Other(total) => [x, total, total, names.index(OTHER)],
            Child::Node(node) => {
                let name = if node == NodeId::ROOT { "" } else { tree.name(node) };
                [x, tree.total(node), tree.self_value(node), names.index(name)]
            }
        };
        graph.max_self = graph.max_self.max(bar[2]);
        levels[level].push(bar);
        let Child::Node(node) = child else { continue };
        cut.children(node, &mut children);
        let mut x = x.saturating_add(tree.self_value(node));
        for &child in &children {
            pending.push(Bar { child, level: level + 1, x });
            let width = match child {
                Child::Node(node) => tree.total(node),
                Child::Other(total) => total,
            };
            x = x.saturating_add(width);
        }
    }
    graph.levels = levels.into_iter().map(left_to_right).collect();
    graph.names = names.list;
    graph
}

fn left_to_right(bars: Vec<[i64; 4]>) -> Vec<i64> {
    let mut values = Vec::with_capacity(bars.len() * 4);
    let mut end: i64 = 0;
    for [x, total, self_value, name] in bars.into_iter().rev() {
        values.extend([x.saturating_sub(end), total, self_value, name]);
        end = x.saturating_add(total);
    }
    values
}

/// Names in the order in which they are first met. The root and functions without a name are `total`.
pub(super) struct Names<'a> {
    pub(super) list: Vec<String>,
    index: FxHashMap<&'a str, i64>,
}

impl Default for Names<'_> {
    fn default() -> Self {
        Names { list: vec!["total".to_owned()], index: FxHashMap::from_iter([("", 0)]) }
    }
}

impl<'a> Names<'a> {
    pub(super) fn index(&mut self, name: &'a str) -> i64 {
        *self.index.entry(name).or_insert_with(|| {
            self.list.push(name.to_owned());
            self.list.len() as i64 - 1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::text_tree;
    use super::*;
    use flarepath_profile::call_tree::CallTree;

    #[test]
    fn bars_start_after_the_self_time_of_their_parent() {
        let tree = text_tree(&[("a", 2), ("a;b", 3), ("a;c", 4), ("d", 1)]);
        let graph = flame_graph(&Cut::nothing(&tree));
        assert_eq!(graph.names, ["total", "d", "a", "c", "b"]);
        assert_eq!(
            graph.levels,
            [vec![0, 10, 0, 0], vec![0, 9, 2, 2, 0, 1, 1, 1], vec![2, 3, 3, 4, 0, 4, 4, 3]]
        );
        assert_eq!((graph.total, graph.max_self), (10, 4));
    }

    #[test]
    fn an_empty_tree_has_one_bar() {
        let graph = flame_graph(&Cut::nothing(&CallTree::empty()));
        assert_eq!(
            graph,
            FlameGraph { names: vec!["total".to_owned()], levels: vec![vec![0; 4]], total: 0, max_self: 0 }
        );
    }
}

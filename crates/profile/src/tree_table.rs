//! Tree table: the rows of a call tree, or of a difference, in which only expanded nodes show their children.
//!
//! Rows are made of expanded nodes only, so that a tree of 300 000 nodes costs as much as what is shown of it. Of
//! `main;parse 3` and `main;render 5`, with the root and `main` expanded:
//!
//! ```text
//! level 1  root      8
//! level 2  main      8
//! level 3  render    5
//! level 3  parse     3
//! ```

use crate::call_tree::{CallTree, NodeId, Shape};
use crate::flame::Order;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeRow {
    /// The node that it shows.
    pub node: NodeId,
    /// Depth; 1 for the root.
    pub level: u32,
    /// Place among the children of its parent, counted from 1.
    pub position: u32,
    /// How many children its parent has.
    pub siblings: u32,
    /// Whether its children are shown; `None` without children.
    pub expanded: Option<bool>,
}

/// The nodes to expand so that all below a node is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expansion {
    /// The heaviest first.
    pub nodes: Vec<NodeId>,
    /// Whether all rows had room.
    pub is_complete: bool,
}

/// A tree with the order of siblings.
#[derive(Clone, Copy)]
pub struct TreeTable<'a> {
    shape: Shape<'a>,
    weight: &'a dyn Fn(NodeId) -> f64,
    order: Order,
}

impl<'a> TreeTable<'a> {
    /// `weight` is what siblings are sorted by, largest first, and what the hottest path follows: the total of a node, or how
    /// much it changed.
    pub fn new(shape: Shape<'a>, weight: &'a dyn Fn(NodeId) -> f64, order: Order) -> TreeTable<'a> {
        TreeTable { shape, weight, order }
    }

    /// The root and the children of all `expanded` nodes that are reached from it, top to bottom. O(rows · log siblings).
    pub fn rows(&self, expanded: &BTreeSet<NodeId>) -> Vec<TreeRow> {
        let row = |node: NodeId, level: u32, position: usize, siblings: usize| {
            let has_children = self.shape.end(node) > node.index() + 1;
            TreeRow {
                node,
                level,
                position: position as u32,
                siblings: siblings as u32,
                expanded: has_children.then(|| expanded.contains(&node)),
            }
        };
        let mut rows = Vec::new();
        let mut pending = vec![row(NodeId::ROOT, 1, 1, 1)];
        while let Some(at) = pending.pop() {
            rows.push(at);
            if at.expanded == Some(true) {
                let children = self.children(at.node);
                let siblings = children.len();
                let below = children.into_iter().enumerate();
                pending.extend(below.rev().map(|(i, node)| row(node, at.level + 1, i + 1, siblings)));
            }
        }
        rows
    }

    /// `node`, its heaviest child, the heaviest child of that, and so on, while a child has more than `least` of its parent's
    /// weight: 0 goes down to a leaf.
    pub fn hottest_path(&self, node: NodeId, least: f64) -> Vec<NodeId> {
        let mut path = vec![node];
        let mut at = node;
        while let Some(child) = self.heaviest_child(at) {
            if (self.weight)(child) <= (self.weight)(at).max(0.0) * least {
                break;
            }
            path.push(child);
            at = child;
        }
        path
    }

    /// The nodes to expand so that `node` shows all that is below it, with at most `room` rows more than with `expanded`. The
    /// heaviest nodes come first; those without room stay collapsed.
    pub fn below(&self, node: NodeId, expanded: &BTreeSet<NodeId>, room: usize) -> Expansion {
        // Weights below zero are last; the bits of all others are in the order of the numbers.
        let keyed = |node: NodeId| ((self.weight)(node).max(0.0).to_bits(), Reverse(node));
        let mut pending = BinaryHeap::from([keyed(node)]);
        let (mut nodes, mut rows, mut is_complete) = (Vec::new(), 0, true);
        while let Some((_, Reverse(at))) = pending.pop() {
            let count = self.shape.children(at).count();
            let more = if expanded.contains(&at) { 0 } else { count };
            if rows + more > room {
                is_complete = false;
            } else if count > 0 {
                rows += more;
                nodes.push(at);
                pending.extend(self.shape.children(at).map(keyed));
            }
        }
        Expansion { nodes, is_complete }
    }

    fn children(&self, node: NodeId) -> Vec<NodeId> {
        let mut children: Vec<NodeId> = self.shape.children(node).collect();
        if self.order == Order::ByTotal {
            children.sort_by(|a, b| (self.weight)(*b).total_cmp(&(self.weight)(*a)));
        }
        children
    }

    /// Of equal children the first.
    fn heaviest_child(&self, node: NodeId) -> Option<NodeId> {
        let by_weight =
            |a: &NodeId, b: &NodeId| (self.weight)(*a).total_cmp(&(self.weight)(*b)).then_with(|| b.cmp(a));
        self.shape.children(node).max_by(by_weight)
    }
}

/// The nodes of `now` that have the paths of the `expanded` nodes of `before`, another version of the same tree. A node below a
/// collapsed one is not carried over. O(expanded · siblings).
pub fn carry_over(expanded: &BTreeSet<NodeId>, before: &CallTree, now: &CallTree) -> BTreeSet<NodeId> {
    let mut places = BTreeMap::from([(NodeId::ROOT, NodeId::ROOT)]);
    // In pre-order, parents come before their children.
    for &node in expanded.iter().filter(|node| **node != NodeId::ROOT) {
        let Some(&parent) = places.get(&before.parent(node)) else { continue };
        let wanted = before.frames().text(before.frame(node));
        let is_same = |child: &NodeId| {
            let text = now.frames().text(now.frame(*child));
            (text.name, text.file) == (wanted.name, wanted.file)
        };
        places.extend(now.children(parent).find(is_same).map(|same| (node, same)));
    }
    if !expanded.contains(&NodeId::ROOT) {
        places.remove(&NodeId::ROOT);
    }
    places.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::{any_paths, from_paths, tree};
    use proptest::prelude::*;

    fn with<R>(tree: &CallTree, order: Order, f: impl FnOnce(TreeTable<'_>) -> R) -> R {
        f(TreeTable::new(tree.shape(), &|node| tree.total(node) as f64, order))
    }

    /// Rows as `>name total`, one `>` a level below the root.
    fn rows(tree: &CallTree, expanded: &BTreeSet<NodeId>, order: Order) -> Vec<String> {
        let rows = with(tree, order, |table| table.rows(expanded));
        let text = |row: &TreeRow| {
            format!("{}{} {}", ">".repeat(row.level as usize - 1), tree.name(row.node), tree.total(row.node))
        };
        rows[1..].iter().map(text).collect()
    }

    fn node(tree: &CallTree, name: &str) -> NodeId {
        (0..tree.len() as u32).map(NodeId).find(|node| tree.name(*node) == name).unwrap()
    }

    fn example() -> CallTree {
        tree("main;idle 2\n main;serve;parse 3\n main;serve;render 5\n work 4")
    }

    #[test]
    fn shows_the_children_of_expanded_nodes_sorted_by_total() {
        let tree = example();
        assert_eq!(rows(&tree, &BTreeSet::new(), Order::ByTotal), [""; 0]);
        let expanded = BTreeSet::from([NodeId::ROOT, node(&tree, "main"), node(&tree, "parse")]);
        let by_total = rows(&tree, &expanded, Order::ByTotal);
        assert_eq!(by_total, [">main 10", ">>serve 8", ">>idle 2", ">work 4"]);
        let by_name = rows(&tree, &expanded, Order::ByName);
        assert_eq!(by_name, [">main 10", ">>idle 2", ">>serve 8", ">work 4"]);
        let places = with(&tree, Order::ByTotal, |table| table.rows(&expanded));
        let place = |row: &TreeRow| (row.level, row.position, row.siblings, row.expanded);
        assert_eq!(
            places.iter().map(place).collect::<Vec<_>>(),
            [
                (1, 1, 1, Some(true)),
                (2, 1, 2, Some(true)),
                (3, 1, 2, Some(false)),
                (3, 2, 2, None),
                (2, 2, 2, None)
            ]
        );
    }

    #[test]
    fn the_hottest_path_follows_the_heaviest_child() {
        let tree = example();
        let names = |from: &str, least| -> Vec<String> {
            let path = with(&tree, Order::ByTotal, |table| table.hottest_path(node(&tree, from), least));
            path.into_iter().map(|node| tree.name(node).to_owned()).collect()
        };
        assert_eq!(names("main", 0.0), ["main", "serve", "render"]);
        assert_eq!(names("main", 0.7), ["main", "serve"]);
        assert_eq!(names("idle", 0.0), ["idle"]);
    }

    #[test]
    fn what_has_no_room_stays_collapsed() {
        let tree = example();
        let expand = |expanded: &BTreeSet<NodeId>, room| {
            let found = with(&tree, Order::ByTotal, |table| table.below(NodeId::ROOT, expanded, room));
            (found.nodes.iter().map(|n| tree.name(*n).to_owned()).collect::<Vec<_>>(), found.is_complete)
        };
        let root = tree.name(NodeId::ROOT).to_owned();
        let all = [root.as_str(), "main", "serve"].map(str::to_owned).to_vec();
        assert_eq!(expand(&BTreeSet::new(), 6), (all.clone(), true));
        assert_eq!(expand(&BTreeSet::new(), 5), (all[..2].to_vec(), false));
        assert_eq!(expand(&BTreeSet::from([NodeId::ROOT, node(&tree, "main")]), 2), (all, true));
        assert_eq!(expand(&BTreeSet::new(), 1), (Vec::new(), false));
    }

    #[test]
    fn expanded_paths_are_found_in_another_version_of_the_tree() {
        let (before, now) = (example(), tree("a 1\n main;serve;parse 3\n main;gone 1"));
        let expanded = BTreeSet::from([NodeId::ROOT, node(&before, "main"), node(&before, "serve")]);
        let found = carry_over(&expanded, &before, &now);
        assert_eq!(found, BTreeSet::from([NodeId::ROOT, node(&now, "main"), node(&now, "serve")]));
        assert_eq!(carry_over(&expanded, &before, &tree("work 1")), BTreeSet::from([NodeId::ROOT]));
        let below_collapsed = BTreeSet::from([node(&before, "serve")]);
        assert_eq!(carry_over(&below_collapsed, &before, &now), BTreeSet::new());
    }

    proptest! {
        #[test]
        fn rows_are_the_children_of_expanded_nodes_and_add_up(paths in any_paths(), picks in prop::collection::vec(any::<bool>(), 0..60)) {
            let tree = from_paths(&paths);
            let is_picked = |node: &NodeId| picks.get(node.index()) == Some(&true);
            let expanded: BTreeSet<NodeId> = (0..tree.len() as u32).map(NodeId).filter(is_picked).collect();
            let rows = with(&tree, Order::ByTotal, |table| table.rows(&expanded));
            let open: Vec<&TreeRow> = rows.iter().filter(|row| row.expanded == Some(true)).collect();
            let children: usize = open.iter().map(|row| tree.children(row.node).count()).sum();
            prop_assert_eq!(rows.len(), 1 + children);
            for row in open {
                let below = rows.iter().filter(|other| other.node != NodeId::ROOT && tree.parent(other.node) == row.node);
                let sum: i64 = below.map(|child| tree.total(child.node)).sum();
                prop_assert_eq!(tree.total(row.node), tree.self_value(row.node) + sum);
            }
            prop_assert!(carry_over(&expanded, &tree, &tree).is_subset(&expanded));
        }

        #[test]
        fn all_below_is_everything_within_its_room(paths in any_paths(), room in 0..40usize) {
            let tree = from_paths(&paths);
            let (found, rows) = with(&tree, Order::ByTotal, |table| {
                let found = table.below(NodeId::ROOT, &BTreeSet::new(), room);
                let rows = table.rows(&found.nodes.iter().copied().collect()).len();
                (found, rows)
            });
            prop_assert!(rows <= room + 1);
            prop_assert_eq!(found.is_complete, rows == tree.len());
        }
    }
}

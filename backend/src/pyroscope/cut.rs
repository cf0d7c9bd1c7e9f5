//! Limits a tree to about a number of nodes.
//!
//! The rule is Pyroscope's: a node is shown when it reaches the `n`-th largest total; the rest of each parent's
//! children is summed up in a last child named `other`. More than `n` nodes may be shown: equal totals all stay, and
//! every parent may have an `other`.

use flarepath_profile::call_tree::{CallTree, NodeId};

/// Name of the node that stands for hidden children.
pub(super) const OTHER: &str = "other";

/// A tree and the total that a node must reach to be shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut<'a> {
    pub(super) tree: &'a CallTree,
    least: i64,
}

/// A child that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Child {
    Node(NodeId),
    /// Siblings that are not shown, by the sum of their totals.
    Other(i64),
}

impl<'a> Cut<'a> {
    /// Everything is shown.
    pub(crate) fn nothing(tree: &'a CallTree) -> Cut<'a> {
        Cut { tree, least: i64::MIN }
    }

    /// About `max_nodes` are shown, the root not counted.
    pub(crate) fn to(tree: &'a CallTree, max_nodes: usize) -> Cut<'a> {
        let (.., total) = tree.columns();
        let rank = max_nodes.max(1);
        if total.len() <= rank + 1 {
            return Cut::nothing(tree);
        }
        let mut totals = total[1..].to_vec();
        let (_, least, _) = totals.select_nth_unstable_by(rank - 1, |a, b| b.cmp(a));
        Cut { tree, least: *least }
    }

    /// Whether every node is shown.
    pub(super) fn is_whole(&self) -> bool {
        self.least == i64::MIN
    }

    /// The children of `node` that are shown, in their order, `other` last. `out` is emptied first.
    pub(super) fn children(&self, node: NodeId, out: &mut Vec<Child>) {
        out.clear();
        let mut other: Option<i64> = None;
        for child in self.tree.children(node) {
            let total = self.tree.total(child);
            if total >= self.least {
                out.push(Child::Node(child));
            } else {
                other = Some(other.unwrap_or(0).saturating_add(total));
            }
        }
        out.extend(other.map(Child::Other));
    }
}

#[cfg(test)]
mod tests {
    use super::super::text_tree;
    use super::*;

    fn shown(cut: &Cut<'_>, node: NodeId) -> Vec<String> {
        let mut children = Vec::new();
        cut.children(node, &mut children);
        let name = |child: &Child| match child {
            Child::Node(node) => format!("{} {}", cut.tree.name(*node), cut.tree.total(*node)),
            Child::Other(total) => format!("({OTHER} {total})"),
        };
        children.iter().map(name).collect()
    }

    #[test]
    fn small_siblings_become_other() {
        let tree = text_tree(&[("a", 10), ("b", 3), ("c", 5), ("d", 1)]);
        assert_eq!(shown(&Cut::to(&tree, 2), NodeId::ROOT), ["a 10", "c 5", "(other 4)"]);
        assert_eq!(shown(&Cut::nothing(&tree), NodeId::ROOT), ["a 10", "b 3", "c 5", "d 1"]);
        assert!(Cut::to(&tree, 4).is_whole());
    }

    #[test]
    fn equal_totals_all_stay() {
        let tree = text_tree(&[("a", 5), ("b", 5), ("c", 5), ("d", 1)]);
        assert_eq!(shown(&Cut::to(&tree, 1), NodeId::ROOT), ["a 5", "b 5", "c 5", "(other 1)"]);
    }
}

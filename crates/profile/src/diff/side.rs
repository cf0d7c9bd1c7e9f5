//! The sides of a diff as trees of their own, for pictures beside each other.
//!
//! Both have the frames of the union, so that a search or a colour found for one frame holds in all three; and
//! each node knows the union's, so that a zoom on one side finds its place on the other.

use super::{DiffTree, Side};
use crate::call_tree::{CallTree, NodeId};

/// One side, and where its nodes are in the union.
#[derive(Clone, Debug, PartialEq)]
pub struct SideTree {
    /// The tree of this side; its frame table is the union's.
    pub tree: CallTree,
    /// For each node of the side its node in the union, ascending.
    union_of: Vec<NodeId>,
    /// For each node of the union the innermost node on its path that this side has.
    nearest: Vec<NodeId>,
}

impl SideTree {
    /// The node of the union that a node of this side is.
    pub fn in_union(&self, node: NodeId) -> NodeId {
        self.union_of[node.index()]
    }

    /// The node of this side that a node of the union is; `None` where this side never was.
    pub fn of_union(&self, union: NodeId) -> Option<NodeId> {
        let nearest = self.nearest(union);
        (self.in_union(nearest) == union).then_some(nearest)
    }

    /// The innermost node on the way to a node of the union that this side has: where to zoom when the node
    /// itself is new or gone.
    pub fn nearest(&self, union: NodeId) -> NodeId {
        self.nearest[union.index()]
    }
}

impl DiffTree {
    /// One side as a tree. O(nodes).
    pub fn side(&self, side: Side) -> SideTree {
        let values = &self.self_value[side as usize];
        let mut nearest: Vec<NodeId> = Vec::with_capacity(self.len());
        let (mut union_of, mut frame, mut parent, mut value) = (vec![], vec![], vec![], vec![]);
        for i in 0..self.len() {
            let up = if i == 0 { NodeId::ROOT } else { nearest[self.parent[i].index()] };
            if !self.presence[i].on(side) {
                nearest.push(up);
                continue;
            }
            nearest.push(NodeId(union_of.len() as u32));
            union_of.push(NodeId(i as u32));
            frame.push(self.frame[i]);
            parent.push(up);
            value.push(values[i]);
        }
        let tree = CallTree::of_pre_order(self.frames.clone(), frame, parent, value);
        SideTree { tree, union_of, nearest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::{any_paths, from_paths, tree};
    use crate::diff::diff;
    use proptest::prelude::*;

    #[test]
    fn a_zoom_finds_its_place_on_the_other_side() {
        let both = diff(&tree("a;b;c 1\n d 1"), &tree("a 1\n a;x 2\n d 1"));
        let [before, after] = Side::BOTH.map(|side| both.side(side));
        let names: Vec<_> = (0..both.len() as u32).map(|n| both.name(NodeId(n))).collect();
        assert_eq!(names, ["total", "a", "b", "c", "x", "d"]);
        assert_eq!(after.of_union(NodeId(3)), None);
        assert_eq!(after.tree.name(after.nearest(NodeId(3))), "a");
        assert_eq!(before.of_union(NodeId(3)), Some(NodeId(3)));
        assert_eq!(after.of_union(NodeId(5)), Some(NodeId(3)));
        assert_eq!(after.in_union(NodeId(3)), NodeId(5));
    }

    proptest! {
        #[test]
        fn nodes_of_a_side_and_of_the_union_name_each_other(before in any_paths(), after in any_paths()) {
            let both = diff(&from_paths(&before), &from_paths(&after));
            for side in Side::BOTH {
                let apart = both.side(side);
                for node in (0..apart.tree.len() as u32).map(NodeId) {
                    let union = apart.in_union(node);
                    prop_assert_eq!(apart.of_union(union), Some(node));
                    prop_assert_eq!(apart.tree.total(node), both.total(union).of(side));
                    prop_assert_eq!(apart.tree.name(node), both.name(union));
                }
                for union in (0..both.len() as u32).map(NodeId) {
                    prop_assert_eq!(apart.of_union(union).is_some(), both.presence(union).on(side));
                }
            }
        }
    }
}

//! One side of a diff as a call tree, for pictures beside each other.
//!
//! Both sides have the frames of the union, so that a search or a colour found for one frame holds in all three trees.

use super::{DiffTree, Side};
use crate::call_tree::{CallTree, NodeId};

impl DiffTree {
    /// One side as a tree. O(nodes).
    pub fn side(&self, side: Side) -> CallTree {
        let values = &self.self_value[side as usize];
        // For each node of the union, its node on this side or that of its nearest ancestor there.
        let mut nearest: Vec<NodeId> = Vec::with_capacity(self.len());
        let (mut frame, mut parent, mut value) = (vec![], vec![], vec![]);
        for i in 0..self.len() {
            let up = if i == 0 { NodeId::ROOT } else { nearest[self.parent[i].index()] };
            if !self.presence[i].on(side) {
                nearest.push(up);
                continue;
            }
            nearest.push(NodeId(frame.len() as u32));
            frame.push(self.frame[i]);
            parent.push(up);
            value.push(values[i]);
        }
        CallTree::of_pre_order(self.frames.clone(), frame, parent, value)
    }

    /// Of one value for each node of the union, those of the nodes of [`DiffTree::side`], in their order.
    pub fn on_side<T: Copy>(&self, side: Side, values: &[T]) -> Vec<T> {
        let pairs = self.presence.iter().zip(values);
        pairs.filter(|(presence, _)| presence.on(side)).map(|(_, value)| *value).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::{any_paths, from_paths};
    use crate::diff::diff;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn side_tree_has_exactly_its_nodes_of_the_union(before in any_paths(), after in any_paths()) {
            let both = diff(&from_paths(&before), &from_paths(&after));
            for side in Side::BOTH {
                let tree = both.side(side);
                let on_side: Vec<NodeId> =
                    (0..both.len() as u32).map(NodeId).filter(|n| both.presence(*n).on(side)).collect();
                prop_assert_eq!(tree.len(), on_side.len());
                let all: Vec<NodeId> = (0..both.len() as u32).map(NodeId).collect();
                prop_assert_eq!(&both.on_side(side, &all), &on_side);
                for (node, union) in (0u32..).map(NodeId).zip(on_side) {
                    prop_assert_eq!(tree.total(node), both.total(union).of(side));
                    prop_assert_eq!(tree.name(node), both.name(union));
                    prop_assert_eq!(tree.name(tree.parent(node)), both.name(both.parent[union.index()]));
                }
            }
        }
    }
}

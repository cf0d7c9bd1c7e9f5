//! Search for functions in both sides of a diff, with their share of each.

use super::{DiffTree, Pair};
use crate::call_tree::NodeId;

/// What a search found; see [`crate::search::Matches`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiffMatches {
    /// The nodes whose frame matches, in the order of the tree.
    pub nodes: Vec<NodeId>,
    /// What was spent in and below them. A match below a match is not counted twice.
    pub total: Pair,
    /// What was spent in them alone.
    pub self_value: Pair,
}

/// Finds the nodes whose frame is marked, as [`crate::search::search`] does in one tree. O(nodes).
pub fn search(tree: &DiffTree, frames: &[bool]) -> DiffMatches {
    let mut found = DiffMatches::default();
    let mut covered_until = 0;
    for node in (1..tree.len() as u32).map(NodeId) {
        if frames.get(tree.frame(node).index()) != Some(&true) {
            continue;
        }
        found.nodes.push(node);
        found.self_value = found.self_value.plus(tree.self_value(node));
        if node.index() >= covered_until {
            found.total = found.total.plus(tree.total(node));
            covered_until = tree.shape().end(node);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::{any_paths, from_paths};
    use crate::diff::{Side, diff};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn search_equals_searching_each_side(before in any_paths(), after in any_paths(), name in "[abcd]") {
            let both = diff(&from_paths(&before), &from_paths(&after));
            let found = search(&both, &both.frames().named(&name));
            for (side, paths) in Side::BOTH.into_iter().zip([&before, &after]) {
                let alone = from_paths(paths);
                let expected = crate::search::search(&alone, &alone.frames().named(&name));
                prop_assert_eq!(found.total.of(side), expected.total);
                prop_assert_eq!(found.self_value.of(side), expected.self_value);
            }
        }
    }
}

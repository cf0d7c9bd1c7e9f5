//! Sum of several call trees.

use super::{CallTree, NodeId, from_parent_pointers_until};
use crate::frame_table::FrameInterner;

/// The exact sum: functions are matched by name, file and mapping, paths by their functions.
pub fn merge<'a>(trees: impl IntoIterator<Item = &'a CallTree>) -> CallTree {
    merge_until(trees, &|| false).expect("it is never told to stop")
}

/// [`merge`], given up with `None` soon after `stop` returns true.
pub fn merge_until<'a>(
    trees: impl IntoIterator<Item = &'a CallTree>,
    stop: &dyn Fn() -> bool,
) -> Option<CallTree> {
    let mut frames = FrameInterner::new();
    let (mut parent, mut frame, mut self_value) = (vec![NodeId::ROOT], vec![Default::default()], vec![0i64]);
    for tree in trees {
        if stop() {
            return None;
        }
        let ids = frames.intern_all(tree.frames());
        // Node 0 of every tree is the one root; node i lands at `offset + i`.
        let offset = parent.len() as u32 - 1;
        let place = |node: NodeId| if node == NodeId::ROOT { node } else { NodeId(node.0 + offset) };
        let (tree_frame, tree_parent, tree_self, _) = tree.columns();
        parent.extend(tree_parent[1..].iter().map(|&p| place(p)));
        frame.extend(tree_frame[1..].iter().map(|f| ids[f.index()]));
        self_value.extend_from_slice(&tree_self[1..]);
        self_value[0] = self_value[0].saturating_add(tree_self[0]);
    }
    from_parent_pointers_until(frames.table(), &parent, &frame, &self_value, stop)
        .expect("trees are valid and keep their order when put one after the other")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::{any_paths, assert_canonical, from_paths, to_paths, tree};
    use proptest::prelude::*;

    #[test]
    fn merging_no_trees_gives_an_empty_tree() {
        assert_eq!(merge([]), CallTree::empty());
        assert_eq!(merge([&CallTree::empty(), &CallTree::empty()]), CallTree::empty());
    }

    #[test]
    fn ends_early_when_told_to_stop() {
        let calls = std::cell::Cell::new(0);
        let stop = || calls.replace(calls.get() + 1) == 1;
        let trees: Vec<CallTree> = (0..10).map(|_| tree("a;b 1")).collect();
        assert_eq!(merge_until(&trees, &stop), None);
        assert_eq!(calls.get(), 2, "once for each tree until then");
        assert_eq!(merge_until(&trees, &|| false), Some(merge(&trees)));
    }

    #[test]
    fn equal_paths_add_up() {
        let merged = merge([&tree("a;b 1\n a;c 2"), &tree("a;c 10\n d 20")]);
        assert_eq!(merged, tree("a;b 1\n a;c 12\n d 20"));
    }

    proptest! {
        #[test]
        fn merge_is_the_sum_of_paths(all in prop::collection::vec(any_paths(), 0..5)) {
            let trees: Vec<_> = all.iter().map(from_paths).collect();
            let mut sum = std::collections::BTreeMap::new();
            for (path, value) in all.iter().flatten() {
                *sum.entry(path.clone()).or_insert(0) += value;
            }
            let merged = merge(&trees);
            assert_canonical(&merged);
            prop_assert_eq!(to_paths(&merged), sum);
            prop_assert_eq!(&merge(trees.iter().rev()), &merged);
        }
    }
}

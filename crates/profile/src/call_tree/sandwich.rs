//! Sandwich view: one function between its callers and its callees.
//!
//! Exact, over all nodes of the function. Where it calls itself, the outermost call counts: its total is
//! the function's, its callers are those of the callers' tree, and the inner calls are part of the
//! callees' tree. So both trees have the total that [`crate::top_table`] gives for the function.

use super::invert::{TooLarge, callers};
use super::{CallTree, NodeId, from_parent_pointers};
use crate::frame_table::FrameId;

/// Both sides of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Sandwich {
    /// Root, then the function, then its callers, theirs and so on.
    pub callers: CallTree,
    /// Root, then the function, then what it calls.
    pub callees: CallTree,
    /// Spent in the function itself, in all its calls.
    pub self_value: i64,
    /// Spent in the function and all below it.
    pub total: i64,
}

/// The sandwich of all frames named `name`, of whatever file; they are shown as one, the first of them.
/// Without such a frame both trees are empty.
///
/// # Errors
/// [`TooLarge`] when a tree crafted for it has too many different callers' paths.
pub fn sandwich(tree: &CallTree, name: &str) -> Result<Sandwich, TooLarge> {
    let named = tree.frames().named(name);
    let first = named.iter().position(|&n| n).map_or(FrameId::ROOT, |i| FrameId(i as u32));
    let unified = |frame: FrameId| if named[frame.index()] { first } else { frame };
    let (frame, parent, self_value, total) = tree.columns();
    let mut sandwich =
        Sandwich { callers: CallTree::empty(), callees: CallTree::empty(), self_value: 0, total: 0 };
    let mut starts = Vec::new();
    let mut covered_until = 0;
    for i in (1..tree.len()).filter(|&i| named[frame[i].index()]) {
        sandwich.self_value = sandwich.self_value.saturating_add(self_value[i]);
        if i >= covered_until {
            let node = NodeId(i as u32);
            covered_until = tree.end(node);
            sandwich.total = sandwich.total.saturating_add(total[i]);
            starts.push((node, total[i]));
        }
    }
    // The function's subtrees, each put below one root.
    let (mut up, mut of, mut value) = (vec![NodeId::ROOT], vec![FrameId::ROOT], vec![0]);
    for &(start, _) in &starts {
        let range = start.index()..tree.end(start);
        // Inside of a subtree the distance to the parent stays what it was.
        let shift = start.0 - up.len() as u32;
        up.push(NodeId::ROOT);
        up.extend(parent[start.index() + 1..range.end].iter().map(|p| NodeId(p.0 - shift)));
        of.extend(frame[range.clone()].iter().map(|&f| unified(f)));
        value.extend_from_slice(&self_value[range]);
    }
    sandwich.callees = from_parent_pointers(tree.frames(), &up, &of, &value)
        .expect("subtrees of a valid tree, one after the other");
    if !starts.is_empty() {
        sandwich.callers = only_reached(&callers(tree, |n| unified(tree.frame(n)), starts.into_iter(), 0)?);
    }
    Ok(sandwich)
}

/// The same tree without the frames that no node names.
fn only_reached(tree: &CallTree) -> CallTree {
    let (frame, parent, self_value, _) = tree.columns();
    from_parent_pointers(tree.frames(), parent, frame, self_value).expect("columns of a valid tree")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::TreeBuilder;
    use crate::call_tree::oracle::{Paths, any_paths, assert_canonical, from_paths, to_paths, tree};
    use crate::frame_table::FrameText;
    use proptest::prelude::*;

    #[test]
    fn only_the_outermost_call_counts() {
        let found = sandwich(&tree("m;f;g;f;h 3\n n;f 4\n m 5"), "f").unwrap();
        assert_eq!(found.callers, tree("f;m 3\n f;n 4"));
        assert_eq!(found.callees, tree("f;g;f;h 3\n f 4"));
        assert_eq!((found.self_value, found.total), (4, 7));
    }

    #[test]
    fn unknown_function_gives_an_empty_sandwich() {
        let found = sandwich(&tree("m 5"), "f").unwrap();
        assert!(found.callers.is_empty() && found.callees.is_empty());
        assert_eq!(sandwich(&tree("m 5"), "total").unwrap().total, 0);
    }

    #[test]
    fn one_name_in_two_files_is_one_function() {
        let mut builder = TreeBuilder::new();
        for (file, value) in [("a.rs", 1), ("b.rs", 2)] {
            let f = builder.frame(FrameText { name: "f", file, ..FrameText::default() });
            builder.add_path([f], value);
        }
        let found = sandwich(&builder.finish(), "f").unwrap();
        assert_eq!((found.callers.len(), found.callees.len(), found.total), (2, 2, 3));
        assert_eq!(found.callers.total(NodeId(1)), 3);
    }

    proptest! {
        #[test]
        fn both_sides_are_sums_over_paths(paths in any_paths()) {
            let tree = from_paths(&paths);
            let found = sandwich(&tree, "b").unwrap();
            let (mut above, mut below) = (Paths::new(), Paths::new());
            for (path, value) in &paths {
                if let Some(at) = path.iter().position(|n| n == "b") {
                    *above.entry(path[..=at].iter().rev().cloned().collect()).or_default() += value;
                    *below.entry(path[at..].to_vec()).or_default() += value;
                }
            }
            assert_canonical(&found.callers);
            assert_canonical(&found.callees);
            prop_assert_eq!(to_paths(&found.callers), above);
            prop_assert_eq!(to_paths(&found.callees), below);
        }
    }
}

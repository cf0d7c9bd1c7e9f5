//! Other views of the same tree: parts of it, or without some of its frames.
//!
//! Frames are chosen by a slice with one entry a frame of the tree's table, as
//! [`crate::search::frames_containing`] and [`crate::frame_table::FrameTable::named`] give it; missing entries
//! are not chosen. All are exact and take O(nodes).

use super::{CallTree, NodeId, from_parent_pointers};

/// Only the stacks that begin with `path` (names, outermost first). The nodes of the path stay, with what
/// was spent below its end; an empty path is the whole tree.
pub fn focus_path(tree: &CallTree, path: &[&str]) -> CallTree {
    let (frame, parent, ..) = tree.columns();
    let wanted: Vec<_> = path.iter().map(|name| tree.frames().strings.find(name)).collect();
    // How much of the path the way to a node has covered; `None` once it has left the path.
    let mut covered = vec![Some(0); tree.len()];
    for i in 1..tree.len() {
        covered[i] = covered[parent[i].index()].and_then(|done: usize| match wanted.get(done) {
            None => Some(done),
            Some(name) => (*name == Some(tree.frames().get(frame[i]).name)).then_some(done + 1),
        });
    }
    keep(tree, |i| covered[i] == Some(path.len()))
}

/// Only the stacks that pass through a chosen frame, from the root on.
pub fn focus(tree: &CallTree, frames: &[bool]) -> CallTree {
    let below = at_or_below(tree, frames);
    keep(tree, |i| below[i])
}

/// Only the stacks that pass through no chosen frame.
pub fn exclude(tree: &CallTree, frames: &[bool]) -> CallTree {
    let below = at_or_below(tree, frames);
    keep(tree, |i| !below[i])
}

/// Without the chosen frames: what was spent in them is their caller's, and what they called is called by
/// their caller.
pub fn hide(tree: &CallTree, frames: &[bool]) -> CallTree {
    let (frame, ..) = tree.columns();
    join_with_parent(tree, |i| frames.get(frame[i].index()) == Some(&true))
}

/// Functions that call themselves directly, as one node.
pub fn collapse_recursion(tree: &CallTree) -> CallTree {
    let (frame, parent, ..) = tree.columns();
    join_with_parent(tree, |i| parent[i] != NodeId::ROOT && frame[i] == frame[parent[i].index()])
}

fn at_or_below(tree: &CallTree, frames: &[bool]) -> Vec<bool> {
    let (frame, parent, ..) = tree.columns();
    let mut below = vec![false; tree.len()];
    for i in 1..tree.len() {
        below[i] = below[parent[i].index()] || frames.get(frame[i].index()) == Some(&true);
    }
    below
}

/// The values of the nodes for which `wanted` holds, at the paths they have.
fn keep(tree: &CallTree, wanted: impl Fn(usize) -> bool) -> CallTree {
    let (frame, parent, self_value, _) = tree.columns();
    let kept: Vec<i64> = self_value.iter().enumerate().map(|(i, &v)| if wanted(i) { v } else { 0 }).collect();
    from_parent_pointers(tree.frames(), parent, frame, &kept).expect("columns of a valid tree")
}

/// Gives the value and the children of each node for which `joins` holds to its parent, or to what that
/// was joined with. The root joins nothing.
fn join_with_parent(tree: &CallTree, joins: impl Fn(usize) -> bool) -> CallTree {
    let (frame, parent, self_value, _) = tree.columns();
    let mut stands_in: Vec<NodeId> = (0..tree.len() as u32).map(NodeId).collect();
    let mut up = parent.to_vec();
    let mut value = self_value.to_vec();
    for i in 1..tree.len() {
        up[i] = stands_in[parent[i].index()];
        if joins(i) {
            stands_in[i] = up[i];
            let own = std::mem::take(&mut value[i]);
            let slot = &mut value[up[i].index()];
            *slot = slot.saturating_add(own);
        }
    }
    from_parent_pointers(tree.frames(), &up, frame, &value).expect("parents only move up")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::{Paths, any_paths, assert_canonical, from_paths, to_paths, tree};
    use proptest::prelude::*;

    #[test]
    fn a_path_is_kept_with_what_is_below() {
        let whole = tree("a;b;c 1\n a;b 2\n a 4\n b;a 8");
        assert_eq!(focus_path(&whole, &["a", "b"]), tree("a;b;c 1\n a;b 2"));
        assert_eq!(focus_path(&whole, &[]), whole);
        assert_eq!(focus_path(&whole, &["a", "absent"]), CallTree::empty());
    }

    #[test]
    fn hidden_frames_leave_their_value_and_children_behind() {
        let whole = tree("a;x;b 1\n a;b 2\n a;x;x;c 4\n x 8");
        let hidden = hide(&whole, &whole.frames().named("x"));
        assert_eq!(hidden, tree("a;b 3\n a;c 4\n (root) 8"));
    }

    #[test]
    fn direct_recursion_becomes_one_node() {
        let whole = tree("a;a;a;b 1\n a;b;a 2\n a;a 4");
        assert_eq!(collapse_recursion(&whole), tree("a;b 1\n a;b;a 2\n a 4"));
    }

    /// The same done to each path on its own.
    fn mapped(paths: &Paths, f: impl Fn(&[String]) -> Option<Vec<String>>) -> Paths {
        let mut out = Paths::new();
        for (path, value) in paths {
            if let Some(path) = f(path) {
                *out.entry(path).or_default() += value;
            }
        }
        out
    }

    proptest! {
        #[test]
        fn trees_change_as_their_paths_do(paths in any_paths()) {
            let whole = from_paths(&paths);
            let b = whole.frames().named("b");
            let has_b = |p: &[String]| p.iter().any(|n| n == "b");
            let cases = [
                (focus(&whole, &b), mapped(&paths, |p| has_b(p).then(|| p.to_vec()))),
                (exclude(&whole, &b), mapped(&paths, |p| (!has_b(p)).then(|| p.to_vec()))),
                (hide(&whole, &b), mapped(&paths, |p| Some(p.iter().filter(|n| *n != "b").cloned().collect()))),
                (
                    focus_path(&whole, &["a", "b"]),
                    mapped(&paths, |p| p.starts_with(&["a".into(), "b".into()]).then(|| p.to_vec())),
                ),
                (
                    collapse_recursion(&whole),
                    mapped(&paths, |p| {
                        let mut p = p.to_vec();
                        p.dedup();
                        Some(p)
                    }),
                ),
            ];
            for (tree, expected) in cases {
                assert_canonical(&tree);
                prop_assert_eq!(to_paths(&tree), expected);
            }
        }
    }
}

//! Transforms of a call tree: focus on a part, or merge and collapse frames.
//!
//! Two ways to be rid of a function, as other viewers of profiles have them: to **merge** it is to take it out of its
//! stacks, whose value stays (its callers take over); to **drop** it is to take out the stacks that pass through it,
//! with their value.
//!
//! Frames are chosen by a slice with one entry a frame of the tree's table, as
//! [`crate::search::frames_containing`] and [`crate::frame_table::FrameTable::named`] give it; missing entries
//! are not chosen. All are exact and take O(nodes).

use super::{CallTree, NodeId, from_parent_pointers};
use crate::frame_table::{FrameId, FrameInterner, FrameText};
use crate::package::package;

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
pub fn drop(tree: &CallTree, frames: &[bool]) -> CallTree {
    let below = at_or_below(tree, frames);
    keep(tree, |i| !below[i])
}

/// Which stacks a filter keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Stacks {
    /// Those that pass through a chosen frame.
    #[default]
    With,
    /// Those that pass through none.
    Without,
}

/// Only the stacks with or without a chosen frame. For a text choose by [`crate::search::frames_containing`]; for a
/// pattern the caller chooses by an engine of its own. Without a chosen frame nothing is kept, or everything.
pub fn filter_stacks(tree: &CallTree, frames: &[bool], keep: Stacks) -> CallTree {
    match keep {
        Stacks::With => focus(tree, frames),
        Stacks::Without => drop(tree, frames),
    }
}

/// Without the chosen frames: what was spent in them is their caller's, and what they called is called by
/// their caller.
pub fn merge(tree: &CallTree, frames: &[bool]) -> CallTree {
    let (frame, ..) = tree.columns();
    join_with_parent(tree, |i| frames.get(frame[i].index()) == Some(&true))
}

/// Functions that call themselves directly, as one node.
pub fn collapse_recursion(tree: &CallTree) -> CallTree {
    let (frame, parent, ..) = tree.columns();
    join_with_parent(tree, |i| parent[i] != NodeId::ROOT && frame[i] == frame[parent[i].index()])
}

/// Each way from the outermost call of a chosen frame to an inner one as one node, the outermost: what lies between them
/// is taken out of those stacks, whose value stays. So a parser that descends through many functions back into itself
/// is one call, and what it spent at any depth is seen at once.
pub fn collapse_recursion_through(tree: &CallTree, frames: &[bool]) -> CallTree {
    let (frame, parent, ..) = tree.columns();
    let chosen = |i: usize| frames.get(frame[i].index()) == Some(&true);
    // The outermost chosen node on the way to each node; the root stands for none.
    let mut outermost = vec![NodeId::ROOT; tree.len()];
    for i in 1..tree.len() {
        let above = outermost[parent[i].index()];
        outermost[i] = if above == NodeId::ROOT && chosen(i) { NodeId(i as u32) } else { above };
    }
    let joins = |i: usize| {
        let outer = outermost[i];
        (chosen(i) && outer.index() != i).then_some(outer)
    };
    join(tree, joins)
}

/// Calls within one package as one node of the package's name: what it calls inside of itself is its own affair. With
/// `only`, that package alone. Functions of no package stay as they are. For what a package is see
/// [`crate::package::package()`].
pub fn collapse_packages(tree: &CallTree, only: Option<&str>) -> CallTree {
    let mut frames = FrameInterner::new();
    let mut collapsed = vec![false];
    let mut id_of = vec![FrameId::ROOT];
    for id in (1..tree.frames().len() as u32).map(FrameId) {
        let text = tree.frames().text(id);
        let name = package(text);
        let collapses = !name.is_empty() && only.is_none_or(|only| only == name);
        let text =
            if collapses { FrameText { name, symbolized: true, ..FrameText::default() } } else { text };
        let id = frames.intern(text);
        id_of.push(id);
        if collapsed.len() <= id.index() {
            collapsed.resize(id.index() + 1, false);
        }
        collapsed[id.index()] |= collapses;
    }
    let (frame, parent, self_value, _) = tree.columns();
    let frame: Vec<FrameId> = frame.iter().map(|f| id_of[f.index()]).collect();
    let renamed = from_parent_pointers(frames.table(), parent, &frame, self_value);
    // Frames are renumbered there, so that packages are found again by their text.
    let renamed = renamed.expect("columns of a valid tree");
    let mut is_package = |id: FrameId| collapsed[frames.intern(renamed.frames().text(id)).index()];
    let packages: Vec<bool> = std::iter::once(false)
        .chain((1..renamed.frames().len() as u32).map(FrameId).map(&mut is_package))
        .collect();
    let (frame, parent, ..) = renamed.columns();
    join_with_parent(&renamed, |i| {
        parent[i] != NodeId::ROOT && frame[i] == frame[parent[i].index()] && packages[frame[i].index()]
    })
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
    let (_, parent, ..) = tree.columns();
    join(tree, |i| joins(i).then(|| parent[i]))
}

/// Gives the value and the children of each node to the node above it that `into` names, or to what that was joined
/// with.
fn join(tree: &CallTree, into: impl Fn(usize) -> Option<NodeId>) -> CallTree {
    let (frame, parent, self_value, _) = tree.columns();
    let mut stands_in: Vec<NodeId> = (0..tree.len() as u32).map(NodeId).collect();
    let mut up = parent.to_vec();
    let mut value = self_value.to_vec();
    for i in 1..tree.len() {
        up[i] = stands_in[parent[i].index()];
        if let Some(above) = into(i) {
            up[i] = stands_in[above.index()];
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
    fn focus_keeps_a_path_with_its_subtree() {
        let whole = tree("a;b;c 1\n a;b 2\n a 4\n b;a 8");
        assert_eq!(focus_path(&whole, &["a", "b"]), tree("a;b;c 1\n a;b 2"));
        assert_eq!(focus_path(&whole, &[]), whole);
        assert_eq!(focus_path(&whole, &["a", "absent"]), CallTree::empty());
    }

    #[test]
    fn merged_frames_pass_value_and_children_to_their_parent() {
        let whole = tree("a;x;b 1\n a;b 2\n a;x;x;c 4\n x 8");
        let merged = merge(&whole, &whole.frames().named("x"));
        assert_eq!(merged, tree("a;b 3\n a;c 4\n (root) 8"));
    }

    #[test]
    fn direct_recursion_becomes_one_node() {
        let whole = tree("a;a;a;b 1\n a;b;a 2\n a;a 4");
        assert_eq!(collapse_recursion(&whole), tree("a;b 1\n a;b;a 2\n a 4"));
    }

    #[test]
    fn indirect_recursion_becomes_one_node() {
        let whole = tree("a;p;x;p;y;p;b 1\n a;p;x;c 2\n a;p;p 4\n x;x 8");
        let folded = collapse_recursion_through(&whole, &whole.frames().named("p"));
        assert_eq!(folded, tree("a;p;b 1\n a;p;x;c 2\n a;p 4\n x;x 8"));
    }

    #[test]
    fn calls_within_a_package_become_one_node() {
        let whole = tree(
            "app::main;db::open;db::read;db::read;app::row;plain 1\n app::main;db::close 2\n plain;plain 4",
        );
        let collapsed = collapse_packages(&whole, None);
        assert_eq!(collapsed, tree("app;db;app;plain 1\n app;db 2\n plain;plain 4"));
        let collapsed = collapse_packages(&whole, Some("db"));
        assert_eq!(collapsed, tree("app::main;db;app::row;plain 1\n app::main;db 2\n plain;plain 4"));
    }

    #[test]
    fn filters_stacks_by_name() {
        let whole = tree("a;parse_json 1\n b;parse_text;c 2\n d 4");
        let ids = (0..whole.frames().len() as u32).map(FrameId);
        let frames: Vec<bool> = ids.map(|id| whole.frames().name(id).contains("parse")).collect();
        assert_eq!(filter_stacks(&whole, &frames, Stacks::With), tree("a;parse_json 1\n b;parse_text;c 2"));
        assert_eq!(filter_stacks(&whole, &frames, Stacks::Without), tree("d 4"));
        assert_eq!(filter_stacks(&whole, &[], Stacks::With), CallTree::empty());
        assert_eq!(filter_stacks(&whole, &[], Stacks::Without), whole);
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
        fn collapsing_packages_equals_collapsing_each_path(
            paths in prop::collection::btree_map(
                prop::collection::vec(prop::sample::select(vec!["p::a", "p::b", "q::a", "x", "y"]), 0..7), 1..100i64, 0..40,
            ),
            only: bool,
        ) {
            let paths: Paths = paths
                .into_iter()
                .map(|(path, value)| (path.into_iter().map(str::to_owned).collect(), value))
                .collect();
            let named = |name: &String| match name.split_once("::") {
                Some((package, _)) if !only || package == "p" => package.to_owned(),
                _ => name.clone(),
            };
            let expected = mapped(&paths, |path| {
                let mut path: Vec<String> = path.iter().map(named).collect();
                path.dedup_by(|a, b| a == b && ["p", "q"].contains(&a.as_str()));
                Some(path)
            });
            let collapsed = collapse_packages(&from_paths(&paths), only.then_some("p"));
            assert_canonical(&collapsed);
            prop_assert_eq!(to_paths(&collapsed), expected);
        }

        #[test]
        fn transforming_a_tree_equals_transforming_its_paths(paths in any_paths()) {
            let whole = from_paths(&paths);
            let b = whole.frames().named("b");
            let has_b = |p: &[String]| p.iter().any(|n| n == "b");
            let cases = [
                (focus(&whole, &b), mapped(&paths, |p| has_b(p).then(|| p.to_vec()))),
                (drop(&whole, &b), mapped(&paths, |p| (!has_b(p)).then(|| p.to_vec()))),
                (merge(&whole, &b), mapped(&paths, |p| Some(p.iter().filter(|n| *n != "b").cloned().collect()))),
                (
                    focus_path(&whole, &["a", "b"]),
                    mapped(&paths, |p| p.starts_with(&["a".into(), "b".into()]).then(|| p.to_vec())),
                ),
                (
                    collapse_recursion_through(&whole, &b),
                    mapped(&paths, |p| {
                        let mut p = p.to_vec();
                        let (first, last) = (p.iter().position(|n| n == "b"), p.iter().rposition(|n| n == "b"));
                        first.zip(last).map(|(first, last)| p.drain(first..last).count());
                        Some(p)
                    }),
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

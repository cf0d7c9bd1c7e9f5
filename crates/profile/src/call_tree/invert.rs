//! Inverted call tree: roots are the functions that ran, children their callers.
//!
//! Below the root are the functions that had a value of their own, below each its callers, below these
//! theirs. The value of a node is split among its callers; what is left as its self value came from stacks
//! that begin there. So the totals of the first row are the self values of the functions.

use super::assemble::canonical_frames;
use super::{CallTree, NodeId};
use crate::frame_table::FrameId;

/// Nodes of an inverted tree, above which it is given up: about 1 GiB.
const MAX_NODES: usize = 32 << 20;

/// The inverted tree has too many nodes. Whole stacks do not share their callers, so that a deep tree can
/// grow to nodes × depth when reversed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the inverted tree has more than {MAX_NODES} nodes; focus on a subtree first")]
pub struct TooLarge;

/// The whole tree reversed, exactly. The root's own value stays its own.
///
/// # Errors
/// [`TooLarge`]; a tree of one function ([`super::sandwich`]) is far smaller.
pub fn invert(tree: &CallTree) -> Result<CallTree, TooLarge> {
    let (_, _, self_value, _) = tree.columns();
    let starts = (1..tree.len()).map(|i| (NodeId(i as u32), self_value[i]));
    callers(tree, |node| tree.frame(node), starts, self_value[0])
}

/// Where a stack stands on its way up, and its place in the output up to those that share its path.
#[derive(Clone, Copy)]
struct Climber {
    parent: NodeId,
    frame: FrameId,
    at: NodeId,
    value: i64,
}

/// The tree of the paths from each start up to the root, with the value given for it.
pub(super) fn callers(
    tree: &CallTree,
    frame_of: impl Fn(NodeId) -> FrameId,
    starts: impl Iterator<Item = (NodeId, i64)>,
    root_value: i64,
) -> Result<CallTree, TooLarge> {
    let starts: Vec<_> = starts.filter(|&(_, value)| value != 0).collect();
    let mut used = vec![false; tree.frames().len()];
    for node in (1..tree.len()).map(|i| NodeId(i as u32)) {
        used[frame_of(node).index()] = true;
    }
    let (frames, new_id) = canonical_frames(tree.frames(), &used);
    let frame_of = |node| new_id[frame_of(node).index()];
    let (mut frame, mut parent, mut self_value) = (vec![FrameId::ROOT], vec![NodeId::ROOT], vec![root_value]);
    let mut pending: Vec<Climber> = starts
        .into_iter()
        .map(|(at, value)| Climber { parent: NodeId::ROOT, frame: frame_of(at), at, value })
        .collect();
    pending.sort_unstable_by_key(|c| std::cmp::Reverse(c.frame));
    let mut same_path = Vec::new();
    while let Some(top) = pending.pop() {
        let (up, of) = (top.parent, top.frame);
        same_path.clear();
        same_path.push(top);
        while let Some(next) = pending.pop_if(|c| c.parent == up && c.frame == of) {
            same_path.push(next);
        }
        let id = NodeId(frame.len() as u32);
        if frame.len() == MAX_NODES {
            return Err(TooLarge);
        }
        frame.push(of);
        parent.push(up);
        self_value.push(0);
        if let [alone] = same_path[..] {
            climb_alone(tree, frame_of, alone, (&mut frame, &mut parent, &mut self_value))?;
            continue;
        }
        let mut ends_here = 0i64;
        let base = pending.len();
        for climber in same_path.drain(..) {
            match tree.parent(climber.at) {
                NodeId::ROOT => ends_here = ends_here.saturating_add(climber.value),
                at => pending.push(Climber { parent: id, frame: frame_of(at), at, ..climber }),
            }
        }
        pending[base..].sort_unstable_by_key(|c| std::cmp::Reverse(c.frame));
        self_value[id.index()] = ends_here;
    }
    Ok(CallTree::of_pre_order(frames, frame, parent, self_value))
}

/// Appends the rest of the way of a stack that shares it with no other: nothing is to be sorted any more. Most of what
/// is above the first few calls is of this kind.
fn climb_alone(
    tree: &CallTree,
    frame_of: impl Fn(NodeId) -> FrameId,
    climber: Climber,
    (frame, parent, self_value): (&mut Vec<FrameId>, &mut Vec<NodeId>, &mut Vec<i64>),
) -> Result<(), TooLarge> {
    let mut at = tree.parent(climber.at);
    while at != NodeId::ROOT {
        if frame.len() == MAX_NODES {
            return Err(TooLarge);
        }
        parent.push(NodeId(frame.len() as u32 - 1));
        frame.push(frame_of(at));
        self_value.push(0);
        at = tree.parent(at);
    }
    if let Some(end) = self_value.last_mut() {
        *end = climber.value;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::{Paths, any_paths, assert_canonical, from_paths, to_paths, tree};
    use proptest::prelude::*;

    #[test]
    fn callers_are_children_in_the_inverted_tree() {
        let inverted = invert(&tree("main;a;f 3\n main;b;f 4\n main 1")).unwrap();
        assert_eq!(inverted, tree("f;a;main 3\n f;b;main 4\n main 1"));
    }

    proptest! {
        #[test]
        fn every_path_is_reversed(paths in any_paths()) {
            let inverted = invert(&from_paths(&paths)).unwrap();
            assert_canonical(&inverted);
            let turned: Paths = paths
                .iter()
                .map(|(path, &value)| (path.iter().rev().cloned().collect(), value))
                .collect();
            prop_assert_eq!(to_paths(&inverted), turned);
            prop_assert_eq!(invert(&inverted).unwrap(), from_paths(&paths));
        }
    }
}

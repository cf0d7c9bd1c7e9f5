//! Leaf node of each stack of a profile in its call tree.

use super::build::push_path;
use super::{CallTree, LocationFrames, NodeId};
use crate::frame_table::FrameId;
use crate::profile::Profile;
use crate::stack_table::StackId;
use rustc_hash::FxHashMap;

/// For each of `stacks` the node at its leaf, in a tree of the same profile; `None` when the tree does not have
/// it, because its value was nothing.
///
/// Stacks that follow each other mostly begin alike, so that only the rest is looked up.
pub(crate) fn stack_nodes(
    profile: &Profile,
    tree: &CallTree,
    stacks: impl Iterator<Item = StackId>,
) -> Vec<Option<NodeId>> {
    let locations = LocationFrames::new(profile);
    let new_id = frames_in(tree, &locations);
    let (frame, parent, ..) = tree.columns();
    let below: FxHashMap<(NodeId, FrameId), NodeId> =
        (1..tree.len()).map(|i| ((parent[i], frame[i]), NodeId(i as u32))).collect();
    let mut known: FxHashMap<StackId, Option<NodeId>> = FxHashMap::default();
    let (mut path, mut before): (Vec<FrameId>, Vec<FrameId>) = (Vec::new(), Vec::new());
    // Nodes of the path before, the root first.
    let mut nodes = vec![NodeId::ROOT];
    let mut found = Vec::new();
    for stack in stacks {
        let leaf = *known.entry(stack).or_insert_with(|| {
            std::mem::swap(&mut path, &mut before);
            path.clear();
            push_path(profile, &locations, &new_id, stack, &mut path);
            let shared = before.iter().zip(&path).take_while(|(a, b)| a == b).count();
            nodes.truncate(shared + 1);
            while nodes.len() <= path.len() {
                let at = nodes.len() - 1;
                match below.get(&(nodes[at], path[at])) {
                    Some(&node) => nodes.push(node),
                    None => {
                        path.truncate(at);
                        return None;
                    }
                }
            }
            nodes.last().copied()
        });
        found.push(leaf);
    }
    found
}

/// For each frame of the profile its id in the tree; the root's for those that the tree does not have, which is no
/// frame's below it.
fn frames_in(tree: &CallTree, locations: &LocationFrames) -> Vec<FrameId> {
    let identity = |frames: &'_ crate::frame_table::FrameTable, id: FrameId| {
        let text = frames.text(id);
        (text.name.to_owned(), text.file.to_owned(), text.mapping.to_owned())
    };
    let ids = (1..tree.frames().len() as u32).map(FrameId);
    let by_text: FxHashMap<_, FrameId> = ids.map(|id| (identity(tree.frames(), id), id)).collect();
    let own = (0..locations.frames().len() as u32).map(FrameId);
    own.map(|id| by_text.get(&identity(locations.frames(), id)).copied().unwrap_or(FrameId::ROOT)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::from_samples_with_leaves;
    use crate::profile::{Function, FunctionId, Line};
    use crate::sample::Samples;
    use crate::stack_table::LocationId;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lookup_finds_the_nodes_that_were_built(
            samples in prop::collection::vec((prop::collection::vec(0..5u32, 0..6), 0..5i64), 0..40),
        ) {
            let mut profile = Profile { samples: Samples::new(1), ..Profile::default() };
            for i in 0..5 {
                // Two functions of one name are one frame.
                let name = profile.strings.intern(&format!("f{}", i % 4));
                profile.functions.push(Function { name, ..Function::default() });
                profile.locations.push(None, 0, [Line { function: FunctionId(i), ..Line::default() }]);
            }
            for (stack, value) in &samples {
                let stack = profile.stacks.push(stack.iter().map(|&l| LocationId(l)));
                profile.samples.push(stack, &[*value], &[]);
            }
            let (tree, built) = from_samples_with_leaves(&profile, 0, 0..samples.len()).unwrap();
            let built = built.unwrap();
            let found = stack_nodes(&profile, &tree, (0..samples.len() as u32).map(StackId));
            for (i, (found, (_, value))) in found.into_iter().zip(&samples).enumerate() {
                if *value != 0 {
                    prop_assert_eq!(found, Some(built[i]));
                } else {
                    prop_assert_eq!(built[i], NodeId::ROOT);
                }
            }
        }
    }
}

//! Builds the call tree of one sample type of a profile.
//!
//! Stacks are written out as paths of frames and sorted; each path then shares its beginning with the one
//! before it, and the rest of it are new nodes, in pre-order as they come. Sorting needs neither hashing nor
//! recursion. Paths are written out in batches, so that memory follows the size of the tree and not of the
//! (often much longer) list of stacks.

use super::assemble::canonical_frames;
use super::location_frames::LocationFrames;
use super::{CallTree, NodeId, from_parent_pointers};
use crate::frame_table::{FrameId, FrameTable};
use crate::limits::MAX_STACK_DEPTH;
use crate::profile::Profile;
use crate::stack_table::StackId;

/// Entries of paths that are sorted at once (64 MiB of them).
const BATCH_ENTRIES: usize = 16 << 20;
/// Nodes of a tree, above which building it is given up: about 2 GiB.
const MAX_NODES: usize = 64 << 20;

/// No tree can be built from the profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// The caller asked for a sample type that is not there.
    #[error("sample type index {index} is out of range: the profile has {count} sample types")]
    SampleType {
        /// The index asked for.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// Deep stacks with much inlining, or an attack.
    #[error("the profile's call tree has more than {MAX_NODES} nodes; send a shorter profile")]
    TooLarge,
}

/// The call tree of the sample type at `sample_type`. Inlined functions are frames of their own; samples
/// with an empty stack are the root's own value. Of a path of more than [`MAX_STACK_DEPTH`] frames the
/// innermost are kept.
///
/// # Errors
/// [`BuildError`] when there is no such sample type, or the tree would be too large.
pub fn from_profile(profile: &Profile, sample_type: usize) -> Result<CallTree, BuildError> {
    from_samples(profile, sample_type, 0..profile.samples.len())
}

/// As [`from_profile`], of some samples only, each given by its index.
///
/// # Errors
/// As [`from_profile`].
///
/// # Panics
/// When there is no sample with such an index.
pub(crate) fn from_samples(
    profile: &Profile,
    sample_type: usize,
    samples: impl IntoIterator<Item = usize>,
) -> Result<CallTree, BuildError> {
    Ok(from_samples_with_leaves(profile, sample_type, samples)?.0)
}

/// As [`from_samples`], and for each stack its node; the root's for stacks that were not used or sum up to nothing,
/// beside those that are empty. The nodes are `None` when the tree was built in parts, as they are numbered anew then.
pub(crate) fn from_samples_with_leaves(
    profile: &Profile,
    sample_type: usize,
    samples: impl IntoIterator<Item = usize>,
) -> Result<(CallTree, Option<Vec<NodeId>>), BuildError> {
    if sample_type >= profile.samples.width() {
        return Err(BuildError::SampleType { index: sample_type, count: profile.samples.width() });
    }
    let values = stack_values(profile, sample_type, samples);
    let locations = LocationFrames::new(profile);
    let mut used = vec![false; locations.frames().len()];
    let present = (0u32..).map(StackId).zip(&values).filter(|(_, v)| **v != 0);
    for (stack, _) in present.clone() {
        for &location in profile.stacks.get(stack) {
            for frame in locations.of(location) {
                used[frame.index()] = true;
            }
        }
    }
    let (frames, new_id) = canonical_frames(locations.frames(), &used);
    let mut nodes = Nodes::new();
    let mut batch = Batch::default();
    let mut leaves = Vec::new();
    for (stack, &value) in present.clone() {
        batch.push(profile, &locations, &new_id, stack, value);
        if batch.entries.len() >= BATCH_ENTRIES {
            leaves = nodes.append(&batch)?;
            batch.clear();
        }
    }
    if !batch.ends.is_empty() {
        leaves = nodes.append(&batch)?;
    }
    let in_one_part = nodes.batches <= 1;
    let tree = nodes.finish(frames);
    let by_stack = in_one_part.then(|| {
        let mut by_stack = vec![NodeId::ROOT; profile.stacks.len()];
        for ((stack, _), leaf) in present.zip(leaves) {
            by_stack[stack.index()] = leaf;
        }
        by_stack
    });
    Ok((tree, by_stack))
}

/// The sum of the values of each stack, over the samples given.
fn stack_values(profile: &Profile, sample_type: usize, samples: impl IntoIterator<Item = usize>) -> Vec<i64> {
    let mut values = vec![0i64; profile.stacks.len()];
    for i in samples {
        let slot = &mut values[profile.samples.stack(i).index()];
        *slot = slot.saturating_add(profile.samples.values(i)[sample_type]);
    }
    values
}

/// Appends the frames of a stack to `path`, outermost first, under their ids in the tree.
pub(super) fn push_path(
    profile: &Profile,
    locations: &LocationFrames,
    new_id: &[FrameId],
    stack: StackId,
    path: &mut Vec<FrameId>,
) {
    let start = path.len();
    // Leaf first until the cut, then reversed.
    'path: for &location in profile.stacks.get(stack) {
        for frame in locations.of(location).iter().rev() {
            if path.len() - start == MAX_STACK_DEPTH {
                break 'path;
            }
            path.push(new_id[frame.index()]);
        }
    }
    path[start..].reverse();
}

/// Stacks as paths of frames, outermost first, in one flat column.
#[derive(Default)]
struct Batch {
    entries: Vec<FrameId>,
    /// Where a path ends in `entries`, and its value.
    ends: Vec<(usize, i64)>,
}

impl Batch {
    fn push(
        &mut self,
        profile: &Profile,
        locations: &LocationFrames,
        new_id: &[FrameId],
        stack: StackId,
        value: i64,
    ) {
        push_path(profile, locations, new_id, stack, &mut self.entries);
        self.ends.push((self.entries.len(), value));
    }

    fn get(&self, i: usize) -> &[FrameId] {
        let start = if i == 0 { 0 } else { self.ends[i - 1].0 };
        &self.entries[start..self.ends[i].0]
    }

    fn clear(&mut self) {
        self.entries.clear();
        self.ends.clear();
    }
}

/// Nodes as they come, batch after batch; each batch is in pre-order.
struct Nodes {
    parent: Vec<NodeId>,
    frame: Vec<FrameId>,
    self_value: Vec<i64>,
    batches: usize,
}

impl Nodes {
    fn new() -> Self {
        Nodes { parent: vec![NodeId::ROOT], frame: vec![FrameId::ROOT], self_value: vec![0], batches: 0 }
    }

    /// Adds the paths of a batch; returns the node of each.
    fn append(&mut self, paths: &Batch) -> Result<Vec<NodeId>, BuildError> {
        let mut leaves = vec![NodeId::ROOT; paths.ends.len()];
        let mut order: Vec<u32> = (0..paths.ends.len() as u32).collect();
        order.sort_unstable_by(|&a, &b| paths.get(a as usize).cmp(paths.get(b as usize)));
        let mut open = Vec::new();
        let mut before: &[FrameId] = &[];
        for i in order {
            let path = paths.get(i as usize);
            let shared = before.iter().zip(path).take_while(|(a, b)| a == b).count();
            open.truncate(shared);
            for &frame in &path[shared..] {
                let node = NodeId(self.parent.len() as u32);
                self.parent.push(open.last().copied().unwrap_or(NodeId::ROOT));
                self.frame.push(frame);
                self.self_value.push(0);
                open.push(node);
            }
            if self.parent.len() > MAX_NODES {
                return Err(BuildError::TooLarge);
            }
            let node = open.last().copied().unwrap_or(NodeId::ROOT);
            let value = &mut self.self_value[node.index()];
            *value = value.saturating_add(paths.ends[i as usize].1);
            leaves[i as usize] = node;
            before = path;
        }
        self.batches += usize::from(!paths.ends.is_empty());
        Ok(leaves)
    }

    fn finish(self, frames: FrameTable) -> CallTree {
        if self.batches <= 1 {
            return CallTree::of_pre_order(frames, self.frame, self.parent, self.self_value);
        }
        from_parent_pointers(&frames, &self.parent, &self.frame, &self.self_value)
            .expect("nodes were made here, parents first")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::{Paths, assert_canonical, to_paths};
    use crate::profile::{Function, FunctionId, Line, Mapping};
    use crate::sample::Samples;
    use crate::stack_table::LocationId;
    use proptest::prelude::*;

    /// Functions `f0`, `f1`, …; each location holds the functions given, innermost first; each sample is a
    /// stack of locations, leaf first, with its value.
    fn profile(functions: usize, locations: &[Vec<usize>], samples: &[(Vec<usize>, i64)]) -> Profile {
        let mut profile = Profile { samples: Samples::new(1), ..Profile::default() };
        for i in 0..functions {
            let name = profile.strings.intern(&format!("f{i}"));
            profile.functions.push(Function { name, ..Function::default() });
        }
        for inlined in locations {
            let line = |&f: &usize| Line { function: FunctionId(f as u32), ..Line::default() };
            profile.locations.push(None, 0, inlined.iter().map(line));
        }
        for (stack, value) in samples {
            let stack = profile.stacks.push(stack.iter().map(|&l| LocationId(l as u32)));
            profile.samples.push(stack, &[*value], &[]);
        }
        profile
    }

    fn expected(locations: &[Vec<usize>], samples: &[(Vec<usize>, i64)]) -> Paths {
        let mut paths = Paths::new();
        for (stack, value) in samples {
            let leaf_first = stack.iter().flat_map(|&l| &locations[l]).map(|f| format!("f{f}"));
            let mut path: Vec<String> = leaf_first.collect();
            path.reverse();
            *paths.entry(path).or_default() += value;
        }
        paths.retain(|_, value| *value != 0);
        paths
    }

    #[test]
    fn inlined_functions_are_frames_below_their_caller() {
        let (locations, samples) = (vec![vec![2, 1], vec![0]], vec![(vec![0, 1], 5), (vec![], 1)]);
        let tree = from_profile(&profile(3, &locations, &samples), 0).unwrap();
        let path = ["f0", "f1", "f2"].map(str::to_owned).to_vec();
        assert_eq!(to_paths(&tree), Paths::from([(path, 5), (vec![], 1)]));
        assert_eq!(tree.self_value(NodeId::ROOT), 1);
    }

    #[test]
    fn rejects_unknown_sample_types() {
        let error = from_profile(&profile(0, &[], &[]), 1).unwrap_err();
        assert_eq!(error, BuildError::SampleType { index: 1, count: 1 });
        assert_eq!(from_profile(&profile(0, &[], &[]), 0).unwrap(), CallTree::empty());
    }

    #[test]
    fn address_names_are_independent_of_load_address() {
        let mut profile = profile(0, &[], &[]);
        let [file, build_id] = ["/usr/lib/libc.so.6", "abc"].map(|s| profile.strings.intern(s));
        let loaded = Mapping { start: 0x7000, limit: 0x8000, file_offset: 0x100, ..Mapping::default() };
        profile.mappings = vec![Mapping { file, ..loaded }, Mapping { build_id, ..loaded }, loaded];
        for mapping in [Some(0), Some(1), Some(2), Some(9), None] {
            let location = profile.locations.push(mapping, 0x7010, []);
            let stack = profile.stacks.push([LocationId(location)]);
            profile.samples.push(stack, &[1], &[]);
        }
        let tree = from_profile(&profile, 0).unwrap();
        let names: Vec<_> = tree.children(NodeId::ROOT).map(|n| tree.name(n)).collect();
        assert_eq!(names, ["[unknown]+0x110", "[unknown]+0x7010", "abc+0x110", "libc.so.6+0x110"]);
        assert!(tree.frames().iter().skip(1).all(|f| !f.symbolized));
        assert_eq!(tree.frames().mapping(tree.frame(NodeId(4))), "/usr/lib/libc.so.6");
    }

    #[test]
    fn deep_stacks_are_truncated_at_the_root_without_recursion() {
        let locations: Vec<Vec<usize>> = vec![vec![0, 1, 2], vec![3]];
        let mut stack = vec![0; MAX_STACK_DEPTH];
        stack.push(1);
        let tree = from_profile(&profile(4, &locations, &[(stack, 7)]), 0).unwrap();
        assert_eq!(tree.len(), MAX_STACK_DEPTH + 1);
        assert_eq!(tree.name(NodeId(MAX_STACK_DEPTH as u32)), "f0");
        assert_eq!(tree.total(NodeId(1)), 7);
    }

    proptest! {
        #[test]
        fn tree_values_are_sums_of_samples(
            locations in prop::collection::vec(prop::collection::vec(0..5usize, 1..3), 6),
            samples in prop::collection::vec((prop::collection::vec(0..6usize, 0..6), 0..50i64), 0..40),
        ) {
            let tree = from_profile(&profile(5, &locations, &samples), 0).unwrap();
            assert_canonical(&tree);
            prop_assert_eq!(to_paths(&tree), expected(&locations, &samples));
        }

        #[test]
        fn batch_size_does_not_change_the_tree(
            locations in prop::collection::vec(prop::collection::vec(0..5usize, 1..3), 6),
            samples in prop::collection::vec((prop::collection::vec(0..6usize, 0..6), 1..50i64), 1..40),
        ) {
            let profile = profile(5, &locations, &samples);
            let frames = LocationFrames::new(&profile);
            let (canonical, new_id) = canonical_frames(frames.frames(), &vec![true; frames.frames().len()]);
            let mut nodes = Nodes::new();
            for (i, (_, value)) in (0u32..).zip(&samples) {
                let mut batch = Batch::default();
                batch.push(&profile, &frames, &new_id, StackId(i), *value);
                nodes.append(&batch).unwrap();
            }
            let tree = nodes.finish(canonical);
            prop_assert_eq!(to_paths(&tree), to_paths(&from_profile(&profile, 0).unwrap()));
            let (.., total) = tree.columns();
            prop_assert!(total.iter().all(|&t| t > 0));
        }
    }
}

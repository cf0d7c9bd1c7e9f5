//! From a profile to the call tree of one of its sample types.
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
    #[error("the profile has {count} sample types; there is none with index {index}")]
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
    if sample_type >= profile.samples.width() {
        return Err(BuildError::SampleType { index: sample_type, count: profile.samples.width() });
    }
    let values = stack_values(profile, sample_type);
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
    let mut batch = Paths::default();
    for (stack, &value) in present {
        batch.push(profile, &locations, &new_id, stack, value);
        if batch.entries.len() >= BATCH_ENTRIES {
            nodes.append(&batch)?;
            batch.clear();
        }
    }
    nodes.append(&batch)?;
    Ok(nodes.finish(frames))
}

/// The sum of the values of each stack.
fn stack_values(profile: &Profile, sample_type: usize) -> Vec<i64> {
    let mut values = vec![0i64; profile.stacks.len()];
    for i in 0..profile.samples.len() {
        let slot = &mut values[profile.samples.stack(i).index()];
        *slot = slot.saturating_add(profile.samples.values(i)[sample_type]);
    }
    values
}

/// Stacks as paths of frames, outermost first, in one flat column.
#[derive(Default)]
struct Paths {
    entries: Vec<FrameId>,
    /// Where a path ends in `entries`, and its value.
    ends: Vec<(usize, i64)>,
}

impl Paths {
    fn push(
        &mut self,
        profile: &Profile,
        locations: &LocationFrames,
        new_id: &[FrameId],
        stack: StackId,
        value: i64,
    ) {
        let start = self.entries.len();
        // Leaf first until the cut, then turned round.
        'path: for &location in profile.stacks.get(stack) {
            for frame in locations.of(location).iter().rev() {
                if self.entries.len() - start == MAX_STACK_DEPTH {
                    break 'path;
                }
                self.entries.push(new_id[frame.index()]);
            }
        }
        self.entries[start..].reverse();
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

    fn append(&mut self, paths: &Paths) -> Result<(), BuildError> {
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
            before = path;
        }
        self.batches += usize::from(!paths.ends.is_empty());
        Ok(())
    }

    fn finish(self, frames: FrameTable) -> CallTree {
        if self.batches <= 1 {
            return CallTree::of_pre_order(frames, self.frame, self.parent, self.self_value);
        }
        from_parent_pointers(&frames, &self.parent, &self.frame, &self.self_value)
            .expect("nodes were made here, parents first")
    }
}

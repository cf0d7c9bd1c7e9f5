//! Maps the stacks of a service, which are paths of call sites, to a tree of functions.
//!
//! Answers show functions. Which function node each stack belongs to
//! does not depend on any query, so it is computed once and extended when the symbol table grows. A query then is:
//! sum samples by stack, move each sum to its function node, and put the nodes in order.

use super::symbols::table::{HOLE, Symbols};
use flarepath_profile::call_tree::{
    CallTree, InvalidTree, LocationFrames, NodeId, from_parent_pointers_until,
};
use flarepath_profile::frame_table::{FrameId, FrameTable};
use flarepath_profile::stack_table::LocationId;
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// Function nodes, parents before children, and where each stack belongs.
pub(crate) struct FunctionTree {
    locations: LocationFrames,
    parent: Vec<NodeId>,
    frame: Vec<FrameId>,
    index: HashMap<(NodeId, FrameId), NodeId, FxBuildHasher>,
    /// For each node of the symbol table the innermost function node of its path.
    node_of: Vec<NodeId>,
    /// The same for each stack.
    stack_of: Vec<NodeId>,
}

impl Default for FunctionTree {
    fn default() -> Self {
        FunctionTree {
            locations: LocationFrames::default(),
            parent: vec![NodeId::ROOT],
            frame: vec![FrameId::ROOT],
            index: HashMap::default(),
            node_of: vec![NodeId::ROOT],
            stack_of: Vec::new(),
        }
    }
}

impl FunctionTree {
    /// Adds at most `count` locations, nodes and stacks of what `symbols` has gained. Returns whether all its stacks are
    /// known. Frames keep their ids: they are numbered in the order of locations, and locations are only ever added at the
    /// end.
    pub(crate) fn extend(&mut self, symbols: &Symbols, count: usize) -> bool {
        self.locations.extend(&symbols.tables, self.locations.len() + count);
        let nodes = symbols.node_parent.len().min(self.node_of.len() + count);
        for node in self.node_of.len()..nodes {
            let location = LocationId(symbols.node_location[node]);
            if location.index() >= self.locations.len() {
                break;
            }
            let mut at = self.node_of[symbols.node_parent[node] as usize];
            for &frame in self.locations.of(location) {
                at = *self.index.entry((at, frame)).or_insert_with(|| {
                    self.parent.push(at);
                    self.frame.push(frame);
                    NodeId(self.parent.len() as u32 - 1)
                });
            }
            self.node_of.push(at);
        }
        let gained = symbols.stacks.iter().skip(self.stack_of.len()).take(count);
        // Nothing refers to those that are missing.
        let place = |&node: &u32| {
            if node == HOLE { Some(NodeId::ROOT) } else { self.node_of.get(node as usize).copied() }
        };
        self.stack_of.extend(gained.map_while(place));
        self.stack_of.len() == symbols.stacks.len()
    }

    /// Stacks that are known.
    pub(crate) fn stacks(&self) -> usize {
        self.stack_of.len()
    }

    /// The call tree of `sums`, indexed by stack id; all of these are known. `None` soon after `stop` returns true.
    pub(crate) fn call_tree(
        &self,
        sums: &[i64],
        stop: &dyn Fn() -> bool,
    ) -> Result<Option<CallTree>, InvalidTree> {
        let mut self_value = vec![0i64; self.parent.len()];
        for (&node, &sum) in self.stack_of.iter().zip(sums).filter(|(_, sum)| **sum != 0) {
            let slot = &mut self_value[node.index()];
            *slot = slot.saturating_add(sum);
        }
        from_parent_pointers_until(self.locations.frames(), &self.parent, &self.frame, &self_value, stop)
    }

    /// The frames of function nodes.
    pub(crate) fn frames(&self) -> &FrameTable {
        self.locations.frames()
    }

    /// A value for each function node, made from its parent's and its frame; the root's is `root`.
    pub(crate) fn fold<T: Copy>(&self, root: T, mut below: impl FnMut(T, FrameId) -> T) -> Vec<T> {
        let mut values = Vec::with_capacity(self.parent.len());
        values.push(root);
        for (parent, &frame) in self.parent.iter().zip(&self.frame).skip(1) {
            values.push(below(values[parent.index()], frame));
        }
        values
    }

    /// The innermost function node of each stack, by stack id.
    pub(crate) fn of_stacks(&self) -> &[NodeId] {
        &self.stack_of
    }

    /// Bytes of memory, roughly.
    pub(crate) fn bytes(&self) -> usize {
        self.locations.len() * 8
            + self.frames().len() * 40
            + self.parent.len() * 26
            + self.node_of.len() * 4
            + self.stack_of.len() * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extending_in_small_steps_gives_the_same_tree() {
        let mut symbols = Symbols::new();
        let locations: Vec<u32> = (0..9).map(|i| symbols.location(None, i / 2, &[])).collect();
        for stack in 0..30usize {
            let path: Vec<u32> = (0..stack % 5).map(|depth| locations[(stack * 7 + depth) % 9]).collect();
            symbols.stack(&path);
        }
        let sums: Vec<i64> = (1..=symbols.stacks.len() as i64).collect();
        let tree = |count: usize| {
            let mut functions = FunctionTree::default();
            let mut steps = 1;
            while !functions.extend(&symbols, count) {
                steps += 1;
            }
            (functions.call_tree(&sums, &|| false).unwrap().unwrap(), steps)
        };
        let ((whole, one), (slowly, many)) = (tree(usize::MAX / 2), tree(1));
        assert_eq!(whole, slowly);
        assert!(one == 1 && many >= sums.len(), "{one} {many}");
    }
}

//! Maps the stacks of a service, which are paths of call sites, to a tree of functions.
//!
//! Answers show functions. Which function node each call-site node belongs to
//! does not depend on any query, so it is computed once and extended when the symbol table grows. A query then is:
//! sum samples by stack, move each sum to its function node, and put the nodes in order.

use super::symbols::table::Symbols;
use flarepath_profile::call_tree::{CallTree, InvalidTree, LocationFrames, NodeId, from_parent_pointers};
use flarepath_profile::frame_table::{FrameId, FrameTable};
use flarepath_profile::profile::Profile;
use flarepath_profile::stack_table::LocationId;
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// Function nodes, parents before children, and where each call-site node belongs.
pub(crate) struct FunctionTree {
    locations: LocationFrames,
    known_locations: usize,
    parent: Vec<NodeId>,
    frame: Vec<FrameId>,
    index: HashMap<(NodeId, FrameId), NodeId, FxBuildHasher>,
    /// For each node of the symbol table the innermost function node of its path.
    node_of: Vec<NodeId>,
}

impl Default for FunctionTree {
    fn default() -> Self {
        FunctionTree {
            locations: LocationFrames::new(&Profile::default()),
            known_locations: 0,
            parent: vec![NodeId::ROOT],
            frame: vec![FrameId::ROOT],
            index: HashMap::default(),
            node_of: vec![NodeId::ROOT],
        }
    }
}

impl FunctionTree {
    /// Adds what `symbols` has gained since the last call. Frames keep their ids: they are numbered in the order of
    /// locations, and locations are only ever added at the end.
    pub(crate) fn extend(&mut self, symbols: &Symbols) {
        if self.known_locations < symbols.tables.locations.len() {
            self.locations = LocationFrames::new(&symbols.tables);
            self.known_locations = symbols.tables.locations.len();
        }
        for node in self.node_of.len()..symbols.node_parent.len() {
            let mut at = self.node_of[symbols.node_parent[node] as usize];
            for &frame in self.locations.of(LocationId(symbols.node_location[node])) {
                at = *self.index.entry((at, frame)).or_insert_with(|| {
                    self.parent.push(at);
                    self.frame.push(frame);
                    NodeId(self.parent.len() as u32 - 1)
                });
            }
            self.node_of.push(at);
        }
    }

    /// The call tree of `sums`, indexed by stack id; `symbols` is what this was extended with.
    pub(crate) fn call_tree(&self, symbols: &Symbols, sums: &[i64]) -> Result<CallTree, InvalidTree> {
        let mut self_value = vec![0i64; self.parent.len()];
        for (&node, &sum) in symbols.stacks.iter().zip(sums).filter(|(_, sum)| **sum != 0) {
            let slot = &mut self_value[self.node_of[node as usize].index()];
            *slot = slot.saturating_add(sum);
        }
        from_parent_pointers(self.locations.frames(), &self.parent, &self.frame, &self_value)
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

    /// The innermost function node of each stack, by stack id, up to the first that `symbols` has gained since this was
    /// extended with it.
    pub(crate) fn of_stacks(&self, symbols: &Symbols) -> impl Iterator<Item = NodeId> {
        symbols.stacks.iter().map_while(|&node| self.node_of.get(node as usize).copied())
    }

    /// Bytes of memory, roughly.
    pub(crate) fn bytes(&self) -> usize {
        self.known_locations * 8 + self.parent.len() * 26 + self.node_of.len() * 4
    }
}

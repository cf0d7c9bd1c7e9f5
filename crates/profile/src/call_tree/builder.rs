//! Builds a call tree path by path, values in any order.

use super::{CallTree, NodeId, from_parent_pointers};
use crate::frame_table::{FrameId, FrameInterner, FrameTable, FrameText};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// A call tree under construction.
///
/// ```
/// use flarepath_profile::call_tree::{NodeId, TreeBuilder};
/// use flarepath_profile::frame_table::FrameText;
///
/// let mut tree = TreeBuilder::new();
/// let main = tree.frame(FrameText { name: "main", symbolized: true, ..FrameText::default() });
/// let node = tree.child(NodeId::ROOT, main);
/// tree.add(node, 10);
/// assert_eq!(tree.finish().total(NodeId::ROOT), 10);
/// ```
#[derive(Clone, Debug)]
pub struct TreeBuilder {
    frames: FrameInterner,
    parent: Vec<NodeId>,
    frame: Vec<FrameId>,
    self_value: Vec<i64>,
    index: HashMap<(NodeId, FrameId), NodeId, FxBuildHasher>,
}

impl Default for TreeBuilder {
    fn default() -> Self {
        TreeBuilder {
            frames: FrameInterner::new(),
            parent: vec![NodeId::ROOT],
            frame: vec![FrameId::ROOT],
            self_value: vec![0],
            index: HashMap::default(),
        }
    }
}

impl TreeBuilder {
    /// Holds only the root.
    pub fn new() -> Self {
        Self::default()
    }

    /// The frame of a function, added if it is new.
    pub fn frame(&mut self, text: FrameText<'_>) -> FrameId {
        self.frames.intern(text)
    }

    /// For each frame of a table its frame here.
    pub fn frames(&mut self, table: &FrameTable) -> Vec<FrameId> {
        self.frames.intern_all(table)
    }

    /// The node of `frame` below `parent`, added if it is new.
    ///
    /// # Panics
    /// When the tree would pass 2^32 nodes.
    pub fn child(&mut self, parent: NodeId, frame: FrameId) -> NodeId {
        *self.index.entry((parent, frame)).or_insert_with(|| {
            let id = u32::try_from(self.parent.len()).expect("fewer than 2^32 nodes");
            self.parent.push(parent);
            self.frame.push(frame);
            self.self_value.push(0);
            NodeId(id)
        })
    }

    /// Adds to the self value of a node.
    pub fn add(&mut self, node: NodeId, value: i64) {
        let slot = &mut self.self_value[node.index()];
        *slot = slot.saturating_add(value);
    }

    /// Adds `value` to the path of `frames`, outermost first.
    pub fn add_path(&mut self, frames: impl IntoIterator<Item = FrameId>, value: i64) {
        let node = frames.into_iter().fold(NodeId::ROOT, |at, frame| self.child(at, frame));
        self.add(node, value);
    }

    /// How many nodes there are, the root included.
    pub fn len(&self) -> usize {
        self.parent.len()
    }

    /// True when only the root is there.
    pub fn is_empty(&self) -> bool {
        self.parent.len() == 1
    }

    /// The tree, in its canonical form.
    pub fn finish(self) -> CallTree {
        from_parent_pointers(self.frames.table(), &self.parent, &self.frame, &self.self_value)
            .expect("nodes and frames were made here, parents first")
    }
}

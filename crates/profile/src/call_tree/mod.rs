//! Call tree of one sample type: callers, callees and the cost of each path.
//!
//! Encoding: nodes in **pre-order**, in columns. Node 0 is the root; a parent comes before its children,
//! and a node's descendants follow it without a gap, so `i + 1` is the first child of `i` if it has any.
//! Children of one parent are sorted by name, then file, so that equal trees are equal column by column.
//! `total(i) = self(i) + Σ total(children)`; totals are derived, never sent.

mod assemble;
pub mod build;
pub mod builder;
pub mod invert;
pub(crate) mod location_frames;
pub mod merge;
#[cfg(test)]
pub(crate) mod oracle;
pub mod sandwich;
pub mod shape;
mod sort_ids;
mod stack_nodes;
pub mod transform;

pub(crate) use assemble::{Assembled, assemble, canonical_frames};
pub use assemble::{from_parent_pointers, from_parent_pointers_until};
pub use build::from_profile;
pub(crate) use build::from_samples;
pub(crate) use build::from_samples_with_leaves;
pub use builder::TreeBuilder;
pub use location_frames::LocationFrames;
pub use merge::{merge, merge_until};
pub use shape::Shape;
pub(crate) use sort_ids::sort_ids;
pub(crate) use stack_nodes::stack_nodes;

use crate::frame_table::{FrameId, FrameTable};

/// Index of a node in a [`CallTree`]. 0 is the root.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

impl NodeId {
    /// The root of every tree.
    pub const ROOT: NodeId = NodeId(0);

    /// The position in the columns.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A call tree of one sample type.
#[derive(Clone, Debug, PartialEq)]
pub struct CallTree {
    frames: FrameTable,
    frame: Vec<FrameId>,
    parent: Vec<NodeId>,
    self_value: Vec<i64>,
    total: Vec<i64>,
    end: Vec<u32>,
}

/// The columns do not make a tree. The sender's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTree {
    /// Columns have different lengths or there is no root.
    #[error(
        "call tree columns have lengths {frame}, {parent} and {self_value}; expected equal and at least 1"
    )]
    Lengths {
        /// Length of the frame column.
        frame: usize,
        /// Length of the parent column.
        parent: usize,
        /// Length of the self column.
        self_value: usize,
    },
    /// A node's parent does not come before it, or is not on the path above it.
    #[error("call tree node {0} is not in pre-order below its parent")]
    Order(usize),
    /// A node names a frame that is not in the table.
    #[error("call tree node {0} refers to frame {1}, which does not exist")]
    Frame(usize, u32),
}

impl CallTree {
    /// A tree from its columns, nodes in pre-order, root first. Totals are computed.
    ///
    /// # Errors
    /// [`InvalidTree`] when the columns are not a tree in pre-order.
    pub fn from_columns(
        frames: FrameTable,
        frame: Vec<FrameId>,
        parent: Vec<NodeId>,
        self_value: Vec<i64>,
    ) -> Result<CallTree, InvalidTree> {
        let n = frame.len();
        if n == 0 || parent.len() != n || self_value.len() != n {
            let (frame, parent, self_value) = (n, parent.len(), self_value.len());
            return Err(InvalidTree::Lengths { frame, parent, self_value });
        }
        if let Some(i) = (0..n).find(|&i| frame[i].index() >= frames.len()) {
            return Err(InvalidTree::Frame(i, frame[i].0));
        }
        check_pre_order(&parent)?;
        Ok(CallTree::of_pre_order(frames, frame, parent, self_value))
    }

    /// A tree from columns known to be right.
    pub(crate) fn of_pre_order(
        frames: FrameTable,
        frame: Vec<FrameId>,
        parent: Vec<NodeId>,
        self_value: Vec<i64>,
    ) -> CallTree {
        let (total, end) = totals_and_ends(&parent, &self_value);
        CallTree { frames, frame, parent, self_value, total, end }
    }

    /// A tree without samples: only the root.
    pub fn empty() -> CallTree {
        CallTree::of_pre_order(FrameTable::new(), vec![FrameId::ROOT], vec![NodeId::ROOT], vec![0])
    }

    /// The frames that nodes name.
    pub fn frames(&self) -> &FrameTable {
        &self.frames
    }

    /// How many nodes there are, the root included.
    pub fn len(&self) -> usize {
        self.frame.len()
    }

    /// True when there is nothing but the root and it has no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 1 && self.self_value[0] == 0
    }

    /// The frame of a node.
    pub fn frame(&self, node: NodeId) -> FrameId {
        self.frame[node.index()]
    }

    /// The name of a node's frame.
    pub fn name(&self, node: NodeId) -> &str {
        self.frames.name(self.frame(node))
    }

    /// The parent of a node; the root is its own.
    pub fn parent(&self, node: NodeId) -> NodeId {
        self.parent[node.index()]
    }

    /// What was spent in the node itself.
    pub fn self_value(&self, node: NodeId) -> i64 {
        self.self_value[node.index()]
    }

    /// What was spent in the node and all below it.
    pub fn total(&self, node: NodeId) -> i64 {
        self.total[node.index()]
    }

    /// One past the last descendant: the subtree of `node` is `node.index()..end(node)`.
    pub fn end(&self, node: NodeId) -> usize {
        self.end[node.index()] as usize
    }

    /// The children of a node, in their order.
    pub fn children(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.shape().children(node)
    }

    /// Who is below whom, without names and values.
    pub fn shape(&self) -> Shape<'_> {
        Shape::new(&self.parent, &self.end)
    }

    /// The columns: frame, parent, self, total; one entry a node, in pre-order.
    pub fn columns(&self) -> (&[FrameId], &[NodeId], &[i64], &[i64]) {
        (&self.frame, &self.parent, &self.self_value, &self.total)
    }

    /// The path from below the root to `node`.
    pub fn path(&self, node: NodeId) -> Vec<NodeId> {
        self.shape().path(node)
    }
}

pub(crate) fn check_pre_order(parent: &[NodeId]) -> Result<(), InvalidTree> {
    if parent[0] != NodeId::ROOT {
        return Err(InvalidTree::Order(0));
    }
    for i in 1..parent.len() {
        // In pre-order the parent of `i` is `i - 1` or one of its ancestors; each step up is paid for by one down.
        let mut at = i - 1;
        while at != parent[i].index() {
            if at == 0 {
                return Err(InvalidTree::Order(i));
            }
            at = parent[at].index();
        }
    }
    Ok(())
}

/// Totals saturate at the ends of `i64`.
pub(crate) fn totals_and_ends(parent: &[NodeId], self_value: &[i64]) -> (Vec<i64>, Vec<u32>) {
    let mut total = self_value.to_vec();
    let mut end: Vec<u32> = (1..=parent.len() as u32).collect();
    for i in (1..parent.len()).rev() {
        let up = parent[i].index();
        total[up] = total[up].saturating_add(total[i]);
        end[up] = end[up].max(end[i]);
    }
    (total, end)
}

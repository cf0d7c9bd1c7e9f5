//! Shape of a tree: parents and subtrees. All that layout and navigation need of a call tree or a diff.

use super::NodeId;

/// A borrowed tree without names and values, nodes in pre-order.
#[derive(Clone, Copy, Debug)]
pub struct Shape<'a> {
    parent: &'a [NodeId],
    end: &'a [u32],
}

impl<'a> Shape<'a> {
    /// Columns of one length: parents, and one past the last descendant of each node.
    pub(crate) fn new(parent: &'a [NodeId], end: &'a [u32]) -> Shape<'a> {
        debug_assert_eq!(parent.len(), end.len());
        Shape { parent, end }
    }

    /// How many nodes there are, the root included.
    pub fn len(self) -> usize {
        self.parent.len()
    }

    /// True when only the root is there.
    pub fn is_empty(self) -> bool {
        self.len() <= 1
    }

    /// The parent of each node; the root is its own.
    pub fn parents(self) -> &'a [NodeId] {
        self.parent
    }

    /// The parent of a node.
    pub fn parent(self, node: NodeId) -> NodeId {
        self.parent[node.index()]
    }

    /// One past the last descendant: the subtree of `node` is `node.index()..end(node)`.
    pub fn end(self, node: NodeId) -> usize {
        self.end[node.index()] as usize
    }

    /// The children of a node, in their order.
    pub fn children(self, node: NodeId) -> impl Iterator<Item = NodeId> + 'a {
        let end = self.end(node);
        let mut next = node.index() + 1;
        std::iter::from_fn(move || {
            let child = (next < end).then_some(NodeId(next as u32))?;
            next = self.end(child);
            Some(child)
        })
    }

    /// The path from below the root to `node`.
    pub fn path(self, node: NodeId) -> Vec<NodeId> {
        let mut path = Vec::new();
        let mut at = node;
        while at != NodeId::ROOT {
            path.push(at);
            at = self.parent(at);
        }
        path.reverse();
        path
    }
}

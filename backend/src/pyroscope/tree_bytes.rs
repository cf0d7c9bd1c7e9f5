//! Encodes a tree as a stream of nodes, the content of Pyroscope's `tree` field.
//!
//! Pre-order, each node as `uvarint length, name, uvarint self, uvarint children`, beginning with a root without
//! a name. Children come last first, each with its whole subtree. No node at all is no bytes at all.

use super::cut::{Child, Cut, OTHER};
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::varint;

/// The stream of what the cut shows. Negative values, which the format cannot hold, are written as 0.
pub(crate) fn tree_bytes(cut: &Cut<'_>) -> Vec<u8> {
    let tree = cut.tree;
    if tree.is_empty() {
        return Vec::new();
    }
    // Names make most of it: about 20 bytes a node.
    let mut out = Vec::with_capacity(if cut.is_whole() { tree.len() * 24 } else { 1 << 16 });
    let mut pending = vec![Child::Node(NodeId::ROOT)];
    let mut children = Vec::new();
    while let Some(child) = pending.pop() {
        match child {
            Child::Other(total) => {
                name(&mut out, OTHER);
                uvarint(&mut out, total);
                uvarint(&mut out, 0);
            }
            Child::Node(node) => {
                name(&mut out, if node == NodeId::ROOT { "" } else { tree.name(node) });
                uvarint(&mut out, tree.self_value(node));
                cut.children(node, &mut children);
                uvarint(&mut out, children.len() as i64);
                pending.extend_from_slice(&children);
            }
        }
    }
    out
}

fn name(out: &mut Vec<u8>, name: &str) {
    uvarint(out, name.len() as i64);
    out.extend_from_slice(name.as_bytes());
}

/// Negative values are written as 0.
fn uvarint(out: &mut Vec<u8>, value: i64) {
    varint::put(out, value.max(0) as u64);
}

#[cfg(test)]
mod tests {
    use super::super::text_tree;
    use super::*;
    use flarepath_profile::call_tree::CallTree;

    #[test]
    fn children_come_last_first() {
        let tree = text_tree(&[("a", 300), ("a;b", 1), ("c", 2)]);
        let expected = [&[0, 0, 2][..], b"\x01c\x02\x00", b"\x01a\xac\x02\x01", b"\x01b\x01\x00"].concat();
        assert_eq!(tree_bytes(&Cut::nothing(&tree)), expected);
        let cut = [&[0, 0, 2][..], b"\x05other\x02\x00", b"\x01a\xac\x02\x01", b"\x05other\x01\x00"].concat();
        assert_eq!(tree_bytes(&Cut::to(&tree, 1)), cut);
    }

    #[test]
    fn an_empty_tree_is_no_bytes() {
        assert_eq!(tree_bytes(&Cut::nothing(&CallTree::empty())), [0u8; 0]);
    }
}

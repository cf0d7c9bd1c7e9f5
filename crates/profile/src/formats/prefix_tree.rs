//! Prefix trees, as in Pyroscope's binary `trie` and `tree` bodies: nodes in pre-order, each
//!
//! ```text
//! varint length of the name · the name · varint value · varint number of children
//! ```
//! The first node is the root, whose name is empty. Layout: `DeserializeNoDict` and `transporttrie` in
//! grafana/pyroscope.

use super::TooMuch;
use crate::formats::pprof::wire::{Reader, WireError};

/// The bytes are not a trie or tree. The sender's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrefixTreeError {
    /// The input ends inside a node, or holds a number that is none.
    #[error("node {node} is corrupt: {cause}")]
    Broken {
        /// Its number, from 0.
        node: usize,
        /// Why.
        cause: WireError,
    },
    /// The name of a node is said to reach beyond the input.
    #[error(
        "the name of node {node} at byte {offset} has a length of {length} bytes, more than the remaining input"
    )]
    Name {
        /// Its number, from 0.
        node: usize,
        /// Where the name begins.
        offset: usize,
        /// The length given.
        length: u64,
    },
    /// A node with more children than there can be nodes in the input.
    #[error(
        "node {node} before byte {offset} has a child count of {count}, more than the remaining input can hold"
    )]
    Children {
        /// Its number, from 0.
        node: usize,
        /// Just behind it.
        offset: usize,
        /// The number given.
        count: u64,
    },
    /// Bytes behind the last node.
    #[error("unexpected data after the tree, at byte {offset}")]
    Trailing {
        /// Just behind the last node.
        offset: usize,
    },
    /// No node has a value.
    #[error("no node of the tree has a value")]
    Empty,
    /// More than is read.
    #[error("the profile has {0}")]
    TooMuch(#[from] TooMuch),
}

/// A node as it is read.
pub(super) struct Node<'a> {
    /// How many nodes are above it; the root has 0.
    pub(super) depth: usize,
    pub(super) name: &'a [u8],
    /// Its own value.
    pub(super) value: u64,
}

/// Hands out all nodes in pre-order. Nothing is recursive: the open nodes are a vector of counters.
pub(super) fn walk(
    bytes: &[u8],
    mut each: impl FnMut(Node<'_>) -> Result<(), PrefixTreeError>,
) -> Result<(), PrefixTreeError> {
    TooMuch::check_bytes(bytes)?;
    let mut reader = Reader::new(bytes, 0..bytes.len());
    let mut open: Vec<u64> = Vec::new();
    let mut node = 0;
    loop {
        let broken = |cause| PrefixTreeError::Broken { node, cause };
        let length = reader.varint().map_err(broken)?;
        let offset = reader.offset();
        let name = usize::try_from(length).ok().and_then(|len| reader.take(len));
        let name = name.ok_or(PrefixTreeError::Name { node, offset, length })?;
        let value = reader.varint().map_err(broken)?;
        let children = reader.varint().map_err(broken)?;
        // The smallest node has three bytes.
        if children > ((bytes.len() - reader.offset()) / 3) as u64 {
            return Err(PrefixTreeError::Children { node, offset: reader.offset(), count: children });
        }
        each(Node { depth: open.len(), name, value })?;
        node += 1;
        open.push(children);
        while open.last() == Some(&0) {
            open.pop();
        }
        match open.last_mut() {
            Some(left) => *left -= 1,
            None => break,
        }
    }
    match reader.is_done() {
        true => Ok(()),
        false => Err(PrefixTreeError::Trailing { offset: reader.offset() }),
    }
}

//! Decoder of merged stacks in Pyroscope's format TREE.
//!
//! Nodes in pre-order, each as `uvarint length, name, uvarint self, uvarint children`; the first is the root, whose name is empty. The
//! children of a node come last first, each with its whole subtree. No node at all is no bytes. `main` with 2 of its own, which
//! calls `work` with 3:
//!
//! ```text
//! 00 00 01                   root: no name, self 0, 1 child
//! 04 6d 61 69 6e 02 01       main: self 2, 1 child
//! 04 77 6f 72 6b 03 00       work: self 3, no child
//! ```
//!
//! Functions have names, but neither files nor mappings. Where the store left out small nodes, a leaf `other` stands for them.

use flarepath_profile::call_tree::{CallTree, NodeId, from_parent_pointers, from_parent_pointers_until};
use flarepath_profile::frame_table::{Frame, FrameId, FrameTable};
use flarepath_profile::limits::MAX_STACK_DEPTH;
use flarepath_profile::varint;
use rustc_hash::FxHashMap;

/// Nodes of an answer: about 80 MB of columns.
const MAX_NODES: usize = 5_000_000;
/// The shortest node: an empty name, and two numbers below 128.
const LEAST_NODE_BYTES: u64 = 3;
/// Name of the node in place of what was left out.
const OTHER: &[u8] = b"other";

/// The bytes are not a whole tree. The store's fault; offsets count from the first byte.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadTree {
    #[error("the tree ends early, at byte {0}")]
    Truncated(usize),
    #[error("the tree has ended, but {0} bytes follow")]
    Rest(usize),
    #[error("a node before byte {0} has more children than bytes follow")]
    Children(usize),
    #[error("a value before byte {0} is negative, or the sum of all values overflows")]
    Value(usize),
    #[error("the tree has more than {MAX_NODES} nodes")]
    TooManyNodes,
    #[error("the tree is more than {MAX_STACK_DEPTH} nodes deep")]
    TooDeep,
    #[error("{0}")]
    Shape(String),
    #[error("no caller is waiting for the answer")]
    Cancelled,
}

/// A tree as it was sent.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) tree: CallTree,
    /// Nodes below the root, as many as were sent.
    pub(super) nodes: usize,
    /// Whether there is a leaf that may stand for nodes that were left out.
    pub(super) has_other: bool,
}

impl Decoded {
    /// Whether the store has left out nodes of an answer that may have `max_nodes`. It does so in larger trees only, and keeps at
    /// least so many.
    pub(super) fn is_cut(&self, max_nodes: usize) -> bool {
        self.has_other && self.nodes >= max_nodes
    }
}

/// Decodes a tree. Given up soon after `stop` returns true.
///
/// # Errors
/// [`BadTree`]; there is no partial result.
pub(super) fn decode(bytes: &[u8], stop: &dyn Fn() -> bool) -> Result<Decoded, BadTree> {
    if bytes.is_empty() {
        return Ok(Decoded { tree: CallTree::empty(), nodes: 0, has_other: false });
    }
    let mut reader = Reader { bytes, at: 0 };
    let mut nodes = Nodes::default();
    // The last node with children and those above it, each with how many of its children are still missing.
    let mut open: Vec<(NodeId, u64)> = Vec::new();
    let mut missing: u64 = 1;
    while missing > 0 {
        let Node { name, value, children } = reader.node()?;
        missing = (missing - 1).saturating_add(children);
        if missing.saturating_mul(LEAST_NODE_BYTES) > reader.left() as u64 {
            return Err(BadTree::Children(reader.at));
        }
        while open.pop_if(|(_, left)| *left == 0).is_some() {}
        let parent = match open.last_mut() {
            None => NodeId::ROOT,
            Some((parent, left)) => {
                *left -= 1;
                *parent
            }
        };
        nodes.has_other |= children == 0 && name == OTHER;
        let id = nodes.push(parent, name, value).ok_or(BadTree::Value(reader.at))?;
        if children > 0 {
            open.push((id, children));
        }
        if open.len() > MAX_STACK_DEPTH {
            return Err(BadTree::TooDeep);
        }
        if nodes.parent.len() > MAX_NODES {
            return Err(BadTree::TooManyNodes);
        }
    }
    match reader.left() {
        0 => nodes.finish(stop),
        rest => Err(BadTree::Rest(rest)),
    }
}

/// The tree with its functions told apart by name alone, as those of this format are.
///
/// # Errors
/// [`BadTree::Shape`]; none for a tree that was built properly.
pub(super) fn by_name(tree: &CallTree) -> Result<CallTree, BadTree> {
    let (mut frames, mut known, mut ids) =
        (FrameTable::new(), FxHashMap::default(), vec![FrameId::ROOT; tree.frames().len()]);
    for (id, frame) in ids.iter_mut().zip(tree.frames().iter()).skip(1) {
        let text = tree.frames().strings.get(frame.name);
        *id = *known.entry(text).or_insert_with(|| {
            let name = frames.strings.intern(text);
            frames.push(Frame { name, symbolized: frame.symbolized, ..Frame::default() })
        });
    }
    let (frame, parent, self_value, _) = tree.columns();
    let frame: Vec<FrameId> = frame.iter().map(|id| ids[id.index()]).collect();
    from_parent_pointers(&frames, parent, &frame, self_value).map_err(|e| BadTree::Shape(e.to_string()))
}

struct Node<'b> {
    name: &'b [u8],
    value: u64,
    children: u64,
}

struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    fn number(&mut self) -> Result<u64, BadTree> {
        let (number, rest) = varint::split(&self.bytes[self.at..]).ok_or(BadTree::Truncated(self.at))?;
        self.at = self.bytes.len() - rest.len();
        Ok(number)
    }

    fn node(&mut self) -> Result<Node<'b>, BadTree> {
        let length = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        let (name, _) = self.bytes[self.at..].split_at_checked(length).ok_or(BadTree::Truncated(self.at))?;
        self.at += length;
        Ok(Node { name, value: self.number()?, children: self.number()? })
    }
}

/// Nodes as they come, the root first.
#[derive(Default)]
struct Nodes<'b> {
    frames: FrameTable,
    known: FxHashMap<&'b [u8], FrameId>,
    parent: Vec<NodeId>,
    frame: Vec<FrameId>,
    self_value: Vec<i64>,
    sum: i64,
    has_other: bool,
}

impl<'b> Nodes<'b> {
    /// Adds a node; `None` if its value is negative, or the sum of all overflows.
    fn push(&mut self, parent: NodeId, name: &'b [u8], value: u64) -> Option<NodeId> {
        let value = i64::try_from(value).ok()?;
        self.sum = self.sum.checked_add(value)?;
        let id = NodeId(u32::try_from(self.parent.len()).ok()?);
        let frame = match id {
            NodeId::ROOT => FrameId::ROOT,
            _ => self.function(name),
        };
        self.parent.push(parent);
        self.frame.push(frame);
        self.self_value.push(value);
        Some(id)
    }

    fn function(&mut self, name: &'b [u8]) -> FrameId {
        let frames = &mut self.frames;
        *self.known.entry(name).or_insert_with(|| {
            let name = frames.strings.intern(&String::from_utf8_lossy(name));
            frames.push(Frame { name, symbolized: true, ..Frame::default() })
        })
    }

    fn finish(self, stop: &dyn Fn() -> bool) -> Result<Decoded, BadTree> {
        let Nodes { frames, parent, frame, self_value, has_other, .. } = self;
        let tree = from_parent_pointers_until(&frames, &parent, &frame, &self_value, stop)
            .map_err(|error| BadTree::Shape(error.to_string()))?
            .ok_or(BadTree::Cancelled)?;
        Ok(Decoded { tree, nodes: parent.len() - 1, has_other })
    }
}

#[cfg(test)]
mod tests {
    use super::super::messages::StacktracesAnswer;
    use super::*;
    use flarepath_profile::call_tree::TreeBuilder;
    use flarepath_profile::frame_table::FrameText;
    use proptest::prelude::*;
    use prost::Message;
    use rstest::rstest;

    fn decoded(bytes: &[u8]) -> Result<Decoded, BadTree> {
        decode(bytes, &|| false)
    }

    fn lines(tree: &CallTree) -> Vec<String> {
        let line = |i: u32| {
            let node = NodeId(i);
            format!("{} {} {}", tree.path(node).len(), tree.name(node), tree.self_value(node))
        };
        (1..tree.len() as u32).map(line).collect()
    }

    fn recorded() -> Vec<u8> {
        let answer =
            include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/pyroscope/merge_tree.response.pb"));
        StacktracesAnswer::decode(&answer[..]).unwrap().tree.to_vec()
    }

    #[test]
    fn a_recorded_tree_is_whole() {
        let Decoded { tree, nodes, has_other } = decoded(&recorded()).unwrap();
        assert_eq!((tree.total(NodeId::ROOT), nodes, has_other), (5_880_000_000, tree.len() - 1, false));
        assert_eq!(
            lines(&tree),
            [
                "1 main.main 0",
                "2 naïve.größe<T> & \"q\" 漢字 120000000",
                "2 net/http.(*conn).serve 0",
                "3 encoding/json.Marshal 360000000",
                "3 shop/cart.(*Cart).Total 0",
                "4 encoding/json.Marshal 120000000",
                "4 shop/cart.(*Cart).Total 0",
                "5 shop/cart.(*Cart).Total 240000000",
                "4 shop/pricing.Discount 3000000000",
                "5 regexp.(*Regexp).FindString 720000000",
                "5 shop/pricing.hash 1200000000",
                "1 runtime.gcBgMarkWorker 120000000",
            ]
        );
    }

    #[test]
    fn the_example_of_the_module_is_read() {
        let bytes = b"\x00\x00\x01\x04main\x02\x01\x04work\x03\x00";
        assert_eq!(lines(&decoded(bytes).unwrap().tree), ["1 main 2", "2 work 3"]);
        assert_eq!(decoded(&[]).unwrap().tree, CallTree::empty());
    }

    #[test]
    fn half_a_tree_is_no_tree() {
        let bytes = recorded();
        for length in 1..bytes.len() {
            let error = decoded(&bytes[..length]).unwrap_err();
            assert!(matches!(error, BadTree::Truncated(_) | BadTree::Children(_)), "{length}: {error}");
        }
        assert_eq!(decoded(&[&bytes[..], &[0]].concat()).unwrap_err(), BadTree::Rest(1));
    }

    #[rstest]
    #[case::more_children_than_bytes(b"\x00\x00\xff\xff\xff\xff\x0f", BadTree::Children(7))]
    #[case::a_name_beyond_the_end(b"\x00\x00\x01\x7fmain", BadTree::Truncated(4))]
    #[case::negative(b"\x00\x00\x01\x01a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00", BadTree::Value(16))]
    fn what_cannot_be_true_is_refused(#[case] bytes: &[u8], #[case] expected: BadTree) {
        assert_eq!(decoded(bytes).unwrap_err(), expected);
    }

    #[test]
    fn sums_do_not_overflow() {
        let mut bytes = vec![0, 0, 2];
        for _ in 0..2 {
            bytes.extend([1, b'a']);
            varint::put(&mut bytes, i64::MAX as u64);
            bytes.push(0);
        }
        assert!(matches!(decoded(&bytes), Err(BadTree::Value(_))));
    }

    #[test]
    fn depth_is_bounded() {
        let chain = |depth: usize| {
            let mut bytes = vec![0, 0, 1];
            bytes.extend([1, b'a', 0, 1].repeat(depth - 1));
            bytes.extend([1, b'a', 1, 0]);
            decoded(&bytes)
        };
        assert_eq!(chain(MAX_STACK_DEPTH).unwrap().tree.len(), MAX_STACK_DEPTH + 1);
        assert_eq!(chain(MAX_STACK_DEPTH + 1).unwrap_err(), BadTree::TooDeep);
    }

    #[test]
    fn a_cut_tree_has_as_many_nodes_as_it_may_and_an_other() {
        let cut = decoded(b"\x00\x00\x02\x05other\x03\x00\x01a\x02\x00").unwrap();
        assert!(cut.is_cut(2) && !cut.is_cut(3), "a function may be called `other`");
        assert!(!decoded(b"\x00\x00\x02\x01b\x03\x00\x01a\x02\x00").unwrap().is_cut(2));
    }

    #[test]
    fn functions_of_one_name_are_one() {
        let mut tree = TreeBuilder::new();
        for (file, value) in [("1.rs", 2), ("2.rs", 3)] {
            let frame = tree.frame(FrameText { name: "a", file, symbolized: true, ..FrameText::default() });
            tree.add_path([frame], value);
        }
        assert_eq!(lines(&by_name(&tree.finish()).unwrap()), ["1 a 5"]);
    }

    proptest! {
        #[test]
        fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(Decoded { tree, .. }) = decoded(&bytes) {
                prop_assert!(tree.len() <= bytes.len().max(1), "an empty tree has a root");
            }
        }
    }
}

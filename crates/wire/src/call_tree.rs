//! Columnar call tree: each string and frame once, nodes in pre-order with their child counts.
//!
//! Totals are derived on arrival. `file`, `mapping` and `name` of a frame are indices into `strings`. The origin of a frame's code is
//! no part of the tree: the sender decides it for this answer, and [`CallTreeColumns::origins`] reads it.

use crate::packed;
use flarepath_profile::call_tree::{CallTree, InvalidTree, NodeId};
use flarepath_profile::frame_table::{Frame, FrameId, FrameTable};
use flarepath_profile::origin::Origin;
use flarepath_profile::string_table::{StrId, StringTable};
use prost::Message;
use serde::{Deserialize, Serialize};

/// Columns of a call tree. Frame columns have one entry a frame, node columns one a node; node 0 is the root
/// and frame 0 its frame.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallTreeColumns {
    /// Text; the first is empty.
    #[prost(string, repeated, tag = "1")]
    pub strings: Vec<String>,
    /// Function name of each frame.
    #[prost(uint32, repeated, tag = "2")]
    pub frame_name: Vec<u32>,
    /// Source file of each frame.
    #[prost(uint32, repeated, tag = "3")]
    pub frame_file: Vec<u32>,
    /// First line of each frame's function, or 0.
    #[prost(uint32, repeated, tag = "4")]
    pub frame_line: Vec<u32>,
    /// Binary or library of each frame.
    #[prost(uint32, repeated, tag = "5")]
    pub frame_mapping: Vec<u32>,
    /// Frames whose name is an address because no symbol was found, ascending.
    #[prost(uint32, repeated, tag = "6")]
    pub frames_without_symbol: Vec<u32>,
    /// Frame of each node.
    #[prost(uint32, repeated, tag = "7")]
    pub node_frame: Vec<u32>,
    /// Number of children of each node.
    #[prost(uint32, repeated, tag = "8")]
    pub node_children: Vec<u32>,
    /// Self value of each node.
    #[prost(sint64, repeated, tag = "9")]
    pub node_self: Vec<i64>,
    /// Where the code of each frame comes from: 0 own code of the service, 1 library, 2 runtime, 3 memory management, 4 kernel,
    /// 5 waiting, 6 unknown. Absent where the sender does not say.
    #[prost(uint32, repeated, tag = "10")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frame_origin: Vec<u32>,
}

impl CallTreeColumns {
    /// The same with the origin of each frame.
    pub fn with_origins(self, origins: &[Origin]) -> Self {
        CallTreeColumns { frame_origin: origins.iter().map(|origin| *origin as u32).collect(), ..self }
    }

    /// The origin of each frame; `None` if the sender does not say. Numbers that are not known here are [`Origin::Unknown`].
    pub fn origins(&self) -> Option<Vec<Origin>> {
        let of = |&number: &u32| Origin::ALL.get(number as usize).copied().unwrap_or(Origin::Unknown);
        (!self.frame_origin.is_empty()).then(|| self.frame_origin.iter().map(of).collect())
    }

    /// Reads columns alone; see [`crate::messages::CallTreeResponse::from_bytes`].
    ///
    /// # Errors
    /// When the bytes are not this message.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, prost::DecodeError> {
        CallTreeColumns::read(bytes).map_or_else(|| Self::decode(bytes), Ok)
    }

    /// The columns of well formed bytes; see [`packed`].
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let (mut node_frame, mut node_children, mut node_self) = (Vec::new(), Vec::new(), Vec::new());
        let columns: CallTreeColumns = packed::read_but(bytes, |tag, bytes| match tag {
            7 => packed::uint32(bytes, &mut node_frame),
            8 => packed::uint32(bytes, &mut node_children),
            9 => packed::sint64(bytes, &mut node_self),
            _ => Some(false),
        })?;
        // Numbers that did not come packed are in the columns already, and their order is prost's to tell.
        let all_packed =
            [columns.node_frame.len(), columns.node_children.len(), columns.node_self.len()] == [0; 3];
        all_packed.then_some(CallTreeColumns { node_frame, node_children, node_self, ..columns })
    }
}

/// The columns do not make a tree. The sender's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidColumns {
    /// Columns that belong together differ in length.
    #[error("call tree columns differ in length")]
    Lengths,
    /// An index points outside of `strings` or of the frames.
    #[error("call tree refers to {what} {index}, which does not exist")]
    Reference {
        /// `string` or `frame`.
        what: &'static str,
        /// The index.
        index: u32,
    },
    /// The children do not add up.
    #[error("call tree node {0}: the child count does not match the nodes that follow")]
    Children(usize),
    /// See [`InvalidTree`].
    #[error(transparent)]
    Tree(#[from] InvalidTree),
}

/// Frames, and the frame, the parent and the self value of each node.
pub(crate) type Parts = (FrameTable, Vec<FrameId>, Vec<NodeId>, Vec<i64>);

impl CallTreeColumns {
    /// Columns of any tree in pre-order.
    pub(crate) fn of(frames: &FrameTable, frame: &[FrameId], parent: &[NodeId], self_value: &[i64]) -> Self {
        let mut node_children = vec![0; parent.len()];
        for up in &parent[1..] {
            node_children[up.index()] += 1;
        }
        CallTreeColumns {
            strings: frames.strings.iter().map(str::to_owned).collect(),
            frame_name: frames.iter().map(|f| f.name.0).collect(),
            frame_file: frames.iter().map(|f| f.file.0).collect(),
            frame_line: frames.iter().map(|f| f.line).collect(),
            frame_mapping: frames.iter().map(|f| f.mapping.0).collect(),
            frames_without_symbol: (0u32..)
                .zip(frames.iter())
                .filter(|(_, f)| !f.symbolized)
                .map(|(i, _)| i)
                .collect(),
            node_frame: frame.iter().map(|f| f.0).collect(),
            node_children,
            node_self: self_value.to_vec(),
            frame_origin: Vec::new(),
        }
    }

    /// What a tree is made from. Nothing is checked that the tree checks itself.
    pub(crate) fn parts(self) -> Result<Parts, InvalidColumns> {
        let frames = frame_table(&self)?;
        let parent = parents(&self.node_children)?;
        let frame = self.node_frame.into_iter().map(FrameId).collect();
        Ok((frames, frame, parent, self.node_self))
    }
}

impl From<&CallTree> for CallTreeColumns {
    fn from(tree: &CallTree) -> Self {
        let (frame, parent, self_value, _) = tree.columns();
        CallTreeColumns::of(tree.frames(), frame, parent, self_value)
    }
}

impl TryFrom<CallTreeColumns> for CallTree {
    type Error = InvalidColumns;

    fn try_from(columns: CallTreeColumns) -> Result<Self, Self::Error> {
        let (frames, frame, parent, self_value) = columns.parts()?;
        Ok(CallTree::from_columns(frames, frame, parent, self_value)?)
    }
}

fn frame_table(columns: &CallTreeColumns) -> Result<FrameTable, InvalidColumns> {
    let n = columns.frame_name.len();
    if [columns.frame_file.len(), columns.frame_line.len(), columns.frame_mapping.len()] != [n; 3] || n == 0 {
        return Err(InvalidColumns::Lengths);
    }
    if ![0, n].contains(&columns.frame_origin.len()) {
        return Err(InvalidColumns::Lengths);
    }
    let mut strings = StringTable::new();
    strings.reserve(columns.strings.len(), columns.strings.iter().map(String::len).sum());
    let ids: Vec<StrId> = columns.strings.iter().map(|s| strings.intern(s)).collect();
    let id =
        |i: u32| ids.get(i as usize).copied().ok_or(InvalidColumns::Reference { what: "string", index: i });
    let mut frames = FrameTable::new();
    frames.strings = strings;
    let mut missing = columns.frames_without_symbol.iter().copied().peekable();
    let mut table = Vec::with_capacity(n);
    for i in 0..n {
        let symbolized = missing.next_if_eq(&(i as u32)).is_none();
        table.push(Frame {
            name: id(columns.frame_name[i])?,
            file: id(columns.frame_file[i])?,
            line: columns.frame_line[i],
            mapping: id(columns.frame_mapping[i])?,
            symbolized,
        });
    }
    // What is left was not ascending or is beyond the last frame.
    if let Some(index) = missing.next() {
        return Err(InvalidColumns::Reference { what: "frame", index });
    }
    frames.replace(table);
    Ok(frames)
}

/// Parents from child counts: a stack holds, for each open node, how many children are still to come.
fn parents(children: &[u32]) -> Result<Vec<NodeId>, InvalidColumns> {
    let mut parents = Vec::with_capacity(children.len());
    let mut open: Vec<(NodeId, u32)> = Vec::new();
    for (i, &count) in children.iter().enumerate() {
        while open.last().is_some_and(|&(_, left)| left == 0) {
            open.pop();
        }
        match open.last_mut() {
            Some((parent, left)) => {
                *left -= 1;
                parents.push(*parent);
            }
            None if i == 0 => parents.push(NodeId::ROOT),
            None => return Err(InvalidColumns::Children(i)),
        }
        open.push((NodeId(i as u32), count));
    }
    match open.iter().rev().find(|(_, left)| *left > 0) {
        Some((node, _)) => Err(InvalidColumns::Children(node.index())),
        None => Ok(parents),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::CallTreeResponse;
    use flarepath_profile::call_tree::TreeBuilder;
    use flarepath_profile::frame_table::FrameText;
    use proptest::prelude::*;

    fn any_tree() -> impl Strategy<Value = CallTree> {
        let path = prop::collection::vec((0..4u32, 0..2u32, any::<bool>()), 0..6);
        prop::collection::vec((path, -9..1000i64), 0..30).prop_map(|paths| {
            let mut tree = TreeBuilder::new();
            for (path, value) in paths {
                let frames = path.into_iter().map(|(name, file, symbolized)| {
                    let (name, file) = (format!("f{name}"), format!("{file}.rs"));
                    tree.frame(FrameText { name: &name, file: &file, line: 7, mapping: "bin", symbolized })
                });
                let frames: Vec<_> = frames.collect();
                tree.add_path(frames, value);
            }
            tree.finish()
        })
    }

    /// Root, `a` with child `b`, and `c`, in an order that is not by name.
    fn columns() -> CallTreeColumns {
        CallTreeColumns {
            strings: ["", "total", "c", "a", "b"].map(str::to_owned).to_vec(),
            frame_name: vec![1, 2, 3, 4],
            frame_file: vec![0; 4],
            frame_line: vec![0; 4],
            frame_mapping: vec![0; 4],
            frames_without_symbol: vec![2],
            node_frame: vec![0, 2, 3, 1],
            node_children: vec![2, 1, 0, 0],
            node_self: vec![0, 1, 2, 4],
            frame_origin: Vec::new(),
        }
    }

    fn refused(change: impl FnOnce(&mut CallTreeColumns)) -> InvalidColumns {
        let mut columns = columns();
        change(&mut columns);
        CallTree::try_from(columns).unwrap_err()
    }

    #[test]
    fn keeps_the_order_of_children() {
        let tree = CallTree::try_from(columns()).unwrap();
        let names: Vec<_> = (0..4).map(|i| tree.name(NodeId(i))).collect();
        assert_eq!(names, ["total", "a", "b", "c"]);
        assert_eq!(tree.total(NodeId(1)), 3);
        assert!(!tree.frames().get(FrameId(2)).symbolized);
        assert_eq!(CallTreeColumns::from(&tree), columns());
    }

    #[test]
    fn rejects_columns_that_form_no_tree() {
        assert_eq!(CallTree::try_from(CallTreeColumns::default()).unwrap_err(), InvalidColumns::Lengths);
        assert_eq!(refused(|c| c.frame_file.truncate(3)), InvalidColumns::Lengths);
        assert_eq!(refused(|c| c.frame_origin = vec![0; 3]), InvalidColumns::Lengths);
        assert_eq!(refused(|c| c.frame_origin = vec![0; 5]), InvalidColumns::Lengths);
        let reference = |what, index| InvalidColumns::Reference { what, index };
        assert_eq!(refused(|c| c.frame_name[1] = 5), reference("string", 5));
        assert_eq!(refused(|c| c.frames_without_symbol = vec![4]), reference("frame", 4));
        assert_eq!(refused(|c| c.frames_without_symbol = vec![2, 1]), reference("frame", 1));
        assert_eq!(refused(|c| c.node_frame[3] = 9), InvalidTree::Frame(3, 9).into());
        assert_eq!(refused(|c| c.node_children[0] = 1), InvalidColumns::Children(3));
        assert_eq!(refused(|c| c.node_children[3] = 1), InvalidColumns::Children(3));
        assert_eq!(refused(|c| c.node_children[0] = u32::MAX), InvalidColumns::Children(0));
        let lengths = InvalidTree::Lengths { frame: 4, parent: 4, self_value: 3 };
        assert_eq!(refused(|c| c.node_self.truncate(3)), lengths.into());
    }

    #[test]
    fn origins_are_read_as_they_were_sent() {
        let sent = [Origin::Unknown, Origin::Own, Origin::Kernel, Origin::Waiting];
        let plain = columns();
        assert_eq!(plain.origins(), None);
        let sides = [plain.clone(), plain.clone().with_origins(&sent)];
        for columns in &sides {
            let answer = CallTreeResponse { tree: Some(columns.clone()), ..CallTreeResponse::default() };
            let back = CallTreeResponse::from_bytes(&answer.encode_to_vec()).unwrap().tree.unwrap();
            assert_eq!(&back, columns);
            let json = serde_json::to_value(columns).unwrap();
            assert_eq!(json.get("frame_origin").is_some(), columns.origins().is_some());
            assert_eq!(&serde_json::from_value::<CallTreeColumns>(json).unwrap(), columns);
            // They are no part of the tree.
            assert_eq!(CallTreeColumns::from(&CallTree::try_from(back).unwrap()), plain);
        }
        assert_eq!(sides[1].origins().unwrap(), sent);
        let newer = CallTreeColumns { frame_origin: vec![6, 7, u32::MAX, 0], ..plain };
        let known = [Origin::Unknown, Origin::Unknown, Origin::Unknown, Origin::Own];
        assert_eq!(newer.origins().unwrap(), known);
        assert!(CallTree::try_from(newer).is_ok());
    }

    #[test]
    fn numbers_of_origins_are_those_of_the_documentation() {
        let words = ["own", "library", "runtime", "memory", "kernel", "waiting", "unknown"];
        assert_eq!(Origin::ALL.map(Origin::word), words);
        assert_eq!(columns().with_origins(&Origin::ALL).frame_origin, [0, 1, 2, 3, 4, 5, 6]);
    }

    proptest! {
        #[test]
        fn round_trips_a_tree(tree in any_tree()) {
            let answer = CallTreeResponse { tree: Some((&tree).into()), ..CallTreeResponse::default() };
            let back = CallTreeResponse::from_bytes(&answer.encode_to_vec()).unwrap();
            prop_assert_eq!(&CallTree::try_from(back.tree.unwrap()).unwrap(), &tree);
            let json = serde_json::to_vec(&CallTreeColumns::from(&tree)).unwrap();
            let columns: CallTreeColumns = serde_json::from_slice(&json).unwrap();
            prop_assert_eq!(CallTree::try_from(columns).unwrap(), tree);
        }

        #[test]
        fn never_panics_on_any_columns(
            frame_name in prop::collection::vec(0..6u32, 0..4), node_frame in prop::collection::vec(0..5u32, 0..8),
            node_children in prop::collection::vec(0..4u32, 0..8), missing in prop::collection::vec(0..5u32, 0..3),
        ) {
            let columns = CallTreeColumns {
                frame_file: vec![0; frame_name.len()],
                frame_line: vec![0; frame_name.len()],
                frame_mapping: vec![0; frame_name.len()],
                frames_without_symbol: missing,
                frame_origin: Vec::new(),
                node_self: vec![i64::MAX; node_frame.len()],
                frame_name,
                node_frame,
                node_children,
                strings: columns().strings,
            };
            if let Ok(tree) = CallTree::try_from(columns) {
                prop_assert_eq!(&CallTree::try_from(CallTreeColumns::from(&tree)).unwrap(), &tree);
            }
        }
    }
}

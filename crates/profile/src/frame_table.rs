//! Frames of a call tree: one entry a function, not a call site.

use crate::string_table::{StrId, StringTable};

/// Index of a frame in its [`FrameTable`]. 0 is the root of every tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FrameId(pub u32);

impl FrameId {
    /// The frame of the root.
    pub const ROOT: FrameId = FrameId(0);

    /// The position in the table.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A function as a person sees it. Two frames are the same when name, file and mapping are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Frame {
    /// Name. A frame without a symbol is named `file+0xaddress` and has [`Frame::symbolized`] false.
    pub name: StrId,
    /// Source file; empty if unknown.
    pub file: StrId,
    /// First line of the function, or 0.
    pub line: u32,
    /// File of the mapping (binary, library), empty if unknown.
    pub mapping: StrId,
    /// Whether the name is a symbol and not an address.
    pub symbolized: bool,
}

/// Frames and the text they refer to.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameTable {
    /// Text of names, files and mappings.
    pub strings: StringTable,
    frames: Vec<Frame>,
}

impl Default for FrameTable {
    fn default() -> Self {
        let mut strings = StringTable::new();
        let name = strings.intern("total");
        FrameTable { strings, frames: vec![Frame { name, symbolized: true, ..Frame::default() }] }
    }
}

impl FrameTable {
    /// Only the root, named `total`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a frame; uniqueness is the caller's (see [`crate::call_tree::build`]).
    pub fn push(&mut self, frame: Frame) -> FrameId {
        self.frames.push(frame);
        FrameId(self.frames.len() as u32 - 1)
    }

    /// Replaces all frames. The first is the root; ids given out before are void.
    ///
    /// # Panics
    /// When `frames` is empty.
    pub fn replace(&mut self, frames: Vec<Frame>) {
        assert!(!frames.is_empty(), "the root has a frame");
        self.frames = frames;
    }

    /// The frame at `id`.
    pub fn get(&self, id: FrameId) -> &Frame {
        &self.frames[id.index()]
    }

    /// The name of `id`.
    pub fn name(&self, id: FrameId) -> &str {
        self.strings.get(self.frames[id.index()].name)
    }

    /// The source file of `id`.
    pub fn file(&self, id: FrameId) -> &str {
        self.strings.get(self.frames[id.index()].file)
    }

    /// The mapping's file of `id`.
    pub fn mapping(&self, id: FrameId) -> &str {
        self.strings.get(self.frames[id.index()].mapping)
    }

    /// How many frames there are, the root included.
    pub fn len(&self) -> usize {
        self.frames.len()
    }

    /// True when only the root is there.
    pub fn is_empty(&self) -> bool {
        self.frames.len() <= 1
    }

    /// All frames in the order of their ids.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Frame> {
        self.frames.iter()
    }
}

//! Frames of a call tree: one entry a function, not a call site.

use crate::string_table::{StrId, StringTable};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

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

/// Name of the frame that stands for what was merged because it was small. It is no function.
pub const OTHER: &str = "(other)";

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

impl Frame {
    /// What makes a function one and the same: name, file and mapping.
    fn identity(&self) -> (StrId, StrId, StrId) {
        (self.name, self.file, self.mapping)
    }

    /// Takes over what another sighting of the same function knows better. Commutative, so that the order
    /// of merging leaves no trace: the smallest known line, and a symbol if any sighting had one.
    pub(crate) fn absorb(&mut self, line: u32, symbolized: bool) {
        self.line = match (self.line, line) {
            (0, known) | (known, 0) => known,
            (a, b) => a.min(b),
        };
        self.symbolized |= symbolized;
    }
}

/// A frame with its text, before it is interned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameText<'a> {
    /// See [`Frame::name`].
    pub name: &'a str,
    /// See [`Frame::file`].
    pub file: &'a str,
    /// See [`Frame::line`].
    pub line: u32,
    /// See [`Frame::mapping`].
    pub mapping: &'a str,
    /// See [`Frame::symbolized`].
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

    /// All text of `id`.
    pub fn text(&self, id: FrameId) -> FrameText<'_> {
        let &Frame { name, file, line, mapping, symbolized } = self.get(id);
        let text = |id| self.strings.get(id);
        FrameText { name: text(name), file: text(file), line, mapping: text(mapping), symbolized }
    }

    /// For each frame, the root excluded, whether it has this name; the root's entry is false.
    pub fn named(&self, name: &str) -> Vec<bool> {
        let Some(wanted) = self.strings.find(name) else { return vec![false; self.len()] };
        self.frames.iter().enumerate().map(|(i, f)| i > 0 && f.name == wanted).collect()
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

/// Builds a [`FrameTable`] in which every function occurs once.
#[derive(Clone, Debug, Default)]
pub(crate) struct FrameInterner {
    table: FrameTable,
    index: HashMap<(StrId, StrId, StrId), FrameId, FxBuildHasher>,
}

impl FrameInterner {
    /// Holds only the root.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// The frame of a function, added if it is new. A name, file and mapping that are known already give
    /// the known frame, which keeps the smallest line and is symbolized if any sighting was.
    ///
    /// The root is never returned: a function that happens to be named like it has a frame of its own.
    pub(crate) fn intern(&mut self, text: FrameText<'_>) -> FrameId {
        let strings = &mut self.table.strings;
        let frame = Frame {
            name: strings.intern(text.name),
            file: strings.intern(text.file),
            line: text.line,
            mapping: strings.intern(text.mapping),
            symbolized: text.symbolized,
        };
        self.intern_frame(frame)
    }

    /// For each frame of `table` its frame here; the root stays the root.
    pub(crate) fn intern_all(&mut self, table: &FrameTable) -> Vec<FrameId> {
        // Many frames share a file or a mapping: each string is looked up once.
        let strings: Vec<StrId> = table.strings.iter().map(|s| self.table.strings.intern(s)).collect();
        let mut ids = Vec::with_capacity(table.len());
        ids.push(FrameId::ROOT);
        ids.extend(table.frames[1..].iter().map(|f| {
            let [name, file, mapping] = [f.name, f.file, f.mapping].map(|s| strings[s.index()]);
            self.intern_frame(Frame { name, file, mapping, ..*f })
        }));
        ids
    }

    fn intern_frame(&mut self, frame: Frame) -> FrameId {
        let id = *self.index.entry(frame.identity()).or_insert_with(|| self.table.push(frame));
        self.table.frames[id.index()].absorb(frame.line, frame.symbolized);
        id
    }

    /// The frames so far.
    pub(crate) fn table(&self) -> &FrameTable {
        &self.table
    }

    /// The frames.
    pub(crate) fn finish(self) -> FrameTable {
        self.table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interning_keeps_the_best_known_details() {
        let mut frames = FrameInterner::new();
        let seen = |line, symbolized| FrameText { name: "f", file: "f.rs", line, mapping: "bin", symbolized };
        let id = frames.intern(seen(0, false));
        assert_eq!(frames.intern(seen(9, true)), id);
        assert_eq!(frames.intern(seen(4, false)), id);
        let elsewhere = frames.intern(FrameText { mapping: "lib", ..seen(1, true) });
        assert_ne!(elsewhere, id);
        let frame = frames.table().get(id);
        assert_eq!((frame.line, frame.symbolized), (4, true));
    }

    #[test]
    fn function_named_total_is_not_the_root() {
        let mut frames = FrameInterner::new();
        assert_ne!(frames.intern(FrameText { name: "total", ..FrameText::default() }), FrameId::ROOT);
    }
}

//! Profile as recorded: everything that pprof can express, in tables and columns.
//!
//! The tables refer to each other by index: samples → stacks → locations → lines → functions → strings,
//! and locations → mappings. Indices are checked once, when the profile is built ([`crate::formats`]).

use crate::sample::Samples;
use crate::stack_table::StackTable;
use crate::string_table::{StrId, StringTable};

/// What a number counts, such as `cpu` in `nanoseconds`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ValueType {
    /// Kind, such as `cpu`, `samples`, `inuse_space`.
    pub kind: StrId,
    /// Unit, such as `nanoseconds`, `count`, `bytes`.
    pub unit: StrId,
}

/// A file mapped into the address space of the profiled process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Mapping {
    /// First address.
    pub start: u64,
    /// One past the last address.
    pub limit: u64,
    /// Offset in the file that `start` stands for.
    pub file_offset: u64,
    /// Name of the file.
    pub file: StrId,
    /// What tells one build of the file from another; empty if unknown.
    pub build_id: StrId,
    /// Whether the profiler has already looked up function names in it.
    pub has_functions: bool,
}

/// A function of the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Function {
    /// Name for people.
    pub name: StrId,
    /// Name as the linker knows it.
    pub system_name: StrId,
    /// Source file.
    pub file: StrId,
    /// First line; 0 if unknown.
    pub start_line: i64,
}

/// Index of a function in [`Profile::functions`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FunctionId(pub u32);

impl FunctionId {
    /// The position in the table.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One line of source at a location.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Line {
    /// The function it belongs to.
    pub function: FunctionId,
    /// Line number; 0 if unknown.
    pub line: i64,
    /// Column; 0 if unknown.
    pub column: i64,
}

/// A place in the code. Several lines mean inlining: the first is the innermost function, the last the
/// one that the others were inlined into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location<'a> {
    /// Index in [`Profile::mappings`], if any.
    pub mapping: Option<u32>,
    /// Instruction address; 0 if unknown.
    pub address: u64,
    /// Innermost first; empty when the location has no symbol.
    pub lines: &'a [Line],
}

/// Locations in columns; what is fixed for each lies together, as it is read together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LocationTable {
    places: Vec<Place>,
    lines: Vec<Line>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    address: u64,
    /// Index of the mapping plus one; 0 is none.
    mapping: u32,
    /// One past its last line.
    line_end: u32,
}

impl LocationTable {
    /// Appends a location and returns its index.
    pub fn push(&mut self, mapping: Option<u32>, address: u64, lines: impl IntoIterator<Item = Line>) -> u32 {
        let id = self.places.len() as u32;
        self.lines.extend(lines);
        let (mapping, line_end) = (mapping.map_or(0, |m| m + 1), self.lines.len() as u32);
        self.places.push(Place { address, mapping, line_end });
        id
    }

    /// The location at `index`.
    ///
    /// # Panics
    /// When there is none.
    #[inline]
    pub fn get(&self, index: usize) -> Location<'_> {
        let start = if index == 0 { 0 } else { self.places[index - 1].line_end as usize };
        let Place { address, mapping, line_end } = self.places[index];
        Location { mapping: mapping.checked_sub(1), address, lines: &self.lines[start..line_end as usize] }
    }

    /// How many locations there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}

/// A profile. Times are nanoseconds since the Unix epoch, durations nanoseconds; 0 is unknown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// All text.
    pub strings: StringTable,
    /// What the values of each sample count; as many as [`Samples::width`].
    pub sample_types: Vec<ValueType>,
    /// The sample type to show first, if the profiler named one.
    pub default_sample_type: StrId,
    /// What drives the sampling, such as `cpu` in `nanoseconds`.
    pub period_type: ValueType,
    /// How many units of `period_type` lie between two samples; 0 if unknown.
    pub period: i64,
    /// When the collection began.
    pub time_nanos: i64,
    /// How long it lasted.
    pub duration_nanos: i64,
    /// Mapped files.
    pub mappings: Vec<Mapping>,
    /// Functions.
    pub functions: Vec<Function>,
    /// Places in the code.
    pub locations: LocationTable,
    /// Stacks of locations.
    pub stacks: StackTable,
    /// The samples.
    pub samples: Samples,
    /// Free text by the profiler.
    pub comments: Vec<StrId>,
}

impl Profile {
    /// The text of `id`.
    pub fn str(&self, id: StrId) -> &str {
        self.strings.get(id)
    }

    /// Index of the sample type whose kind is `kind`.
    pub fn sample_type_index(&self, kind: &str) -> Option<usize> {
        self.sample_types.iter().position(|t| self.str(t.kind) == kind)
    }

    /// Index of the sample type to show first: the one the profiler named, or else the last, as pprof does.
    pub fn default_sample_type_index(&self) -> usize {
        let named = self.sample_types.iter().position(|t| t.kind == self.default_sample_type);
        named.unwrap_or(self.sample_types.len().saturating_sub(1))
    }
}

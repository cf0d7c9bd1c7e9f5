//! Rows of a recording that name each other by ids.

/// A function at a line; strings are ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Frame {
    pub(super) function: u32,
    pub(super) file: u32,
    pub(super) line: u64,
}

/// A frame, and the stack of its caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Stack {
    pub(super) caller: u32,
    pub(super) frame: u32,
}

/// What all profiles of a series have in common; strings are ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Series {
    /// First part of the profile type.
    pub(super) name: u32,
    pub(super) period_type: (u32, u32),
    pub(super) period: i64,
    pub(super) sample_types: Vec<(u32, u32)>,
    pub(super) labels: Vec<(u32, u32)>,
}

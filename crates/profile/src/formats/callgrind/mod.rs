//! Callgrind (valgrind), also written by Xdebug and many converters.
//!
//! ```text
//! # callgrind format
//! positions: line
//! events: Ir
//! ob=(1) /usr/bin/shop
//! fl=(1) shop.c
//! fn=(1) main
//! 16 400
//! cfn=(2) cart
//! calls=1 50
//! +3 900
//! ```
//! A cost line is a position and one number an event: own cost of the function above; after `calls=`, what those
//! calls cost with all that they called. Names are written once and then only by their number; positions may
//! be relative to the line before (`+3`, `-4`, `*`); numbers missing at the end are 0. `fi=` and `fe=` change the
//! source file inside a function: code of another file was inlined, and is shown as a frame of its own, named
//! after the file. Addresses of instructions are not kept. Format: manual of valgrind, "Callgrind Format
//! Specification".
//!
//! The file holds edges, not stacks: [`super::call_graph`] says how stacks are made of them, and what is exact.
//! Each thread of the file is a profile. The first event decides on how cost is split.

mod names;
mod read;

pub use read::read;

use super::TooMuch;

/// The text is no callgrind file. The sender's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallgrindError {
    /// A line that cannot be what it should.
    #[error("line {line} of the callgrind file: expected {expected}, found `{found}`")]
    Line {
        /// From 1.
        line: usize,
        /// What should have been there.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// Nothing was spent.
    #[error("the callgrind file has no costs: expected lines like `16 400` after `fn=`")]
    NoCost,
    /// More than is read.
    #[error("the profile has {0}")]
    TooMuch(#[from] TooMuch),
}

/// Whether text has the lines that every such file has; the first one may be missing.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(64 << 10)];
    let has = |what: &[u8]| start.split(|&b| b == b'\n').any(|line| line.starts_with(what));
    start.starts_with(b"# callgrind format") || (has(b"events:") && (has(b"fn=") || has(b"fl=")))
}

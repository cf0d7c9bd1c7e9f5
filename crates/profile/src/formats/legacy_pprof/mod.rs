//! Legacy pprof: the text and binary formats from before protocol buffers, which Go and gperftools still write.
//!
//! Text (Go's `?debug=1`, `HEAPPROFILE` of gperftools): a first line that names the kind, then a line a stack,
//! leaf first:
//!
//! | first line | a stack's line | sample types |
//! |---|---|---|
//! | `heap profile: N: B [N: B] @ heapprofile` (`heap/R`, `heap_v2/R`: sampled every R bytes) | `n: b [n: b] @ 0x1 0x2` | `alloc_objects`, `alloc_space`, `inuse_objects`, `inuse_space` |
//! | `heap profile: … @ growth` (`growthz`, `fragmentationz`) | the same | `objects`, `space` |
//! | `NAME profile: total N` | `n @ 0x1 0x2` | NAME in `count` |
//! | `--- contention:`, `--- mutex:`, `--- contentionz 1 ---` | `cycles n @ 0x1 0x2` | `contentions`, `delay` |
//! | `--- threadz 1 ---` | `--- Thread 7f… (name: main/12) stack: ---`, then addresses | `thread` |
//!
//! Binary (`CPUPROFILE` of gperftools): words 0, 3, 0, microseconds between samples, 0; then for each stack how often, how
//! deep, addresses; 0, 1, 0 ends it. Words have 4 or 8 bytes in either order.
//!
//! Mapped files follow as in `/proc/self/maps`. Names come from Go's lines `#  0x45 main.main+0x1  main.go:45` or from a
//! section in front, `--- symbol`, as `google-pprof --raw` writes; without them frames are addresses in files.
//! Return addresses are taken back by one, to land on the call. Where Go names the frames of a stack but
//! not those at its ends, it hides its own allocator and scheduler, and so does this reader.
//! Layouts: google/pprof, `legacy_profile.go`, and gperftools, "Heap profile" and "CPU profile" of its docs.

mod addresses;
mod cpu;
mod mapped_files;
mod symbols;
mod text;

use super::{Notes, TooMuch};
use crate::profile::Profile;

/// The bytes are no such profile. The sender's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LegacyPprofError {
    /// The first line names no kind of profile.
    #[error(
        "not a legacy pprof: expected `heap profile: …`, `… profile: total …`, `--- contention:` or the \
         words 0 3 0 of a CPU profile, found `{0}`"
    )]
    Unknown(String),
    /// No stack with a number.
    #[error("the profile has no stacks: expected lines like {expected}{}", first_bad(.line, .text))]
    NoStacks {
        /// How one looks.
        expected: &'static str,
        /// The first line that is none, from 1 after the first; 0 if there is no line.
        line: usize,
        /// How it begins.
        text: String,
    },
    /// The binary ends within its header.
    #[error("the CPU profile is corrupt at byte {at}: {problem}")]
    Cpu {
        /// Where.
        at: usize,
        /// What is wrong.
        problem: &'static str,
    },
    /// More than is read.
    #[error("the profile has {0}")]
    TooMuch(#[from] TooMuch),
}

fn first_bad(line: &usize, text: &str) -> String {
    if *line == 0 { String::new() } else { format!(", found `{text}` in line {line}") }
}

/// Reads the profile.
///
/// # Errors
/// [`LegacyPprofError`].
pub fn read(bytes: &[u8]) -> Result<(Profile, Notes), LegacyPprofError> {
    TooMuch::check_bytes(bytes)?;
    let (symbols, bytes) = symbols::section(bytes);
    if cpu::looks_like(bytes) { cpu::read(bytes, symbols) } else { text::read(bytes, symbols) }
}

/// Whether the first bytes are of such a profile.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(symbols::START) || cpu::looks_like(bytes) || text::Kind::of(bytes).is_some()
}

//! Formats: one file a format, each with a reader into [`crate::profile::Profile`] and, where it makes
//! sense, a writer. Bytes arrive here already decompressed. [`read()`] takes any of them; what a reader had to
//! repair in its input it reports as [`Notes`].

pub mod austin;
mod builder;
mod call_graph;
mod call_stacks;
pub mod callgrind;
pub mod chrome_trace;
pub mod detect;
pub mod firefox;
pub mod folded;
pub mod instruments;
pub mod jfr;
mod json;
pub mod legacy_pprof;
pub mod lines;
mod named_profile;
mod notes;
pub mod otlp;
pub mod perf_script;
pub mod pprof;
mod prefix_tree;
pub mod py_spy;
mod read;
mod room;
pub mod speedscope;
pub mod stackprof;
mod text;
mod threads;
pub mod tree;
pub mod trie;
pub mod v8;

pub use detect::{Detected, Format, detect};
pub use json::JsonError;
pub use named_profile::NamedProfile;
pub use notes::{Normalised, Notes};
pub use read::{ReadError, read};
pub(crate) use text::clean_text;

use crate::limits::MAX_PROFILE_BYTES;

/// There is more in the input than is read; bounds memory. The sender's fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than {limit} {what}, which is the limit")]
pub struct TooMuch {
    /// What there is too much of.
    pub what: &'static str,
    /// How many are allowed.
    pub limit: usize,
}

impl TooMuch {
    /// Refuses inputs that no reader accepts.
    ///
    /// # Errors
    /// More than [`MAX_PROFILE_BYTES`].
    pub(crate) fn check_bytes(bytes: &[u8]) -> Result<(), TooMuch> {
        match bytes.len() > MAX_PROFILE_BYTES {
            true => Err(TooMuch { what: "bytes", limit: MAX_PROFILE_BYTES }),
            false => Ok(()),
        }
    }
}

//! Formats: one file a format, each with a reader into [`crate::profile::Profile`] and, where it makes
//! sense, a writer. Bytes arrive here already decompressed.

mod builder;
pub mod folded;
pub mod lines;
mod notes;
pub mod otlp;
pub mod pprof;
pub mod prefix_tree;
mod text;
pub mod tree;
pub mod trie;

pub use notes::{Normalised, Notes};
pub(crate) use text::clean_text;

use crate::profile::Profile;

/// A profile out of a file, which may hold several.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedProfile {
    /// What the file calls it; empty if it has no name.
    pub name: String,
    /// The profile.
    pub profile: Profile,
    /// What had to be normalised to read it.
    pub notes: Notes,
}

/// There is more in the input than is read; bounds memory. The sender's fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than {limit} {what}, which is the most that is read")]
pub struct TooMuch {
    /// What there is too much of.
    pub what: &'static str,
    /// How many are allowed.
    pub limit: usize,
}

//! Formats: one file a format, each with a reader into [`crate::profile::Profile`] and, where it makes
//! sense, a writer. Bytes arrive here already decompressed.

mod notes;
pub mod pprof;
mod text;

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

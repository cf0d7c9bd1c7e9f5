//! A profile with the name that its file gives it.

use super::Notes;
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

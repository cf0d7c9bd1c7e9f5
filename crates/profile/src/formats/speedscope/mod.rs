//! speedscope JSON: frames in one table, then profiles that are either `sampled` (stacks with weights) or
//! `evented` (frames that open and close). Also written by py-spy, rbspy, dotnet-trace and others.
//!
//! What was spent on equal stacks is added up, so a profile has one sample a stack; the order in time is not
//! kept. Times become nanoseconds, sizes bytes. Source of the format: the file format wiki page of
//! jlfwong/speedscope and its JSON schema.

mod read;
mod write;

pub use read::read;
pub use write::write;

use super::TooMuch;

/// Where the schema lives; files name it in `$schema`.
pub(crate) const SCHEMA: &str = "https://www.speedscope.app/file-format-schema.json";

/// The file is not a speedscope profile, or it contradicts itself. The sender's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpeedscopeError {
    /// Not JSON, or not of the expected shape.
    #[error("not a speedscope file: {0}")]
    Json(String),
    /// No profile inside.
    #[error("the speedscope file has no profiles")]
    NoProfiles,
    /// One of the profiles makes no sense.
    #[error("profile {profile} of the speedscope file: {problem}")]
    Profile {
        /// Its position, from 0.
        profile: usize,
        /// What is wrong and where.
        problem: String,
    },
    /// More than is read.
    #[error("the profile has {0}")]
    TooMuch(#[from] TooMuch),
}

//! Firefox profiles, in both formats of profiler.firefox.com.
//!
//! **Raw** (Gecko, [`gecko`]): what the browser writes. Processes nest; each thread has tables as rows with a
//! schema, and frames are text such as `price (file:///shop.html:4:14)`, `0x7f5ec5dd9568` or `js::RunScript`.
//!
//! **Processed** ([`processed`]): what the site saves, and what samply and other tools write. Tables are columns that
//! name each other by index, and all text is in one array:
//!
//! ```text
//! samples.stack → stackTable.frame → frameTable.func → funcTable.name → stringArray
//!                 stackTable.prefix: the stack above, or prefixOffset: how many rows up it is, 0 for none
//! ```
//! The tables belong to a thread, or since version 60 to the whole file (`shared`). Absent values are `null` or -1, and
//! since version 71 also 0 under a bit of a `flags` column. All of that is detected by which columns exist, not by the version,
//! and tested on versions 48, 58 and 75.
//!
//! Inlined functions are rows of their own with the address of the function around them; they become lines of one
//! location, as in pprof. Times are milliseconds since `meta.startTime`, which is milliseconds since the epoch.
//! Values: `samples` in `count`, `wall` in `nanoseconds` (until the next sample), and `cpu` in `nanoseconds` where
//! the profiler measured it; for other weights what they stand for. Not read: markers, counters, allocations, the
//! binary `.jslb` container. Addresses on the stack are return addresses in the raw format and stay so.
//!
//! Sources: `docs-developer/CHANGELOG-formats.md` and the types in `src/types/` of firefox-devtools/profiler.

mod columns;
pub mod gecko;
mod lib_row;
mod location;
pub mod processed;
mod tables;
mod thread;
mod write;

pub use write::write;

use super::TooMuch;
use super::json::JsonError;

/// The file is not a profile of Firefox, or it contradicts itself. The sender's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FirefoxError {
    /// Not JSON, or not of the expected shape.
    #[error("not a readable Firefox profile: {0}")]
    Json(#[from] JsonError),
    /// Too old a version.
    #[error(
        "version {found} of the {kind} Firefox profile format is too old; the oldest supported is {least}. \
         Open the profile in profiler.firefox.com and save it again"
    )]
    Old {
        /// `raw` or `processed`.
        kind: &'static str,
        /// Its version.
        found: i64,
        /// The first that is read.
        least: i64,
    },
    /// No thread in it has a sample.
    #[error("no thread of the Firefox profile has samples; markers are not supported")]
    NoSamples,
    /// A row names a row that does not exist.
    #[error(
        "{table} {row} in thread `{thread}` of the Firefox profile refers to {what} {named}, which does not exist"
    )]
    NoRow {
        /// The thread's name.
        thread: String,
        /// Who names it.
        table: &'static str,
        /// Which row of that.
        row: usize,
        /// The table in which a row is missing.
        what: &'static str,
        /// The index.
        named: i64,
    },
    /// Times and samples do not fit together.
    #[error("thread `{thread}` of the Firefox profile has {samples} samples but {times} times")]
    Times {
        /// The thread's name.
        thread: String,
        /// How many samples.
        samples: usize,
        /// How many times.
        times: usize,
    },
    /// More than is read.
    #[error("the profile has {0}")]
    TooMuch(#[from] TooMuch),
}

//! pprof: `perftools.profiles.Profile`, the protocol buffer that Go's profiler made common.
//!
//! ```text
//! Profile   1 sample_type ValueType*   2 sample*   3 mapping*   4 location*   5 function*   6 string_table
//!           9 time_nanos  10 duration_nanos  11 period_type  12 period  13 comment*  14 default_sample_type
//! ValueType 1 type  2 unit
//! Sample    1 location_id* (leaf first)  2 value* (one a sample type)  3 label*
//! Label     1 key  2 str  3 num  4 num_unit
//! Mapping   1 id  2 start  3 limit  4 offset  5 filename  6 build_id  7 has_functions …
//! Location  1 id  2 mapping_id  3 address  4 line* (innermost inlined function first)
//! Line      1 function_id  2 line  3 column
//! Function  1 id  2 name  3 system_name  4 filename  5 start_line
//! ```
//! Text is an index into `string_table`, whose first entry is empty. Source of the numbers:
//! `proto/profile.proto` of google/pprof.
//!
//! Reading is the hot path of ingestion and of opening a file, hence no generated code: one walk notes where
//! the entries of each table begin, a second decodes them, table by table, straight into our columns.
//! Omitted on purpose: `drop_frames`, `keep_frames`, `is_folded`, `doc_url` and the mapping's `has_filenames`,
//! `has_line_numbers`, `has_inline_frames`, which say nothing that the tables don't.

mod entries;
mod ids;
mod read;
mod samples;
mod tables;
pub(crate) mod wire;
mod write;

pub use read::read;
pub use wire::WireError;
pub use write::write;

use crate::formats::TooMuch;

/// The bytes are not a pprof that can be read. The sender's fault; offsets count from the first byte.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PprofError {
    /// Not a protocol buffer, or fields of the wrong type.
    #[error("invalid pprof: {0}")]
    Wire(#[from] WireError),
    /// Longer than any profile is allowed to be.
    #[error("the profile is {found} bytes; the limit is {limit}")]
    TooLarge {
        /// Bytes given.
        found: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// A table with too many entries.
    #[error("the profile has more than {limit} {what}, which is the limit")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many are allowed.
        limit: usize,
    },
    /// No sample type, without which no value has a meaning.
    #[error("not a pprof: it has no sample type")]
    NoSampleTypes,
    /// No string table.
    #[error("not a pprof: it has no string table")]
    NoStrings,
    /// The string table does not begin with the empty string.
    #[error("invalid pprof: the first entry of the string table must be empty")]
    FirstString,
    /// An index into the string table that is out of range.
    #[error(
        "string {index}, referenced before byte {offset}, is out of range: the string table has {count} entries"
    )]
    UnknownString {
        /// The index.
        index: u64,
        /// How many strings there are.
        count: usize,
        /// Just behind the message that names it.
        offset: usize,
    },
    /// A location or function that is not in its table.
    #[error("{kind} {id}, referenced before byte {offset}, does not exist")]
    UnknownId {
        /// `location` or `function`.
        kind: &'static str,
        /// The id.
        id: u64,
        /// Just behind the reference.
        offset: usize,
    },
    /// Two entries of a table with one id.
    #[error("duplicate {kind} id {id} before byte {offset}; ids must be unique")]
    DuplicateId {
        /// `mapping`, `location` or `function`.
        kind: &'static str,
        /// The id.
        id: u64,
        /// Just behind the second entry.
        offset: usize,
    },
    /// An entry without an id.
    #[error("the {kind} before byte {offset} has no id; ids start at 1")]
    ZeroId {
        /// `mapping`, `location` or `function`.
        kind: &'static str,
        /// Just behind the entry.
        offset: usize,
    },
    /// A sample whose values don't match the sample types.
    #[error(
        "sample {sample} before byte {offset} has {found} values; expected {expected}, one per sample type"
    )]
    ValueCount {
        /// Its number, from 0.
        sample: usize,
        /// Values it has.
        found: usize,
        /// Sample types.
        expected: usize,
        /// Just behind the sample.
        offset: usize,
    },
}

impl From<TooMuch> for PprofError {
    fn from(TooMuch { what, limit }: TooMuch) -> PprofError {
        PprofError::TooMany { what, limit }
    }
}

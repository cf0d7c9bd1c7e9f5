//! Errors of writing and reading a recording.

use std::io;

/// Why a push was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The body is not a push, or one of its profiles is not valid: the sender's fault.
    #[error("a push cannot be recorded: {0}")]
    Push(String),
    /// The recording cannot be written.
    #[error("the recording cannot be written: {0}")]
    Write(#[from] io::Error),
}

/// Why a recording cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRecording {
    /// The file is something else.
    #[error("this is not a recording of `flarepath demo --record`")]
    Foreign,
    /// Written by a later version of this program.
    #[error("the recording has version {0} of the format; this program reads version 1")]
    Version(u64),
    /// It is larger than a demo can be.
    #[error("the recording has more than {0} MiB after decompression")]
    TooLarge(u64),
    /// It refers to something that it does not have, or ends within a chunk.
    #[error("the recording is damaged: bad {0}")]
    Damaged(&'static str),
}

//! Austin (Python): its text format and its binary format MOJO.
//!
//! ```text
//! # austin: 3.7.0
//! # interval: 10000
//! # mode: wall
//!
//! P23568;T0:23594;/src/shop.py:cart:15;/src/shop.py:price:9 10098
//! ```
//! One line a sample: process, thread (`interpreter:thread`, numbers in hexadecimal), frames `file:function:line` root first,
//! then a number: microseconds since the sample before (mode `wall` or `cpu`) or bytes by which memory grew
//! (mode `memory`). In mode `full` there are three: time, 1 if the thread was idle, memory.
//!
//! MOJO says the same in events, each a byte and what belongs to it: strings end with a zero, numbers have 6 bits in
//! the first byte (`0x40` is the sign) and 7 in those that follow, as long as `0x80` is set. Versions 1 to 4;
//! layout: Austin's documentation, "The MOJO file format".
//!
//! Each thread is a profile. Samples have no time, but what they last adds up to one: nanoseconds from the start.

mod mojo;
mod samples;
mod text;

use super::text::decode_text;
use super::{NamedProfile, TooMuch};

/// The file is none of Austin's. The sender's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AustinError {
    /// No line is a sample.
    #[error("not Austin output: expected lines like `P12;T0:13;shop.py:cart:15 10098`")]
    NoSamples,
    /// An unknown mode.
    #[error("unknown Austin mode `{0}`; expected wall, cpu, memory or full")]
    Mode(String),
    /// The binary is damaged.
    #[error("the MOJO file is corrupt at byte {at}: {problem}")]
    Mojo {
        /// Where.
        at: usize,
        /// What is wrong.
        problem: String,
    },
    /// More than is read.
    #[error("the profile has {0}")]
    TooMuch(#[from] TooMuch),
}

/// Reads one profile for each thread, the busiest first.
///
/// # Errors
/// [`AustinError`].
pub fn read(bytes: &[u8]) -> Result<Vec<NamedProfile>, AustinError> {
    TooMuch::check_bytes(bytes)?;
    if bytes.starts_with(mojo::MAGIC) { mojo::read(bytes) } else { text::read(&decode_text(bytes)) }
}

/// Whether the text begins as Austin's does, with or without its header.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    let start = decode_text(&bytes[..bytes.len().min(64 << 10)]);
    start.starts_with(b"# austin:")
        || start
            .split(|&b| b == b'\n')
            .find(|line| !line.trim_ascii().is_empty() && line[0] != b'#')
            .is_some_and(|line| text::Thread::split(line).is_some())
}

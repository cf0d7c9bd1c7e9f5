//! Text of `perf script` (Linux perf): one block a sample, blocks apart by a blank line.
//!
//! ```text
//! cart worker 23636 [000] 15055.278076:    5025125   cpu-clock:
//!                 134b price+0x6b (/usr/bin/shop)
//!                 891f5 start_thread+0x305 (/usr/lib/x86_64-linux-gnu/libc.so.6)
//! ```
//! The first line is command, process and thread id (`pid/tid` or one of them), processor, time in seconds,
//! period, event; all but command, id and event may be missing. Then one line a frame, leaf first: address,
//! symbol with its offset, file mapped there. `-F +srcline` adds a line `  file.c:45` after a frame. Frames
//! that were inlined say `(inlined)` and stand before the one at whose address they are. A sample without a
//! call chain is one line.
//!
//! Each thread is a profile of its own. Its sample types: for one event, `samples` in `count` and, if periods
//! are there, the event; for several, one for each event, with 0 for the samples of the others. `cpu-clock` and
//! `task-clock` are nanoseconds, everything else is a count. The number of a sample is its period, as `perf
//! report` weighs it, or 1. perf's clock has no date: a sample's time is nanoseconds on that clock.

mod frame;
mod header;
mod read;

pub use read::read;

use super::TooMuch;
use super::text::decode_text;
use header::Header;

/// The text holds no samples of perf. The sender's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PerfScriptError {
    /// No line begins a sample.
    #[error(
        "not perf script output: expected a line like `shop 1234 [000] 15.278076: 250000 cpu-clock:`{}",
        found(.line, .text)
    )]
    NoSamples {
        /// The first line that is neither blank nor a comment, from 1; 0 if there is none.
        line: usize,
        /// How it begins.
        text: String,
    },
    /// More than is read.
    #[error("the profile has {0}")]
    TooMuch(#[from] TooMuch),
}

fn found(line: &usize, text: &str) -> String {
    if *line == 0 { ", found no line at all".to_owned() } else { format!(", found `{text}` in line {line}") }
}

/// Whether the text begins with a sample: a first line with an event, and frames or nothing after it.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    let start = decode_text(&bytes[..bytes.len().min(64 << 10)]);
    let mut lines =
        start.split(|&b| b == b'\n').filter(|line| !line.trim_ascii().is_empty() && line[0] != b'#');
    let first = lines.next().and_then(Header::parse);
    first.is_some_and(|header| {
        header.time.is_some() || lines.next().is_some_and(|line| frame::Frame::parse(line).is_some())
    })
}

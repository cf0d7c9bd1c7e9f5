//! Chrome trace: events with a phase (`ph`), as Chromium, Node.js, clang, py-spy and many others write them.
//!
//! ```text
//! {"traceEvents": [                                            or only the array, whose end may be missing
//!   {"ph": "M", "name": "thread_name", "pid": 1, "tid": 2, "args": {"name": "main"}},
//!   {"ph": "X", "name": "work", "pid": 1, "tid": 2, "ts": 10, "dur": 5},     a span, in microseconds
//!   {"ph": "B", "name": "load", "pid": 1, "tid": 2, "ts": 20},               a span's begin
//!   {"ph": "E", "pid": 1, "tid": 2, "ts": 25}                                and its end
//! ]}
//! ```
//! Two things are read:
//! - **CPU profiles** of V8, whole (`CpuProfile`) or in pieces (`Profile`, then `ProfileChunk`s of the same
//!   process and id), each as [`super::v8`] reads them;
//! - **spans**, one profile a thread: what is open at a time is the stack, and each stretch in which it stays the
//!   same is a sample of `wall` `nanoseconds` at the time it begins. Asynchronous spans (`b` and `e`) of a
//!   process are one profile; they nest by `cat` and `id`, and may well add up to more than the time that passed.
//!
//! Not read: instants, counters, flows, objects, memory dumps, and the `stackFrames` of sampling formats.
//! Times are of a clock without a date. Source: the "Trace Event Format" document of the Chromium project.

mod cpu_profiles;
mod event;
mod spans;
mod trace;

pub use trace::read;

use super::TooMuch;
use super::json::JsonError;
use super::v8::V8Error;

/// The file is not a trace, or holds nothing that takes time. The sender's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChromeTraceError {
    /// Not JSON, or not of the expected shape.
    #[error("not a readable Chrome trace: {0}")]
    Json(#[from] JsonError),
    /// A CPU profile inside makes no sense.
    #[error("invalid CPU profile in the Chrome trace: {0}")]
    CpuProfile(#[from] V8Error),
    /// Nothing to show.
    #[error(
        "the Chrome trace has {events} events, but no CPU profile and no span with a duration (phases X, B and E, \
         b and e)"
    )]
    NothingTimed {
        /// How many events there are.
        events: usize,
    },
    /// More than is read.
    #[error("the trace has {0}")]
    TooMuch(#[from] TooMuch),
}

//! The profiles of V8, the engine of Node.js and Chromium.
//!
//! `.cpuprofile` ([`cpu`]): nodes of a call tree, and which node was running at which time.
//!
//! ```text
//! {"nodes": [{"id": 1, "callFrame": {"functionName", "url", "lineNumber", "columnNumber"}, "hitCount",
//!             "children": [2, 3]}],
//!  "startTime": 5000, "endTime": 9000, "samples": [2, 3, 2], "timeDeltas": [10, 1200, 1250]}
//! ```
//! Times are microseconds of a clock that knows no date. Older files have the nodes nested below `head`, the
//! fields of `callFrame` in the node itself, and `timestamps` in place of deltas.
//!
//! `.heapprofile` ([`heap`]): nodes nested below `head`, each with the bytes (`selfSize`) that it allocated and
//! that were still alive.
//!
//! Lines and columns count from 0 and say where a function begins. Sources: the types `Profiler.Profile` and
//! `HeapProfiler.SamplingHeapProfile` of the Chrome DevTools protocol.

pub mod cpu;
pub mod heap;
mod nested;
mod nodes;
pub(crate) mod recording;

pub(crate) use nodes::{Node, NodeTable};

use super::TooMuch;
use super::json::JsonError;

/// The file is not a profile of V8, or it contradicts itself. The sender's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum V8Error {
    /// Not JSON, or not of the expected shape.
    #[error("not a readable V8 profile: {0}")]
    Json(#[from] JsonError),
    /// Two nodes with one id.
    #[error("the V8 profile has two nodes with id {0}")]
    TwoNodes(u64),
    /// A node's way to the root never ends.
    #[error("node {0} of the V8 profile is its own descendant")]
    Cycle(u64),
    /// A sample, a child or a parent that does not exist.
    #[error("{what} of the V8 profile refers to node {id}, which does not exist")]
    NoNode {
        /// Who names it.
        what: String,
        /// The id.
        id: u64,
    },
    /// Samples and times do not fit together.
    #[error("the V8 profile has {samples} samples but {times} {kind}")]
    Times {
        /// How many samples.
        samples: usize,
        /// How many times.
        times: usize,
        /// `timeDeltas` or `timestamps`.
        kind: &'static str,
    },
    /// More than is read.
    #[error("the profile has {0}")]
    TooMuch(#[from] TooMuch),
}

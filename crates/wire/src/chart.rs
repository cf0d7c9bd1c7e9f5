//! Flame chart of a local file: where the boxes of a call tree lie in time. See [`ChartColumns`].

use flarepath_profile::call_tree::CallTree;
use flarepath_profile::flame::{Chart, ChartColumns, InvalidChart};
use prost::Message;
use serde::{Deserialize, Serialize};

/// The boxes of a flame chart. Box columns have one entry a box, row by row from the root, from left to right.
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FlameChart {
    /// Name of the thread; empty if the file has none.
    #[prost(string, tag = "1")]
    pub thread: String,
    /// When the first sample was taken, nanoseconds since the epoch or on the profiler's own clock.
    #[prost(uint64, tag = "2")]
    pub start_ns: u64,
    /// How many boxes each row has; the first has the root's alone.
    #[prost(uint32, repeated, tag = "3")]
    pub rows: Vec<u32>,
    /// Nanoseconds from the end of the box before it in its row, or from the start.
    #[prost(uint64, repeated, tag = "4")]
    pub gap: Vec<u64>,
    /// Length in nanoseconds.
    #[prost(uint64, repeated, tag = "5")]
    pub length: Vec<u64>,
    /// Index of its node in the call tree.
    #[prost(uint32, repeated, tag = "6")]
    pub node: Vec<u32>,
}

impl FlameChart {
    /// The boxes of a chart, without its tree.
    pub fn of(chart: &Chart, thread: &str) -> FlameChart {
        let ChartColumns { rows, gap, length, node } = chart.columns();
        FlameChart { thread: thread.to_owned(), start_ns: chart.start_ns, rows, gap, length, node }
    }

    /// The chart of these boxes.
    ///
    /// # Errors
    /// [`InvalidChart`] when they are not boxes of the tree.
    pub fn chart(self, tree: CallTree) -> Result<Chart, InvalidChart> {
        let FlameChart { start_ns, rows, gap, length, node, .. } = self;
        Chart::from_columns(tree, start_ns, &ChartColumns { rows, gap, length, node })
    }
}

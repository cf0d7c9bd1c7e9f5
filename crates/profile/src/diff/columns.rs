//! Columns of a union that is being made.

use crate::call_tree::NodeId;
use crate::frame_table::FrameId;

/// Columns of the union.
pub(super) struct Columns {
    pub(super) frame: Vec<FrameId>,
    pub(super) parent: Vec<NodeId>,
    pub(super) self_value: Vec<[i64; 2]>,
}

/// A value of one side: 0 is the baseline.
pub(super) fn on_side(side: usize, value: i64) -> [i64; 2] {
    if side == 0 { [value, 0] } else { [0, value] }
}

//! Parts of a local file in time: a flame chart or sub-second offsets, as a snapshot keeps it.

use super::chart::LaneInfo;
use super::offsets::OffsetCells;
use crate::state::identity::Shared;
use flarepath_profile::flame::Chart;

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum InTime {
    /// The flame chart of a thread.
    Chart(Shared<Chart>, LaneInfo),
    /// The map of sub-second offsets.
    Offsets(Shared<OffsetCells>),
}

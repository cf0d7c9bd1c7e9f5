//! The flame chart of a local file: its threads, and the chart of the selected one.

use super::offsets::Answer;
use crate::browser::profile_worker::Message;
use crate::local_file::chart::{ChartMessage, LaneInfo, Lanes};
use crate::local_file::protocol::answer;
use crate::reactive::RwSignal;
use crate::state::identity::Shared;
use flarepath_profile::flame::Chart;
use prost::Message as _;

/// Identifies a chart: profile, sample type and lane.
pub(crate) type ChartOf = (usize, usize, usize);

pub(crate) type ChartAnswer = Answer<ChartOf, Chart>;

/// See the module. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct LocalChart {
    /// The threads of a profile, once loaded.
    pub(crate) lanes: RwSignal<Option<(usize, Vec<LaneInfo>)>>,
    /// The newest chart.
    pub(crate) answer: RwSignal<Option<ChartAnswer>>,
}

impl LocalChart {
    /// Nothing loaded yet.
    pub(crate) fn new() -> LocalChart {
        LocalChart { lanes: RwSignal::new(None), answer: RwSignal::new(None) }
    }

    /// Drops the data of the previous file.
    pub(crate) fn forget(self) {
        self.lanes.set(None);
        self.answer.set(None);
    }

    /// Handles an answer of the worker.
    pub(crate) fn handle(self, message: &Message) {
        let number = |i| message.number(i) as usize;
        let of = || (number(1), number(2), number(3));
        match message.name().as_str() {
            answer::LANES => {
                if let Ok(lanes) = Lanes::decode(message.bytes(2).as_slice()) {
                    self.lanes.set(Some((number(1), lanes.lanes)));
                }
            }
            answer::CHART => {
                let chart = ChartMessage::decode(message.bytes(4).as_slice()).map_err(|e| e.to_string());
                let result = chart.and_then(ChartMessage::chart).map(Shared::new);
                self.answer.set(Some(Answer { of: of(), result }));
            }
            answer::NO_CHART => self.answer.set(Some(Answer { of: of(), result: Err(message.text(4)) })),
            _ => {}
        }
    }
}

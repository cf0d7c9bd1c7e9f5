//! The responses with merged stacks, of one side and of two.

use super::message::message;
use super::pprof_message::Profile;
use crate::pyroscope::{FlameGraph, FlameGraphDiff};

message! {
    Serialize StacktracesResponse {
        "1" flamegraph: message(FlameGraphMessage),
        "2" tree: bytes,
        "5" pprof: message(PprofMessage),
    }

    Serialize FlameGraphMessage {
        "1" names: strings,
        "2" levels: messages(LevelMessage),
        "3" total: int64,
        "4" max_self: int64,
    }

    Serialize LevelMessage {
        "1" values: int64s,
    }

    Serialize PprofMessage {
        "1" profile: message(Profile),
    }

    Serialize DiffResponse {
        "1" flamegraph: message(FlameGraphDiffMessage),
    }

    Serialize FlameGraphDiffMessage {
        "1" names: strings,
        "2" levels: messages(LevelMessage),
        "3" total: int64,
        "4" max_self: int64,
        "5" left_ticks: int64,
        "6" right_ticks: int64,
    }
}

impl From<FlameGraph> for FlameGraphMessage {
    fn from(graph: FlameGraph) -> Self {
        FlameGraphMessage {
            names: graph.names,
            levels: levels(graph.levels),
            total: graph.total,
            max_self: graph.max_self,
        }
    }
}

impl From<FlameGraphDiff> for FlameGraphDiffMessage {
    fn from(graph: FlameGraphDiff) -> Self {
        FlameGraphDiffMessage {
            names: graph.names,
            levels: levels(graph.levels),
            total: graph.ticks.baseline.saturating_add(graph.ticks.comparison),
            max_self: graph.max_self,
            left_ticks: graph.ticks.baseline,
            right_ticks: graph.ticks.comparison,
        }
    }
}

fn levels(levels: Vec<Vec<i64>>) -> Vec<LevelMessage> {
    levels.into_iter().map(|values| LevelMessage { values }).collect()
}

//! Messages of the worker about threads and flame charts, as protobuf.

use flarepath_profile::call_tree::CallTree;
use flarepath_profile::flame::{Chart, ChartColumns};
use flarepath_profile::lanes::{THREAD_LABEL, lanes};
use flarepath_profile::profile::Profile;
use flarepath_wire::call_tree::CallTreeColumns;
use prost::Message;

/// The threads of a profile; a single unnamed one if samples have no thread.
#[derive(Clone, PartialEq, Eq, Message)]
pub(crate) struct Lanes {
    /// The one with the most samples first.
    #[prost(message, repeated, tag = "1")]
    pub(crate) lanes: Vec<LaneInfo>,
}

/// A thread.
#[derive(Clone, PartialEq, Eq, Message)]
pub(crate) struct LaneInfo {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    /// How many samples it has.
    #[prost(uint64, tag = "2")]
    pub(crate) samples: u64,
}

impl LaneInfo {
    /// Its name, for display.
    pub(crate) fn label(&self) -> &str {
        if self.name.is_empty() { "(no thread name)" } else { &self.name }
    }
}

/// A flame chart: a call tree and where its boxes are; see [`ChartColumns`].
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ChartMessage {
    /// When the first sample was taken, nanoseconds.
    #[prost(uint64, tag = "1")]
    pub(crate) start_ns: u64,
    /// The call tree.
    #[prost(message, optional, tag = "2")]
    pub(crate) tree: Option<CallTreeColumns>,
    /// Boxes of each row.
    #[prost(uint32, repeated, tag = "3")]
    pub(crate) rows: Vec<u32>,
    /// Nanoseconds before each box.
    #[prost(uint64, repeated, tag = "4")]
    pub(crate) gap: Vec<u64>,
    /// Nanoseconds of each box.
    #[prost(uint64, repeated, tag = "5")]
    pub(crate) length: Vec<u64>,
    /// Node of each box.
    #[prost(uint32, repeated, tag = "6")]
    pub(crate) node: Vec<u32>,
}

/// The threads of a profile.
pub(crate) fn lanes_of(profile: &Profile) -> Lanes {
    let info = |lane: flarepath_profile::lanes::Lane| LaneInfo {
        name: lane.name,
        samples: lane.samples.len() as u64,
    };
    Lanes { lanes: lanes(profile, THREAD_LABEL).into_iter().map(info).collect() }
}

/// The flame chart of a thread, counted as in [`lanes_of`].
pub(crate) fn chart_of(profile: &Profile, sample_type: usize, lane: usize) -> Result<ChartMessage, String> {
    let lanes = lanes(profile, THREAD_LABEL);
    let samples = lanes.get(lane).map(|lane| lane.samples.as_slice()).unwrap_or_default();
    let chart = Chart::new(profile, sample_type, samples).map_err(|e| e.to_string())?;
    Ok(ChartMessage::from(&chart))
}

impl From<&Chart> for ChartMessage {
    fn from(chart: &Chart) -> ChartMessage {
        let ChartColumns { rows, gap, length, node } = chart.columns();
        let tree = Some(CallTreeColumns::from(&chart.tree));
        ChartMessage { start_ns: chart.start_ns, tree, rows, gap, length, node }
    }
}

impl ChartMessage {
    /// Decodes the chart.
    ///
    /// # Errors
    /// What is wrong with the message.
    pub(crate) fn chart(self) -> Result<Chart, String> {
        let ChartMessage { start_ns, tree, rows, gap, length, node } = self;
        let tree = tree.ok_or("the flame chart has no tree")?;
        let tree = CallTree::try_from(tree).map_err(|e| e.to_string())?;
        Chart::from_columns(tree, start_ns, &ChartColumns { rows, gap, length, node })
            .map_err(|e| e.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::formats::read;

    const TRACE: &str = r#"{"traceEvents":[
        {"ph":"X","name":"main","pid":1,"tid":1,"ts":1000,"dur":50},
        {"ph":"X","name":"parse","pid":1,"tid":1,"ts":1010,"dur":20}]}"#;

    #[test]
    fn chart_messages_round_trip() {
        let profiles = read(TRACE.as_bytes(), None).unwrap();
        let profile = &profiles[0].profile;
        assert_eq!(lanes_of(profile).lanes.len(), 1);
        let message = chart_of(profile, profile.default_sample_type_index(), 0).unwrap();
        let chart = ChartMessage::decode(message.encode_to_vec().as_slice()).unwrap().chart().unwrap();
        assert_eq!((chart.start_ns, chart.layout.width(), chart.layout.rows()), (1_000_000, 50_000.0, 3));
        assert!(chart_of(profile, 0, 7).is_err());
        assert!(ChartMessage { node: vec![], ..message }.chart().is_err());
    }
}

//! The response with merged stacks.

use super::pprof_message::Profile;
use super::protojson::{base64, int64, int64_list, is_default};
use crate::pyroscope::FlameGraph;
use prost::Message;
use serde::Serialize;

#[derive(Clone, PartialEq, Message, Serialize)]
pub(super) struct StacktracesResponse {
    #[prost(message, optional, tag = "1")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) flamegraph: Option<FlameGraphMessage>,
    #[prost(bytes = "vec", tag = "2")]
    #[serde(serialize_with = "base64::serialize", skip_serializing_if = "Vec::is_empty")]
    pub(super) tree: Vec<u8>,
    #[prost(message, optional, tag = "5")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pprof: Option<PprofMessage>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FlameGraphMessage {
    #[prost(string, repeated, tag = "1")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) names: Vec<String>,
    #[prost(message, repeated, tag = "2")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) levels: Vec<LevelMessage>,
    #[prost(int64, tag = "3")]
    #[serde(serialize_with = "int64::serialize", skip_serializing_if = "is_default")]
    pub(super) total: i64,
    #[prost(int64, tag = "4")]
    #[serde(serialize_with = "int64::serialize", skip_serializing_if = "is_default")]
    pub(super) max_self: i64,
}

#[derive(Clone, PartialEq, Message, Serialize)]
pub(super) struct LevelMessage {
    #[prost(int64, repeated, tag = "1")]
    #[serde(serialize_with = "int64_list::serialize", skip_serializing_if = "Vec::is_empty")]
    pub(super) values: Vec<i64>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
pub(super) struct PprofMessage {
    #[prost(message, optional, tag = "1")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) profile: Option<Profile>,
}

impl From<FlameGraph> for FlameGraphMessage {
    fn from(graph: FlameGraph) -> Self {
        FlameGraphMessage {
            names: graph.names,
            levels: graph.levels.into_iter().map(|values| LevelMessage { values }).collect(),
            total: graph.total,
            max_self: graph.max_self,
        }
    }
}

//! `Diff`: compares the merged stacks of two selections.

use super::call::{Call, CallError};
use super::flame_graph_message::LevelMessage;
use super::merge::{self, MergeQuery, broken_tree};
use super::messages::StacktracesRequest;
use super::protojson::{int64, is_default};
use crate::app::App;
use crate::auth::Principal;
use crate::pyroscope::{FlameGraphDiff, flame_graph_diff, of_names};
use crate::query::focus;
use crate::store::MergedTree;
use crate::work::ANSWERS;
use axum::extract::State;
use axum::response::Response;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::diff::diff as unite;
use prost::Message;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(default)]
pub(super) struct DiffRequest {
    #[prost(message, optional, tag = "1")]
    left: Option<StacktracesRequest>,
    #[prost(message, optional, tag = "2")]
    right: Option<StacktracesRequest>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
struct DiffResponse {
    #[prost(message, optional, tag = "1")]
    flamegraph: Option<FlameGraphDiffMessage>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "camelCase")]
struct FlameGraphDiffMessage {
    #[prost(string, repeated, tag = "1")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    names: Vec<String>,
    #[prost(message, repeated, tag = "2")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    levels: Vec<LevelMessage>,
    #[prost(int64, tag = "3")]
    #[serde(serialize_with = "int64::serialize", skip_serializing_if = "is_default")]
    total: i64,
    #[prost(int64, tag = "4")]
    #[serde(serialize_with = "int64::serialize", skip_serializing_if = "is_default")]
    max_self: i64,
    #[prost(int64, tag = "5")]
    #[serde(serialize_with = "int64::serialize", skip_serializing_if = "is_default")]
    left_ticks: i64,
    #[prost(int64, tag = "6")]
    #[serde(serialize_with = "int64::serialize", skip_serializing_if = "is_default")]
    right_ticks: i64,
}

impl From<FlameGraphDiff> for FlameGraphDiffMessage {
    fn from(graph: FlameGraphDiff) -> Self {
        FlameGraphDiffMessage {
            names: graph.names,
            levels: graph.levels.into_iter().map(|values| LevelMessage { values }).collect(),
            total: graph.ticks.baseline.saturating_add(graph.ticks.comparison),
            max_self: graph.max_self,
            left_ticks: graph.ticks.baseline,
            right_ticks: graph.ticks.comparison,
        }
    }
}

/// The query of one side.
struct Side {
    query: MergeQuery,
    path: Vec<String>,
}

pub(super) async fn diff(
    State(app): State<Arc<App>>,
    who: Principal,
    call: Call<DiffRequest>,
) -> Result<Response, CallError> {
    let DiffRequest { left, right } = call.request;
    let (Some(left), Some(right)) = (left, right) else {
        return Err(CallError::invalid("`left` and `right` are required"));
    };
    for side in [&left, &right] {
        merge::max_nodes(side.max_nodes)?;
    }
    let max_nodes = merge::max_nodes(left.max_nodes.max(right.max_nodes))?;
    let (left, right) = (side(left)?, side(right)?);
    let (left, right) = tokio::try_join!(tree(&app, &who, left), tree(&app, &who, right))?;
    let encoding = call.encoding;
    let response = ANSWERS.run(move || {
        let both = unite(&named(&left)?, &named(&right)?);
        let graph =
            flame_graph_diff(&both, max_nodes).map_err(|error| CallError::invalid(error.to_string()))?;
        Ok(encoding.respond(&DiffResponse { flamegraph: Some(graph.into()) }))
    });
    response.await?
}

fn side(request: StacktracesRequest) -> Result<Side, CallError> {
    let query = merge::query_of(&request)?;
    Ok(Side { query, path: merge::call_site(request.stack_trace_selector) })
}

async fn tree(
    app: &App,
    who: &Principal,
    side: Side,
) -> Result<(Option<Arc<MergedTree>>, Vec<String>), CallError> {
    let Side { query, path } = side;
    let merged = match query.possible {
        true => Some(app.querier.call_tree(who, &query.question, &query.profile_type).await?),
        false => None,
    };
    Ok((merged, path))
}

/// The tree of one side below its path, with functions identified by name alone.
fn named((merged, path): &(Option<Arc<MergedTree>>, Vec<String>)) -> Result<CallTree, CallError> {
    let empty = CallTree::empty();
    let tree = merged.as_ref().map_or(&empty, |merged| &merged.tree);
    let tree = match path.is_empty() {
        true => Cow::Borrowed(tree),
        false => Cow::Owned(focus(tree, path).map_err(broken_tree)?),
    };
    of_names(&tree).map_err(broken_tree)
}

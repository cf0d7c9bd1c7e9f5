//! `Diff`: compares the merged stacks of two selections.

use super::call::{Call, CallError};
use super::flame_graph_message::DiffResponse;
use super::merge::{self, MergeQuery, broken_tree};
use super::message::message;
use super::messages::StacktracesRequest;
use super::store::CallStore;
use crate::auth::Principal;
use crate::pyroscope::{flame_graph_diff, of_names};
use crate::query::focus;
use crate::store::MergedTree;
use crate::work::ANSWERS;
use axum::response::Response;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::diff::diff as unite;
use std::borrow::Cow;
use std::sync::Arc;

message! {
    Deserialize DiffRequest {
        "1" left: message(StacktracesRequest),
        "2" right: message(StacktracesRequest),
    }
}

/// The query of one side.
struct Side {
    query: MergeQuery,
    path: Vec<String>,
}

pub(super) async fn diff(
    store: CallStore,
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
    let (left, right) = (side(left).await?, side(right).await?);
    let (left, right) = tokio::try_join!(tree(&store, &who, left), tree(&store, &who, right))?;
    let encoding = call.encoding;
    let response = ANSWERS.run(move || {
        let both = unite(&named(&left)?, &named(&right)?);
        let graph =
            flame_graph_diff(&both, max_nodes).map_err(|error| CallError::invalid(error.to_string()))?;
        Ok(encoding.respond(&DiffResponse { flamegraph: Some(graph.into()) }))
    });
    response.await?
}

async fn side(request: StacktracesRequest) -> Result<Side, CallError> {
    let query = merge::query_of(&request).await?;
    Ok(Side { query, path: merge::call_site(request.stack_trace_selector) })
}

async fn tree(
    CallStore(store): &CallStore,
    who: &Principal,
    side: Side,
) -> Result<(Option<Arc<MergedTree>>, Vec<String>), CallError> {
    let Side { query, path } = side;
    let merged = match query.possible {
        true => Some(store.querier.call_tree(who, &query.question, &query.profile_type).await?),
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

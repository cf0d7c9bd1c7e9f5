//! Merged stacks: `SelectMergeStacktraces`, `SelectMergeSpanProfile`, `SelectMergeProfile`.

use super::call::{Call, CallError, Encoding, proto};
use super::flame_graph_message::{FlameGraphMessage, PprofMessage, StacktracesResponse};
use super::internal_labels::{self, Split};
use super::messages::{
    MergeProfileRequest, SpanProfileRequest, StackTraceSelector, StacktracesRequest, format,
};
use super::store::CallStore;
use super::{period, pprof_message};
use crate::auth::Principal;
use crate::http::ApiError;
use crate::pyroscope::{Cut, by_name, flame_graph, tree_bytes};
use crate::query::{Question, focus};
use crate::work::ANSWERS;
use axum::response::Response;
use flarepath_profile::call_tree::{CallTree, InvalidTree};
use flarepath_profile::formats::pprof;
use flarepath_profile::profile_type::ProfileType;
use prost::Message;
use std::borrow::Cow;

const DEFAULT_NODES: i64 = 8192;
const MAX_NODES: i64 = 1 << 20;

/// The query of all three calls.
pub(super) struct MergeQuery {
    pub(super) profile_type: ProfileType,
    pub(super) question: Question,
    /// False when matchers of internal labels rule out every profile.
    pub(super) possible: bool,
}

pub(crate) async fn stacktraces(
    store: CallStore,
    who: Principal,
    call: Call<StacktracesRequest>,
) -> Result<Response, CallError> {
    merged(&store, who, call.request, call.encoding).await
}

pub(crate) async fn span_profile(
    store: CallStore,
    who: Principal,
    call: Call<SpanProfileRequest>,
) -> Result<Response, CallError> {
    let old = call.request;
    let request = StacktracesRequest {
        profile_type_id: old.profile_type_id,
        label_selector: old.label_selector,
        start: old.start,
        end: old.end,
        max_nodes: old.max_nodes,
        format: old.format,
        span_selector: old.span_selector,
        ..StacktracesRequest::default()
    };
    merged(&store, who, request, call.encoding).await
}

pub(crate) async fn profile(
    store: CallStore,
    who: Principal,
    call: Call<MergeProfileRequest>,
) -> Result<Response, CallError> {
    let request = call.request;
    reject_ids(&request.profile_id_selector, &request.trace_id_selector)?;
    if !call_site(request.stack_trace_selector).is_empty() {
        return Err(CallError::unimplemented(
            "stack_trace_selector is not supported with pprof; request a flame graph",
        ));
    }
    let query =
        merge_query(&request.profile_type_id, &request.label_selector, request.start, request.end).await?;
    let bytes = pprof_of(&store, &who, query).await?;
    match call.encoding {
        Encoding::Proto => Ok(proto(bytes)),
        Encoding::Json => Ok(call.encoding.respond(&as_message(&bytes)?)),
    }
}

async fn merged(
    store: &CallStore,
    who: Principal,
    request: StacktracesRequest,
    encoding: Encoding,
) -> Result<Response, CallError> {
    let query = query_of(&request).await?;
    let max_nodes = max_nodes(request.max_nodes)?;
    let path = call_site(request.stack_trace_selector);
    let format = match request.format {
        format::UNSPECIFIED => format::FLAME_GRAPH,
        known @ (format::FLAME_GRAPH | format::TREE | format::PPROF) => known,
        format::DOT => {
            return Err(CallError::unimplemented(
                "this format is not supported; request FLAMEGRAPH, TREE or PPROF",
            ));
        }
        _ => return Err(CallError::invalid("unknown format; request FLAMEGRAPH, TREE or PPROF")),
    };
    if format == format::PPROF {
        if !path.is_empty() {
            return Err(CallError::unimplemented(
                "stack_trace_selector is not supported with pprof; request a flame graph",
            ));
        }
        let bytes = pprof_of(store, &who, query).await?;
        let pprof = Some(PprofMessage { profile: Some(as_message(&bytes)?) });
        return Ok(encoding.respond(&StacktracesResponse { pprof, ..StacktracesResponse::default() }));
    }
    let merged = match query.possible {
        true => Some(store.0.querier.call_tree(&who, &query.question, &query.profile_type).await?),
        false => None,
    };
    let response = ANSWERS.run(move || {
        let empty = CallTree::empty();
        let tree = merged.as_ref().map_or(&empty, |merged| &merged.tree);
        shape(tree, &path, max_nodes, format).map(|message| encoding.respond(&message))
    });
    response.await?
}

fn shape(
    tree: &CallTree,
    path: &[String],
    max_nodes: usize,
    format: i32,
) -> Result<StacktracesResponse, CallError> {
    let tree = match path.is_empty() {
        true => Cow::Borrowed(tree),
        false => Cow::Owned(focus(tree, path).map_err(broken_tree)?),
    };
    let tree = by_name(&tree).map_err(broken_tree)?;
    let cut = Cut::to(&tree, max_nodes);
    let mut message = StacktracesResponse::default();
    match format {
        format::TREE => message.tree = tree_bytes(&cut),
        _ => message.flamegraph = Some(FlameGraphMessage::from(flame_graph(&cut))),
    }
    Ok(message)
}

pub(super) fn broken_tree(error: InvalidTree) -> CallError {
    tracing::error!(%error, "stored tree is corrupt");
    CallError::from(ApiError::internal())
}

async fn pprof_of(
    CallStore(store): &CallStore,
    who: &Principal,
    query: MergeQuery,
) -> Result<Vec<u8>, CallError> {
    if !query.possible {
        return Ok(Vec::new());
    }
    let profile = store.querier.profile(who, &query.question, &query.profile_type).await?;
    Ok(ANSWERS.run(move || pprof::write(&profile)).await?)
}

fn as_message(bytes: &[u8]) -> Result<pprof_message::Profile, CallError> {
    pprof_message::Profile::decode(bytes).map_err(|error| {
        tracing::error!(%error, "cannot parse our own pprof");
        CallError::from(ApiError::internal())
    })
}

/// The query of a request for merged stacks, without its nodes, path and format.
pub(super) async fn query_of(request: &StacktracesRequest) -> Result<MergeQuery, CallError> {
    reject_ids(&request.profile_id_selector, &request.trace_id_selector)?;
    let mut query =
        merge_query(&request.profile_type_id, &request.label_selector, request.start, request.end).await?;
    query.question.spans = request.span_selector.iter().map(|id| span_id(id)).collect::<Result<_, _>>()?;
    Ok(query)
}

async fn merge_query(
    profile_type: &str,
    selector: &str,
    start: i64,
    end: i64,
) -> Result<MergeQuery, CallError> {
    let range = period::required(start, end)?;
    let profile_type = self::profile_type(profile_type)?;
    let split = Split::parse([selector])?;
    let question = Question::new(split.stored.clone(), range);
    // `__service_name__` has become a matcher of stored labels, so the service is irrelevant here.
    let possible = split.matches(internal_labels::labels(&profile_type, "")).await?;
    Ok(MergeQuery { profile_type, question, possible })
}

pub(super) fn profile_type(text: &str) -> Result<ProfileType, CallError> {
    text.parse().map_err(|error: flarepath_profile::profile_type::InvalidProfileType| {
        CallError::invalid(error.to_string())
    })
}

pub(super) fn call_site(selector: Option<StackTraceSelector>) -> Vec<String> {
    selector.map(|s| s.call_site.into_iter().map(|site| site.name).collect()).unwrap_or_default()
}

pub(super) fn max_nodes(requested: Option<i64>) -> Result<usize, CallError> {
    match requested.unwrap_or(0) {
        0 => Ok(DEFAULT_NODES as usize),
        nodes @ 1..=MAX_NODES => Ok(nodes as usize),
        nodes => Err(CallError::invalid(format!("max_nodes {nodes} is not between 1 and {MAX_NODES}"))),
    }
}

fn span_id(text: &str) -> Result<String, CallError> {
    if text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(text.to_ascii_lowercase());
    }
    Err(CallError::invalid(format!("invalid span id {text:?}; expected 16 hexadecimal digits")))
}

/// Ignoring them would answer another query.
fn reject_ids(profiles: &[String], traces: &[String]) -> Result<(), CallError> {
    if profiles.is_empty() && traces.is_empty() {
        return Ok(());
    }
    Err(CallError::unimplemented("selecting by profile id or trace id is not supported; select by span id"))
}

//! `querier.v1.QuerierService`: what Grafana's Pyroscope data source and other clients of Pyroscope call. Unary
//! Connect calls, as JSON or protobuf.
//!
//! Internal labels (`__profile_type__` and the like) are not stored; [`internal_labels`] derives them from profile types where
//! these clients list them and select by them. The header `X-Flarepath-Store` names the store.

mod call;
mod catalog;
mod diff;
mod flame_graph_message;
mod internal_labels;
mod label_sets;
mod merge;
mod message;
mod messages;
mod period;
mod pprof_message;
mod protojson;
mod schemas;
mod store;
mod totals;

use crate::auth::Permission;
use crate::http::doc::{Answer, Doc, RequestBody};
use crate::http::route::{Endpoint, Route};
pub(crate) use schemas::schemas;

/// The request's encodings, and the schema of the response.
type Messages = (&'static [RequestBody], &'static str);

/// [`Messages`] of a request and a response, by name.
macro_rules! messages {
    ($request:literal, $response:literal) => {
        (
            &[
                RequestBody::Bytes("application/proto", concat!("The message ", $request)),
                RequestBody::Json(concat!("pyroscope.", $request)),
            ],
            concat!("pyroscope.", $response),
        )
    };
}

/// A route that reads profiles.
fn read(endpoint: Endpoint, messages: Messages, summary: &'static str, description: &'static str) -> Route {
    endpoint.needs(Permission::ReadProfiles).doc(Doc {
        description,
        body: messages.0,
        answer: Answer::Json(messages.1, &["application/proto"]),
        errors: &[
            (400, "`invalid_argument`; the message has the details"),
            (404, "`not_found`: the caller may read no store of the name in the header `X-Flarepath-Store`"),
            (415, "Neither application/proto nor application/json"),
            (500, "`internal`: the store failed"),
            (501, "`unimplemented`: the selector or the format is not supported"),
            (504, "`deadline_exceeded`: the query timed out"),
        ],
        ..Doc::new("Pyroscope compatibility", summary)
    })
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        read(
            Route::post("/querier.v1.QuerierService/SelectMergeStacktraces", merge::stacktraces),
            messages!("StacktracesRequest", "StacktracesResponse"),
            "Merged stacks",
            "As a flame graph, tree or pprof. Beyond max_nodes (default 8192) small nodes become `other`.",
        ),
        read(
            Route::post("/querier.v1.QuerierService/SelectMergeSpanProfile", merge::span_profile),
            messages!("SpanProfileRequest", "StacktracesResponse"),
            "Merged stacks of spans",
            "Deprecated by Pyroscope; SelectMergeStacktraces accepts spans too.",
        ),
        read(
            Route::post("/querier.v1.QuerierService/SelectMergeProfile", merge::profile),
            messages!("MergeProfileRequest", "Profile"),
            "Merged profile",
            "As complete pprof; the protobuf response is an uncompressed pprof file.",
        ),
        read(
            Route::post("/querier.v1.QuerierService/Diff", diff::diff),
            messages!("DiffRequest", "DiffResponse"),
            "Compare two merged stacks",
            "As a flame graph of both sides. Beyond max_nodes of either (default 8192) small nodes become `other`.",
        ),
        read(
            Route::post("/querier.v1.QuerierService/SelectSeries", totals::series),
            messages!("SelectSeriesRequest", "SelectSeriesResponse"),
            "Totals over time",
            "The point at t is the sum over profiles in (t - step, t]. Sums only; no exemplars.",
        ),
        read(
            Route::post("/querier.v1.QuerierService/ProfileTypes", catalog::profile_types),
            messages!("ProfileTypesRequest", "ProfileTypesResponse"),
            "Profile types",
            "Without a range: those of the last day.",
        ),
        read(
            Route::post("/querier.v1.QuerierService/LabelNames", catalog::label_names),
            messages!("LabelNamesRequest", "NamesResponse"),
            "Label names",
            "Including internal labels.",
        ),
        read(
            Route::post("/querier.v1.QuerierService/LabelValues", catalog::label_values),
            messages!("LabelValuesRequest", "NamesResponse"),
            "Label values",
            "Including those of internal labels, such as `__profile_type__`.",
        ),
        read(
            Route::post("/querier.v1.QuerierService/Series", catalog::series),
            messages!("SeriesRequest", "SeriesResponse"),
            "Label sets",
            "Restricted to the named labels, or complete.",
        ),
    ]
}

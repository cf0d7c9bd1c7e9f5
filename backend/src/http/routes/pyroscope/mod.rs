//! `querier.v1.QuerierService`: what Grafana's Pyroscope data source and other clients of Pyroscope call. Unary
//! Connect calls, as JSON or protobuf.
//!
//! Internal labels (`__profile_type__` and the like) are not stored; [`internal_labels`] derives them from profile types where
//! these clients list them and select by them.

mod call;
mod catalog;
mod diff;
mod flame_graph_message;
mod internal_labels;
mod merge;
mod messages;
mod period;
mod pprof_message;
mod protojson;
mod totals;

use crate::auth::Permission;
use crate::http::doc::{Answer, Doc};
use crate::http::route::Route;

const CONNECT: &[&str] = &["application/proto", "application/json"];

const fn doc(summary: &'static str, description: &'static str) -> Doc {
    Doc {
        description,
        body: CONNECT,
        answer: Answer::Content(CONNECT),
        errors: &[
            (400, "`invalid_argument`; the message has the details"),
            (415, "Neither application/proto nor application/json"),
            (500, "`internal`: the store failed"),
            (501, "`unimplemented`: the selector is not supported"),
            (504, "`deadline_exceeded`: the query timed out"),
        ],
        ..Doc::new("Pyroscope compatibility", summary)
    }
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post("/querier.v1.QuerierService/SelectMergeStacktraces", merge::stacktraces).needs(Permission::ReadProfiles).doc(doc(
                "Merged stacks",
                "As a flame graph, tree or pprof. Beyond max_nodes (default 8192) small nodes become `other`.",
            )),
        Route::post("/querier.v1.QuerierService/SelectMergeSpanProfile", merge::span_profile).needs(Permission::ReadProfiles).doc(doc(
                "Merged stacks of spans",
                "Deprecated by Pyroscope; SelectMergeStacktraces accepts spans too.",
            )),
        Route::post("/querier.v1.QuerierService/SelectMergeProfile", merge::profile).needs(Permission::ReadProfiles).doc(doc("Merged profile", "As complete pprof; the protobuf response is an uncompressed pprof file.")),
        Route::post("/querier.v1.QuerierService/Diff", diff::diff).needs(Permission::ReadProfiles).doc(doc(
                "Compare two merged stacks",
                "As a flame graph of both sides. Beyond max_nodes of either (default 8192) small nodes become `other`.",
            )),
        Route::post("/querier.v1.QuerierService/SelectSeries", totals::series).needs(Permission::ReadProfiles).doc(doc(
                "Totals over time",
                "The point at t is the sum over profiles in (t - step, t]. Sums only; no exemplars.",
            )),
        Route::post("/querier.v1.QuerierService/ProfileTypes", catalog::profile_types).needs(Permission::ReadProfiles).doc(doc("Profile types", "Without a range: those of the last day.")),
        Route::post("/querier.v1.QuerierService/LabelNames", catalog::label_names).needs(Permission::ReadProfiles).doc(doc("Label names", "Including internal labels.")),
        Route::post("/querier.v1.QuerierService/LabelValues", catalog::label_values).needs(Permission::ReadProfiles).doc(doc("Label values", "Including those of internal labels, such as `__profile_type__`.")),
        Route::post("/querier.v1.QuerierService/Series", catalog::series).needs(Permission::ReadProfiles).doc(doc("Label sets", "Restricted to the named labels, or complete.")),
    ]
}

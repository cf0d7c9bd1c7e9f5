//! `querier.v1.QuerierService`: what Grafana's Pyroscope data source and other clients of Pyroscope call. Unary
//! Connect calls, as JSON or protobuf.
//!
//! Internal labels (`__profile_type__` and the like) are no labels here; [`internal_labels`] makes them up from
//! profile types where these clients expect to see them and select by them.

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

use crate::app::App;
use crate::auth::Permission;
use crate::http::doc::{Answer, Doc};
use crate::http::router::{BodyLimit, Route};
use axum::routing::{MethodRouter, post};
use std::sync::Arc;

const CONNECT: &[&str] = &["application/proto", "application/json"];

const fn doc(summary: &'static str, description: &'static str) -> Doc {
    Doc {
        description,
        body: CONNECT,
        answer: Answer::Content(CONNECT),
        errors: &[
            (400, "`invalid_argument`: the message says what is wrong"),
            (415, "Neither application/proto nor application/json"),
            (500, "`internal`: storage failed"),
            (501, "`unimplemented`: a selector that is not served"),
            (504, "`deadline_exceeded`: the question took too long"),
        ],
        ..Doc::new("For clients of Pyroscope", summary)
    }
}

/// The lines of the route table.
pub(crate) fn routes() -> Vec<Route> {
    let route = |path, handler: MethodRouter<Arc<App>>, doc| Route {
        method: "POST",
        path,
        permission: Permission::ReadProfiles,
        body: BodyLimit::Small,
        handler,
        doc,
    };
    vec![
        route(
            "/querier.v1.QuerierService/SelectMergeStacktraces",
            post(merge::stacktraces),
            doc(
                "Merged stacks",
                "As a flame graph, tree or pprof. Above max_nodes (8192 unless given) small nodes become `other`.",
            ),
        ),
        route(
            "/querier.v1.QuerierService/SelectMergeSpanProfile",
            post(merge::span_profile),
            doc(
                "Merged stacks of spans",
                "Deprecated by its authors; SelectMergeStacktraces takes spans too.",
            ),
        ),
        route(
            "/querier.v1.QuerierService/SelectMergeProfile",
            post(merge::profile),
            doc("Merged profile", "As pprof, whole; the protobuf answer is an uncompressed pprof file."),
        ),
        route(
            "/querier.v1.QuerierService/Diff",
            post(diff::diff),
            doc(
                "Two merged stacks compared",
                "As a flame graph of both sides. Above max_nodes of either (8192 unless given) small nodes become `other`.",
            ),
        ),
        route(
            "/querier.v1.QuerierService/SelectSeries",
            post(totals::series),
            doc(
                "Totals over time",
                "A point at t sums the profiles in (t - step, t]. Always sums; no exemplars.",
            ),
        ),
        route(
            "/querier.v1.QuerierService/ProfileTypes",
            post(catalog::profile_types),
            doc("Profile types", "Of the last hour when no range is given."),
        ),
        route(
            "/querier.v1.QuerierService/LabelNames",
            post(catalog::label_names),
            doc("Label names", "Internal labels included."),
        ),
        route(
            "/querier.v1.QuerierService/LabelValues",
            post(catalog::label_values),
            doc("Label values", "Also of internal labels, such as `__profile_type__`."),
        ),
        route(
            "/querier.v1.QuerierService/Series",
            post(catalog::series),
            doc("Label sets", "Of the labels named, or of all."),
        ),
    ]
}

//! Schemas of the messages, for the OpenAPI document.

use super::diff::DiffRequest;
use super::flame_graph_message::{DiffResponse, StacktracesResponse};
use super::messages::*;
use super::pprof_message::Profile;
use super::protojson::Int64;
use crate::http::openapi::{Named, add};

/// Adds the schemas of all requests and responses, and of the messages in them.
pub(crate) fn schemas(all: &mut Named) {
    add::<Int64>(all);
    add::<StacktracesRequest>(all);
    add::<StacktracesResponse>(all);
    add::<SpanProfileRequest>(all);
    add::<MergeProfileRequest>(all);
    add::<Profile>(all);
    add::<DiffRequest>(all);
    add::<DiffResponse>(all);
    add::<SelectSeriesRequest>(all);
    add::<SelectSeriesResponse>(all);
    add::<ProfileTypesRequest>(all);
    add::<ProfileTypesResponse>(all);
    add::<LabelNamesRequest>(all);
    add::<LabelValuesRequest>(all);
    add::<NamesResponse>(all);
    add::<SeriesRequest>(all);
    add::<SeriesResponse>(all);
}

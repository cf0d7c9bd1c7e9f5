//! Requests and responses of `querier.v1` and `types.v1`, with the field numbers of their protobuf definitions; only the
//! fields that are supported or rejected. Times are milliseconds since the epoch.

use super::message::message;
use super::protojson::NameOrNumber;
use serde::{Deserialize, Deserializer};

message! {
    Deserialize ProfileTypesRequest {
        "1" start: int64,
        "2" end: int64,
    }

    Serialize ProfileTypesResponse {
        "1" profile_types: messages(ProfileTypeMessage),
    }

    Serialize ProfileTypeMessage {
        "1" id: string [rename = "ID"],
        "2" name: string,
        "4" sample_type: string,
        "5" sample_unit: string,
        "6" period_type: string,
        "7" period_unit: string,
    }

    Deserialize LabelNamesRequest {
        "1" matchers: strings,
        "2" start: int64,
        "3" end: int64,
    }

    Deserialize LabelValuesRequest {
        "1" name: string,
        "2" matchers: strings,
        "3" start: int64,
        "4" end: int64,
    }

    /// The response to both.
    Serialize NamesResponse {
        "1" names: strings,
    }

    Deserialize SeriesRequest {
        "1" matchers: strings,
        "2" label_names: strings [alias = "label_names"],
        "3" start: int64,
        "4" end: int64,
    }

    Serialize SeriesResponse {
        "2" labels_set: messages(LabelsMessage),
    }

    Serialize LabelsMessage {
        "1" labels: messages(LabelPair),
    }

    Serialize LabelPair {
        "1" name: string,
        "2" value: string,
    }

    Deserialize StacktracesRequest {
        "1" profile_type_id: string [rename = "profileTypeID", alias = "profile_typeID"],
        "2" label_selector: string [alias = "label_selector"],
        "3" start: int64,
        "4" end: int64,
        "5" max_nodes: optional_int64 [alias = "max_nodes"],
        "6" format: int32 [deserialize_with = "profile_format"],
        "7" stack_trace_selector: message(StackTraceSelector) [alias = "stack_trace_selector"],
        "8" profile_id_selector: strings [alias = "profile_id_selector"],
        "10" trace_id_selector: strings [alias = "trace_id_selector"],
        "11" span_selector: strings [alias = "span_selector"],
    }

    Deserialize SpanProfileRequest {
        "1" profile_type_id: string [rename = "profileTypeID", alias = "profile_typeID"],
        "2" label_selector: string [alias = "label_selector"],
        "3" span_selector: strings [alias = "span_selector"],
        "4" start: int64,
        "5" end: int64,
        "6" max_nodes: optional_int64 [alias = "max_nodes"],
        "7" format: int32 [deserialize_with = "profile_format"],
    }

    Deserialize MergeProfileRequest {
        "1" profile_type_id: string [rename = "profileTypeID", alias = "profile_typeID"],
        "2" label_selector: string [alias = "label_selector"],
        "3" start: int64,
        "4" end: int64,
        "6" stack_trace_selector: message(StackTraceSelector) [alias = "stack_trace_selector"],
        "7" profile_id_selector: strings [alias = "profile_id_selector"],
        "8" trace_id_selector: strings [alias = "trace_id_selector"],
    }

    /// Only stacks that begin with these functions, root first.
    Deserialize StackTraceSelector {
        "1" call_site: messages(CallSite) [alias = "call_site"],
    }

    Deserialize CallSite {
        "1" name: string,
    }

    Deserialize SelectSeriesRequest {
        "1" profile_type_id: string [rename = "profileTypeID", alias = "profile_typeID"],
        "2" label_selector: string [alias = "label_selector"],
        "3" start: int64,
        "4" end: int64,
        "5" group_by: strings [alias = "group_by"],
        "6" step: double,
        "8" stack_trace_selector: message(StackTraceSelector) [alias = "stack_trace_selector"],
        "9" limit: optional_int64,
    }

    Serialize SelectSeriesResponse {
        "1" series: messages(SeriesMessage),
    }

    Serialize SeriesMessage {
        "1" labels: messages(LabelPair),
        "2" points: messages(PointMessage),
    }

    Serialize PointMessage {
        "1" value: double,
        "2" timestamp: int64,
    }
}

/// `format` of merged stacks.
pub(super) mod format {
    pub(in super::super) const UNSPECIFIED: i32 = 0;
    pub(in super::super) const FLAME_GRAPH: i32 = 1;
    pub(in super::super) const TREE: i32 = 2;
    pub(in super::super) const DOT: i32 = 3;
    pub(in super::super) const PPROF: i32 = 4;
}

fn profile_format<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i32, D::Error> {
    Ok(match NameOrNumber::deserialize(deserializer)? {
        NameOrNumber::Number(number) => number,
        NameOrNumber::Name(name) => match name.as_str() {
            "PROFILE_FORMAT_UNSPECIFIED" => format::UNSPECIFIED,
            "PROFILE_FORMAT_FLAMEGRAPH" => format::FLAME_GRAPH,
            "PROFILE_FORMAT_TREE" => format::TREE,
            "PROFILE_FORMAT_DOT" => format::DOT,
            "PROFILE_FORMAT_PPROF" => format::PPROF,
            _ => -1,
        },
    })
}

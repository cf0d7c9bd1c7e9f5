//! A pprof profile as a message, for responses that need it as JSON or inside of another message. The profile crate writes
//! files. Field numbers: google/pprof, proto/profile.proto.

use super::protojson::{int64, int64_list, is_default, uint64, uint64_list};
use prost::Message;
use serde::Serialize;

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Profile {
    #[prost(message, repeated, tag = "1")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) sample_type: Vec<ValueType>,
    #[prost(message, repeated, tag = "2")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) sample: Vec<Sample>,
    #[prost(message, repeated, tag = "3")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) mapping: Vec<Mapping>,
    #[prost(message, repeated, tag = "4")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) location: Vec<Location>,
    #[prost(message, repeated, tag = "5")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) function: Vec<Function>,
    #[prost(string, repeated, tag = "6")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) string_table: Vec<String>,
    #[prost(int64, tag = "9")]
    #[serde(serialize_with = "int64::serialize", skip_serializing_if = "is_default")]
    pub(super) time_nanos: i64,
    #[prost(int64, tag = "10")]
    #[serde(serialize_with = "int64::serialize", skip_serializing_if = "is_default")]
    pub(super) duration_nanos: i64,
    #[prost(message, optional, tag = "11")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) period_type: Option<ValueType>,
    #[prost(int64, tag = "12")]
    #[serde(serialize_with = "int64::serialize", skip_serializing_if = "is_default")]
    pub(super) period: i64,
    #[prost(int64, repeated, tag = "13")]
    #[serde(serialize_with = "int64_list::serialize", skip_serializing_if = "Vec::is_empty")]
    pub(super) comment: Vec<i64>,
    #[prost(int64, tag = "14")]
    #[serde(serialize_with = "int64::serialize", skip_serializing_if = "is_default")]
    pub(super) default_sample_type: i64,
}

#[derive(Clone, PartialEq, Message, Serialize)]
pub(super) struct ValueType {
    #[prost(int64, tag = "1")]
    #[serde(rename = "type", serialize_with = "int64::serialize", skip_serializing_if = "is_default")]
    pub(super) kind: i64,
    #[prost(int64, tag = "2")]
    #[serde(serialize_with = "int64::serialize", skip_serializing_if = "is_default")]
    pub(super) unit: i64,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sample {
    #[prost(uint64, repeated, tag = "1")]
    #[serde(serialize_with = "uint64_list::serialize", skip_serializing_if = "Vec::is_empty")]
    pub(super) location_id: Vec<u64>,
    #[prost(int64, repeated, tag = "2")]
    #[serde(serialize_with = "int64_list::serialize", skip_serializing_if = "Vec::is_empty")]
    pub(super) value: Vec<i64>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Mapping {
    #[prost(uint64, tag = "1")]
    #[serde(serialize_with = "uint64::serialize", skip_serializing_if = "is_default")]
    pub(super) id: u64,
    #[prost(uint64, tag = "2")]
    #[serde(serialize_with = "uint64::serialize", skip_serializing_if = "is_default")]
    pub(super) memory_start: u64,
    #[prost(uint64, tag = "3")]
    #[serde(serialize_with = "uint64::serialize", skip_serializing_if = "is_default")]
    pub(super) memory_limit: u64,
    #[prost(uint64, tag = "4")]
    #[serde(serialize_with = "uint64::serialize", skip_serializing_if = "is_default")]
    pub(super) file_offset: u64,
    #[prost(int64, tag = "5")]
    #[serde(serialize_with = "int64::serialize", skip_serializing_if = "is_default")]
    pub(super) filename: i64,
    #[prost(int64, tag = "6")]
    #[serde(serialize_with = "int64::serialize", skip_serializing_if = "is_default")]
    pub(super) build_id: i64,
    #[prost(bool, tag = "7")]
    #[serde(skip_serializing_if = "is_default")]
    pub(super) has_functions: bool,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location {
    #[prost(uint64, tag = "1")]
    #[serde(serialize_with = "uint64::serialize", skip_serializing_if = "is_default")]
    pub(super) id: u64,
    #[prost(uint64, tag = "2")]
    #[serde(serialize_with = "uint64::serialize", skip_serializing_if = "is_default")]
    pub(super) mapping_id: u64,
    #[prost(uint64, tag = "3")]
    #[serde(serialize_with = "uint64::serialize", skip_serializing_if = "is_default")]
    pub(super) address: u64,
    #[prost(message, repeated, tag = "4")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) line: Vec<Line>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Line {
    #[prost(uint64, tag = "1")]
    #[serde(serialize_with = "uint64::serialize", skip_serializing_if = "is_default")]
    pub(super) function_id: u64,
    #[prost(int64, tag = "2")]
    #[serde(serialize_with = "int64::serialize", skip_serializing_if = "is_default")]
    pub(super) line: i64,
    #[prost(int64, tag = "3")]
    #[serde(serialize_with = "int64::serialize", skip_serializing_if = "is_default")]
    pub(super) column: i64,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Function {
    #[prost(uint64, tag = "1")]
    #[serde(serialize_with = "uint64::serialize", skip_serializing_if = "is_default")]
    pub(super) id: u64,
    #[prost(int64, tag = "2")]
    #[serde(serialize_with = "int64::serialize", skip_serializing_if = "is_default")]
    pub(super) name: i64,
    #[prost(int64, tag = "3")]
    #[serde(serialize_with = "int64::serialize", skip_serializing_if = "is_default")]
    pub(super) system_name: i64,
    #[prost(int64, tag = "4")]
    #[serde(serialize_with = "int64::serialize", skip_serializing_if = "is_default")]
    pub(super) filename: i64,
    #[prost(int64, tag = "5")]
    #[serde(serialize_with = "int64::serialize", skip_serializing_if = "is_default")]
    pub(super) start_line: i64,
}

//! Schemas of messages that are not ours: OpenTelemetry, Connect, and files.

use serde_json::{Map, Value, json};

/// The schemas by name.
pub(super) fn schemas() -> Map<String, Value> {
    let all = [
        ("connect.Error", connect_error()),
        ("google.rpc.Status", rpc_status()),
        ("push.PushRequest", push_request()),
        ("push.PushResponse", object("Everything is stored", json!({}), json!({}))),
        ("otlp.ExportProfilesServiceRequest", otlp_request()),
        ("otlp.ExportProfilesServiceResponse", otlp_response()),
        ("ProfileFile", profile_file()),
        ("OpenApiDocument", open_api_document()),
    ];
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

fn object(description: &str, properties: Value, example: Value) -> Value {
    json!({ "type": "object", "description": description, "properties": properties, "examples": [example] })
}

fn connect_error() -> Value {
    let codes = [
        "invalid_argument",
        "permission_denied",
        "unauthenticated",
        "not_found",
        "resource_exhausted",
        "unavailable",
        "deadline_exceeded",
        "unimplemented",
        "internal",
    ];
    let mut schema = object(
        "A failed call (Connect protocol, \"Error end-stream\" and \"Unary response\")",
        json!({ "code": { "type": "string", "enum": codes }, "message": { "type": "string" } }),
        json!({ "code": "invalid_argument", "message": "`start` and `end` are required" }),
    );
    schema["required"] = json!(["code", "message"]);
    schema
}

fn rpc_status() -> Value {
    let mut schema = object(
        "A failed export; the code is gRPC's",
        json!({
            "code": { "type": "integer", "minimum": 1, "maximum": 16 },
            "message": { "type": "string" },
        }),
        json!({ "code": 3, "message": "cannot parse the request" }),
    );
    schema["required"] = json!(["code", "message"]);
    schema
}

fn push_request() -> Value {
    let label = json!({
        "type": "object",
        "properties": { "name": { "type": "string" }, "value": { "type": "string" } },
    });
    let sample = json!({
        "type": "object",
        "properties": { "rawProfile": { "type": "string", "contentEncoding": "base64" } },
    });
    let series = json!({
        "type": "object",
        "properties": {
            "labels": { "type": "array", "items": label, "maxItems": 1000 },
            "samples": { "type": "array", "items": sample },
        },
    });
    object(
        "push.v1.PushRequest in JSON: labels and pprof profiles of each series",
        json!({ "series": { "type": "array", "items": series } }),
        json!({ "series": [{
            "labels": [
                { "name": "__name__", "value": "process_cpu" },
                { "name": "service_name", "value": "checkout" },
            ],
            "samples": [{ "rawProfile": "H4sIAAAAAAAA/wMAAAAAAAAAAAA=" }],
        }] }),
    )
}

fn otlp_request() -> Value {
    object(
        "ExportProfilesServiceRequest of opentelemetry-proto in JSON",
        json!({
            "resourceProfiles": { "type": "array", "items": { "type": "object" } },
            "dictionary": { "type": "object" },
        }),
        json!({ "resourceProfiles": [], "dictionary": {} }),
    )
}

fn otlp_response() -> Value {
    let partial = json!({
        "type": ["object", "null"],
        "description": "Absent if everything is stored",
        "properties": {
            "rejectedProfiles": { "type": ["string", "integer"] },
            "errorMessage": { "type": "string" },
        },
    });
    object(
        "ExportProfilesServiceResponse of opentelemetry-proto in JSON",
        json!({ "partialSuccess": partial }),
        json!({}),
    )
}

fn profile_file() -> Value {
    object(
        "A file of speedscope, or for profiler.firefox.com; its own schema describes it",
        json!({}),
        json!({ "$schema": "https://www.speedscope.app/file-format-schema.json", "profiles": [] }),
    )
}

fn open_api_document() -> Value {
    let mut schema = object(
        "This document (OpenAPI 3.1)",
        json!({ "openapi": { "type": "string" }, "info": { "type": "object" }, "paths": { "type": "object" } }),
        json!({ "openapi": "3.1.0", "info": { "title": "Flarepath", "version": "1" }, "paths": {} }),
    );
    schema["required"] = json!(["openapi", "info", "paths"]);
    schema
}

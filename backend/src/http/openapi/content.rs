//! Content of bodies: a schema with an example.

use super::example;
use serde_json::{Map, Value, json};

/// Content in JSON, by the name of its schema.
pub(super) fn json(name: &str, schemas: &Map<String, Value>) -> Value {
    let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
    json!({ "example": example::of(&schema, schemas), "schema": schema })
}

/// Content that is not JSON.
pub(super) fn bytes(media_type: &str) -> Value {
    let is_text = media_type.starts_with("text/") || media_type.ends_with("json");
    json!({ "schema": if is_text { json!({ "type": "string" }) } else { json!({ "type": "string", "format": "binary" }) } })
}

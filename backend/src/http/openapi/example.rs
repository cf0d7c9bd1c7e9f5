//! Examples, composed of those of the fields.

use serde_json::{Map, Value, json};

/// An example of `schema`: its own, or one composed of those of its parts.
pub(super) fn of(schema: &Value, schemas: &Map<String, Value>) -> Value {
    if let Some(own) = schema.pointer("/examples/0").or(schema.pointer("/enum/0")) {
        return own.clone();
    }
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return schemas.get(name).map_or(Value::Null, |schema| of(schema, schemas));
    }
    if let Some(variants) = schema["oneOf"].as_array() {
        let found = variants.iter().find(|variant| variant["type"] != "null");
        return found.map_or(Value::Null, |schema| of(schema, schemas));
    }
    match type_of(schema) {
        "object" => {
            let properties = schema["properties"].as_object().into_iter().flatten();
            properties.map(|(name, schema)| (name.clone(), of(schema, schemas))).collect::<Map<_, _>>().into()
        }
        "array" => json!([of(&schema["items"], schemas)]),
        "integer" | "number" => {
            schema.get("minimum").filter(|least| **least != 0).cloned().unwrap_or(json!(1))
        }
        "boolean" => json!(true),
        "null" => Value::Null,
        _ => json!(""),
    }
}

/// The type, or the first of several.
pub(super) fn type_of(schema: &Value) -> &str {
    let types = &schema["type"];
    types.as_str().or(types[0].as_str()).unwrap_or_default()
}

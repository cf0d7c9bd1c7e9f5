//! Facts about fields that their types do not say: allowed values, bounds, and an example each.

use super::example::type_of;
use super::field_table::table;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Adds to the schemas what [`table`] says of them, of their fields, and of all fields of a name.
pub(super) fn refine(schemas: &mut Map<String, Value>) {
    let table: HashMap<&str, Value> = table().into_iter().collect();
    for (message, schema) in schemas {
        if let Some(rule) = table.get(message.as_str()) {
            merge(schema, rule);
        }
        let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { continue };
        properties.retain(|field, _| table.get(format!("{message}.{field}").as_str()) != Some(&Value::Null));
        for (field, schema) in properties {
            let own = table.get(format!("{message}.{field}").as_str());
            let Some(rule) = own.or_else(|| table.get(field.as_str())) else { continue };
            let is_list = type_of(schema) == "array" && own.is_none();
            let target = if is_list { &mut schema["items"] } else { schema };
            // Messages have examples of their own.
            if own.is_some() || !matches!(type_of(target), "" | "object") {
                merge(target, rule);
            }
        }
    }
}

fn merge(schema: &mut Value, rule: &Value) {
    let Some(rule) = rule.as_object() else { return };
    let nullable = schema["type"].as_array().is_some_and(|types| types.contains(&json!("null")));
    for (key, value) in rule {
        if value.is_null() {
            schema.as_object_mut().map(|schema| schema.remove(key));
            continue;
        }
        schema[key] = match (key.as_str(), value) {
            ("enum", Value::Array(values)) if nullable => {
                values.iter().cloned().chain([Value::Null]).collect()
            }
            _ => value.clone(),
        };
    }
    // The default of a text is the empty one, which most enums lack: then the field has to be given.
    let is_allowed =
        |default: &Value| schema["enum"].as_array().is_none_or(|values| values.contains(default));
    if schema.get("default").is_some_and(|default| !is_allowed(default)) {
        schema.as_object_mut().map(|schema| schema.remove("default"));
    }
}

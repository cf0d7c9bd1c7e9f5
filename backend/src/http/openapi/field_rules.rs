//! Rules that describe fields: examples and permitted values.

use serde_json::{Value, json};

/// Fields, each with a part of its JSON schema.
pub(super) type Rules = Vec<(&'static str, Value)>;

pub(super) fn example(value: impl Into<Value>) -> Value {
    json!({ "examples": [value.into()] })
}

pub(super) fn examples<V: Into<Value> + Clone>(value: V, fields: &[&'static str]) -> Rules {
    fields.iter().map(|field| (*field, example(value.clone()))).collect()
}

pub(super) fn one_of<'a>(names: impl IntoIterator<Item = &'a str>) -> Value {
    json!({ "enum": names.into_iter().collect::<Vec<_>>() })
}

//! Checks values against schemas: the part of JSON Schema that the OpenAPI document uses.

use regex::Regex;
use serde_json::Value;

/// Keywords that say nothing about values.
const NOTES: [&str; 8] = [
    "description",
    "title",
    "format",
    "examples",
    "default",
    "deprecated",
    "contentEncoding",
    "contentMediaType",
];

/// What is wrong with `value`; empty if nothing is.
pub(crate) fn violations(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(document, schema, value, "", &mut found);
    found
}

fn check(document: &Value, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    for (keyword, rule) in schema.as_object().unwrap_or_else(|| panic!("{place}: no schema: {schema}")) {
        let holds = match keyword.as_str() {
            "$ref" => {
                let target = rule.as_str().unwrap().trim_start_matches('#');
                check(document, document.pointer(target).unwrap(), value, place, found);
                true
            }
            "oneOf" => {
                let variants = rule.as_array().unwrap().iter();
                variants.filter(|variant| violations(document, variant, value).is_empty()).count() == 1
            }
            "type" => is_of_type(rule, value),
            "enum" => rule.as_array().unwrap().contains(value),
            "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().unwrap()),
            "minLength" => {
                value.as_str().is_none_or(|text| text.chars().count() as u64 >= rule.as_u64().unwrap())
            }
            "maxLength" => {
                value.as_str().is_none_or(|text| text.chars().count() as u64 <= rule.as_u64().unwrap())
            }
            "maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= rule.as_u64().unwrap()),
            "pattern" => {
                value.as_str().is_none_or(|text| Regex::new(rule.as_str().unwrap()).unwrap().is_match(text))
            }
            "required" => value.as_object().is_none_or(|members| {
                rule.as_array().unwrap().iter().all(|name| members.contains_key(name.as_str().unwrap()))
            }),
            "items" => {
                for item in value.as_array().into_iter().flatten() {
                    check(document, rule, item, &format!("{place}[]"), found);
                }
                true
            }
            "properties" => {
                for (name, member) in value.as_object().into_iter().flatten() {
                    if let Some(schema) = rule.get(name) {
                        check(document, schema, member, &format!("{place}.{name}"), found);
                    }
                }
                true
            }
            "additionalProperties" => {
                assert_eq!(*rule, false, "{place}");
                let known = &schema["properties"];
                value.as_object().is_none_or(|members| members.keys().all(|name| known.get(name).is_some()))
            }
            note => {
                assert!(NOTES.contains(&note), "{place}: unknown keyword {note}");
                true
            }
        };
        if !holds {
            found.push(format!("{place}: {value} violates {keyword}: {rule}"));
        }
    }
}

fn is_of_type(rule: &Value, value: &Value) -> bool {
    let matches = |name: &Value| match name.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("unknown type {other}"),
    };
    rule.as_array().map_or_else(|| matches(rule), |names| names.iter().any(matches))
}

#[test]
fn finds_each_kind_of_violation() {
    use serde_json::json;
    let document = json!({ "list": { "type": "array", "items": { "type": "integer", "minimum": 1 } } });
    let schema = json!({
        "type": "object", "required": ["name"], "additionalProperties": false,
        "properties": {
            "name": { "type": ["string", "null"], "maxLength": 3, "pattern": "^[a-z]*$" },
            "list": { "$ref": "#/list" },
            "kind": { "enum": ["a"] },
        },
    });
    for (value, violated) in [
        (json!({ "name": "ann", "list": [1], "kind": "a" }), 0),
        (json!({ "name": null }), 0),
        (json!([]), 1),
        (json!({}), 1),
        (json!({ "name": "annie" }), 1),
        (json!({ "name": "A" }), 1),
        (json!({ "name": "a", "list": [0, "x"] }), 2),
        (json!({ "name": "a", "kind": "b", "other": 1 }), 2),
    ] {
        let found = violations(&document, &schema, &value);
        assert_eq!(found.len(), violated, "{value}: {found:?}");
    }
}

//! `AnyValue` in protojson.

use super::json::{base64, some_int};
use super::messages::{AnyValue, ArrayValue, KeyValueList, Value};
use serde::{Deserialize, Deserializer};

/// `AnyValue` in JSON: an object with at most one of these.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Json {
    string_value: Option<String>,
    bool_value: Option<bool>,
    #[serde(deserialize_with = "some_int")]
    int_value: Option<i64>,
    double_value: Option<f64>,
    array_value: Option<ArrayValue>,
    kvlist_value: Option<KeyValueList>,
    bytes_value: Option<String>,
    #[serde(deserialize_with = "some_int")]
    string_value_strindex: Option<i32>,
}

impl From<Json> for AnyValue {
    fn from(any: Json) -> Self {
        let value = None
            .or(any.string_value.map(Value::StringValue))
            .or(any.bool_value.map(Value::BoolValue))
            .or(any.int_value.map(Value::IntValue))
            .or(any.double_value.map(Value::DoubleValue))
            .or(any.array_value.map(Value::ArrayValue))
            .or(any.kvlist_value.map(Value::KvlistValue))
            .or(any.bytes_value.and_then(|text| base64(&text)).map(Value::BytesValue))
            .or(any.string_value_strindex.map(Value::StringValueStrindex));
        AnyValue { value }
    }
}

impl<'de> Deserialize<'de> for AnyValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Json::deserialize(deserializer).map(AnyValue::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_kind_of_any_value() {
        let parse = |json| serde_json::from_str::<AnyValue>(json).unwrap().value;
        assert_eq!(parse("{}"), None);
        assert_eq!(parse(r#"{"intValue":"42"}"#), Some(Value::IntValue(42)));
        assert_eq!(parse(r#"{"stringValueStrindex":3}"#), Some(Value::StringValueStrindex(3)));
        assert_eq!(parse(r#"{"boolValue":false}"#), Some(Value::BoolValue(false)));
        let Some(Value::ArrayValue(array)) = parse(r#"{"arrayValue":{"values":[{"doubleValue":0.5}]}}"#)
        else {
            panic!("an array");
        };
        assert_eq!(array.values[0].value, Some(Value::DoubleValue(0.5)));
    }
}

//! Attributes: keys and values that may be in place or in the dictionary, as text and as sample labels.

use super::OtlpError;
use super::messages::{AnyValue, KeyValue, ProfilesDictionary, Value};
use crate::labels::Labels;
use std::borrow::Cow;
use std::fmt::Write;

/// The entry at `index` of a table.
pub(super) fn entry<'a, T>(table: &'a [T], index: i32, what: &'static str) -> Result<&'a T, OtlpError> {
    let found = usize::try_from(index).ok().and_then(|i| table.get(i));
    found.ok_or(OtlpError::Index { what, index, len: table.len() })
}

/// The string at `index`; 0 is the empty one even where there is no table.
pub(super) fn string(dictionary: &ProfilesDictionary, index: i32) -> Result<&str, OtlpError> {
    match index {
        0 => Ok(""),
        index => entry(&dictionary.string_table, index, "string").map(String::as_str),
    }
}

/// Adds attributes to labels, under their own names; values that are not text are written as text.
pub(super) fn add_labels(
    labels: &mut Labels,
    attributes: &[KeyValue],
    dictionary: &ProfilesDictionary,
) -> Result<(), OtlpError> {
    for attribute in attributes {
        let key = key(attribute, dictionary)?;
        if let Some(value) = &attribute.value
            && !key.is_empty()
        {
            labels.set(key, text(value, dictionary)?);
        }
    }
    Ok(())
}

fn key<'a>(attribute: &'a KeyValue, dictionary: &'a ProfilesDictionary) -> Result<&'a str, OtlpError> {
    match attribute.key_strindex {
        0 => Ok(&attribute.key),
        index => string(dictionary, index),
    }
}

/// A value as text; lists as JSON would write them, bytes in hex, nothing as the empty string.
pub(super) fn text<'a>(
    value: &'a AnyValue,
    dictionary: &'a ProfilesDictionary,
) -> Result<Cow<'a, str>, OtlpError> {
    Ok(match &value.value {
        None => Cow::Borrowed(""),
        Some(Value::StringValue(text)) => Cow::Borrowed(text.as_str()),
        Some(Value::StringValueStrindex(index)) => Cow::Borrowed(string(dictionary, *index)?),
        Some(Value::BoolValue(value)) => Cow::Borrowed(if *value { "true" } else { "false" }),
        Some(Value::IntValue(value)) => Cow::Owned(value.to_string()),
        Some(Value::DoubleValue(value)) => Cow::Owned(value.to_string()),
        Some(Value::BytesValue(bytes)) => Cow::Owned(hex(bytes)),
        Some(_) => Cow::Owned(to_json(value, dictionary)?.to_string()),
    })
}

/// Recursion is bounded by the depth that both parsers allow.
fn to_json(value: &AnyValue, dictionary: &ProfilesDictionary) -> Result<serde_json::Value, OtlpError> {
    Ok(match &value.value {
        None => serde_json::Value::Null,
        Some(Value::BoolValue(value)) => (*value).into(),
        Some(Value::IntValue(value)) => (*value).into(),
        Some(Value::DoubleValue(value)) => (*value).into(),
        Some(Value::ArrayValue(array)) => {
            let values: Result<Vec<_>, _> = array.values.iter().map(|v| to_json(v, dictionary)).collect();
            values?.into()
        }
        Some(Value::KvlistValue(list)) => {
            let mut object = serde_json::Map::new();
            for pair in &list.values {
                let value =
                    pair.value.as_ref().map_or(Ok(serde_json::Value::Null), |v| to_json(v, dictionary));
                object.insert(key(pair, dictionary)?.to_owned(), value?);
            }
            object.into()
        }
        Some(_) => text(value, dictionary)?.into(),
    })
}

/// Bytes as lower-case hex digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing to a string does not fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

//! Protobuf's JSON mapping where it differs from serde: 64-bit integers as strings, bytes in base64, enums by name. Both
//! notations are accepted.

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

/// A 64-bit integer: written as a string, read from a string or number.
#[derive(Clone, Copy)]
pub(super) struct Int64(i64);

impl PartialSchema for Int64 {
    fn schema() -> RefOr<Schema> {
        let types = SchemaType::from_iter([Type::String, Type::Integer]);
        let text = ObjectBuilder::new().schema_type(types).pattern(Some("^-?[0-9]{1,19}$"));
        text.description(Some("64 bits; written as a string")).into()
    }
}

impl ToSchema for Int64 {
    fn name() -> Cow<'static, str> {
        "pyroscope.Int64".into()
    }
}

impl<'de> Deserialize<'de> for Int64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = i64;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a 64-bit integer as number or string")
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<i64, E> {
                Ok(value)
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<i64, E> {
                i64::try_from(value).map_err(|_| E::custom("the number is too large"))
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<i64, E> {
                let whole = value.fract() == 0.0 && value.abs() < 9e15;
                if whole { Ok(value as i64) } else { Err(E::custom("expected an integer")) }
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<i64, E> {
                value.parse().map_err(|_| E::custom(format!("`{value}` is not a 64-bit integer")))
            }
        }
        deserializer.deserialize_any(Either).map(Int64)
    }
}

impl Serialize for Int64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// For `i64`.
pub(super) mod int64 {
    use super::*;

    pub(in super::super) fn serialize<S: Serializer>(value: &i64, serializer: S) -> Result<S::Ok, S::Error> {
        Int64(*value).serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
        Ok(Option::<Int64>::deserialize(deserializer)?.map_or(0, |value| value.0))
    }
}

/// For `Option<i64>`.
pub(super) mod optional_int64 {
    use super::*;

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<i64>, D::Error> {
        Ok(Option::<Int64>::deserialize(deserializer)?.map(|value| value.0))
    }
}

/// For `Vec<i64>`.
pub(super) mod int64_list {
    use super::*;

    pub(in super::super) fn serialize<S: Serializer>(
        values: &[i64],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(|value| Int64(*value)))
    }
}

/// For `Vec<u64>`.
pub(super) mod uint64_list {
    use super::*;

    pub(in super::super) fn serialize<S: Serializer>(
        values: &[u64],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(ToString::to_string))
    }
}

/// For `u64`.
pub(super) mod uint64 {
    use super::*;

    pub(in super::super) fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }
}

/// For bytes.
pub(super) mod base64 {
    use super::*;
    use ::base64::Engine;
    use ::base64::engine::general_purpose::STANDARD;

    pub(in super::super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }
}

/// Whether a field has its default value, which the mapping omits.
pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// The name or the number of an enum's value.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum NameOrNumber {
    Name(String),
    Number(i32),
}

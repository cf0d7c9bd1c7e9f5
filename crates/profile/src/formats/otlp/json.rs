//! Protojson: numbers that may be text, bytes that are hex (as OTLP wants ids) or base64 (as protobuf does).

use serde::de::{Error, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// A 64-bit number as protojson writes it: as text.
pub(super) fn int_as_text<S: Serializer>(value: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// A whole number, as a number, as text, or `null` for 0.
pub(super) fn int<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i128>,
{
    deserializer.deserialize_any(IntVisitor(PhantomData))
}

/// A list of whole numbers.
pub(super) fn ints<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i128>,
{
    deserializer.deserialize_any(IntsVisitor(PhantomData))
}

/// Bytes in hex if they look like an id (16 or 32 digits), else in base64.
pub(super) fn bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?.unwrap_or_default();
    let expected = &"bytes in hex or base64";
    decode_bytes(&text).ok_or_else(|| D::Error::invalid_value(Unexpected::Str(&text), expected))
}

struct IntVisitor<T>(PhantomData<T>);

impl<T: TryFrom<i128>> IntVisitor<T> {
    fn fit<E: Error>(self, value: i128) -> Result<T, E> {
        T::try_from(value).map_err(|_| E::custom(format_args!("{value} does not fit the field")))
    }
}

impl<T: TryFrom<i128>> Visitor<'_> for IntVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number, as a number or as text")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        self.fit(i128::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        self.fit(i128::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
        match value.fract() == 0.0 {
            true => self.fit(value as i128),
            false => Err(E::invalid_value(Unexpected::Float(value), &self)),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        match text.parse() {
            Ok(value) => self.fit(value),
            Err(_) => Err(E::invalid_value(Unexpected::Str(text), &self)),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        self.fit(0)
    }
}

struct IntsVisitor<T>(PhantomData<T>);

/// One number of a list.
struct Int<T>(T);

impl<'de, T: TryFrom<i128>> Deserialize<'de> for Int<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        int(deserializer).map(Int)
    }
}

impl<'de, T: TryFrom<i128>> Visitor<'de> for IntsVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of whole numbers")
    }

    fn visit_unit<E: Error>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut numbers = Vec::new();
        while let Some(Int(number)) = list.next_element()? {
            numbers.push(number);
        }
        Ok(numbers)
    }
}

/// A whole number, if there is one.
pub(super) fn some_int<'de, D: Deserializer<'de>, T: TryFrom<i128>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(Option::<Int<T>>::deserialize(deserializer)?.map(|Int(value)| value))
}

fn decode_bytes(text: &str) -> Option<Vec<u8>> {
    let is_id = matches!(text.len(), 16 | 32) && text.bytes().all(|b| b.is_ascii_hexdigit());
    if !is_id {
        return base64(text);
    }
    let digit = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
    text.as_bytes().chunks_exact(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

/// Base64 in either alphabet, with or without padding (RFC 4648).
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0u32, 0);
    for byte in text.trim_end_matches('=').bytes() {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(digit);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::super::messages;
    use super::*;

    #[test]
    fn reads_bytes_as_hex_or_base64() {
        assert_eq!(decode_bytes("00f067aa0ba902b7"), Some(vec![0, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 2, 0xb7]));
        assert_eq!(decode_bytes("aGk="), Some(b"hi".to_vec()));
        assert_eq!(decode_bytes("_-8"), Some(vec![0xff, 0xef]));
        assert_eq!(decode_bytes(""), Some(vec![]));
        assert_eq!(decode_bytes("%"), None);
    }

    #[test]
    fn reads_numbers_as_text_or_null() {
        let json = r#"{"typeStrindex": "3", "unitStrindex": null}"#;
        let parsed: messages::ValueType = serde_json::from_str(json).unwrap();
        assert_eq!((parsed.type_strindex, parsed.unit_strindex), (3, 0));
        for bad in ["4294967296", "1.5", "\"x\"", "true"] {
            let json = format!("{{\"typeStrindex\": {bad}}}");
            assert!(serde_json::from_str::<messages::ValueType>(&json).is_err(), "{bad}");
        }
    }
}

//! Messages of `push.v1.PusherService/Push`, read in place.
//!
//! ```text
//! PushRequest      { repeated RawProfileSeries series = 1 }
//! RawProfileSeries { repeated LabelPair labels = 1; repeated RawSample samples = 2 }
//! RawSample        { bytes raw_profile = 1; string ID = 2 }
//! LabelPair        { string name = 1; string value = 2 }
//! ```
//! The protobuf is walked field by field instead of being decoded into messages: nothing is copied, text that is
//! not UTF-8 spoils its own series only, and a body of a million empty messages costs no memory. Unknown fields
//! are skipped, as protobuf wants.

use super::batch::MAX_PROFILES;
use super::error::IngestError;
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flarepath_profile::varint;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;

/// Labels that are read before a series is given up; far more than a series may have.
const MAX_PAIRS: usize = 1000;

/// Labels of all series of a request together: 64, the most allowed, for each of several thousand.
const MAX_ALL_PAIRS: usize = 400_000;

/// One series of a request.
#[derive(Debug, Default)]
pub(crate) struct RawSeries<'a> {
    /// Names and values as sent.
    pub(crate) labels: Vec<(&'a [u8], &'a [u8])>,
    /// Profiles as sent, compressed or not.
    pub(crate) samples: Vec<&'a [u8]>,
}

/// Reads a request in protobuf.
///
/// # Errors
/// [`IngestError::BadProfile`] when the body is not a `PushRequest`, with the byte where it breaks.
pub(crate) fn read_proto(body: &[u8]) -> Result<Vec<RawSeries<'_>>, IngestError> {
    let mut series = Vec::new();
    let mut left = Left { profiles: MAX_PROFILES, pairs: MAX_ALL_PAIRS };
    for field in Fields::new(body) {
        if let (1, Some(message)) = field? {
            check_count(series.len() + 1)?;
            series.push(read_series(message, body, &mut left)?);
        }
    }
    Ok(series)
}

fn read_series<'a>(message: &'a [u8], body: &'a [u8], left: &mut Left) -> Result<RawSeries<'a>, IngestError> {
    let mut series = RawSeries::default();
    for field in Fields::within(message, body) {
        match field? {
            (1, Some(pair)) => {
                if series.labels.len() == MAX_PAIRS {
                    return Err(too_many_pairs());
                }
                left.pairs = left.pairs.checked_sub(1).ok_or_else(too_many_pairs_in_all)?;
                series.labels.push((field_of(pair, 1, body)?, field_of(pair, 2, body)?));
            }
            (2, Some(sample)) => {
                left.profiles = left.profiles.checked_sub(1).ok_or_else(too_many_profiles)?;
                series.samples.push(field_of(sample, 1, body)?);
            }
            _ => {}
        }
    }
    Ok(series)
}

/// The last value of a length-delimited field; empty if absent.
fn field_of<'a>(message: &'a [u8], number: u64, body: &'a [u8]) -> Result<&'a [u8], IngestError> {
    let mut found: &[u8] = &[];
    for field in Fields::within(message, body) {
        if let (n, Some(value)) = field?
            && n == number
        {
            found = value;
        }
    }
    Ok(found)
}

/// What a request may still have.
struct Left {
    profiles: usize,
    pairs: usize,
}

fn check_count(profiles: usize) -> Result<(), IngestError> {
    if profiles > MAX_PROFILES { Err(too_many_profiles()) } else { Ok(()) }
}

fn too_many_profiles() -> IngestError {
    IngestError::TooLarge(format!("more than {MAX_PROFILES} profiles in one request; send them in several"))
}

fn too_many_pairs_in_all() -> IngestError {
    IngestError::TooLarge(format!(
        "more than {MAX_ALL_PAIRS} labels in one request; send its series in several"
    ))
}

fn too_many_pairs() -> IngestError {
    IngestError::BadProfile(format!("a series with more than {MAX_PAIRS} labels; at most 64 are allowed"))
}

/// Walks the fields of a protobuf message: field number, and the bytes of length-delimited ones.
pub(super) struct Fields<'a> {
    rest: &'a [u8],
    /// Where `rest` ends in the body, to say where it broke.
    end: usize,
}

impl<'a> Fields<'a> {
    pub(super) fn new(body: &'a [u8]) -> Fields<'a> {
        Fields { rest: body, end: body.len() }
    }

    /// Over `message`, which is a slice of `body`.
    fn within(message: &'a [u8], body: &'a [u8]) -> Fields<'a> {
        let start = (message.as_ptr() as usize).saturating_sub(body.as_ptr() as usize);
        Fields { rest: message, end: start + message.len() }
    }

    fn broken(&self, what: &str) -> IngestError {
        IngestError::BadProfile(format!(
            "not a push.v1.PushRequest: {what} at byte {}",
            self.end - self.rest.len()
        ))
    }

    fn varint(&mut self) -> Result<u64, IngestError> {
        let Some((value, rest)) = varint::split(self.rest) else {
            let early = self.rest.len() < 10;
            return Err(self.broken(if early { "the message ends early" } else { "a number too long" }));
        };
        self.rest = rest;
        Ok(value)
    }

    fn take(&mut self, len: u64) -> Result<&'a [u8], IngestError> {
        match usize::try_from(len).ok().and_then(|len| self.rest.split_at_checked(len)) {
            Some((taken, rest)) => {
                self.rest = rest;
                Ok(taken)
            }
            None => Err(self.broken("a length beyond the end of the message")),
        }
    }

    fn field(&mut self) -> Result<(u64, Option<&'a [u8]>), IngestError> {
        let key = self.varint()?;
        let value = match key & 7 {
            0 => self.varint().map(|_| None)?,
            1 => self.take(8).map(|_| None)?,
            2 => {
                let len = self.varint()?;
                Some(self.take(len)?)
            }
            5 => self.take(4).map(|_| None)?,
            _ => return Err(self.broken("a field of a kind that does not exist")),
        };
        Ok((key >> 3, value))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Option<&'a [u8]>), IngestError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

/// A request in JSON, as protobuf's JSON mapping has it: names in camel case, bytes in base64.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct JsonRequest {
    #[serde(default)]
    series: Bounded<JsonSeries, MAX_PROFILES>,
}

#[derive(Debug, Default, Deserialize)]
struct JsonSeries {
    #[serde(default)]
    labels: Bounded<JsonPair, MAX_PAIRS>,
    #[serde(default)]
    samples: Bounded<JsonSample, MAX_PROFILES>,
}

#[derive(Debug, Default, Deserialize)]
struct JsonPair {
    #[serde(default)]
    name: String,
    #[serde(default)]
    value: String,
}

#[derive(Debug, Default, Deserialize)]
struct JsonSample {
    #[serde(default, rename = "rawProfile", alias = "raw_profile")]
    raw_profile: Base64,
}

/// Bytes written as base64, standard or URL-safe, padded or not.
#[derive(Debug, Default)]
struct Base64(Vec<u8>);

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        let url_safe = text.contains(['-', '_']);
        let alphabet = if url_safe { alphabet::URL_SAFE } else { alphabet::STANDARD };
        GeneralPurpose::new(&alphabet, config)
            .decode(text)
            .map(Base64)
            .map_err(|e| serde::de::Error::custom(format!("rawProfile is not base64: {e}")))
    }
}

/// A list that refuses to grow beyond `MAX`, so that a small body cannot become a large list. `null` is empty.
#[derive(Debug)]
struct Bounded<T, const MAX: usize>(Vec<T>);

impl<T, const MAX: usize> Default for Bounded<T, MAX> {
    fn default() -> Self {
        Bounded(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>, const MAX: usize> Deserialize<'de> for Bounded<T, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BoundedVisitor(PhantomData))
    }
}

struct BoundedVisitor<T, const MAX: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MAX: usize> Visitor<'de> for BoundedVisitor<T, MAX> {
    type Value = Bounded<T, MAX>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of at most {MAX}")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Bounded(Vec::new()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = seq.next_element()? {
            if list.len() == MAX {
                return Err(serde::de::Error::custom(format!("more than {MAX} entries in one list")));
            }
            list.push(item);
        }
        Ok(Bounded(list))
    }
}

impl JsonRequest {
    /// Reads a request in JSON.
    ///
    /// # Errors
    /// [`IngestError::BadProfile`] with line and column.
    pub(crate) fn read(body: &[u8]) -> Result<JsonRequest, IngestError> {
        // Every series, label and profile is an object; braces inside text only err on the safe side.
        if body.iter().filter(|&&byte| byte == b'{').count() > MAX_ALL_PAIRS {
            return Err(too_many_pairs_in_all());
        }
        let request: JsonRequest = serde_json::from_slice(body)
            .map_err(|e| IngestError::BadProfile(format!("not a push.v1.PushRequest in JSON: {e}")))?;
        check_count(request.series.0.iter().map(|s| s.samples.0.len()).sum())?;
        Ok(request)
    }

    /// The same as [`read_proto`] gives.
    pub(crate) fn series(&self) -> Vec<RawSeries<'_>> {
        let series = self.series.0.iter().map(|series| RawSeries {
            labels: series.labels.0.iter().map(|l| (l.name.as_bytes(), l.value.as_bytes())).collect(),
            samples: series.samples.0.iter().map(|s| &s.raw_profile.0[..]).collect(),
        });
        series.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn protobuf_and_json_say_the_same() {
        // series { labels { name "pod" value "a" } samples { raw_profile 01 02 ID "x" } }, written by hand.
        let body = [
            &[0x0a, 22, 0x0a, 8, 0x0a, 3][..],
            b"pod",
            &[0x12, 1],
            b"a",
            &[0x12, 7, 0x0a, 2, 1, 2, 0x12, 1],
            b"x",
            // annotations (field 3), skipped
            &[0x1a, 1, 0],
        ]
        .concat();
        let body = [&[0x0a, (body.len() - 2) as u8], &body[2..]].concat();
        let proto = read_proto(&body).unwrap();
        let json = br#"{"series":[{"labels":[{"name":"pod","value":"a"}],
            "samples":[{"rawProfile":"AQI=","ID":"x"}],"annotations":null}]}"#;
        let request = JsonRequest::read(json).unwrap();
        for series in [proto, request.series()] {
            assert_eq!(series.len(), 1);
            assert_eq!(series[0].labels, [(&b"pod"[..], &b"a"[..])]);
            assert_eq!(series[0].samples, [[1, 2]]);
        }
    }

    #[test]
    fn empty_requests_are_requests() {
        assert!(read_proto(&[]).unwrap().is_empty());
        assert!(JsonRequest::read(b"{}").unwrap().series().is_empty());
        assert!(JsonRequest::read(br#"{"series":null}"#).unwrap().series().is_empty());
    }

    #[test]
    fn breakage_is_located() {
        let error = read_proto(&[0x0a, 4, 0x0a, 9, 1, 2]).unwrap_err().to_string();
        assert_eq!(error, "not a push.v1.PushRequest: a length beyond the end of the message at byte 4");
        let error = read_proto(b"{\"series\":[]}").unwrap_err().to_string();
        assert!(error.contains("at byte"), "{error}");
        let error = JsonRequest::read(br#"{"series":[{"samples":[{"rawProfile":"*"}]}]}"#).unwrap_err();
        assert!(error.to_string().contains("not base64"), "{error}");
    }

    #[test]
    fn millions_of_empty_messages_are_refused() {
        let body = [0x0a, 0].repeat(1_000_000);
        assert!(matches!(read_proto(&body), Err(IngestError::TooLarge(_))));
        let json = format!(r#"{{"series":[{}{{}}]}}"#, "{},".repeat(20_000));
        assert!(JsonRequest::read(json.as_bytes()).unwrap_err().to_string().contains("more than 10000"));
    }

    proptest! {
        #[test]
        fn random_bytes_never_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read_proto(&body);
            let _ = JsonRequest::read(&body);
        }
    }
}

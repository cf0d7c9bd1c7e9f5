//! OTLP profiles: what OpenTelemetry's Collector and eBPF profiler send, in the layout of opentelemetry-proto
//! 1.10 and later (March 2026). Older layouts go by the same name; they are recognised and refused, because
//! read as the new one they would give wrong profiles without an error.
//!
//! A request is read in two steps: [`parse_protobuf`] or [`parse_json`] for the whole, then [`decode`] for one
//! profile after the other, so that a bad one does not take the others with it.
//!
//! What becomes of what:
//! - attributes of the resource → labels, under their names (`service.name`, `k8s.pod.name`);
//! - attributes of a sample → sample labels, numbers as numbers; its link → `trace_id`, `span_id` in hex;
//! - a sample with times → one sample a time; with times only, each counts 1; with values only, their sum;
//! - build ids of mappings, which are attributes, → the mapping's build id.
//!
//! Omitted: attributes of locations (`profile.frame.type`), the original payload, schema addresses.

mod any_value;
mod attributes;
mod decode;
mod json;
mod layout;
pub mod messages;

pub use decode::{OtlpProfile, decode};
pub use messages::{
    ExportProfilesPartialSuccess, ExportProfilesServiceRequest, ExportProfilesServiceResponse,
};

use crate::formats::TooMuch;
use crate::formats::pprof::WireError;
use crate::limits::decode_room;

/// The request, or one profile of it, cannot be read. The sender's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OtlpError {
    /// Not a protocol buffer.
    #[error("not OTLP profiles: {0}")]
    Wire(#[from] WireError),
    /// A protocol buffer that cannot be decoded.
    #[error("not OTLP profiles: {0}")]
    Protobuf(String),
    /// JSON that does not parse, or not to a request.
    #[error("not OTLP profiles in JSON: {0}")]
    Json(String),
    /// Signs of a layout before 1.10.
    #[error(
        "{0}; OTLP profiles are read in the layout of opentelemetry-proto 1.10 or later, and this looks like an \
         older one: update the sender (OpenTelemetry Collector or profiler) to a release with proto 1.10"
    )]
    OldLayout(String),
    /// An index outside its table.
    #[error("{what} {index} is out of range: the table has {len} entries")]
    Index {
        /// Which table.
        what: &'static str,
        /// The index.
        index: i32,
        /// Entries in the table.
        len: usize,
    },
    /// A profile that does not say what it counts.
    #[error("the profile has no sample type")]
    NoSampleType,
    /// More than is read.
    #[error("the request has {0}")]
    TooMuch(#[from] TooMuch),
}

/// Bytes of the largest message that lists have many of, and what it points to.
const JSON_MESSAGE_BYTES: usize = 160;

/// Parses a request in protobuf.
///
/// # Errors
/// [`OtlpError`] when nothing of it can be read: no protobuf, an old layout, too much.
pub fn parse_protobuf(bytes: &[u8]) -> Result<ExportProfilesServiceRequest, OtlpError> {
    TooMuch::check_bytes(bytes)?;
    layout::check(bytes)?;
    prost::Message::decode(bytes).map_err(|e: prost::DecodeError| OtlpError::Protobuf(e.to_string()))
}

/// Parses a request in JSON.
///
/// # Errors
/// As [`parse_protobuf`].
pub fn parse_json(bytes: &[u8]) -> Result<ExportProfilesServiceRequest, OtlpError> {
    TooMuch::check_bytes(bytes)?;
    // Bounds memory as for protobuf; braces inside strings count too, which only errs on the safe side.
    // An object is a message; a comma ends a number or a text, which is a message of its own.
    let (objects, commas) = bytes.iter().fold((0, 0), |(objects, commas), byte| match byte {
        b'{' => (objects + 1, commas),
        b',' => (objects, commas + 1),
        _ => (objects, commas),
    });
    let limit = decode_room(bytes.len());
    if objects * JSON_MESSAGE_BYTES + commas * 16 > limit {
        return Err(TooMuch { what: "bytes in memory", limit }.into());
    }
    serde_json::from_slice(bytes).map_err(|e| OtlpError::Json(e.to_string()))
}

/// Whether bytes are a request in protobuf, also one that is refused for its layout.
pub(super) fn looks_like_request(bytes: &[u8]) -> bool {
    // Both fields of a request are messages: their keys are the bytes 0x0a and 0x12.
    matches!(bytes.first(), Some(0x0a | 0x12)) && layout::is_request(bytes)
}

//! Multipart forms (RFC 7578) of `/ingest`; their parts come in any order.

use super::error::IngestError;
use super::profile_kind::DisplayNames;
use bytes::Bytes;
use futures::FutureExt;
use multer::{Multipart, parse_boundary};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::convert::Infallible;

/// Maximum number of parts; clients send three.
const MAX_PARTS: usize = 16;

/// Bytes of the part `sample_type_config`.
const MAX_CONFIG_BYTES: usize = 64 << 10;

/// A parsed form.
#[derive(Debug, Default)]
pub(crate) struct Form {
    /// `profile`: pprof, gzipped or not.
    pub(crate) profile: Option<Bytes>,
    /// `jfr`: a recording of Java Flight Recorder, gzipped or not.
    pub(crate) jfr: Option<Bytes>,
    /// `labels`: a `LabelsSnapshot`, which goes with a recording, gzipped or not.
    pub(crate) labels: Option<Bytes>,
    /// `sample_type_config`: display names of its sample types.
    pub(crate) shown_as: DisplayNames,
}

#[derive(Deserialize)]
struct SampleType {
    #[serde(default, rename = "display-name")]
    display_name: String,
}

/// Parses a form. `content_type` is the complete header, with the boundary.
///
/// # Errors
/// [`IngestError`] when it is malformed, or has an unsupported part: the previous profile, which clients of 2022 sent with
/// cumulative ones.
pub(crate) fn read(content_type: &str, body: Bytes) -> Result<Form, IngestError> {
    let boundary = parse_boundary(content_type)
        .map_err(|e| IngestError::BadRequest(format!("the Content-Type of the form: {e}")))?;
    let stream = futures::stream::once(async move { Ok::<Bytes, Infallible>(body) });
    let form = read_parts(Multipart::new(stream, boundary));
    // The whole body is in memory, so no part is ever awaited.
    form.now_or_never().unwrap_or_else(|| Err(bad_form("it is truncated")))
}

async fn read_parts(mut parts: Multipart<'_>) -> Result<Form, IngestError> {
    let mut form = Form::default();
    let mut count = 0;
    while let Some(part) = parts.next_field().await.map_err(bad_form)? {
        count += 1;
        if count > MAX_PARTS {
            return Err(bad_form(format!("it has more than {MAX_PARTS} parts")));
        }
        let name = part.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "profile" => form.profile = Some(part.bytes().await.map_err(bad_form)?),
            "sample_type_config" => form.shown_as = display_names(&part.bytes().await.map_err(bad_form)?)?,
            "prev_profile" => {
                return Err(IngestError::Unsupported(
                    "the part prev_profile is no longer supported: this client sends cumulative profiles. Update it \
                     (pyroscope-go 1.0 or later sends differences)"
                        .to_owned(),
                ));
            }
            "jfr" => form.jfr = Some(part.bytes().await.map_err(bad_form)?),
            "labels" => form.labels = Some(part.bytes().await.map_err(bad_form)?),
            _ => {}
        }
    }
    Ok(form)
}

fn bad_form(why: impl std::fmt::Display) -> IngestError {
    IngestError::BadProfile(format!("malformed multipart form: {why}"))
}

fn display_names(json: &[u8]) -> Result<DisplayNames, IngestError> {
    if json.len() > MAX_CONFIG_BYTES {
        return Err(bad_form(format!(
            "the part sample_type_config is larger than {} KiB",
            MAX_CONFIG_BYTES >> 10
        )));
    }
    let config: BTreeMap<String, Option<SampleType>> = serde_json::from_slice(json).map_err(|e| {
        IngestError::BadProfile(format!("the part sample_type_config is not a map of sample types: {e}"))
    })?;
    let named = config.into_iter().filter_map(|(kind, of)| Some((kind, of?.display_name)));
    Ok(named.filter(|(_, name)| !name.is_empty()).collect())
}

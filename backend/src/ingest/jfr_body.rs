//! JFR recordings as Pyroscope's Java agent sends them: the recording, and the labels that were set while it ran
//! (`LabelsSnapshot`). Samples have the number of a context; the snapshot maps it to labels.

use super::error::IngestError;
use super::inflate::{Budget, with_plain};
use flarepath_profile::formats::NamedProfile;
use flarepath_profile::formats::jfr::{Contexts, JfrError, Options, read_with};
use prost::Message;
use std::collections::HashMap;

/// Labels during the recording. Strings are interned.
#[derive(Clone, PartialEq, Message)]
struct LabelsSnapshot {
    /// Context number → labels.
    #[prost(map = "int64, message", tag = "1")]
    contexts: HashMap<i64, Context>,
    /// String number → string.
    #[prost(map = "int64, string", tag = "2")]
    strings: HashMap<i64, String>,
}

/// A set of labels: number of the name → number of the value.
#[derive(Clone, PartialEq, Message)]
struct Context {
    #[prost(map = "int64, int64", tag = "1")]
    labels: HashMap<i64, i64>,
}

/// Decompresses and parses a recording into one profile per kind of sample, named by the first part of its type, with samples
/// of equal stacks and labels summed. `rate` is the number of samples per second, used if the recording does not say.
///
/// # Errors
/// [`IngestError::BadProfile`] with the position of the error, [`IngestError::TooLarge`].
pub(crate) fn read(
    recording: &[u8],
    labels: Option<&[u8]>,
    rate: Option<u32>,
    budget: &mut Budget,
) -> Result<Vec<NamedProfile>, IngestError> {
    let contexts = labels.map(|labels| with_plain(labels, budget, read_labels)).transpose()?.transpose()?;
    let options = Options {
        keep_each: false,
        default_period_ns: rate.filter(|&rate| rate > 0).map(|rate| 1_000_000_000 / i64::from(rate)),
        contexts: contexts.as_ref(),
    };
    let profiles = with_plain(recording, budget, |plain| read_with(plain, &options))?;
    profiles.map_err(unreadable)
}

/// Parses an uncompressed recording without labels.
///
/// # Errors
/// As [`read`]; also when it has no samples.
pub(crate) fn read_plain(recording: &[u8]) -> Result<Vec<NamedProfile>, IngestError> {
    let profiles = read_with(recording, &Options::default()).map_err(unreadable)?;
    if profiles.is_empty() { Err(unreadable(JfrError::NoSamples)) } else { Ok(profiles) }
}

fn unreadable(error: JfrError) -> IngestError {
    IngestError::BadProfile(format!("cannot parse the JFR recording: {error}"))
}

fn read_labels(plain: &[u8]) -> Result<Contexts, IngestError> {
    let snapshot = LabelsSnapshot::decode(plain).map_err(|e| {
        IngestError::BadProfile(format!("the part labels is not a LabelsSnapshot message: {e}"))
    })?;
    let sorted = |context: Context| {
        let mut labels: Vec<(i64, i64)> = context.labels.into_iter().collect();
        // Equal sets must compare equal.
        labels.sort_unstable();
        labels
    };
    Ok(Contexts {
        labels: snapshot.contexts.into_iter().map(|(id, context)| (id, sorted(context))).collect(),
        strings: snapshot.strings.into_iter().collect(),
    })
}

//! A JFR recording as Pyroscope's Java agent sends it: the recording, and beside it the labels that were set while
//! it ran (`LabelsSnapshot`). Samples carry the number of a context; the snapshot says which labels that was.

use super::error::IngestError;
use super::inflate::{Budget, with_plain};
use flarepath_profile::formats::NamedProfile;
use flarepath_profile::formats::jfr::{Contexts, JfrError, Options, read_with};
use prost::Message;
use std::collections::HashMap;

/// Labels at the time of the recording. Text is kept once, by number.
#[derive(Clone, PartialEq, Message)]
struct LabelsSnapshot {
    /// Number in the samples → labels.
    #[prost(map = "int64, message", tag = "1")]
    contexts: HashMap<i64, Context>,
    /// Number in the contexts → text.
    #[prost(map = "int64, string", tag = "2")]
    strings: HashMap<i64, String>,
}

/// A set of labels: number of the name → number of the value.
#[derive(Clone, PartialEq, Message)]
struct Context {
    #[prost(map = "int64, int64", tag = "1")]
    labels: HashMap<i64, i64>,
}

/// Inflates and reads a recording: one profile a kind of sample, named by the first part of its type, samples of
/// equal stacks and labels added up. `rate` is how many samples a second were taken, if the recording does not say.
///
/// # Errors
/// [`IngestError::BadProfile`] with the place of the fault, [`IngestError::TooLarge`].
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

/// Reads a recording that has come alone and inflated.
///
/// # Errors
/// As [`read`]; also when nothing was sampled.
pub(crate) fn read_plain(recording: &[u8]) -> Result<Vec<NamedProfile>, IngestError> {
    let profiles = read_with(recording, &Options::default()).map_err(unreadable)?;
    if profiles.is_empty() { Err(unreadable(JfrError::NoSamples)) } else { Ok(profiles) }
}

fn unreadable(error: JfrError) -> IngestError {
    IngestError::BadProfile(format!("not a readable JFR recording: {error}"))
}

fn read_labels(plain: &[u8]) -> Result<Contexts, IngestError> {
    let snapshot = LabelsSnapshot::decode(plain).map_err(|e| {
        IngestError::BadProfile(format!("the part labels is not a LabelsSnapshot message: {e}"))
    })?;
    let sorted = |context: Context| {
        let mut labels: Vec<(i64, i64)> = context.labels.into_iter().collect();
        // Equal sets are to look the same.
        labels.sort_unstable();
        labels
    };
    Ok(Contexts {
        labels: snapshot.contexts.into_iter().map(|(id, context)| (id, sorted(context))).collect(),
        strings: snapshot.strings.into_iter().collect(),
    })
}

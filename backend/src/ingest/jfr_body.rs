//! JFR recordings as Pyroscope's Java agent sends them: the recording, and the labels that were set while it ran
//! (`LabelsSnapshot`). Samples have the number of a context; the snapshot maps it to labels.

use super::error::IngestError;
use super::inflate::{Budget, with_plain};
use super::push_message::Fields;
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

/// Contexts, labels and strings of a recording; each takes some 100 bytes.
const MAX_LABEL_ENTRIES: usize = 300_000;

/// Contexts, labels and strings of a snapshot: the messages in it, in those, and in theirs.
fn count_entries(snapshot: &[u8]) -> Result<usize, IngestError> {
    let mut count = 0;
    for entry in contents(snapshot) {
        count += 1;
        for context in contents(entry?) {
            count += 1;
            // A string is no message, most often.
            count += context.map_or(0, |context| contents(context).filter(Result::is_ok).count());
        }
    }
    Ok(count)
}

/// Content of the fields that have a length.
fn contents(message: &[u8]) -> impl Iterator<Item = Result<&[u8], IngestError>> {
    Fields::new(message).filter_map(|field| field.map(|(_, content)| content).transpose())
}

fn read_labels(plain: &[u8]) -> Result<Contexts, IngestError> {
    let entries = count_entries(plain)
        .map_err(|_| IngestError::BadProfile("the part labels is not a LabelsSnapshot message".to_owned()))?;
    if entries > MAX_LABEL_ENTRIES {
        return Err(IngestError::TooLarge(format!(
            "the part labels has more than {MAX_LABEL_ENTRIES} entries"
        )));
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_counted_before_they_are_decoded() {
        let label = |id: i64| Context { labels: [(id, id), (id + 1, 7)].into() };
        let snapshot = LabelsSnapshot {
            contexts: (1..=10).map(|id| (id, label(id))).collect(),
            strings: (1..=5).map(|id| (id, "x".to_owned())).collect(),
        };
        // An entry and its context of two labels each; an entry and its text.
        assert_eq!(count_entries(&snapshot.encode_to_vec()).unwrap(), 10 * 4 + 5 * 2);
        let contexts = [0x0a, 0].repeat(MAX_LABEL_ENTRIES + 1);
        assert!(matches!(read_labels(&contexts), Err(IngestError::TooLarge(_))));
    }
}

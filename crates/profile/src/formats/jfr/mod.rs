//! JFR: recordings of Java Flight Recorder, by the virtual machine itself or by async-profiler (and so by the
//! agents built on it).
//!
//! A file is a row of chunks, each complete in itself ([`chunk`]): a header, events, and two kinds of special
//! event: the metadata, which declares how every type is written ([`metadata`]), and checkpoints, which hold the
//! constants that events refer to by number, such as stacks, methods and threads ([`constants`]). Everything is
//! read by the chunk's own declarations, so that fields that come or go with a version do no harm.
//!
//! Each kind of sample becomes a profile of its own, named as Pyroscope does:
//!
//! | events | profile | sample types |
//! |---|---|---|
//! | `jdk.ExecutionSample` (but of sleeping threads), `jdk.CPUTimeSample` | `process_cpu` | `cpu` nanoseconds |
//! | `profiler.WallClockSample`, or every `jdk.ExecutionSample` of a wall clock recording | `wall` | `wall` nanoseconds |
//! | `jdk.NativeMethodSample` (in native code, running or waiting) | `native` | `native` nanoseconds |
//! | `jdk.ObjectAllocationInNewTLAB` | `memory` | `alloc_in_new_tlab_objects`, `…_bytes` (of the TLAB) |
//! | `jdk.ObjectAllocationOutsideTLAB` | `memory` | `alloc_outside_tlab_objects`, `…_bytes` |
//! | `jdk.ObjectAllocationSample` | `memory` | `alloc_sample_objects`, `…_bytes` (its weight) |
//! | `profiler.LiveObject` | `memory` | `live` count |
//! | `profiler.Malloc` | `memory` | `malloc_objects`, `malloc_bytes` |
//! | `jdk.JavaMonitorEnter` | `mutex` | `contentions` count, `delay` nanoseconds |
//! | `jdk.ThreadPark` | `block` | `contentions` count, `delay` nanoseconds |
//!
//! A sample of time is worth the period that the recorder was set to. Without one it counts as 1.
//!
//! Sources: the header and event declarations of OpenJDK (`jdk.jfr`), async-profiler's recorder, and files of
//! both. The file is never trusted: numbers are checked against the bytes that are there, and nothing recurses
//! deeper than types may nest.

mod bytes;
mod chunk;
mod constants;
mod events;
mod metadata;
mod names;
mod recording;
mod sheet;
mod value;

use super::{NamedProfile, TooMuch};
use chunk::Chunk;
use recording::Recording;
use rustc_hash::FxHashMap;

/// The recording cannot be read. The sender's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JfrError {
    /// A version that is not known.
    #[error("JFR version {0} is not supported; supported: versions 1 and 2 (JDK 9 and later)")]
    Version(u16),
    /// The file ends early, and nothing of it can be read.
    #[error("the recording is truncated at byte {at} ({problem}); nothing can be recovered")]
    CutOff {
        /// Bytes in the file.
        at: usize,
        /// What is missing.
        problem: &'static str,
    },
    /// The file contradicts itself.
    #[error("the recording is corrupt near byte {at}: {problem}")]
    Broken {
        /// Offset in the file.
        at: usize,
        /// What is wrong.
        problem: &'static str,
    },
    /// Readable, but without a single sample.
    #[error(
        "the recording has no samples (execution, allocation, lock or live object events); record with \
         settings=profile, or with async-profiler"
    )]
    NoSamples,
    /// More than is read.
    #[error("the recording has {0}")]
    TooMuch(#[from] TooMuch),
}

/// What a recording does not say itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// Keeps each sample by itself, with its time and the label `thread`. Otherwise samples of equal stacks and
    /// labels are added up.
    pub keep_each: bool,
    /// Nanoseconds that a sample of time stands for, if the recording does not say it.
    pub default_period_ns: Option<i64>,
    /// Labels that were set while samples were taken.
    pub contexts: Option<&'a Contexts>,
}

/// Labels by the number that samples carry (`contextId`), as Pyroscope's agent sends them beside a recording.
#[derive(Clone, Debug, Default)]
pub struct Contexts {
    /// Names and values, as numbers of `strings`, by number of the context.
    pub labels: FxHashMap<i64, Vec<(i64, i64)>>,
    /// Text by number.
    pub strings: FxHashMap<i64, String>,
}

impl Contexts {
    /// The labels of a context, and the name of a span.
    fn labels_of(&self, context: i64, span_name: i64) -> impl Iterator<Item = (&str, &str)> {
        let text = |id: &i64| self.strings.get(id).map(String::as_str).filter(|text| !text.is_empty());
        let labels = self.labels.get(&context).map(Vec::as_slice).unwrap_or_default();
        let labels = labels.iter().filter_map(move |(name, value)| Some((text(name)?, text(value)?)));
        let span = if span_name == 0 { None } else { text(&span_name) };
        labels.chain(span.map(|name| ("span_name", name)))
    }
}

/// Reads a recording into one profile a kind of sample, each sample with its time and its thread's name.
///
/// # Errors
/// [`JfrError`]; a recording without samples is one.
pub fn read(bytes: &[u8]) -> Result<Vec<NamedProfile>, JfrError> {
    let profiles = read_with(bytes, &Options { keep_each: true, ..Options::default() })?;
    if profiles.is_empty() { Err(JfrError::NoSamples) } else { Ok(profiles) }
}

/// Reads a recording into one profile a kind of sample; [`NamedProfile::name`] is the first part of the profile
/// type. None when nothing was sampled.
///
/// A file that ends early is read as far as it goes, and a note says so.
///
/// # Errors
/// [`JfrError`], with the byte where it broke.
pub fn read_with(bytes: &[u8], options: &Options<'_>) -> Result<Vec<NamedProfile>, JfrError> {
    TooMuch::check_bytes(bytes)?;
    let mut recording = Recording::new(options);
    let mut start = 0;
    let mut cut_off = false;
    while start < bytes.len() || start == 0 {
        let read = Chunk::at(bytes, start).and_then(|chunk| {
            cut_off = chunk.cut_off;
            recording.add(&chunk)?;
            Ok(chunk.bytes.len())
        });
        match read {
            Ok(len) => start += len,
            // The chunks before the one that was cut off are whole.
            Err(JfrError::CutOff { .. }) if start > 0 => {
                cut_off = true;
                break;
            }
            Err(JfrError::Broken { .. }) if cut_off && recording.has_samples() => break,
            Err(error) => return Err(error),
        }
    }
    Ok(recording.finish(cut_off))
}

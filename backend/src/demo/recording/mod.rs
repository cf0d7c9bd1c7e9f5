//! Recordings: what the replicas pushed, with the time at which each profile arrived. Tests, benchmarks and
//! `flarepath demo --replay` use them in place of running processes.
//!
//! [`RecordingWriter`] writes one while profiles arrive, and [`Recording::read`] reads it.
//!
//! # Format
//!
//! One zstd frame, flushed once a minute: a recording that was cut off can be read up to the last flush. Numbers are varints
//! ([`flarepath_profile::varint`]), those marked ± zigzag-coded; a text is its length in bytes and UTF-8. Ids count from 0 over
//! all chunks, and a chunk brings what its pushes need for the first time.
//!
//! ```text
//! recording  "flarepath recording\n" · version (1) · note (text) · start (ms since 1970) · chunks
//! chunk      strings  n · n texts
//!            frames   n · n functions (string) · n files (string) · n lines
//!            stacks   n · n callers (how many ids before this one) · n frames
//!            series   n · n × (name (string) · period type · period unit · period · k · k × (sample type · unit) ·
//!                         l · l × (label · value))
//!            pushes   n · n arrivals (ms after the push before) · n starts (± ms before the arrival) · n durations (ms) ·
//!                     n series · n units · n counts of samples ·
//!                     all stacks (how many ids after the one before in the push) · all values (±, in units)
//! ```
//!
//! Stack 0 is the empty one and is not written; the first in a chunk has the next id. Samples of one stack are added up, and each has
//! as many values as its series has sample types. Binaries, addresses and labels of single samples are not recorded: the
//! demo's profiler has none.

mod body;
mod chunk;
mod cursor;
mod error;
mod profile;
mod read;
mod rows;
mod symbols;
#[cfg(test)]
mod tests;
mod write;

pub use error::{BadRecording, RecordError};
pub use write::RecordingWriter;

use flarepath_profile::labels::Labels;
use flarepath_profile::unix_nanos::UnixNanos;
use rows::{Frame, Series, Stack};
use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

/// Name of a recording's file in its folder.
pub const FILE: &str = "shop.fpr";

/// What a recording begins with.
const MAGIC: &[u8] = b"flarepath recording\n";
const VERSION: u64 = 1;

/// A recording, read completely.
#[derive(Debug, Default)]
pub struct Recording {
    note: String,
    started: UnixNanos,
    strings: Vec<String>,
    frames: Vec<Frame>,
    stacks: Vec<Stack>,
    series: Vec<Series>,
    /// The labels of each series.
    labels: Vec<Labels>,
    pushes: Vec<Push>,
    /// Samples of all pushes: their stacks, and their values, one for each sample type.
    sample_stacks: Vec<u32>,
    values: Vec<i64>,
}

/// A profile that was pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// When it arrived, from the start of the recording.
    pub arrived: Duration,
    /// When it begins, in milliseconds from the start of the recording.
    start_ms: i64,
    duration_ms: u64,
    series: usize,
    samples: Range<usize>,
    /// Where its values begin.
    values: usize,
}

impl Recording {
    /// What the person who recorded it wrote about it.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// When it started.
    pub fn started(&self) -> UnixNanos {
        self.started
    }

    /// All pushes in the order of their arrival.
    pub fn pushes(&self) -> &[Push] {
        &self.pushes
    }

    /// The labels of a push's series.
    pub fn labels(&self, push: &Push) -> &Labels {
        &self.labels[push.series]
    }

    /// Time from its start to the last arrival.
    pub fn length(&self) -> Duration {
        self.pushes.last().map_or(Duration::ZERO, |push| push.arrived)
    }

    /// When a second version of any service began, from the start of the recording. `None` if there is one version of each.
    pub fn deployed(&self) -> Option<Duration> {
        let mut first: BTreeMap<&str, &str> = BTreeMap::new();
        let mut deployed: Option<i64> = None;
        for push in &self.pushes {
            let labels = self.labels(push);
            let Some(version) = labels.get("version") else { continue };
            if *first.entry(labels.service()).or_insert(version) != version {
                deployed = Some(deployed.map_or(push.start_ms, |known| known.min(push.start_ms)));
            }
        }
        deployed.map(|ms| Duration::from_millis(ms.max(0) as u64))
    }
}

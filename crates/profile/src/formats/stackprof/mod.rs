//! stackprof (Ruby) as JSON: `stackprof --json`, or the hash that `StackProf.run` returns.
//!
//! `frames` has for each method what was sampled in it, and whom it called how often (`edges`). With
//! `raw: true` there are the samples themselves: `raw` is a list of `length, frame … frame, times`, root first,
//! `times` being how often in a row; `raw_timestamp_deltas` has the microseconds from one sample to the next,
//! `raw_sample_timestamps` when it was, on the monotonic clock.
//!
//! Without `raw`, stacks are built out of the edges: [`super::call_graph`] says how, and what is exact.
//!
//! Sample types: `samples`, and by the mode `cpu` or `wall` in nanoseconds, or `alloc_objects`. A sample stands
//! for the time since the one before where that is there, else for the interval of the profiler: at short
//! intervals the timer of the system does not keep up, and the interval says too little.

mod graph;
mod raw;

use super::builder::ProfileBuilder;
use super::{NamedProfile, TooMuch, clean_text};
use crate::formats::room::Room;
use crate::profile::Line;
use crate::stack_table::LocationId;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The JSON is no profile of stackprof. The sender's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StackprofError {
    /// Not JSON, or not of the expected shape.
    #[error("not a stackprof file: {0}")]
    Json(String),
    /// The list of samples breaks off or names what is not there.
    #[error("invalid `raw[{at}]` of the stackprof file: {problem}")]
    Raw {
        /// In the list, from 0.
        at: usize,
        /// What is wrong.
        problem: String,
    },
    /// No sample.
    #[error("the stackprof file has no samples")]
    NoSamples,
    /// More than is read.
    #[error("the profile has {0}")]
    TooMuch(#[from] TooMuch),
}

#[derive(Deserialize)]
struct File {
    mode: String,
    #[serde(default)]
    interval: Option<f64>,
    frames: BTreeMap<String, Frame>,
    #[serde(default)]
    raw: Vec<u64>,
    #[serde(default)]
    raw_timestamp_deltas: Vec<i64>,
    #[serde(default)]
    raw_sample_timestamps: Vec<i64>,
}

#[derive(Deserialize)]
struct Frame {
    name: String,
    #[serde(default)]
    file: Option<String>,
    #[serde(default)]
    line: Option<i64>,
    /// In the method itself.
    #[serde(default)]
    samples: i64,
    #[serde(default)]
    edges: BTreeMap<String, f64>,
}

/// Reads the profile.
///
/// # Errors
/// [`StackprofError`].
pub fn read(bytes: &[u8]) -> Result<NamedProfile, StackprofError> {
    TooMuch::check_bytes(bytes)?;
    let file: File = serde_json::from_slice(bytes).map_err(|e| StackprofError::Json(e.to_string()))?;
    let weight = Weight::of(&file);
    let mut builder = ProfileBuilder::new(&[("samples", "count"), (weight.kind, weight.unit)])
        .within(Room::of(bytes.len()));
    let mut frames = FxHashMap::default();
    for (id, frame) in &file.frames {
        // Ids are numbers written as text; what is none cannot be named by `raw`, only by edges.
        frames.insert(id.as_str(), location(frame, &mut builder));
    }
    if file.raw.is_empty() {
        graph::read(&file, &weight, &frames, &mut builder)?;
    } else {
        raw::read(&file, &weight, &frames, &mut builder)?;
    }
    if builder.samples() == 0 {
        return Err(StackprofError::NoSamples);
    }
    let profile = builder.profile();
    profile.default_sample_type = profile.sample_types[1].kind;
    profile.period_type = profile.sample_types[1];
    profile.period = weight.each;
    Ok(builder.named(""))
}

fn location(frame: &Frame, builder: &mut ProfileBuilder) -> LocationId {
    let name = clean_text(frame.name.as_bytes(), &mut builder.notes);
    let file = clean_text(frame.file.as_deref().unwrap_or_default().as_bytes(), &mut builder.notes);
    let start_line = frame.line.unwrap_or(0);
    let function = builder.function_at(&name, &file, start_line);
    // The line is where the method begins; stackprof does not say where in it a sample was.
    builder.place(Line { function, line: start_line, column: 0 })
}

/// What a sample stands for.
struct Weight {
    kind: &'static str,
    unit: &'static str,
    /// Of one sample, when nothing better is known.
    each: i64,
    /// Whether the time since the last sample is better.
    timed: bool,
}

impl Weight {
    fn of(file: &File) -> Self {
        let interval = file.interval.unwrap_or(1.0).max(0.0);
        let micros = (interval * 1000.0).round() as i64;
        match file.mode.as_str() {
            "cpu" => Weight { kind: "cpu", unit: "nanoseconds", each: micros, timed: true },
            "wall" => Weight { kind: "wall", unit: "nanoseconds", each: micros, timed: true },
            "object" => {
                Weight { kind: "alloc_objects", unit: "count", each: interval.round() as i64, timed: false }
            }
            _ => Weight { kind: "events", unit: "count", each: interval.round() as i64, timed: false },
        }
    }
}

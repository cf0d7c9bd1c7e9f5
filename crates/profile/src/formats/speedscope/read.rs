//! Reader of speedscope JSON.

use super::SpeedscopeError;
use crate::formats::builder::ProfileBuilder;
use crate::formats::call_stacks::{CallStacks, EMPTY};
use crate::formats::{NamedProfile, Normalised, TooMuch, clean_text};
use crate::stack_table::LocationId;
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    shared: Shared,
    profiles: Vec<Source>,
    #[serde(default)]
    name: Option<String>,
}

#[derive(Deserialize)]
struct Shared {
    frames: Vec<Frame>,
}

#[derive(Deserialize)]
struct Frame {
    name: String,
    #[serde(default)]
    file: Option<String>,
    #[serde(default)]
    line: Option<i64>,
    #[serde(default)]
    col: Option<i64>,
}

/// A profile of either kind; the fields of the other kind are absent.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Source {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    name: Option<String>,
    unit: String,
    #[serde(default)]
    end_value: f64,
    #[serde(default)]
    events: Vec<Event>,
    #[serde(default)]
    samples: Vec<Vec<u32>>,
    #[serde(default)]
    weights: Vec<f64>,
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: EventKind,
    frame: u32,
    at: f64,
}

#[derive(Clone, Copy, Deserialize)]
enum EventKind {
    #[serde(rename = "O")]
    Open,
    #[serde(rename = "C")]
    Close,
}

/// Reads all profiles of a file, in their order.
///
/// # Errors
/// [`SpeedscopeError`], also when only one of the profiles makes no sense.
pub fn read(bytes: &[u8]) -> Result<Vec<NamedProfile>, SpeedscopeError> {
    TooMuch::check_bytes(bytes)?;
    let file: File = serde_json::from_slice(bytes).map_err(|e| SpeedscopeError::Json(e.to_string()))?;
    if file.profiles.is_empty() {
        return Err(SpeedscopeError::NoProfiles);
    }
    let file_name = file.name.unwrap_or_default();
    let mut profiles = Vec::new();
    for (i, source) in file.profiles.iter().enumerate() {
        let mut reading = Reading::new(&file.shared.frames, source);
        let result = match source.kind.as_str() {
            "sampled" => reading.sampled(),
            "evented" => reading.evented(),
            other => Err(format!("unknown type `{other}`; expected `sampled` or `evented`")),
        };
        result.map_err(|problem| SpeedscopeError::Profile { profile: i, problem })?;
        reading.stacks.build(&mut reading.builder)?;
        let name = source.name.clone().filter(|n| !n.is_empty()).unwrap_or_else(|| file_name.clone());
        profiles.push(reading.builder.named(name));
    }
    Ok(profiles)
}

/// One profile being read.
struct Reading<'a> {
    frames: &'a [Frame],
    source: &'a Source,
    /// Nanoseconds, bytes or pieces in one unit of the file.
    scale: f64,
    builder: ProfileBuilder,
    /// Locations of frames, as they are first met.
    locations: Vec<Option<LocationId>>,
    stacks: CallStacks,
}

impl<'a> Reading<'a> {
    fn new(frames: &'a [Frame], source: &'a Source) -> Self {
        let (sample_type, scale) = match source.unit.as_str() {
            "nanoseconds" => (("time", "nanoseconds"), 1.0),
            "microseconds" => (("time", "nanoseconds"), 1e3),
            "milliseconds" => (("time", "nanoseconds"), 1e6),
            "seconds" => (("time", "nanoseconds"), 1e9),
            "bytes" => (("space", "bytes"), 1.0),
            "none" | "" => (("samples", "count"), 1.0),
            other => (("samples", other), 1.0),
        };
        Reading {
            frames,
            source,
            scale,
            builder: ProfileBuilder::new(&[sample_type]),
            locations: vec![None; frames.len()],
            stacks: CallStacks::new(),
        }
    }

    fn location(&mut self, index: u32) -> Option<LocationId> {
        let frame = self.frames.get(index as usize)?;
        if let Some(location) = self.locations[index as usize] {
            return Some(location);
        }
        let notes = &mut self.builder.notes;
        let name = clean_text(frame.name.as_bytes(), notes);
        let file = clean_text(frame.file.as_deref().unwrap_or_default().as_bytes(), notes);
        let (line, column) = (frame.line.unwrap_or(0), frame.col.unwrap_or(0));
        let location = self.builder.frame_at(&name, &file, line, column);
        self.locations[index as usize] = Some(location);
        Some(location)
    }

    fn no_frame(&self, what: &str, i: usize, frame: u32) -> String {
        format!("{what} {i} refers to frame {frame}, but the file has {}", self.frames.len())
    }

    fn sampled(&mut self) -> Result<(), String> {
        let source = self.source;
        let (samples, weights) = (source.samples.len(), source.weights.len());
        if samples != weights {
            return Err(format!("{samples} samples but {weights} weights"));
        }
        for (i, (sample, &weight)) in source.samples.iter().zip(&source.weights).enumerate() {
            if weight < 0.0 {
                return Err(format!("the weight of sample {i} is negative ({weight})"));
            }
            let mut stack = EMPTY;
            for &frame in sample {
                let location = self.location(frame).ok_or_else(|| self.no_frame("sample", i, frame))?;
                stack = self.stacks.call(stack, location);
            }
            self.stacks.spend(stack, (weight * self.scale).round() as i64);
        }
        Ok(())
    }

    fn evented(&mut self) -> Result<(), String> {
        let source = self.source;
        let Some(first) = source.events.first() else { return Ok(()) };
        let mut stack = EMPTY;
        let (mut last, mut last_at) = ((first.at * self.scale).round() as i64, first.at);
        for (i, event) in source.events.iter().enumerate() {
            if event.at < last_at {
                return Err(format!("event {i} is at {}, before the previous event at {last_at}", event.at));
            }
            // Rounding points in time and not spans keeps their sum exact.
            let now = (event.at * self.scale).round() as i64;
            self.stacks.spend(stack, now.saturating_sub(last));
            (last, last_at) = (now, event.at);
            let frame = self.location(event.frame).ok_or_else(|| self.no_frame("event", i, event.frame))?;
            stack = match (event.kind, self.stacks.leaf(stack)) {
                (EventKind::Open, _) => self.stacks.call(stack, frame),
                (EventKind::Close, Some((above, open))) if open == frame => above,
                (EventKind::Close, open) => return Err(self.not_open(i, event.frame, open)),
            };
        }
        let end = (source.end_value.max(last_at) * self.scale).round() as i64;
        let mut open = stack;
        while let Some((above, _)) = self.stacks.leaf(open) {
            self.builder.notes.add(Normalised::OpenFrame, 1);
            open = above;
        }
        self.stacks.spend(stack, if stack == EMPTY { 0 } else { end.saturating_sub(last) });
        Ok(())
    }

    fn not_open(&self, event: usize, frame: u32, open: Option<(u32, LocationId)>) -> String {
        let name = |frame: u32| self.frames[frame as usize].name.as_str();
        let open = open.and_then(|(_, open)| self.locations.iter().position(|l| *l == Some(open)));
        match open {
            None => format!("event {event} closes `{}`, but no frame is open", name(frame)),
            Some(open) => format!(
                "event {event} closes `{}`, but the innermost open frame is `{}`",
                name(frame),
                name(open as u32)
            ),
        }
    }
}

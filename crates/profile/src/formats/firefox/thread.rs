//! Converts the tables of a thread, from either format, to a profile.

use super::FirefoxError;
use super::columns::{Cell, at};
use crate::formats::builder::ProfileBuilder;
use crate::formats::call_stacks::{CallStacks, EMPTY};
use crate::formats::{NamedProfile, clean_text};
use crate::profile::{Line, Mapping};
use rustc_hash::FxHashMap;

/// A library.
#[derive(Clone, Debug, Default)]
pub(super) struct Lib {
    /// Its addresses in the process; 0 and 0 where addresses count from its first byte.
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) offset: u64,
    pub(super) path: String,
    pub(super) build_id: String,
}

/// A frame, taken apart. Lines and columns count from 1; 0 is unknown.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame<'a> {
    /// Empty where only the address is known.
    pub(super) name: &'a str,
    pub(super) file: &'a str,
    /// Where the function begins.
    pub(super) start_line: i64,
    pub(super) line: i64,
    pub(super) column: i64,
    pub(super) address: Option<u64>,
    /// Index of a library.
    pub(super) lib: Option<usize>,
    /// Whether it was inlined into the frame above it.
    pub(super) inlined: bool,
}

/// The tables of a thread. Rows that do not exist are errors: the number that was named.
pub(super) trait Tables {
    /// How many stacks there are.
    fn stacks(&self) -> usize;
    /// The stack above a stack, -1 for none, and the frame of a stack.
    fn stack(&self, stack: usize) -> (i64, i64);
    /// How many frames there are.
    fn frames(&self) -> usize;
    /// A frame.
    fn frame(&self, frame: usize) -> Result<Frame<'_>, FirefoxError>;
}

/// The samples of a thread, in columns.
#[derive(Default)]
pub(super) struct Samples {
    /// -1 where there is none.
    pub(super) stacks: Vec<Cell>,
    /// Milliseconds.
    pub(super) times: Vec<f64>,
    /// What each sample stands for, if not one of a count.
    pub(super) weights: Option<Vec<Cell>>,
    /// What the weights are.
    pub(super) weight: Weight,
    /// Nanoseconds of CPU since the sample before; empty if unknown.
    pub(super) cpu: Vec<f64>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Weight {
    #[default]
    Samples,
    Milliseconds,
    Bytes,
}

/// What is the same for all threads of a process.
pub(super) struct Recording<'a> {
    /// Nanoseconds since the epoch; 0 if the clock knows no date.
    pub(super) start: i64,
    /// Nanoseconds between samples.
    pub(super) interval: i64,
    pub(super) libs: &'a [Lib],
}

pub(super) fn nanos(millis: f64) -> i64 {
    (millis * 1e6).round() as i64
}

/// The profile of a thread; `None` when no sample has a stack.
pub(super) fn profile(
    name: &str,
    recording: &Recording<'_>,
    tables: &impl Tables,
    samples: &Samples,
) -> Result<Option<NamedProfile>, FirefoxError> {
    let count = samples.stacks.len();
    if samples.times.len() != count {
        let (thread, times) = (name.to_owned(), samples.times.len());
        return Err(FirefoxError::Times { thread, samples: count, times });
    }
    let values = Values::new(samples, recording.interval);
    let mut building = Building {
        thread: name,
        recording,
        tables,
        builder: ProfileBuilder::new(values.types()),
        calls: CallStacks::new(),
        known: FxHashMap::default(),
    };
    for sample in 0..count {
        let stack = at(&samples.stacks, sample);
        if stack >= 0 {
            let stack = building.stack(sample, stack)?;
            let id = building.calls.id(stack, &mut building.builder)?;
            let time = recording.start.saturating_add(nanos(samples.times[sample]));
            building.builder.sample_at(Some(time.max(1).unsigned_abs()), id, &values.of(sample), &[])?;
        }
    }
    if building.builder.samples() == 0 {
        return Ok(None);
    }
    let mut builder = building.builder;
    let bounds = |i: Option<usize>| i.and_then(|i| samples.times.get(i)).map_or(0, |t| nanos(*t));
    let (first, last) = (bounds(Some(0)), bounds(count.checked_sub(1)));
    let profile = builder.profile();
    profile.duration_nanos = last.saturating_sub(first).saturating_add(recording.interval).max(0);
    if recording.start > 0 {
        profile.time_nanos = recording.start.saturating_add(first);
    }
    if let Some(wall) = profile.strings.find("wall") {
        profile.default_sample_type = wall;
    }
    Ok(Some(builder.named(name)))
}

/// The values of samples.
struct Values<'a> {
    samples: &'a Samples,
    interval: i64,
}

impl<'a> Values<'a> {
    fn new(samples: &'a Samples, interval: i64) -> Self {
        Values { samples, interval }
    }

    fn types(&self) -> &'static [(&'static str, &'static str)] {
        match (self.samples.weight, self.samples.weights.is_some(), self.samples.cpu.is_empty()) {
            (Weight::Milliseconds, true, _) => &[("wall", "nanoseconds")],
            (Weight::Bytes, true, _) => &[("space", "bytes")],
            // Weighted samples are not taken at even intervals: the time until the next one says nothing.
            (Weight::Samples, true, true) => &[("samples", "count")],
            (Weight::Samples, true, false) => &[("samples", "count"), ("cpu", "nanoseconds")],
            (_, false, true) => &[("samples", "count"), ("wall", "nanoseconds")],
            (_, false, false) => &[("samples", "count"), ("wall", "nanoseconds"), ("cpu", "nanoseconds")],
        }
    }

    /// As many numbers as there are types.
    fn of(&self, sample: usize) -> Vec<i64> {
        let Samples { times, weights, weight, cpu, .. } = self.samples;
        // Before the first sample there is none since which CPU was spent.
        let cpu = if sample > 0 { cpu.get(sample).copied().unwrap_or(0.0).round() as i64 } else { 0 };
        if let Some(weights) = weights {
            let value = weights.get(sample).map_or(0.0, |cell| cell.0);
            let value = if value.is_nan() { 0.0 } else { value };
            let value = if *weight == Weight::Milliseconds { nanos(value) } else { value.round() as i64 };
            return [value, cpu][..self.types().len()].to_vec();
        }
        let wall = match times.get(sample + 1) {
            Some(next) => nanos(*next).saturating_sub(nanos(times[sample])).max(0),
            None => self.interval,
        };
        [1, wall, cpu][..self.types().len()].to_vec()
    }
}

/// A profile while its stacks are looked up, each when it is first met: tables may be shared by many threads.
struct Building<'a, T> {
    thread: &'a str,
    recording: &'a Recording<'a>,
    tables: &'a T,
    builder: ProfileBuilder,
    calls: CallStacks,
    known: FxHashMap<usize, Known>,
}

/// A stack that was looked up.
#[derive(Clone, Copy)]
struct Known {
    stack: u32,
    /// The stack above the machine code that its leaf was inlined into.
    above: u32,
    /// The address and the library of the leaf.
    code: Option<(u64, Option<usize>)>,
}

impl<T: Tables> Building<'_, T> {
    fn stack(&mut self, sample: usize, stack: i64) -> Result<u32, FirefoxError> {
        let mut path = Vec::new();
        let (mut at, mut from) = (stack, ("sample", sample));
        let mut found = Known { stack: EMPTY, above: EMPTY, code: None };
        while at >= 0 {
            let row = usize::try_from(at).ok().filter(|row| *row < self.tables.stacks());
            // Above a stack is always one that comes before it; else its way to the root might never end.
            let row = row.filter(|row| from.0 == "sample" || *row < from.1);
            let row = row.ok_or_else(|| self.no_row(from.0, from.1, "stack", at))?;
            if let Some(known) = self.known.get(&row) {
                found = *known;
                break;
            }
            path.push(row);
            (at, from) = (self.tables.stack(row).0, ("stack", row));
        }
        while let Some(row) = path.pop() {
            found = self.below(found, row)?;
            self.known.insert(row, found);
        }
        Ok(found.stack)
    }

    /// The stack in `row`, which is below `above`.
    fn below(&mut self, above: Known, row: usize) -> Result<Known, FirefoxError> {
        let named = self.tables.stack(row).1;
        let frame = usize::try_from(named).ok().filter(|frame| *frame < self.tables.frames());
        let frame = frame.ok_or_else(|| self.no_row("stack", row, "frame", named))?;
        let frame = self.tables.frame(frame)?;
        if above.stack == EMPTY && frame.name == "(root)" {
            return Ok(above);
        }
        let line = self.line(&frame);
        let Some(address) = frame.address else {
            let location = match line {
                Some(line) => self.builder.place(line),
                None => self.builder.frame("(no name)"),
            };
            let stack = self.calls.call(above.stack, location);
            return Ok(Known { stack, above: above.stack, code: None });
        };
        let code = Some((address, frame.lib));
        let mut lines: Vec<Line> = line.into_iter().collect();
        let mut base = above.stack;
        if frame.inlined && above.code == code {
            // All that is at one address is one location, the innermost first.
            if let Some((_, around)) = self.calls.leaf(above.stack) {
                lines.extend_from_slice(self.builder.profile().locations.get(around.index()).lines);
                base = above.above;
            }
        }
        let mapping = frame.lib.and_then(|lib| self.mapping(lib));
        let location = self.builder.code(mapping, address, &lines);
        Ok(Known { stack: self.calls.call(base, location), above: base, code })
    }

    /// The frame's place in the source; `None` when only its address is known.
    fn line(&mut self, frame: &Frame<'_>) -> Option<Line> {
        let notes = &mut self.builder.notes;
        let name = clean_text(frame.name.as_bytes(), notes);
        let file = clean_text(frame.file.as_bytes(), notes);
        let anonymous;
        let name = match (&*name, &*file) {
            ("", "") => return None,
            ("", _) if frame.start_line > 0 => {
                anonymous = format!("(anonymous {})", frame.start_line);
                &anonymous
            }
            ("", _) => "(anonymous)",
            (name, _) => name,
        };
        let function = self.builder.function_at(name, &file, frame.start_line);
        Some(Line { function, line: frame.line, column: frame.column })
    }

    fn mapping(&mut self, lib: usize) -> Option<u32> {
        let Lib { start, end, offset, path, build_id } = self.recording.libs.get(lib)?;
        let strings = &mut self.builder.profile().strings;
        let (file, build_id) = (strings.intern(path), strings.intern(build_id));
        Some(self.builder.mapping(Mapping {
            start: *start,
            limit: *end,
            file_offset: *offset,
            file,
            build_id,
            has_functions: false,
        }))
    }

    fn no_row(&self, table: &'static str, row: usize, what: &'static str, named: i64) -> FirefoxError {
        FirefoxError::NoRow { thread: self.thread.to_owned(), table, row, what, named }
    }
}

//! Reader of perf script output.

use super::PerfScriptError;
use super::frame::{Frame, source_line};
use super::header::Header;
use crate::formats::builder::ProfileBuilder;
use crate::formats::room::Room;
use crate::formats::text::decode_text;
use crate::formats::threads::Threads;
use crate::formats::{NamedProfile, Normalised, TooMuch, clean_text};
use crate::profile::{Line, Mapping, ValueType};
use crate::stack_table::LocationId;
use rustc_hash::FxHashMap;

/// Events in one file; each is a column of numbers.
const MAX_EVENTS: usize = 64;

/// Reads one profile for each thread, the busiest first.
///
/// # Errors
/// [`PerfScriptError`] when there is no sample, or there is too much.
pub fn read(bytes: &[u8]) -> Result<Vec<NamedProfile>, PerfScriptError> {
    TooMuch::check_bytes(bytes)?;
    let bytes = decode_text(bytes);
    let events = Events::find(&bytes)?;
    let types: Vec<_> = events.sample_types().collect();
    let shown = if types.len() > events.names.len() { 1 } else { events.main().min(types.len() - 1) };
    let mut reading =
        Reading { events, threads: Threads::new(types).within(Room::of(bytes.len())), open: None };
    let mut bad = 0;
    for line in lines(&bytes) {
        bad += u64::from(!reading.line(line)?);
    }
    reading.end(&bytes)?;
    let Reading { mut threads, events, .. } = reading;
    for builder in threads.builders() {
        events.describe(builder);
    }
    if let Some(first) = threads.builders().next() {
        first.notes.add(Normalised::BadLine, bad);
    }
    Ok(threads.finish(shown))
}

/// Lines without their ends.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|&b| b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

/// The first line of a sample. Frames are indented; commands may be, too: samples of one line each are printed
/// in columns.
fn header(line: &[u8]) -> Option<Header<'_>> {
    match line.first()? {
        b'\t' => None,
        b' ' => Header::parse(line.trim_ascii_start()).filter(|header| header.time.is_some()),
        _ => Header::parse(line),
    }
}

/// The events of a file, found before its samples are read: they decide on the columns.
struct Events<'a> {
    names: Vec<&'a str>,
    index: FxHashMap<&'a str, usize>,
    /// How many samples each has.
    counts: Vec<u64>,
    /// Whether any sample has a period.
    weighted: bool,
}

impl<'a> Events<'a> {
    fn find(bytes: &'a [u8]) -> Result<Self, PerfScriptError> {
        let mut events =
            Events { names: Vec::new(), index: FxHashMap::default(), counts: Vec::new(), weighted: false };
        for header in lines(bytes).filter_map(header) {
            events.weighted |= header.period.is_some();
            let next = events.names.len();
            let event = *events.index.entry(header.event).or_insert(next);
            if event == next {
                if next == MAX_EVENTS {
                    return Err(TooMuch { what: "events", limit: MAX_EVENTS }.into());
                }
                events.names.push(header.event);
                events.counts.push(0);
            }
            events.counts[event] += 1;
        }
        if events.names.is_empty() {
            let mut text = lines(bytes).zip(1..).filter(|(line, _)| !line.is_empty() && line[0] != b'#');
            let (found, line) = text.next().unwrap_or_default();
            let text = String::from_utf8_lossy(&found[..found.len().min(80)]).into_owned();
            return Err(PerfScriptError::NoSamples { line, text });
        }
        Ok(events)
    }

    /// The event of most samples; of equals the first.
    fn main(&self) -> usize {
        let main = (0..self.counts.len()).rev().max_by_key(|&event| self.counts[event]);
        main.unwrap_or(0)
    }

    /// Kinds and units of the columns.
    fn sample_types(&self) -> impl Iterator<Item = (&'a str, &'static str)> {
        let one = self.names.len() == 1;
        let events = self.names.iter().filter(move |_| !one || self.weighted);
        let samples = one.then_some(("samples", "count"));
        samples.into_iter().chain(events.map(|event| (*event, unit(event))))
    }

    /// The numbers of a sample.
    fn values(&self, header: &Header<'_>, values: &mut Vec<i64>) {
        values.clear();
        let weight = header.period.unwrap_or(1);
        match (self.names.len(), self.weighted) {
            (1, false) => values.push(1),
            (1, true) => values.extend([1, weight]),
            (n, _) => {
                values.resize(n, 0);
                values[self.index.get(header.event).copied().unwrap_or(0)] = weight;
            }
        }
    }

    /// What a profile shows first, and what drives the sampling.
    fn describe(&self, builder: &mut ProfileBuilder) {
        let profile = builder.profile();
        let event = self.names[self.main()];
        let kind = profile.strings.intern(event);
        profile.period_type = ValueType { kind, unit: profile.strings.intern(unit(event)) };
        let sample_type = profile.sample_types.iter().rev().find(|t| t.kind == kind);
        profile.default_sample_type = sample_type.unwrap_or(&profile.sample_types[0]).kind;
        let times = (0..profile.samples.len()).filter_map(|i| profile.samples.timestamp(i));
        let (first, last) = times.fold((u64::MAX, 0), |(first, last), t| (first.min(t), last.max(t)));
        profile.duration_nanos = i64::try_from(last.saturating_sub(first)).unwrap_or(i64::MAX);
    }
}

/// perf counts the clocks in nanoseconds. Modifiers stand after a colon (`cpu-clock:u`).
fn unit(event: &str) -> &'static str {
    match event.split(':').next() {
        Some("cpu-clock" | "task-clock") => "nanoseconds",
        _ => "count",
    }
}

/// A sample whose frames are being read.
struct Open<'a> {
    header: Header<'a>,
    frames: Vec<Frame<'a>>,
}

struct Reading<'a> {
    events: Events<'a>,
    threads: Threads<&'a str>,
    open: Option<Open<'a>>,
}

impl<'a> Reading<'a> {
    /// Takes the next line; false if it makes no sense where it stands.
    fn line(&mut self, line: &'a [u8]) -> Result<bool, TooMuch> {
        if line.trim_ascii().is_empty() {
            self.close()?;
            return Ok(true);
        }
        if line[0] == b'#' {
            return Ok(true);
        }
        if let Some(header) = header(line) {
            self.close()?;
            let frames = Frame::parse(header.rest.as_bytes());
            self.open = Some(Open { header, frames: frames.into_iter().collect() });
            return Ok(true);
        }
        let Some(open) = &mut self.open else { return Ok(false) };
        if let Some(frame) = Frame::parse(line) {
            open.frames.push(frame);
        } else if let (Some(source), Some(frame)) = (source_line(line), open.frames.last_mut()) {
            frame.source = Some(source);
        } else {
            // Where the source is not known, srcline prints the address or `:0`.
            return Ok(line.starts_with(b"  "));
        }
        Ok(true)
    }

    /// The end of the file, which may be in the middle of a sample: a stack that lacks its root would be
    /// shown in a wrong place, so it is omitted.
    fn end(&mut self, bytes: &[u8]) -> Result<(), TooMuch> {
        let cut = self.open.as_ref().is_some_and(|open| !open.frames.is_empty()) && !bytes.ends_with(b"\n");
        if cut && !self.threads.is_empty() {
            self.open = None;
            self.threads.builder(0).notes.add(Normalised::CutOff, 1);
        }
        self.close()
    }

    /// Adds the open sample to its thread.
    fn close(&mut self) -> Result<(), TooMuch> {
        let Some(Open { header, frames }) = self.open.take() else { return Ok(()) };
        let name = || format!("{} ({})", header.command, header.id);
        // One process may have one id in some lines and `pid/tid` in others only if someone edited them.
        let thread = self.threads.thread(header.id, name)?;
        self.threads.rename(thread, name());
        let mut values = Vec::new();
        self.events.values(&header, &mut values);
        let builder = self.threads.builder(thread);
        let stack = locations(&frames, builder);
        let stack = builder.stack(stack)?;
        builder.sample_at(header.time.map(|t| t.max(1)), stack, &values, &[])
    }
}

/// The locations of a call chain. Inlined frames become lines of the location into which they were inlined.
fn locations(frames: &[Frame<'_>], builder: &mut ProfileBuilder) -> Vec<LocationId> {
    let mut stack = Vec::with_capacity(frames.len());
    let mut lines: Vec<Line> = Vec::new();
    for (i, frame) in frames.iter().enumerate() {
        if !frame.symbol.is_empty() {
            let (file, line) = frame.source.unwrap_or((&[], 0));
            let name = clean_text(frame.symbol, &mut builder.notes);
            let file = clean_text(file, &mut builder.notes);
            lines.push(Line { function: builder.function_at(&name, &file, 0), line, column: 0 });
        }
        let next_is_same = frames.get(i + 1).is_some_and(|next| next.address == frame.address);
        if frame.inlined && next_is_same {
            continue;
        }
        let mapping = mapping(frame.file, builder);
        stack.push(builder.code(mapping, frame.address, &lines));
        lines.clear();
    }
    stack
}

fn mapping(file: &[u8], builder: &mut ProfileBuilder) -> Option<u32> {
    if file.is_empty() {
        return None;
    }
    let file = clean_text(file, &mut builder.notes);
    let file = builder.profile().strings.intern(&file);
    Some(builder.mapping(Mapping { file, has_functions: true, ..Mapping::default() }))
}

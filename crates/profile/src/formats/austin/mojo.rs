//! Reader of MOJO, Austin's binary format.

use super::AustinError;
use super::samples::{Metrics, Mode, Samples};
use crate::formats::{NamedProfile, Normalised, clean_text};
use crate::stack_table::LocationId;
use rustc_hash::FxHashMap;

/// How a file begins; the version follows.
pub(super) const MAGIC: &[u8] = b"MOJ";
/// The newest version.
const MAX_VERSION: i64 = 4;

/// Reads the events.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<NamedProfile>, AustinError> {
    let mut input = Input { bytes, at: MAGIC.len() };
    let version = input.number().unwrap_or(0);
    if !(1..=MAX_VERSION).contains(&version) {
        let problem = format!("unsupported version {version}; supported: 1 to {MAX_VERSION}");
        return Err(AustinError::Mojo { at: MAGIC.len(), problem });
    }
    let mut reading = Reading {
        input,
        version,
        mode: Mode::Wall,
        interval: 0,
        strings: FxHashMap::default(),
        frames: FxHashMap::default(),
        samples: None,
        open: None,
    };
    let mut cut = false;
    while reading.input.at < bytes.len() {
        match reading.event() {
            Ok(()) => {}
            // The last event is not whole.
            Err(Problem::End) => {
                cut = true;
                break;
            }
            Err(Problem::Other(error)) => return Err(error),
        }
    }
    cut |= reading.open.as_ref().is_some_and(|open| !open.measured);
    if cut {
        reading.open = None;
    }
    reading.close()?;
    let mut samples = reading.samples.ok_or(AustinError::NoSamples)?;
    if cut {
        samples.builder(0).notes.add(Normalised::CutOff, 1);
    }
    samples.finish(reading.interval)
}

enum Problem {
    /// The input ends within an event.
    End,
    Other(AustinError),
}

impl From<AustinError> for Problem {
    fn from(error: AustinError) -> Self {
        Problem::Other(error)
    }
}

struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    fn byte(&mut self) -> Result<u8, Problem> {
        let byte = self.bytes.get(self.at).ok_or(Problem::End)?;
        self.at += 1;
        Ok(*byte)
    }

    /// 6 bits and a sign, then 7 bits a byte; what is over 63 bits is lost.
    fn number(&mut self) -> Result<i64, Problem> {
        let first = self.byte()?;
        let (mut value, mut shift, mut more) = (i64::from(first & 0x3f), 6, first & 0x80 != 0);
        while more {
            let byte = self.byte()?;
            if shift < 63 {
                value |= (i64::from(byte & 0x7f) << shift) & i64::MAX;
            }
            shift += 7;
            more = byte & 0x80 != 0;
        }
        Ok(if first & 0x40 == 0 { value } else { -value })
    }

    fn text(&mut self) -> Result<&'a [u8], Problem> {
        let rest = &self.bytes[self.at..];
        let end = rest.iter().position(|&b| b == 0).ok_or(Problem::End)?;
        self.at += end + 1;
        Ok(&rest[..end])
    }
}

/// Which thread a sample is of: process, interpreter, name or id.
type ThreadKey<'a> = (i64, i64, &'a [u8]);

/// A frame as it is defined: file and function by their keys, line.
#[derive(Clone, Copy)]
struct Frame {
    file: i64,
    function: i64,
    line: i64,
    column: i64,
}

/// The sample being read.
struct Open {
    thread: usize,
    /// Root first.
    stack: Vec<LocationId>,
    metrics: Metrics,
    measured: bool,
}

struct Reading<'a> {
    input: Input<'a>,
    version: i64,
    mode: Mode,
    /// Microseconds.
    interval: i64,
    strings: FxHashMap<i64, &'a [u8]>,
    /// Keys are of a process; a later definition counts.
    frames: FxHashMap<i64, Frame>,
    samples: Option<Samples<ThreadKey<'a>>>,
    open: Option<Open>,
}

impl<'a> Reading<'a> {
    fn event(&mut self) -> Result<(), Problem> {
        let at = self.input.at;
        match self.input.byte()? {
            1 => self.metadata()?,
            2 => self.stack()?,
            3 => self.frame()?,
            4 => self.push_mark(b"INVALID"),
            5 => {
                let key = self.input.number()?;
                self.push_frame(key, at)?;
            }
            6 => {
                let name = self.input.text()?;
                self.push_mark(name);
            }
            7 => self.push_mark(b"GC"),
            8 => self.measure(|metrics| metrics.idle = true),
            9 => {
                let micros = self.input.number()?;
                self.measure(|metrics| metrics.micros = micros);
            }
            10 => {
                let bytes = self.input.number()?;
                self.measure(|metrics| metrics.bytes = bytes);
            }
            11 => {
                let (key, text) = (self.input.number()?, self.input.text()?);
                self.strings.insert(key, text);
            }
            12 => drop(self.input.number()?),
            event => {
                let problem = format!("unknown event {event}; expected 1 to 12");
                return Err(AustinError::Mojo { at, problem }.into());
            }
        }
        Ok(())
    }

    fn metadata(&mut self) -> Result<(), Problem> {
        let (key, value) = (self.input.text()?, String::from_utf8_lossy(self.input.text()?));
        match key {
            b"mode" if self.samples.is_none() => self.mode = Mode::parse(value.trim())?,
            b"interval" => self.interval = value.trim().parse().unwrap_or(0),
            _ => {}
        }
        Ok(())
    }

    fn stack(&mut self) -> Result<(), Problem> {
        self.close()?;
        let process = self.input.number()?;
        let interpreter = if self.version >= 3 { self.input.number()? } else { 0 };
        let thread = self.input.text()?;
        let name = || {
            let within = if interpreter == 0 { String::new() } else { format!("{interpreter}:") };
            format!("process {process} thread {within}{}", String::from_utf8_lossy(thread))
        };
        let mode = self.mode;
        let samples = self.samples.get_or_insert_with(|| Samples::new(mode));
        let thread = samples.thread((process, interpreter, thread), name)?;
        let metrics = Metrics::default();
        self.open = Some(Open { thread, stack: Vec::new(), metrics, measured: false });
        Ok(())
    }

    fn frame(&mut self) -> Result<(), Problem> {
        let key = self.input.number()?;
        let (file, function) = (self.input.number()?, self.input.number()?);
        let line = self.input.number()?;
        let mut column = 0;
        if self.version >= 2 {
            let (_line_end, start) = (self.input.number()?, self.input.number()?);
            let _column_end = self.input.number()?;
            column = start;
        }
        self.frames.insert(key, Frame { file, function, line, column });
        Ok(())
    }

    fn push_frame(&mut self, key: i64, at: usize) -> Result<(), Problem> {
        let (Some(open), Some(samples)) = (&mut self.open, &mut self.samples) else {
            return Err(AustinError::Mojo { at, problem: "a frame without a stack".to_owned() }.into());
        };
        let Some(frame) = self.frames.get(&key) else {
            return Err(AustinError::Mojo { at, problem: format!("frame {key} does not exist") }.into());
        };
        let builder = samples.builder(open.thread);
        let text = |key: i64| self.strings.get(&key).copied().unwrap_or_default();
        let name = clean_text(text(frame.function), &mut builder.notes);
        let file = clean_text(text(frame.file), &mut builder.notes);
        open.stack.push(builder.frame_at(&name, &file, frame.line, frame.column));
        Ok(())
    }

    /// A frame that is no place in a file.
    fn push_mark(&mut self, name: &[u8]) {
        if let (Some(open), Some(samples)) = (&mut self.open, &mut self.samples) {
            let builder = samples.builder(open.thread);
            let name = clean_text(name, &mut builder.notes);
            open.stack.push(builder.frame(&name));
        }
    }

    fn measure(&mut self, set: impl FnOnce(&mut Metrics)) {
        if let Some(open) = &mut self.open {
            set(&mut open.metrics);
            open.measured = true;
        }
    }

    /// Adds the open sample.
    fn close(&mut self) -> Result<(), AustinError> {
        match (self.open.take(), &mut self.samples) {
            (Some(open), Some(samples)) => {
                samples.add(open.thread, open.stack.into_iter().rev(), open.metrics)
            }
            _ => Ok(()),
        }
    }
}

//! Raw (Gecko) format: row tables with a schema, processes nested.

use super::FirefoxError;
use super::columns::{Cell, Rows};
use super::lib_row::LibRow;
use super::location::Location;
use super::processed::{SampleUnits, thread_name};
use super::thread::{self, Frame, Lib, Recording, Samples, Tables, Weight, nanos};
use crate::formats::json::{Cursor, JsonError, Scalar, Text};
use crate::formats::{NamedProfile, TooMuch};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;

/// The oldest version that is read.
const LEAST_VERSION: i64 = 20;
/// Processes within processes. Firefox has two levels.
const MAX_DEPTH: usize = 8;

/// Reads all threads of all processes that have samples: the main process first.
///
/// # Errors
/// [`FirefoxError`], also when the file ends too early.
pub fn read(bytes: &[u8]) -> Result<Vec<NamedProfile>, FirefoxError> {
    TooMuch::check_bytes(bytes)?;
    let mut json = Cursor::new(bytes);
    let whole = json.skip()?;
    json.end()?;
    let mut profiles = Vec::new();
    // Processes that are still to be read, with what those inside take over from the one around them.
    let mut left: Vec<(Range<usize>, Inherited, usize)> = vec![(whole, Inherited::default(), 0)];
    while let Some((place, inherited, depth)) = left.pop() {
        let mut json = json.at(place);
        if json.peek() != Some(b'{') {
            // Before 2018 a process within was text.
            continue;
        }
        let process = Process::read(&mut json)?;
        let inherited = process.profiles(inherited, &mut profiles)?;
        if depth < MAX_DEPTH {
            let inside = process.inside.into_iter().rev();
            left.extend(inside.map(|place| (place, inherited, depth + 1)));
        }
    }
    if profiles.is_empty() { Err(FirefoxError::NoSamples) } else { Ok(profiles) }
}

/// What only the main process says.
#[derive(Clone, Copy, Default)]
struct Inherited {
    /// Nanoseconds between samples.
    interval: i64,
    /// Nanoseconds in one unit of CPU.
    cpu_nanos: Option<f64>,
}

#[derive(Default)]
struct Process<'a> {
    meta: Meta,
    libs: Vec<LibRow>,
    threads: Vec<Thread<'a>>,
    /// Where the processes within are.
    inside: Vec<Range<usize>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Meta {
    version: i64,
    /// Milliseconds since the epoch.
    start_time: f64,
    /// Milliseconds.
    interval: Option<f64>,
    sample_units: Option<SampleUnits>,
}

#[derive(Default)]
struct Thread<'a> {
    name: String,
    samples: Table,
    stacks: Table,
    frames: Table,
    strings: Vec<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Table {
    schema: BTreeMap<String, usize>,
    data: Rows,
}

impl Table {
    fn column(&self, name: &str) -> Option<usize> {
        self.schema.get(name).copied()
    }

    fn cell(&self, row: usize, column: &str) -> Cell {
        self.data.cell(row, self.column(column))
    }
}

impl<'a> Process<'a> {
    fn read(json: &mut Cursor<'a>) -> Result<Self, JsonError> {
        let mut process = Process::default();
        json.open(b'{')?;
        while let Some(key) = json.key()? {
            match &*key {
                "meta" => process.meta = json.value()?,
                "libs" => process.libs = json.value::<Option<_>>()?.unwrap_or_default(),
                "threads" => {
                    json.open(b'[')?;
                    while json.item()? {
                        process.threads.push(Thread::read(json)?);
                    }
                }
                "processes" => {
                    json.open(b'[')?;
                    while json.item()? {
                        process.inside.push(json.skip()?);
                    }
                }
                _ => json.skip().map(|_| ())?,
            }
        }
        Ok(process)
    }

    /// Adds the profiles of its threads. Returns what processes within it take over.
    fn profiles(
        &self,
        inherited: Inherited,
        profiles: &mut Vec<NamedProfile>,
    ) -> Result<Inherited, FirefoxError> {
        let found = self.meta.version;
        if found < LEAST_VERSION {
            return Err(FirefoxError::Old { kind: "raw", found, least: LEAST_VERSION });
        }
        let inherited = Inherited {
            interval: self.meta.interval.map_or(inherited.interval, nanos),
            cpu_nanos: match &self.meta.sample_units {
                Some(units) => units.cpu_nanos(),
                None => inherited.cpu_nanos,
            },
        };
        let mut libs: Vec<Lib> = self.libs.iter().map(LibRow::mapped).collect();
        libs.sort_by_key(|lib| lib.start);
        let start = nanos(self.meta.start_time);
        let recording = Recording { start, interval: inherited.interval, libs: &libs };
        for thread in &self.threads {
            let samples = thread.samples(inherited.cpu_nanos);
            let view = View { thread, libs: &libs };
            profiles.extend(thread::profile(&thread.name, &recording, &view, &samples)?);
        }
        Ok(inherited)
    }
}

impl<'a> Thread<'a> {
    fn read(json: &mut Cursor<'a>) -> Result<Self, JsonError> {
        let mut thread = Thread::default();
        let (mut process, mut kind, mut pid) = (String::new(), String::new(), String::new());
        json.open(b'{')?;
        while let Some(key) = json.key()? {
            match &*key {
                "name" => thread.name = json.text()?.into_owned(),
                "processName" => process = json.text()?.into_owned(),
                "processType" => kind = json.text()?.into_owned(),
                "pid" => pid = json.value::<Scalar<'_>>()?.text().into_owned(),
                "samples" => thread.samples = json.value()?,
                "stackTable" => thread.stacks = json.value()?,
                "frameTable" => thread.frames = json.value()?,
                "stringTable" => thread.strings = json.value()?,
                _ => json.skip().map(|_| ())?,
            }
        }
        let process = if process.is_empty() { &kind } else { &process };
        thread.name = thread_name(&thread.name, process, &pid);
        Ok(thread)
    }

    fn samples(&self, cpu_nanos: Option<f64>) -> Samples {
        let rows = &self.samples.data;
        let column = |name| {
            let column = self.samples.column(name);
            (0..rows.len()).map(move |row| rows.cell(row, column))
        };
        let known = |cell: Cell| if cell.0.is_nan() { 0.0 } else { cell.0 };
        let cpu = match (self.samples.column("threadCPUDelta"), cpu_nanos) {
            (Some(_), Some(unit)) => column("threadCPUDelta").map(|cell| known(cell) * unit).collect(),
            _ => Vec::new(),
        };
        Samples {
            stacks: column("stack").collect(),
            times: column("time").map(known).collect(),
            weights: None,
            weight: Weight::Samples,
            cpu,
        }
    }
}

struct View<'t> {
    thread: &'t Thread<'t>,
    /// Sorted by their addresses.
    libs: &'t [Lib],
}

impl Tables for View<'_> {
    fn stacks(&self) -> usize {
        self.thread.stacks.data.len()
    }

    fn stack(&self, stack: usize) -> (i64, i64) {
        let stacks = &self.thread.stacks;
        (stacks.cell(stack, "prefix").int(), stacks.cell(stack, "frame").int())
    }

    fn frames(&self) -> usize {
        self.thread.frames.data.len()
    }

    fn frame(&self, frame: usize) -> Result<Frame<'_>, FirefoxError> {
        let frames = &self.thread.frames;
        let number = |name| frames.cell(frame, name).int();
        let named = number("location");
        let text = usize::try_from(named).ok().and_then(|named| self.thread.strings.get(named));
        let Some(Text(text)) = text else {
            let thread = self.thread.name.clone();
            return Err(FirefoxError::NoRow { thread, table: "frame", row: frame, what: "string", named });
        };
        let (line, column) = (number("line").max(0), number("column").max(0));
        Ok(match Location::parse(text) {
            Location::Address(address) => {
                Frame { address: Some(address), lib: self.lib(address), ..Frame::default() }
            }
            Location::Script { name, file, line: start_line, .. } => {
                Frame { name, file, start_line, line, column, ..Frame::default() }
            }
            Location::Label(name) => Frame { name, line, column, ..Frame::default() },
        })
    }
}

impl View<'_> {
    fn lib(&self, address: u64) -> Option<usize> {
        let after = self.libs.partition_point(|lib| lib.start <= address);
        let lib = after.checked_sub(1)?;
        (address < self.libs[lib].end).then_some(lib)
    }
}

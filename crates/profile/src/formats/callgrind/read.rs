//! Reader of callgrind files.

use super::CallgrindError;
use super::names::{Name, Names};
use crate::formats::builder::ProfileBuilder;
use crate::formats::call_graph::CallGraph;
use crate::formats::{NamedProfile, Normalised, Notes, TooMuch, clean_text};
use crate::profile::{Line, Mapping};
use crate::stack_table::LocationId;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// Events of a file; each is a column.
const MAX_EVENTS: usize = 64;
/// Threads of a file.
const MAX_THREADS: usize = 10_000;

/// Reads one profile for each thread.
///
/// # Errors
/// [`CallgrindError`] when a line makes no sense, there is no cost, or there is too much.
pub fn read(bytes: &[u8]) -> Result<Vec<NamedProfile>, CallgrindError> {
    TooMuch::check_bytes(bytes)?;
    let mut reading = Reading::default();
    for (number, line) in (1..).zip(bytes.split(|&b| b == b'\n')) {
        reading.line(line.trim_ascii()).map_err(|problem| match problem {
            Problem::Expected(expected) => {
                let found = String::from_utf8_lossy(&line[..line.len().min(80)]).trim().to_owned();
                CallgrindError::Line { line: number, expected, found }
            }
            Problem::TooMuch(too_much) => too_much.into(),
        })?;
    }
    reading.finish()
}

enum Problem {
    Expected(&'static str),
    TooMuch(TooMuch),
}

/// Column of a file's numbers: what it counts, and how much one of them is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Event {
    kind: String,
    unit: &'static str,
    scale: i64,
}

/// A function by the numbers of its names, or by the names themselves.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum FunctionKey<'a> {
    Number(u64),
    Names(&'a [u8], &'a [u8], &'a [u8]),
}

#[derive(Clone, Copy, Default)]
struct Function<'a> {
    name: &'a [u8],
    file: &'a [u8],
    object: &'a [u8],
}

/// A place: function, file that the line is in, line.
type Place<'a> = (u32, &'a [u8], i64);

/// Costs and calls of one thread, as they are read.
struct Thread<'a> {
    name: Cow<'a, [u8]>,
    own: FxHashMap<Place<'a>, Vec<i64>>,
    calls: FxHashMap<(Place<'a>, u32), f64>,
}

#[derive(Default)]
struct Reading<'a> {
    events: Vec<Event>,
    /// How many numbers a position has, and which of them is the line.
    positions: usize,
    line_at: Option<usize>,
    last: Vec<i64>,
    files: Names<'a>,
    objects: Names<'a>,
    functions: Names<'a>,
    by_key: FxHashMap<FunctionKey<'a>, u32>,
    table: Vec<Function<'a>>,
    object: &'a [u8],
    /// File of the function, and of the line being read.
    file: &'a [u8],
    inlined_file: &'a [u8],
    function: Option<u32>,
    called_object: Option<&'a [u8]>,
    called_file: Option<&'a [u8]>,
    called: Option<u32>,
    /// The next cost line belongs to a call.
    in_call: bool,
    command: &'a [u8],
    threads: Vec<Thread<'a>>,
    thread: usize,
    values: Vec<i64>,
}

impl<'a> Reading<'a> {
    fn line(&mut self, line: &'a [u8]) -> Result<(), Problem> {
        match line.first() {
            None | Some(b'#') => Ok(()),
            Some(b'0'..=b'9' | b'+' | b'-' | b'*') => self.cost(line),
            Some(_) => self.header_or_name(line),
        }
    }

    fn header_or_name(&mut self, line: &'a [u8]) -> Result<(), Problem> {
        let Some(at) = line.iter().position(|&b| b == b'=' || b == b':') else {
            return Err(Problem::Expected("a cost line, `name=value` or `name: value`"));
        };
        let (key, value) = (&line[..at], line[at + 1..].trim_ascii());
        match key {
            b"ob" => self.object = self.objects.read(value).text,
            b"fl" => {
                self.file = self.files.read(value).text;
                self.inlined_file = self.file;
            }
            b"fi" | b"fe" => self.inlined_file = self.files.read(value).text,
            b"fn" => {
                let name = self.functions.read(value);
                // A function begins in its own file.
                self.inlined_file = self.file;
                self.function = Some(self.function_id(name, self.file, self.object, true));
            }
            b"cob" => self.called_object = Some(self.objects.read(value).text),
            b"cfi" | b"cfl" => self.called_file = Some(self.files.read(value).text),
            b"cfn" => {
                let name = self.functions.read(value);
                let file = self.called_file.unwrap_or(self.inlined_file);
                let object = self.called_object.unwrap_or(self.object);
                self.called = Some(self.function_id(name, file, object, false));
            }
            // Where jumps go is not kept, but names may be given there for the first time.
            b"jfi" => drop(self.files.read(value)),
            b"jfn" => drop(self.functions.read(value)),
            b"calls" => self.in_call = true,
            b"events" => self.set_events(value)?,
            b"positions" => self.set_positions(value),
            b"cmd" => self.command = value,
            b"thread" => self.set_thread(value)?,
            b"part" => self.last.clear(),
            // jump=, jcnd=, summary:, desc: and what later versions may add.
            _ => {}
        }
        Ok(())
    }

    /// A name by number is a function for good; what `fn=` says of its file counts more than what a call says.
    fn function_id(&mut self, name: Name<'a>, file: &'a [u8], object: &'a [u8], own: bool) -> u32 {
        let key = match name.number {
            Some(number) => FunctionKey::Number(number),
            None => FunctionKey::Names(name.text, file, object),
        };
        let function = Function { name: name.text, file, object };
        let next = self.table.len() as u32;
        let id = *self.by_key.entry(key).or_insert(next);
        if id == next {
            self.table.push(function);
        } else if own {
            self.table[id as usize] = function;
        }
        id
    }

    fn set_events(&mut self, value: &[u8]) -> Result<(), Problem> {
        let text = String::from_utf8_lossy(value);
        let events: Vec<_> = text.split_whitespace().map(event).collect();
        if events.is_empty() || events.len() > MAX_EVENTS {
            return Err(Problem::Expected("1 to 64 event names"));
        }
        if !self.events.is_empty() && self.events != events {
            return Err(Problem::Expected("the same events in all parts of the file"));
        }
        self.values = vec![0; events.len()];
        self.events = events;
        Ok(())
    }

    fn set_positions(&mut self, value: &[u8]) {
        let names: Vec<_> = value.split(u8::is_ascii_whitespace).filter(|name| !name.is_empty()).collect();
        self.positions = names.len().clamp(1, 8);
        self.line_at = names.iter().position(|name| name == b"line");
        self.last.clear();
    }

    fn set_thread(&mut self, value: &'a [u8]) -> Result<(), Problem> {
        if let Some(at) = self.threads.iter().position(|thread| *thread.name == *value) {
            self.thread = at;
            return Ok(());
        }
        if self.threads.len() == MAX_THREADS {
            return Err(Problem::TooMuch(TooMuch { what: "threads", limit: MAX_THREADS }));
        }
        self.add_thread(Cow::Borrowed(value));
        Ok(())
    }

    fn add_thread(&mut self, name: Cow<'a, [u8]>) {
        self.thread = self.threads.len();
        self.threads.push(Thread { name, own: FxHashMap::default(), calls: FxHashMap::default() });
    }

    /// Position and costs.
    fn cost(&mut self, line: &'a [u8]) -> Result<(), Problem> {
        if self.events.is_empty() {
            return Err(Problem::Expected("`events:` before the first cost"));
        }
        let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        if self.positions == 0 {
            (self.positions, self.line_at) = (1, Some(0));
        }
        self.last.resize(self.positions, 0);
        for last in &mut self.last {
            let word = words.next().ok_or(Problem::Expected("a position and costs"))?;
            *last = position(word, *last).ok_or(Problem::Expected("a position such as `16`, `+3` or `*`"))?;
        }
        self.values.fill(0);
        for (value, event) in self.values.iter_mut().zip(&self.events) {
            let Some(word) = words.next() else { break };
            let number = number(word).ok_or(Problem::Expected("a cost (a whole number)"))?;
            *value = number.saturating_mul(event.scale);
        }
        let function = self.function.ok_or(Problem::Expected("`fn=` before the first cost"))?;
        if self.threads.is_empty() {
            self.add_thread(Cow::Borrowed(b""));
        }
        let line = self.line_at.map_or(0, |at| self.last[at].max(0));
        let place = (function, self.inlined_file, line);
        let thread = &mut self.threads[self.thread];
        if std::mem::take(&mut self.in_call) {
            (self.called_object, self.called_file) = (None, None);
            let called = self.called.take().ok_or(Problem::Expected("`cfn=` before `calls=`"))?;
            *thread.calls.entry((place, called)).or_default() += self.values[0].max(0) as f64;
        } else if self.values.iter().any(|v| *v != 0) {
            let own = thread.own.entry(place).or_insert_with(|| vec![0; self.values.len()]);
            own.iter_mut().zip(&self.values).for_each(|(own, value)| *own = own.saturating_add(*value));
        }
        Ok(())
    }

    fn finish(self) -> Result<Vec<NamedProfile>, CallgrindError> {
        let command = String::from_utf8_lossy(self.command).into_owned();
        let mut profiles = Vec::new();
        for thread in self.threads.iter().filter(|thread| !thread.own.is_empty()) {
            let profile = self.profile(thread)?;
            let name = match (&*thread.name, self.threads.len()) {
                (b"", _) | (_, 1) => command.clone(),
                (name, _) => format!("thread {}", String::from_utf8_lossy(name)),
            };
            profiles.push(NamedProfile { name, ..profile });
        }
        if profiles.is_empty() { Err(CallgrindError::NoCost) } else { Ok(profiles) }
    }

    fn profile(&self, thread: &Thread<'a>) -> Result<NamedProfile, TooMuch> {
        let types: Vec<_> = self.events.iter().map(|e| (e.kind.as_str(), e.unit)).collect();
        let mut builder = ProfileBuilder::new(&types);
        let first = builder.profile().sample_types[0].kind;
        builder.profile().default_sample_type = first;
        // In a fixed order, so that the same file always gives the same profile.
        let mut own: Vec<_> = thread.own.iter().collect();
        own.sort_unstable();
        let mut graph = CallGraph::default();
        for (place, values) in own {
            graph.spend(place.0, self.location(*place, &mut builder), values);
        }
        let mut calls: Vec<_> = thread.calls.iter().map(|(key, weight)| (*key, *weight)).collect();
        calls.sort_unstable_by_key(|(key, _)| *key);
        for ((place, called), weight) in calls {
            graph.call(place.0, self.location(place, &mut builder), called, weight);
        }
        graph.build(&mut builder)?;
        Ok(builder.named(""))
    }

    /// A place as a location: a line of the function, or of code of another file inlined into it.
    fn location(&self, (function, file, line): Place<'a>, builder: &mut ProfileBuilder) -> LocationId {
        let of = self.table[function as usize];
        let mut notes = Notes::default();
        let known = |text: &'a [u8]| if text == b"???" { &[][..] } else { text };
        let [name, own_file, object, file] =
            [of.name, known(of.file), known(of.object), known(file)].map(|text| clean_text(text, &mut notes));
        builder.notes.add(Normalised::InvalidUtf8, notes.count(Normalised::InvalidUtf8));
        let mapping = (!object.is_empty()).then(|| {
            let file = builder.profile().strings.intern(&object);
            builder.mapping(Mapping { file, has_functions: true, ..Mapping::default() })
        });
        let inside = file.is_empty() || same_file(&file, &own_file);
        let own_line = if inside { line } else { 0 };
        let outer = Line { function: builder.function_at(&name, &own_file, 0), line: own_line, column: 0 };
        if inside {
            return builder.code(mapping, 0, &[outer]);
        }
        let base_name = file.rsplit(['/', '\\']).next().unwrap_or(&file);
        let inlined = builder.function_at(&format!("{base_name} (inlined)"), &file, 0);
        builder.code(mapping, 0, &[Line { function: inlined, line, column: 0 }, outer])
    }
}

/// `Ir`, or as Xdebug writes them `Time_(10ns)` and `Memory_(bytes)`.
fn event(name: &str) -> Event {
    let (kind, unit) =
        match name.split_once("_(").and_then(|(kind, rest)| Some((kind, rest.strip_suffix(')')?))) {
            None => (name, ""),
            Some(both) => both,
        };
    let (unit, scale) = match unit {
        "" => ("count", 1),
        "bytes" => ("bytes", 1),
        "s" => ("nanoseconds", 1_000_000_000),
        _ => {
            let digits = unit.find(|c: char| !c.is_ascii_digit()).unwrap_or(unit.len());
            let times = if digits == 0 { Some(1) } else { unit[..digits].parse::<i64>().ok() };
            match (times, &unit[digits..]) {
                (Some(n), "ns") => ("nanoseconds", n),
                (Some(n), "us" | "µs") => ("nanoseconds", n.saturating_mul(1000)),
                (Some(n), "ms") => ("nanoseconds", n.saturating_mul(1_000_000)),
                _ => return Event { kind: name.to_owned(), unit: "count", scale: 1 },
            }
        }
    };
    Event { kind: kind.to_owned(), unit, scale }
}

/// Debug information names one file now by its path and now without its folder.
fn same_file(a: &str, b: &str) -> bool {
    let (long, short) = if a.len() < b.len() { (b, a) } else { (a, b) };
    long.strip_suffix(short).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

fn number(word: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(word).ok()?;
    match text.strip_prefix("0x") {
        Some(hex) => i64::try_from(u64::from_str_radix(hex, 16).ok()?).ok(),
        // Counts beyond 63 bits are damage, not cost.
        None => text.parse().ok(),
    }
}

fn position(word: &[u8], last: i64) -> Option<i64> {
    match word {
        b"*" => Some(last),
        [b'+', rest @ ..] => Some(last.saturating_add(number(rest)?)),
        [b'-', rest @ ..] => Some(last.saturating_sub(number(rest)?)),
        // Addresses of the kernel do not fit; they are not kept anyway.
        _ => number(word).or_else(|| word.starts_with(b"0x").then_some(0)),
    }
}

//! Trace reader: events grouped by thread, async task or CPU profile.

use super::ChromeTraceError;
use super::cpu_profiles::CpuProfiles;
use super::event::{Event, Key};
use super::spans::{self, Track};
use crate::formats::builder::ProfileBuilder;
use crate::formats::json::Cursor;
use crate::formats::{NamedProfile, Normalised, Notes, TooMuch, clean_text};
use crate::string_table::{StrId, StringTable};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::borrow::Cow;

/// Threads and asynchronous tasks; each costs some memory of its own.
const MAX_TRACKS: usize = 20_000;

/// Reads all profiles of a trace: those of V8 first, then the spans of each thread, the busiest first, then the
/// asynchronous spans of each process. A file that ends too early is read up to there.
///
/// # Errors
/// [`ChromeTraceError`].
pub fn read(bytes: &[u8]) -> Result<Vec<NamedProfile>, ChromeTraceError> {
    TooMuch::check_bytes(bytes)?;
    let mut json = Cursor::new(bytes);
    let mut trace = Trace::default();
    let cut_off = match trace.read(&mut json) {
        Err(ChromeTraceError::Json(error)) if error.cut_off && trace.events > 0 => true,
        result => {
            result?;
            false
        }
    };
    let events = trace.events;
    let mut profiles = trace.finish(bytes)?;
    if profiles.is_empty() {
        return Err(ChromeTraceError::NothingTimed { events });
    }
    for named in profiles.iter_mut().filter(|_| cut_off) {
        named.notes.add(Normalised::CutOff, 1);
    }
    Ok(profiles)
}

/// A function or a task: name, file and line.
type Place = (StrId, StrId, i64);

#[derive(Default)]
pub(super) struct Trace {
    events: usize,
    /// Text of names and keys.
    strings: StringTable,
    notes: Notes,
    places: Vec<Place>,
    place_ids: FxHashMap<Place, u32>,
    /// Tracks by process and thread, in the order of the file.
    threads: Tracks<(Key, Key)>,
    /// Tracks by process, category and id.
    tasks: Tracks<(Key, StrId, Key)>,
    process_names: FxHashMap<Key, String>,
    thread_names: FxHashMap<(Key, Key), String>,
    cpu: CpuProfiles,
}

/// Tracks by their key.
struct Tracks<K> {
    index: FxHashMap<K, usize>,
    all: Vec<(K, Track)>,
}

impl<K> Default for Tracks<K> {
    fn default() -> Self {
        Tracks { index: FxHashMap::default(), all: Vec::new() }
    }
}

impl<K: Copy + Eq + std::hash::Hash> Tracks<K> {
    fn of(&mut self, key: K) -> Result<&mut Track, TooMuch> {
        let next = self.all.len();
        let i = *self.index.entry(key).or_insert(next);
        if i == MAX_TRACKS {
            return Err(TooMuch { what: "threads or tasks", limit: MAX_TRACKS });
        }
        if i == next {
            self.all.push((key, Track::default()));
        }
        Ok(&mut self.all[i].1)
    }
}

/// What is taken from the arguments of a span or of metadata.
#[derive(Default, Deserialize)]
struct Args<'a> {
    /// Of metadata: the name of a thread or a process.
    #[serde(borrow, default)]
    name: Option<Cow<'a, str>>,
    /// Of clang's `-ftime-trace`: what was compiled.
    #[serde(borrow, default)]
    detail: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    data: Option<Data<'a>>,
}

/// Of Chromium's timeline: the function that ran.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    #[serde(borrow, default)]
    function_name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    url: Option<Cow<'a, str>>,
    #[serde(default)]
    line_number: Option<i64>,
}

fn nanos(micros: f64) -> i64 {
    (micros * 1e3).round() as i64
}

impl Trace {
    fn read(&mut self, json: &mut Cursor<'_>) -> Result<(), ChromeTraceError> {
        if json.peek() == Some(b'[') {
            return self.read_events(json);
        }
        json.open(b'{')?;
        while let Some(key) = json.key()? {
            match &*key {
                "traceEvents" => self.read_events(json)?,
                _ => json.skip().map(|_| ())?,
            }
        }
        Ok(())
    }

    fn read_events(&mut self, json: &mut Cursor<'_>) -> Result<(), ChromeTraceError> {
        json.open(b'[')?;
        while json.item()? {
            if let Some(event) = Event::read(json, &mut self.strings)? {
                self.events += 1;
                self.add(&event, json)?;
            }
        }
        Ok(())
    }

    fn add(&mut self, event: &Event<'_>, json: &Cursor<'_>) -> Result<(), ChromeTraceError> {
        let thread = (event.pid, event.tid);
        let at = nanos(event.at);
        match event.phase {
            b'M' => self.metadata(event, json),
            b'X' if event.name != "CpuProfile" => {
                let frame = self.frame(event, json);
                let duration = nanos(event.duration);
                self.threads.of(thread)?.span(at, duration, frame);
            }
            b'B' => {
                let frame = self.frame(event, json);
                self.threads.of(thread)?.begin(at, frame);
            }
            b'E' => self.threads.of(thread)?.end(at),
            b'b' | b'S' => {
                let frame = self.frame(event, json);
                self.task(event)?.begin(at, frame);
            }
            b'e' | b'F' => self.task(event)?.end(at),
            _ => self.cpu.add(event),
        }
        Ok(())
    }

    fn task(&mut self, event: &Event<'_>) -> Result<&mut Track, TooMuch> {
        let category = self.strings.intern(&event.category);
        self.tasks.of((event.pid, category, event.id))
    }

    fn metadata(&mut self, event: &Event<'_>, json: &Cursor<'_>) {
        let args: Args<'_> = json.again(event.args.clone()).unwrap_or_default();
        let Some(name) = args.name.filter(|name| !name.is_empty()) else { return };
        let name = clean_text(name.as_bytes(), &mut self.notes).into_owned();
        match &*event.name {
            "process_name" => drop(self.process_names.insert(event.pid, name)),
            "thread_name" => drop(self.thread_names.insert((event.pid, event.tid), name)),
            _ => {}
        }
    }

    /// What a span is called. The function or the file in its arguments is part of the name: a thousand
    /// `FunctionCall`s say nothing.
    fn frame(&mut self, event: &Event<'_>, json: &Cursor<'_>) -> u32 {
        // Arguments of any other shape are none of ours.
        let args: Args<'_> = json.again(event.args.clone()).unwrap_or_default();
        let data = args.data.unwrap_or_default();
        let detail = [args.detail, data.function_name].into_iter().flatten().find(|text| !text.is_empty());
        let name = match (&*event.name, detail) {
            ("", None) => Cow::Borrowed("(no name)"),
            (name, None) => Cow::Borrowed(name),
            (name, Some(detail)) => Cow::Owned(format!("{name} {detail}")),
        };
        let name = self.strings.intern(&clean_text(name.as_bytes(), &mut self.notes));
        let file = clean_text(data.url.as_deref().unwrap_or_default().as_bytes(), &mut self.notes);
        let place = (name, self.strings.intern(&file), data.line_number.unwrap_or(0).max(0));
        let next = self.places.len() as u32;
        let id = *self.place_ids.entry(place).or_insert(next);
        if id == next {
            self.places.push(place);
        }
        id
    }

    fn finish(self, bytes: &[u8]) -> Result<Vec<NamedProfile>, ChromeTraceError> {
        let Trace { strings, notes, places, threads, tasks, process_names, thread_names, cpu, .. } = self;
        let process = |pid: Key| {
            let name = process_names.get(&pid).map_or("process", String::as_str);
            format!("{name} {}", pid.describe(&strings))
        };
        let thread = |pid: Key, tid: Key| match thread_names.get(&(pid, tid)) {
            Some(name) => format!("{name} · {}", process(pid)),
            None => format!("thread {} · {}", tid.describe(&strings), process(pid)),
        };
        let mut profiles = cpu.finish(bytes, |pid, tid| format!("CPU profile of {}", thread(pid, tid)))?;
        let spans = |tracks, name| {
            let mut builder = ProfileBuilder::new(&[("wall", "nanoseconds")]);
            builder.notes = notes.clone();
            spans::profile(tracks, name, builder, |frame, builder| {
                let (name, file, line) = places[frame as usize];
                builder.frame_at(strings.get(name), strings.get(file), line, 0)
            })
        };
        let mut of_threads = Vec::new();
        for ((pid, tid), track) in threads.all {
            of_threads.push(spans(vec![track], thread(pid, tid))?);
        }
        of_threads.sort_by_key(|named| std::cmp::Reverse(named.profile.samples.total(0)));
        let mut by_process: Vec<(Key, Vec<Track>)> = Vec::new();
        for ((pid, ..), track) in tasks.all {
            match by_process.iter_mut().find(|(known, _)| *known == pid) {
                Some((_, tracks)) => tracks.push(track),
                None => by_process.push((pid, vec![track])),
            }
        }
        profiles.extend(of_threads);
        for (pid, tracks) in by_process {
            profiles.push(spans(tracks, format!("asynchronous · {}", process(pid)))?);
        }
        profiles.retain(|named| !named.profile.samples.is_empty());
        Ok(profiles)
    }
}

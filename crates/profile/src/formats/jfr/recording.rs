//! A recording: chunk after chunk, sorted into profiles by kind of event.

use super::bytes::Cursor;
use super::chunk::Chunk;
use super::constants::Constants;
use super::events::{Event, EventKind, Settings, read_samples, read_settings, ticks_to_ns};
use super::metadata::Types;
use super::sheet::{Entry, Heading, Sheet};
use super::{JfrError, Options};
use crate::formats::{NamedProfile, Normalised};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What async-profiler samples by that is time on a CPU.
const CPU_ENGINES: &[&str] = &["", "cpu", "itimer", "ctimer", "wall", "alloc", "lock"];

/// Where events go by their kind, whether the thread was asleep, and whether they have a period of their own.
type Routes = BTreeMap<(EventKind, bool, bool), Vec<(usize, Worth)>>;

/// What an event counts.
#[derive(Clone, Copy, Debug)]
enum Worth {
    /// Its samples (one, if it does not say), each of the same value.
    Samples { each: i64 },
    /// The time that it says itself.
    OwnPeriod,
    /// One, and its bytes.
    OneAndBytes,
    /// One, and how long it lasted.
    OneAndDuration,
}

impl Worth {
    /// The values, and how many there are.
    fn of(self, event: &Event) -> ([i64; 2], usize) {
        match self {
            Worth::Samples { each } => ([event.samples.unwrap_or(1).saturating_mul(each), 0], 1),
            Worth::OwnPeriod => ([event.period_ns.unwrap_or(0), 0], 1),
            Worth::OneAndBytes => ([1, event.bytes], 2),
            Worth::OneAndDuration => ([1, event.duration_ns], 2),
        }
    }
}

/// A recording being read.
pub(super) struct Recording<'o> {
    options: &'o Options<'o>,
    sheets: Vec<(Heading, Sheet)>,
    settings: Settings,
    start_ns: i64,
    end_ns: i64,
}

impl<'o> Recording<'o> {
    pub(super) fn new(options: &'o Options<'o>) -> Self {
        Recording {
            options,
            sheets: Vec::new(),
            settings: Settings::default(),
            start_ns: i64::MAX,
            end_ns: i64::MIN,
        }
    }

    /// Reads a chunk. What was read before an error is kept.
    pub(super) fn add(&mut self, chunk: &Chunk<'_>) -> Result<(), JfrError> {
        let cursor = Cursor::new(chunk.bytes, chunk.start, chunk.compressed);
        let types = Types::read(&mut cursor.from(chunk.metadata))?;
        let constants = Constants::read(&cursor, chunk.constants, &types)?;
        let events = cursor.from(super::chunk::HEADER_BYTES);
        read_settings(events.clone(), &types, &constants, &mut self.settings)?;
        self.start_ns = self.start_ns.min(chunk.start_ns);
        self.end_ns = self.end_ns.max(chunk.start_ns.saturating_add(chunk.duration_ns));
        self.sheets.iter_mut().for_each(|(_, sheet)| sheet.next_chunk());
        let mut routes = Routes::new();
        let mut names = Names { constants: &constants, threads: BTreeMap::new() };
        read_samples(events, &types, chunk.ticks_per_second, |kind, event| {
            let since = event.start_ticks.saturating_sub(chunk.start_ticks);
            let time = chunk.start_ns.saturating_add(ticks_to_ns(since, chunk.ticks_per_second));
            self.sample(kind, event, time, &mut names, &mut routes)
        })
    }

    fn sample(
        &mut self,
        kind: EventKind,
        event: &Event,
        time: i64,
        names: &mut Names<'_>,
        routes: &mut Routes,
    ) -> Result<(), JfrError> {
        let constants = names.constants;
        let asleep = constants.is_sleeping(event.state);
        let case = (kind, asleep, event.period_ns.is_some());
        let routes = routes.entry(case).or_insert_with(|| self.routes(kind, asleep, event));
        let span = (event.span != 0).then(|| format!("{:016x}", event.span));
        let mut labels: Vec<(&str, &str)> = Vec::new();
        if self.options.keep_each {
            labels.extend(names.thread(event.thread).map(|name| ("thread", name)));
        }
        labels.extend(span.as_deref().map(|span| ("span_id", span)));
        if let Some(contexts) = self.options.contexts {
            labels.extend(contexts.labels_of(event.context, event.span_name));
        }
        // 0 would mean a sample without a time.
        let time_ns = if self.options.keep_each { time.max(1) as u64 } else { 0 };
        for &(sheet, worth) in &*routes {
            let (values, width) = worth.of(event);
            let entry = Entry { time_ns, stack: event.stack, values: &values[..width], labels: &labels };
            self.sheets[sheet].1.add(&entry, constants)?;
        }
        Ok(())
    }

    /// Where events of a kind go, under the settings known: sheets, and what an event counts there.
    fn routes(&mut self, kind: EventKind, asleep: bool, event: &Event) -> Vec<(usize, Worth)> {
        let meanings = self.meanings(kind, asleep, event);
        meanings.into_iter().map(|(heading, worth, period)| (self.sheet(heading, period), worth)).collect()
    }

    fn sheet(&mut self, heading: Heading, period: i64) -> usize {
        let found = self.sheets.iter().position(|(h, _)| *h == heading);
        found.unwrap_or_else(|| {
            let mut sheet = Sheet::new(&heading);
            sheet.set_period(period);
            self.sheets.push((heading, sheet));
            self.sheets.len() - 1
        })
    }

    /// What an event counts for: kind of profile, values, period.
    fn meanings(&self, kind: EventKind, asleep: bool, event: &Event) -> Vec<(Heading, Worth, i64)> {
        let heading = |name, values: &[(&str, &'static str)], period: (&str, &'static str)| Heading {
            name,
            values: values.iter().map(|&(kind, unit)| (kind.to_owned(), unit)).collect(),
            period: (period.0.to_owned(), period.1),
        };
        let memory = |objects, bytes| {
            let values = [(objects, "count"), (bytes, "bytes")];
            vec![(heading("memory", &values, ("space", "bytes")), Worth::OneAndBytes, 0)]
        };
        let waited = |name, period| {
            let values = [("contentions", "count"), ("delay", "nanoseconds")];
            vec![(heading(name, &values, (period, "count")), Worth::OneAndDuration, 1)]
        };
        match kind {
            EventKind::Execution => {
                let running = (!asleep).then(|| self.executing(kind, event));
                let wall = (self.settings.event == "wall").then(|| self.timed("wall", "wall", kind, event));
                running.into_iter().chain(wall).collect()
            }
            EventKind::CpuTime => vec![self.executing(kind, event)],
            EventKind::NativeMethod => vec![self.timed("native", "native", kind, event)],
            EventKind::WallClock => vec![self.timed("wall", "wall", kind, event)],
            EventKind::AllocationInNewTlab => memory("alloc_in_new_tlab_objects", "alloc_in_new_tlab_bytes"),
            EventKind::AllocationOutsideTlab => {
                memory("alloc_outside_tlab_objects", "alloc_outside_tlab_bytes")
            }
            EventKind::AllocationSample => memory("alloc_sample_objects", "alloc_sample_bytes"),
            EventKind::Malloc => memory("malloc_objects", "malloc_bytes"),
            EventKind::MonitorEnter => waited("mutex", "mutex"),
            EventKind::ThreadPark => waited("block", "block"),
            EventKind::LiveObject => {
                let live = heading("memory", &[("live", "count")], ("objects", "count"));
                vec![(live, Worth::Samples { each: 1 }, 0)]
            }
        }
    }

    /// A sample of running code: CPU time, or whatever counter drove the profiler.
    fn executing(&self, kind: EventKind, event: &Event) -> (Heading, Worth, i64) {
        let counter = self.settings.event.as_str();
        if CPU_ENGINES.contains(&counter) {
            return self.timed("process_cpu", "cpu", kind, event);
        }
        let each = self.settings.period_ns(kind).unwrap_or(1);
        let of = (counter.to_owned(), "count");
        let heading = Heading { name: "process_cpu", values: vec![of.clone()], period: of };
        (heading, Worth::Samples { each }, each)
    }

    /// A sample that stands for some time; without a known period it is counted.
    fn timed(&self, name: &'static str, of: &str, kind: EventKind, event: &Event) -> (Heading, Worth, i64) {
        let settings = &self.settings;
        let set = match kind {
            // Beside another engine the wall clock has an interval of its own; alone it has the engine's.
            EventKind::WallClock => settings.wall_ns.or_else(|| settings.period_ns(EventKind::Execution)),
            _ => settings.period_ns(kind),
        };
        let known = event.period_ns.or(set).or(self.options.default_period_ns).filter(|&ns| ns > 0);
        let (worth, value) = match (event.period_ns, known) {
            (Some(_), Some(_)) => (Worth::OwnPeriod, (of.to_owned(), "nanoseconds")),
            (None, Some(each)) => (Worth::Samples { each }, (of.to_owned(), "nanoseconds")),
            (_, None) => (Worth::Samples { each: 1 }, ("samples".to_owned(), "count")),
        };
        let heading = Heading { name, values: vec![value], period: (of.to_owned(), "nanoseconds") };
        (heading, worth, known.unwrap_or(0))
    }

    /// Whether anything was read.
    pub(super) fn has_samples(&self) -> bool {
        !self.sheets.is_empty()
    }

    /// The profiles; `cut_off` when the end of the recording is missing.
    pub(super) fn finish(self, cut_off: bool) -> Vec<NamedProfile> {
        let duration = self.end_ns.saturating_sub(self.start_ns).max(0);
        let finish = |(heading, sheet): (Heading, Sheet)| {
            let mut named = sheet.finish(heading.name, self.start_ns, duration);
            named.notes.add(Normalised::CutOff, u64::from(cut_off));
            named
        };
        let mut sheets = self.sheets;
        // What people look at first comes first.
        sheets.sort_by(|(a, _), (b, _)| {
            let rank = |h: &Heading| (h.name != "process_cpu", h.name != "wall");
            rank(a).cmp(&rank(b)).then_with(|| a.cmp(b))
        });
        sheets.into_iter().map(finish).collect()
    }
}

/// Names of threads, looked up once a chunk.
struct Names<'c> {
    constants: &'c Constants<'c>,
    threads: BTreeMap<i64, Option<String>>,
}

impl Names<'_> {
    fn thread(&mut self, id: i64) -> Option<&str> {
        let constants = self.constants;
        let name = self.threads.entry(id).or_insert_with(|| {
            let name: Cow<'_, [u8]> = constants.thread_name(id)?;
            Some(String::from_utf8_lossy(&name).into_owned())
        });
        name.as_deref()
    }
}

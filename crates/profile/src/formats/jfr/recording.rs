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

/// A recording being read.
pub(super) struct Recording<'o> {
    options: &'o Options<'o>,
    sheets: BTreeMap<Heading, Sheet>,
    settings: Settings,
    start_ns: i64,
    end_ns: i64,
}

impl<'o> Recording<'o> {
    pub(super) fn new(options: &'o Options<'o>) -> Self {
        Recording {
            options,
            sheets: BTreeMap::new(),
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
        self.sheets.values_mut().for_each(Sheet::next_chunk);
        let mut names = Names { constants: &constants, threads: BTreeMap::new() };
        read_samples(events, &types, chunk.ticks_per_second, |kind, event| {
            let since = event.start_ticks.saturating_sub(chunk.start_ticks);
            let time = chunk.start_ns.saturating_add(ticks_to_ns(since, chunk.ticks_per_second));
            self.sample(kind, event, time, &mut names)
        })
    }

    fn sample(
        &mut self,
        kind: EventKind,
        event: &Event,
        time: i64,
        names: &mut Names<'_>,
    ) -> Result<(), JfrError> {
        let constants = names.constants;
        for (heading, values, period) in self.meaning(kind, event, constants) {
            let thread = names.thread(event.thread);
            let mut labels: Vec<(&str, &str)> = Vec::new();
            if self.options.keep_each {
                labels.extend(thread.map(|name| ("thread", name)));
            }
            let span = (event.span != 0).then(|| format!("{:016x}", event.span));
            labels.extend(span.as_deref().map(|span| ("span_id", span)));
            if let Some(contexts) = self.options.contexts {
                labels.extend(contexts.labels_of(event.context, event.span_name));
            }
            // 0 would mean a sample without a time.
            let time_ns = if self.options.keep_each { time.max(1) as u64 } else { 0 };
            let entry = Entry { time_ns, stack: event.stack, values: &values, labels: &labels };
            let sheet = self.sheets.entry(heading).or_insert_with_key(Sheet::new);
            sheet.set_period(period);
            sheet.add(&entry, constants)?;
        }
        Ok(())
    }

    /// What an event counts for: kind of profile, values, period.
    fn meaning(
        &self,
        kind: EventKind,
        event: &Event,
        constants: &Constants<'_>,
    ) -> Vec<(Heading, Vec<i64>, i64)> {
        let heading = |name, values: &[(&str, &'static str)], period: (&str, &'static str)| Heading {
            name,
            values: values.iter().map(|&(kind, unit)| (kind.to_owned(), unit)).collect(),
            period: (period.0.to_owned(), period.1),
        };
        let space = ("space", "bytes");
        let memory = |objects, bytes| {
            let heading = heading("memory", &[(objects, "count"), (bytes, "bytes")], space);
            vec![(heading, vec![1, event.bytes], 0)]
        };
        let waited = |name, period| {
            let values = [("contentions", "count"), ("delay", "nanoseconds")];
            vec![(heading(name, &values, (period, "count")), vec![1, event.duration_ns], 1)]
        };
        match kind {
            EventKind::Execution => {
                let mut all = Vec::new();
                if !constants.is_sleeping(event.state) {
                    all.push(self.executing(kind, event));
                }
                if self.settings.event == "wall" {
                    all.push(self.timed("wall", "wall", kind, event));
                }
                all
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
                vec![(heading("memory", &[("live", "count")], ("objects", "count")), vec![1], 0)]
            }
        }
    }

    /// A sample of running code: CPU time, or whatever counter drove the profiler.
    fn executing(&self, kind: EventKind, event: &Event) -> (Heading, Vec<i64>, i64) {
        let counter = self.settings.event.as_str();
        if CPU_ENGINES.contains(&counter) {
            return self.timed("process_cpu", "cpu", kind, event);
        }
        let interval = self.settings.period_ns(kind).unwrap_or(1);
        let of = (counter.to_owned(), "count");
        (Heading { name: "process_cpu", values: vec![of.clone()], period: of }, vec![interval], interval)
    }

    /// A sample that stands for some time; without a known period it is counted.
    fn timed(
        &self,
        name: &'static str,
        of: &str,
        kind: EventKind,
        event: &Event,
    ) -> (Heading, Vec<i64>, i64) {
        let settings = &self.settings;
        let set = match kind {
            // Beside another engine the wall clock has an interval of its own; alone it has the engine's.
            EventKind::WallClock => settings.wall_ns.or_else(|| settings.period_ns(EventKind::Execution)),
            _ => settings.period_ns(kind),
        };
        let known = event.period_ns.or(set);
        let period = known.or(self.options.default_period_ns).filter(|&ns| ns > 0);
        let samples = event.samples.unwrap_or(1);
        let (value, values) = match period {
            Some(ns) => (samples.saturating_mul(ns), vec![(of.to_owned(), "nanoseconds")]),
            None => (samples, vec![("samples".to_owned(), "count")]),
        };
        let heading = Heading { name, values, period: (of.to_owned(), "nanoseconds") };
        (heading, vec![value], period.unwrap_or(0))
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
        let mut profiles: Vec<NamedProfile> = self.sheets.into_iter().map(finish).collect();
        // What people look at first comes first.
        profiles.sort_by_key(|p| (p.name != "process_cpu", p.name != "wall"));
        profiles
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

//! Profile under construction: all samples of one kind.

use super::JfrError;
use super::constants::{Constants, StackFrame};
use super::names::class_name;
use crate::formats::{NamedProfile, Normalised, Notes, TooMuch, clean_text};
use crate::limits::{MAX_SAMPLES, MAX_STACK_DEPTH};
use crate::profile::{Function, FunctionId, Line, Mapping, Profile, ValueType};
use crate::sample::{SampleLabel, SampleLabelValue, Samples};
use crate::stack_table::{LocationId, StackId};
use crate::string_table::StrId;
use rustc_hash::FxHashMap;

/// Frames of all stacks of a profile together: 256 MiB of them.
const MAX_STACK_ENTRIES: usize = 64 << 20;

/// What async-profiler writes as the descriptor of a function in a library; its class is the library.
const NO_DESCRIPTOR: &[&str] = &["", "()L;"];

/// What kind of profile it is, in Pyroscope's words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Heading {
    /// First part of the profile type.
    pub(super) name: &'static str,
    /// Kinds and units of its values.
    pub(super) values: Vec<(String, &'static str)>,
    /// Kind and unit of what drives the sampling.
    pub(super) period: (String, &'static str),
}

/// A sample to be noted down.
pub(super) struct Entry<'l> {
    /// Nanoseconds since the epoch; 0: samples of equal stacks and labels are added up.
    pub(super) time_ns: u64,
    /// Number of the stack in the chunk's pool.
    pub(super) stack: i64,
    /// As many as the heading says.
    pub(super) values: &'l [i64],
    /// Keys and values.
    pub(super) labels: &'l [(&'l str, &'l str)],
}

/// A profile in the making.
pub(super) struct Sheet {
    profile: Profile,
    notes: Notes,
    entries_left: usize,
    /// Functions by mapping, name and system name.
    functions: FxHashMap<(u32, StrId, StrId), FunctionId>,
    locations: FxHashMap<(u32, FunctionId, i64), LocationId>,
    mappings: FxHashMap<StrId, u32>,
    /// Of the chunk being read, by number and line.
    chunk_frames: FxHashMap<(i64, i64), LocationId>,
    /// Of the chunk being read.
    chunk_stacks: FxHashMap<i64, StackId>,
    /// Where samples that are added up stand in `sums`.
    index: FxHashMap<(StackId, Vec<SampleLabel>), usize>,
    sums: Vec<(StackId, Vec<SampleLabel>, Vec<i64>)>,
}

impl Sheet {
    pub(super) fn new(heading: &Heading) -> Sheet {
        let mut profile = Profile { samples: Samples::new(heading.values.len()), ..Profile::default() };
        let mut value_type = |kind: &str, unit: &str| {
            let strings = &mut profile.strings;
            ValueType { kind: strings.intern(kind), unit: strings.intern(unit) }
        };
        let sample_types = heading.values.iter().map(|(kind, unit)| value_type(kind, unit)).collect();
        let period_type = value_type(&heading.period.0, heading.period.1);
        Sheet {
            profile: Profile { sample_types, period_type, ..profile },
            notes: Notes::default(),
            entries_left: MAX_STACK_ENTRIES,
            functions: FxHashMap::default(),
            locations: FxHashMap::default(),
            mappings: FxHashMap::default(),
            chunk_frames: FxHashMap::default(),
            chunk_stacks: FxHashMap::default(),
            index: FxHashMap::default(),
            sums: Vec::new(),
        }
    }

    /// Forgets what the numbers of the chunk before meant.
    pub(super) fn next_chunk(&mut self) {
        self.chunk_frames.clear();
        self.chunk_stacks.clear();
    }

    /// How much a sample stands for.
    pub(super) fn set_period(&mut self, period: i64) {
        self.profile.period = period;
    }

    /// Notes a sample down.
    pub(super) fn add(&mut self, entry: &Entry<'_>, constants: &Constants<'_>) -> Result<(), JfrError> {
        if self.profile.samples.len().max(self.sums.len()) >= MAX_SAMPLES {
            return Err(TooMuch { what: "samples", limit: MAX_SAMPLES }.into());
        }
        let stack = self.stack(entry.stack, constants)?;
        let labels: Vec<SampleLabel> =
            entry.labels.iter().map(|(key, value)| self.label(key, value)).collect();
        if entry.time_ns > 0 {
            self.profile.samples.push_at(entry.time_ns, stack, entry.values, &labels);
            return Ok(());
        }
        let key = (stack, labels);
        if let Some(&at) = self.index.get(&key) {
            for (sum, value) in self.sums[at].2.iter_mut().zip(entry.values) {
                *sum = sum.saturating_add(*value);
            }
        } else {
            self.sums.push((key.0, key.1.clone(), entry.values.to_vec()));
            self.index.insert(key, self.sums.len() - 1);
        }
        Ok(())
    }

    fn label(&mut self, key: &str, value: &str) -> SampleLabel {
        let strings = &mut self.profile.strings;
        SampleLabel { key: strings.intern(key), value: SampleLabelValue::Text(strings.intern(value)) }
    }

    /// The stack of a number; a number that the pool does not have (0 among them) is an empty stack.
    fn stack(&mut self, id: i64, constants: &Constants<'_>) -> Result<StackId, JfrError> {
        if let Some(&stack) = self.chunk_stacks.get(&id) {
            return Ok(stack);
        }
        let frames = match constants.stack_frames(id) {
            Some(frames) => frames,
            None => {
                self.notes.add(Normalised::UnknownStack, 1);
                &[]
            }
        };
        if frames.len() > MAX_STACK_DEPTH {
            self.notes.add(Normalised::DeepStack, 1);
        }
        let kept = &frames[..frames.len().min(MAX_STACK_DEPTH)];
        let too_much = TooMuch { what: "frames in its stacks", limit: MAX_STACK_ENTRIES };
        self.entries_left = self.entries_left.checked_sub(kept.len()).ok_or(too_much)?;
        let locations: Vec<LocationId> = kept.iter().map(|frame| self.frame(frame, constants)).collect();
        let stack = self.profile.stacks.push(locations);
        self.chunk_stacks.insert(id, stack);
        Ok(stack)
    }

    fn frame(&mut self, frame: &StackFrame, constants: &Constants<'_>) -> LocationId {
        if let Some(&location) = self.chunk_frames.get(&(frame.method, frame.line)) {
            return location;
        }
        let method = constants.method(frame.method).unwrap_or_default();
        let class = constants.class_name(method.class).unwrap_or_default();
        let class = clean_text(&class, &mut self.notes).into_owned();
        let name = constants.symbol(method.name).unwrap_or_default();
        let name = clean_text(&name, &mut self.notes).into_owned();
        let descriptor = constants.symbol(method.descriptor).unwrap_or_default();
        let descriptor = clean_text(&descriptor, &mut self.notes).into_owned();
        // Java's own native methods have a class and a proper descriptor too.
        let of_library = constants.is_native(frame.kind) && NO_DESCRIPTOR.contains(&descriptor.as_str());
        let (function, mapping) = if of_library {
            (self.function(&name, &name, &class), self.mapping(&class))
        } else {
            let shown = match (class.as_str(), name.as_str()) {
                ("", "") => "[unknown]".to_owned(),
                ("", name) => name.to_owned(),
                (class, "") => class_name(class),
                (class, name) => format!("{}.{name}", class_name(class)),
            };
            (self.function(&shown, &format!("{class}.{name}{descriptor}"), ""), None)
        };
        let locations = &mut self.profile.locations;
        let key = (mapping.map_or(0, |m| m + 1), function, frame.line);
        let location = *self.locations.entry(key).or_insert_with(|| {
            LocationId(locations.push(mapping, 0, [Line { function, line: frame.line, column: 0 }]))
        });
        self.chunk_frames.insert((frame.method, frame.line), location);
        location
    }

    fn function(&mut self, name: &str, system_name: &str, library: &str) -> FunctionId {
        let name = if name.is_empty() { "[unknown]" } else { name };
        let mapping = self.mapping(library).map_or(0, |m| m + 1);
        let Profile { strings, functions, .. } = &mut self.profile;
        let (name, system_name) = (strings.intern(name), strings.intern(system_name));
        *self.functions.entry((mapping, name, system_name)).or_insert_with(|| {
            functions.push(Function { name, system_name, ..Function::default() });
            FunctionId(functions.len() as u32 - 1)
        })
    }

    /// The library that native code lies in.
    fn mapping(&mut self, library: &str) -> Option<u32> {
        if library.is_empty() {
            return None;
        }
        let Profile { strings, mappings, .. } = &mut self.profile;
        let file = strings.intern(library);
        Some(*self.mappings.entry(file).or_insert_with(|| {
            mappings.push(Mapping { file, has_functions: true, ..Mapping::default() });
            mappings.len() as u32 - 1
        }))
    }

    /// The profile, of a recording that began at `time_ns` and lasted `duration_ns`.
    pub(super) fn finish(mut self, name: &str, time_ns: i64, duration_ns: i64) -> NamedProfile {
        for (stack, labels, values) in &self.sums {
            self.profile.samples.push(*stack, values, labels);
        }
        self.profile.time_nanos = time_ns;
        self.profile.duration_nanos = duration_ns;
        self.profile.default_sample_type = self.profile.sample_types.last().map_or(StrId::EMPTY, |t| t.kind);
        NamedProfile { name: name.to_owned(), profile: self.profile, notes: self.notes }
    }
}

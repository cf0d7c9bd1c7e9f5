//! Symbols of a recording, each written once: strings, frames, stacks and series.

use super::chunk::Chunk;
use super::rows::{Frame, Series, Stack};
use flarepath_profile::profile::{Profile, ValueType};
use flarepath_profile::stack_table::StackId;
use flarepath_profile::string_table::StrId;
use rustc_hash::FxHashMap;

/// The ids of what has been written. What is new goes into a chunk.
#[derive(Default)]
pub(super) struct Symbols {
    strings: FxHashMap<String, u32>,
    frames: FxHashMap<Frame, u32>,
    stacks: FxHashMap<Stack, u32>,
    series: FxHashMap<Series, u32>,
}

impl Symbols {
    pub(super) fn string(&mut self, text: &str, chunk: &mut Chunk) -> u32 {
        if let Some(&known) = self.strings.get(text) {
            return known;
        }
        let id = self.strings.len() as u32;
        self.strings.insert(text.to_owned(), id);
        chunk.string(text);
        id
    }

    /// The id of a profile's stack.
    pub(super) fn stack(&mut self, p: &Profile, stack: StackId, chunk: &mut Chunk) -> u32 {
        let mut caller = 0;
        for location in p.stacks.get(stack).iter().rev() {
            let lines = p.locations.get(location.index()).lines;
            if lines.is_empty() {
                let frame = self.frame("", "", 0, chunk);
                caller = self.under(caller, frame, chunk);
            }
            for line in lines.iter().rev() {
                let function = p.functions[line.function.index()];
                let names = [p.str(function.name), p.str(function.system_name)];
                let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
                let frame = self.frame(name, p.str(function.file), line.line, chunk);
                caller = self.under(caller, frame, chunk);
            }
        }
        caller
    }

    fn frame(&mut self, name: &str, file: &str, line: i64, chunk: &mut Chunk) -> u32 {
        let (function, file) = (self.string(name, chunk), self.string(file, chunk));
        let frame = Frame { function, file, line: line.max(0) as u64 };
        let next = self.frames.len() as u32;
        *self.frames.entry(frame).or_insert_with(|| {
            chunk.frame(frame);
            next
        })
    }

    fn under(&mut self, caller: u32, frame: u32, chunk: &mut Chunk) -> u32 {
        let stack = Stack { caller, frame };
        // Stack 0 is the empty one.
        let next = self.stacks.len() as u32 + 1;
        *self.stacks.entry(stack).or_insert_with(|| {
            chunk.stack(stack, next);
            next
        })
    }

    /// The id of the series of a profile with these labels and this name.
    pub(super) fn series<'a>(
        &mut self,
        name: &str,
        labels: impl Iterator<Item = (&'a str, &'a str)>,
        p: &Profile,
        chunk: &mut Chunk,
    ) -> u32 {
        let series = Series {
            name: self.string(name, chunk),
            period_type: self.value_type(p, p.period_type, chunk),
            period: p.period,
            sample_types: p.sample_types.iter().map(|of| self.value_type(p, *of, chunk)).collect(),
            labels: labels.map(|(n, v)| (self.string(n, chunk), self.string(v, chunk))).collect(),
        };
        if let Some(&known) = self.series.get(&series) {
            return known;
        }
        let id = self.series.len() as u32;
        chunk.series(&series);
        self.series.insert(series, id);
        id
    }

    fn value_type(&mut self, p: &Profile, of: ValueType, chunk: &mut Chunk) -> (u32, u32) {
        let mut id = |text: StrId| self.string(p.str(text), chunk);
        (id(of.kind), id(of.unit))
    }
}

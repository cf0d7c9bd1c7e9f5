//! Extracts samples from a profile, with only the stacks, locations, functions, mappings and strings that they use.

use flarepath_profile::profile::{Function, FunctionId, Line, Mapping, Profile, ValueType};
use flarepath_profile::sample::{SampleLabel, SampleLabelValue, Samples};
use flarepath_profile::stack_table::{LocationId, StackId};
use flarepath_profile::string_table::StrId;

/// Extracts parts of one profile, one after the other, reusing the tables of new indices.
pub(crate) struct Subset<'a> {
    whole: &'a Profile,
    stacks: Renumbering,
    locations: Renumbering,
    functions: Renumbering,
    mappings: Renumbering,
    strings: Renumbering,
}

impl<'a> Subset<'a> {
    /// Prepares for parts of `whole`.
    pub(crate) fn of(whole: &'a Profile) -> Subset<'a> {
        Subset {
            whole,
            stacks: Renumbering::new(whole.stacks.len()),
            locations: Renumbering::new(whole.locations.len()),
            functions: Renumbering::new(whole.functions.len()),
            mappings: Renumbering::new(whole.mappings.len()),
            strings: Renumbering::new(whole.strings.len()),
        }
    }

    /// A profile of the samples at the indices `which`, with the labels that `keep` returns. `None` when its text would exceed
    /// `max_text` bytes.
    pub(crate) fn extract(
        &mut self,
        which: &[u32],
        keep: impl Fn(SampleLabel) -> Option<SampleLabel>,
        max_text: usize,
    ) -> Option<Profile> {
        self.start();
        let whole = self.whole;
        let mut part = self.frame();
        let mut labels = Vec::new();
        for &i in which {
            let i = i as usize;
            let stack = self.stack(whole.samples.stack(i), &mut part);
            labels.clear();
            for label in whole.samples.labels(i).iter().filter_map(|l| keep(*l)) {
                let key = self.string(label.key, &mut part);
                let value = match label.value {
                    SampleLabelValue::Text(text) => SampleLabelValue::Text(self.string(text, &mut part)),
                    SampleLabelValue::Number(n, unit) => {
                        SampleLabelValue::Number(n, self.string(unit, &mut part))
                    }
                };
                labels.push(SampleLabel { key, value });
            }
            match whole.samples.timestamp(i) {
                Some(time) => part.samples.push_at(time, stack, whole.samples.values(i), &labels),
                None => part.samples.push(stack, whole.samples.values(i), &labels),
            }
            if part.strings.text_len() > max_text {
                return None;
            }
        }
        Some(part)
    }

    fn start(&mut self) {
        for table in [
            &mut self.stacks,
            &mut self.locations,
            &mut self.functions,
            &mut self.mappings,
            &mut self.strings,
        ] {
            table.start();
        }
    }

    /// The fields that all parts have in common.
    fn frame(&mut self) -> Profile {
        let whole = self.whole;
        let mut part = Profile {
            samples: Samples::new(whole.samples.width()),
            period: whole.period,
            time_nanos: whole.time_nanos,
            duration_nanos: whole.duration_nanos,
            ..Profile::default()
        };
        part.sample_types = whole.sample_types.iter().map(|t| self.value_type(*t, &mut part)).collect();
        part.default_sample_type = self.string(whole.default_sample_type, &mut part);
        part.period_type = self.value_type(whole.period_type, &mut part);
        part.comments = whole.comments.iter().map(|c| self.string(*c, &mut part)).collect();
        part
    }

    fn value_type(&mut self, of: ValueType, part: &mut Profile) -> ValueType {
        ValueType { kind: self.string(of.kind, part), unit: self.string(of.unit, part) }
    }

    fn string(&mut self, id: StrId, part: &mut Profile) -> StrId {
        let whole = self.whole;
        StrId(self.strings.get_or(id.index(), || part.strings.intern(whole.str(id)).0))
    }

    fn stack(&mut self, id: StackId, part: &mut Profile) -> StackId {
        if let Some(new) = self.stacks.get(id.index()) {
            return StackId(new);
        }
        let whole = self.whole;
        let locations: Vec<LocationId> =
            whole.stacks.get(id).iter().map(|location| self.location(*location, part)).collect();
        let new = part.stacks.push(locations);
        self.stacks.set(id.index(), new.0);
        new
    }

    fn location(&mut self, id: LocationId, part: &mut Profile) -> LocationId {
        if let Some(new) = self.locations.get(id.index()) {
            return LocationId(new);
        }
        let whole = self.whole;
        let location = whole.locations.get(id.index());
        let mapping = location.mapping.map(|m| self.mapping(m, part));
        let lines: Vec<Line> = location
            .lines
            .iter()
            .map(|line| Line { function: self.function(line.function, part), ..*line })
            .collect();
        let new = part.locations.push(mapping, location.address, lines);
        self.locations.set(id.index(), new);
        LocationId(new)
    }

    fn function(&mut self, id: FunctionId, part: &mut Profile) -> FunctionId {
        if let Some(new) = self.functions.get(id.index()) {
            return FunctionId(new);
        }
        let of = self.whole.functions[id.index()];
        let function = Function {
            name: self.string(of.name, part),
            system_name: self.string(of.system_name, part),
            file: self.string(of.file, part),
            start_line: of.start_line,
        };
        let new = part.functions.len() as u32;
        part.functions.push(function);
        self.functions.set(id.index(), new);
        FunctionId(new)
    }

    fn mapping(&mut self, index: u32, part: &mut Profile) -> u32 {
        if let Some(new) = self.mappings.get(index as usize) {
            return new;
        }
        let of = self.whole.mappings[index as usize];
        let mapping =
            Mapping { file: self.string(of.file, part), build_id: self.string(of.build_id, part), ..of };
        let new = part.mappings.len() as u32;
        part.mappings.push(mapping);
        self.mappings.set(index as usize, new);
        new
    }
}

/// Old index → new index. Entries are valid for one round, so that restarting costs nothing.
struct Renumbering {
    round: u32,
    entries: Vec<(u32, u32)>,
}

impl Renumbering {
    fn new(len: usize) -> Renumbering {
        Renumbering { round: 0, entries: vec![(0, 0); len] }
    }

    fn start(&mut self) {
        self.round += 1;
    }

    fn get(&self, old: usize) -> Option<u32> {
        let (round, new) = self.entries[old];
        (round == self.round).then_some(new)
    }

    fn set(&mut self, old: usize, new: u32) {
        self.entries[old] = (self.round, new);
    }

    fn get_or(&mut self, old: usize, make: impl FnOnce() -> u32) -> u32 {
        match self.get(old) {
            Some(new) => new,
            None => {
                let new = make();
                self.set(old, new);
                new
            }
        }
    }
}

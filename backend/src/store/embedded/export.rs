//! Builds profiles from sums by stack, for export: call sites, inlined lines and mappings as they were pushed.

use super::symbols::resolve::Resolution;
use super::symbols::table::Symbols;
use flarepath_profile::profile::{Function, FunctionId, Line, Mapping, Profile, ValueType};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::sample::Samples;
use flarepath_profile::stack_table::{LocationId, StackTable};
use flarepath_profile::string_table::{StrId, StringTable};

/// A profile of one sample type with a sample for each stack whose sum is not zero, and only the symbols they need.
pub(crate) fn profile_of(symbols: &Symbols, sums: &[i64], profile_type: &ProfileType) -> Profile {
    let mut profile = empty(profile_type);
    let mut copy = Copy::new(symbols);
    for (&node, &sum) in symbols.stacks.iter().zip(sums).filter(|(_, sum)| **sum != 0) {
        let path: Vec<LocationId> =
            symbols.walk(node).map(|l| LocationId(copy.location(l, &mut profile))).collect();
        let stack = profile.stacks.push(path);
        profile.samples.push(stack, &[sum], &[]);
    }
    profile
}

/// Several such profiles as one; equal stacks are summed.
pub(crate) fn merge(parts: &[Profile], profile_type: &ProfileType) -> Profile {
    let mut symbols = Symbols::new();
    let mut sums: Vec<i64> = Vec::new();
    for part in parts {
        let mut resolution = Resolution::new(part);
        resolution.add(part, &mut symbols);
        sums.resize(symbols.stacks.len(), 0);
        for i in 0..part.samples.len() {
            let sum = &mut sums[resolution.stack(part.samples.stack(i)) as usize];
            *sum = sum.saturating_add(part.samples.values(i)[0]);
        }
    }
    profile_of(&symbols, &sums, profile_type)
}

/// A profile without samples that has `profile_type` as its only sample type.
pub(crate) fn empty(profile_type: &ProfileType) -> Profile {
    let mut strings = StringTable::new();
    let mut id = |text: &str| strings.intern(text);
    let sample = ValueType { kind: id(&profile_type.sample_type), unit: id(&profile_type.sample_unit) };
    let period_type = ValueType { kind: id(&profile_type.period_type), unit: id(&profile_type.period_unit) };
    Profile {
        strings,
        sample_types: vec![sample],
        default_sample_type: sample.kind,
        period_type,
        samples: Samples::new(1),
        stacks: StackTable::default(),
        ..Profile::default()
    }
}

const MISSING: u32 = u32::MAX;

/// Copies symbols to a profile, each once.
struct Copy<'a> {
    from: &'a Profile,
    mappings: Vec<u32>,
    functions: Vec<u32>,
    locations: Vec<u32>,
}

impl<'a> Copy<'a> {
    fn new(symbols: &'a Symbols) -> Self {
        let from = &symbols.tables;
        Copy {
            from,
            mappings: vec![MISSING; from.mappings.len()],
            functions: vec![MISSING; from.functions.len()],
            locations: vec![MISSING; from.locations.len()],
        }
    }

    fn location(&mut self, id: u32, to: &mut Profile) -> u32 {
        if self.locations[id as usize] == MISSING {
            let location = self.from.locations.get(id as usize);
            let mapping = location.mapping.map(|m| self.mapping(m, to));
            let lines: Vec<Line> = (location.lines.iter())
                .map(|l| Line { function: FunctionId(self.function(l.function.0, to)), ..*l })
                .collect();
            self.locations[id as usize] = to.locations.push(mapping, location.address, lines);
        }
        self.locations[id as usize]
    }

    fn mapping(&mut self, id: u32, to: &mut Profile) -> u32 {
        if self.mappings[id as usize] == MISSING {
            let m = self.from.mappings[id as usize];
            let (file, build_id) = (self.text(m.file, to), self.text(m.build_id, to));
            self.mappings[id as usize] = to.mappings.len() as u32;
            to.mappings.push(Mapping { file, build_id, ..m });
        }
        self.mappings[id as usize]
    }

    fn function(&mut self, id: u32, to: &mut Profile) -> u32 {
        if self.functions[id as usize] == MISSING {
            let f = self.from.functions[id as usize];
            let name = self.text(f.name, to);
            let (system_name, file) = (self.text(f.system_name, to), self.text(f.file, to));
            self.functions[id as usize] = to.functions.len() as u32;
            to.functions.push(Function { name, system_name, file, start_line: f.start_line });
        }
        self.functions[id as usize]
    }

    fn text(&self, id: StrId, to: &mut Profile) -> StrId {
        to.strings.intern(self.from.str(id))
    }
}

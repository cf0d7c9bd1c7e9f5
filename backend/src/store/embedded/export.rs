//! Builds profiles from sums by stack, for export: call sites, inlined lines and mappings as they were pushed.

use super::symbols::cache::{SLICE, ServiceSymbols};
use super::symbols::resolve::Resolution;
use super::symbols::table::Symbols;
use crate::work::{CancelToken, Cancelled};
use flarepath_profile::profile::{Function, FunctionId, Line, Mapping, Profile, ValueType};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::sample::Samples;
use flarepath_profile::stack_table::{LocationId, StackTable};
use flarepath_profile::string_table::{StrId, StringTable};

/// A profile of one sample type with a sample for each stack whose sum is not zero, and only the symbols they need. The
/// table is read slice by slice, so that pushes get at it in between.
pub(crate) fn profile_of(
    symbols: &ServiceSymbols,
    sums: &[i64],
    profile_type: &ProfileType,
    cancel: &CancelToken,
) -> Result<Profile, Cancelled> {
    let mut profile = empty(profile_type);
    let mut copy = Copy::default();
    for (slice, sums) in sums.chunks(SLICE).enumerate() {
        cancel.check()?;
        copy.samples(&symbols.read(), slice * SLICE, sums, &mut profile);
    }
    Ok(profile)
}

/// Several such profiles as one; equal stacks are summed.
pub(crate) fn merge(
    parts: &[Profile],
    profile_type: &ProfileType,
    cancel: &CancelToken,
) -> Result<Profile, Cancelled> {
    let mut symbols = Symbols::new();
    let mut sums: Vec<i64> = Vec::new();
    for part in parts {
        cancel.check()?;
        let mut resolution = Resolution::new(part);
        resolution.add(part, 0..part.samples.len(), &mut symbols);
        sums.resize(symbols.stacks.len(), 0);
        for i in 0..part.samples.len() {
            let sum = &mut sums[resolution.stack(part.samples.stack(i)) as usize];
            *sum = sum.saturating_add(part.samples.values(i)[0]);
        }
    }
    let mut merged = empty(profile_type);
    Copy::default().samples(&symbols, 0, &sums, &mut merged);
    Ok(merged)
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

/// Copies symbols to a profile, each once. For each id of the table the id in the profile.
#[derive(Default)]
struct Copy {
    mappings: Vec<u32>,
    functions: Vec<u32>,
    locations: Vec<u32>,
}

impl Copy {
    /// Adds a sample for each of `sums` that is not zero; they are of the stacks from `first` on.
    fn samples(&mut self, symbols: &Symbols, first: usize, sums: &[i64], to: &mut Profile) {
        let from = &symbols.tables;
        self.mappings.resize(from.mappings.len(), MISSING);
        self.functions.resize(from.functions.len(), MISSING);
        self.locations.resize(from.locations.len(), MISSING);
        for (&node, &sum) in symbols.stacks.iter().skip(first).zip(sums).filter(|(_, sum)| **sum != 0) {
            let path: Vec<LocationId> =
                symbols.walk(node).map(|l| LocationId(self.location(from, l, to))).collect();
            let stack = to.stacks.push(path);
            to.samples.push(stack, &[sum], &[]);
        }
    }

    fn location(&mut self, from: &Profile, id: u32, to: &mut Profile) -> u32 {
        if self.locations[id as usize] == MISSING {
            let location = from.locations.get(id as usize);
            let mapping = location.mapping.map(|m| self.mapping(from, m, to));
            let lines: Vec<Line> = (location.lines.iter())
                .map(|l| Line { function: FunctionId(self.function(from, l.function.0, to)), ..*l })
                .collect();
            self.locations[id as usize] = to.locations.push(mapping, location.address, lines);
        }
        self.locations[id as usize]
    }

    fn mapping(&mut self, from: &Profile, id: u32, to: &mut Profile) -> u32 {
        if self.mappings[id as usize] == MISSING {
            let m = from.mappings[id as usize];
            let (file, build_id) = (text(from, m.file, to), text(from, m.build_id, to));
            self.mappings[id as usize] = to.mappings.len() as u32;
            to.mappings.push(Mapping { file, build_id, ..m });
        }
        self.mappings[id as usize]
    }

    fn function(&mut self, from: &Profile, id: u32, to: &mut Profile) -> u32 {
        if self.functions[id as usize] == MISSING {
            let f = from.functions[id as usize];
            let name = text(from, f.name, to);
            let (system_name, file) = (text(from, f.system_name, to), text(from, f.file, to));
            self.functions[id as usize] = to.functions.len() as u32;
            to.functions.push(Function { name, system_name, file, start_line: f.start_line });
        }
        self.functions[id as usize]
    }
}

fn text(from: &Profile, id: StrId, to: &mut Profile) -> StrId {
    to.strings.intern(from.str(id))
}

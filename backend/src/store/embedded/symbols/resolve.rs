//! Maps a profile's own ids to the ids of its service's symbol table.
//!
//! Nearly always every symbol of a pushed profile is known already. So a first walk only looks things up, under a
//! shared lock; only if something was new a second walk, under the exclusive lock, adds what the first did not find: a slice of
//! the samples at a time, so that others get at the table in between.

use super::table::Symbols;
use flarepath_profile::profile::{Function, FunctionId, Line, Mapping, Profile};
use flarepath_profile::stack_table::StackId;
use flarepath_profile::string_table::StrId;
use std::collections::HashSet;
use std::ops::Range;

const UNKNOWN: u32 = u32::MAX;

/// Symbol table ids of a profile's symbols, as far as they are resolved.
pub(crate) struct Resolution {
    strings: Vec<u32>,
    mappings: Vec<u32>,
    functions: Vec<u32>,
    locations: Vec<u32>,
    stacks: Vec<u32>,
}

/// A table to resolve ids with: one that may only be read, or one that may grow.
trait Source {
    fn string(&mut self, text: &str) -> Option<u32>;
    fn mapping(&mut self, mapping: &Mapping) -> Option<u32>;
    fn function(&mut self, function: &Function) -> Option<u32>;
    fn location(&mut self, mapping: Option<u32>, address: u64, lines: &[Line]) -> Option<u32>;
    fn stack(&mut self, leaf_first: &[u32]) -> Option<u32>;
}

impl Source for &Symbols {
    fn string(&mut self, text: &str) -> Option<u32> {
        self.tables.strings.find(text).map(|id| id.0)
    }
    fn mapping(&mut self, mapping: &Mapping) -> Option<u32> {
        self.find_mapping(mapping)
    }
    fn function(&mut self, function: &Function) -> Option<u32> {
        self.find_function(function)
    }
    fn location(&mut self, mapping: Option<u32>, address: u64, lines: &[Line]) -> Option<u32> {
        self.find_location(mapping, address, lines)
    }
    fn stack(&mut self, leaf_first: &[u32]) -> Option<u32> {
        self.find_stack(leaf_first)
    }
}

impl Source for &mut Symbols {
    fn string(&mut self, text: &str) -> Option<u32> {
        Some(self.tables.strings.intern(text).0)
    }
    fn mapping(&mut self, mapping: &Mapping) -> Option<u32> {
        Some(Symbols::mapping(self, mapping))
    }
    fn function(&mut self, function: &Function) -> Option<u32> {
        Some(Symbols::function(self, function))
    }
    fn location(&mut self, mapping: Option<u32>, address: u64, lines: &[Line]) -> Option<u32> {
        Some(Symbols::location(self, mapping, address, lines))
    }
    fn stack(&mut self, leaf_first: &[u32]) -> Option<u32> {
        Some(Symbols::stack(self, leaf_first))
    }
}

impl Resolution {
    /// Nothing resolved yet.
    pub(crate) fn new(profile: &Profile) -> Self {
        Resolution {
            strings: vec![UNKNOWN; profile.strings.len()],
            mappings: vec![UNKNOWN; profile.mappings.len()],
            functions: vec![UNKNOWN; profile.functions.len()],
            locations: vec![UNKNOWN; profile.locations.len()],
            stacks: vec![UNKNOWN; profile.stacks.len()],
        }
    }

    /// Looks up what the samples refer to. True when all of it is known.
    pub(crate) fn find(&mut self, profile: &Profile, symbols: &Symbols) -> bool {
        self.walk(profile, 0..profile.samples.len(), symbols)
    }

    /// Adds what was not found of some samples.
    pub(crate) fn add(&mut self, profile: &Profile, samples: Range<usize>, symbols: &mut Symbols) {
        self.walk(profile, samples, symbols);
    }

    /// How many functions the samples refer to that `symbols` does not have, after [`Resolution::find`]. An address without a
    /// function counts as one, as it is shown like one.
    pub(crate) fn new_functions(&self, profile: &Profile, symbols: &Symbols) -> usize {
        let seen = |count: usize| vec![false; count];
        let mut stacks = seen(self.stacks.len());
        let mut locations = seen(self.locations.len());
        let (mut functions, mut addresses) = (HashSet::new(), 0);
        for i in 0..profile.samples.len() {
            let stack = profile.samples.stack(i);
            if self.stacks[stack.index()] != UNKNOWN || std::mem::replace(&mut stacks[stack.index()], true) {
                continue;
            }
            for location in profile.stacks.get(stack).iter().map(|location| location.index()) {
                if self.locations[location] != UNKNOWN || std::mem::replace(&mut locations[location], true) {
                    continue;
                }
                let lines = profile.locations.get(location).lines;
                addresses += usize::from(lines.is_empty());
                for function in lines.iter().map(|line| line.function.index()) {
                    if !self.has_function(profile, function, symbols) {
                        functions.insert(profile.functions[function]);
                    }
                }
            }
        }
        functions.len() + addresses
    }

    fn has_function(&self, profile: &Profile, index: usize, symbols: &Symbols) -> bool {
        if self.functions[index] != UNKNOWN {
            return true;
        }
        let function = profile.functions[index];
        let known = |id| symbols.tables.strings.find(profile.str(id));
        let (Some(name), Some(system_name), Some(file)) =
            (known(function.name), known(function.system_name), known(function.file))
        else {
            return false;
        };
        symbols.find_function(&Function { name, system_name, file, ..function }).is_some()
    }

    /// The id of a stack that some sample refers to.
    pub(crate) fn stack(&self, id: StackId) -> u32 {
        self.stacks[id.index()]
    }

    fn walk(&mut self, profile: &Profile, samples: Range<usize>, mut source: impl Source) -> bool {
        let (mut path, mut lines, mut complete) = (Vec::new(), Vec::new(), true);
        for i in samples {
            let stack = profile.samples.stack(i);
            if self.stacks[stack.index()] != UNKNOWN {
                continue;
            }
            path.clear();
            for &location in profile.stacks.get(stack) {
                if self.locations[location.index()] == UNKNOWN {
                    let found = self.location(profile, location.index(), &mut lines, &mut source);
                    self.locations[location.index()] = found.unwrap_or(UNKNOWN);
                }
                path.push(self.locations[location.index()]);
            }
            let known = !path.contains(&UNKNOWN);
            self.stacks[stack.index()] = known.then(|| source.stack(&path)).flatten().unwrap_or(UNKNOWN);
            complete &= self.stacks[stack.index()] != UNKNOWN;
        }
        complete
    }

    fn location(
        &mut self,
        profile: &Profile,
        index: usize,
        lines: &mut Vec<Line>,
        source: &mut impl Source,
    ) -> Option<u32> {
        let location = profile.locations.get(index);
        let mapping = match location.mapping {
            None => None,
            Some(m) => Some(self.mapping(profile, m as usize, source)?),
        };
        lines.clear();
        for line in location.lines {
            let function = FunctionId(self.function(profile, line.function.index(), source)?);
            lines.push(Line { function, ..*line });
        }
        source.location(mapping, location.address, lines)
    }

    fn mapping(&mut self, profile: &Profile, index: usize, source: &mut impl Source) -> Option<u32> {
        if self.mappings[index] == UNKNOWN {
            let mapping = profile.mappings[index];
            let file = self.string(profile, mapping.file, source)?;
            let build_id = self.string(profile, mapping.build_id, source)?;
            self.mappings[index] = source.mapping(&Mapping { file, build_id, ..mapping })?;
        }
        Some(self.mappings[index])
    }

    fn function(&mut self, profile: &Profile, index: usize, source: &mut impl Source) -> Option<u32> {
        if self.functions[index] == UNKNOWN {
            let function = profile.functions[index];
            let name = self.string(profile, function.name, source)?;
            let system_name = self.string(profile, function.system_name, source)?;
            let file = self.string(profile, function.file, source)?;
            self.functions[index] = source.function(&Function { name, system_name, file, ..function })?;
        }
        Some(self.functions[index])
    }

    fn string(&mut self, profile: &Profile, id: StrId, source: &mut impl Source) -> Option<StrId> {
        if self.strings[id.index()] == UNKNOWN {
            self.strings[id.index()] = source.string(profile.str(id))?;
        }
        Some(StrId(self.strings[id.index()]))
    }
}

//! [`Tables`]: the tables of a merged profile, filled from symbols as they are used.

use super::symbols::{FunctionRow, MappingRow, Symbols};
use crate::store::StoreError;
use crate::store::embedded::export::empty;
use flarepath_profile::profile::{Function, FunctionId, Line, Mapping, Profile};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::stack_table::{LocationId, StackId};
use rustc_hash::FxHashMap;

/// What samples refer to is not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("samples refer to {0} that are missing; they may have been dropped while they were read")]
pub(super) struct Missing(&'static str);

impl Missing {
    pub(super) fn of(self, store: &str) -> StoreError {
        StoreError::Corrupt(format!("{store}: {self}"))
    }
}

/// A profile and where in it the symbols are.
pub(super) struct Tables<'s> {
    pub(super) profile: Profile,
    symbols: &'s Symbols,
    functions: FxHashMap<u128, FunctionId>,
    mappings: FxHashMap<&'s MappingRow, u32>,
    locations: FxHashMap<u128, LocationId>,
    stacks: FxHashMap<u128, StackId>,
}

impl<'s> Tables<'s> {
    pub(super) fn new(symbols: &'s Symbols, profile_type: &ProfileType) -> Tables<'s> {
        Tables {
            profile: empty(profile_type),
            symbols,
            functions: FxHashMap::default(),
            mappings: FxHashMap::default(),
            locations: FxHashMap::default(),
            stacks: FxHashMap::default(),
        }
    }

    /// The stack in the profile, added if it is new.
    ///
    /// # Errors
    /// [`Missing`].
    pub(super) fn stack(&mut self, id: u128) -> Result<StackId, Missing> {
        if let Some(known) = self.stacks.get(&id) {
            return Ok(*known);
        }
        let path = self.symbols.stacks.get(&id).ok_or(Missing("stacks"))?;
        let path = path.iter().map(|location| self.location(*location)).collect::<Result<Vec<_>, _>>()?;
        let stack = self.profile.stacks.push(path);
        self.stacks.insert(id, stack);
        Ok(stack)
    }

    fn location(&mut self, id: u128) -> Result<LocationId, Missing> {
        if let Some(known) = self.locations.get(&id) {
            return Ok(*known);
        }
        let row = self.symbols.locations.get(&id).ok_or(Missing("call sites"))?;
        let mapping = row.mapping.as_ref().map(|mapping| self.mapping(mapping));
        let mut lines = Vec::with_capacity(row.lines.len());
        for &(function, line, column) in &row.lines {
            lines.push(Line { function: self.function(function)?, line, column });
        }
        let location = LocationId(self.profile.locations.push(mapping, row.address, lines));
        self.locations.insert(id, location);
        Ok(location)
    }

    fn mapping(&mut self, row: &'s MappingRow) -> u32 {
        let profile = &mut self.profile;
        *self.mappings.entry(row).or_insert_with(|| {
            let MappingRow { start, limit, file_offset, has_functions, .. } = *row;
            let (file, build_id) = (profile.strings.intern(&row.file), profile.strings.intern(&row.build_id));
            profile.mappings.push(Mapping { start, limit, file_offset, file, build_id, has_functions });
            profile.mappings.len() as u32 - 1
        })
    }

    fn function(&mut self, id: u128) -> Result<FunctionId, Missing> {
        if let Some(known) = self.functions.get(&id) {
            return Ok(*known);
        }
        let row: &FunctionRow = self.symbols.functions.get(&id).ok_or(Missing("functions"))?;
        let [name, system_name, file] =
            [&row.name, &row.system_name, &row.file].map(|text| self.profile.strings.intern(text));
        self.profile.functions.push(Function { name, system_name, file, start_line: row.start_line });
        let function = FunctionId(self.profile.functions.len() as u32 - 1);
        self.functions.insert(id, function);
        Ok(function)
    }
}

#[cfg(test)]
mod tests {
    use super::super::symbols::LocationRow;
    use super::*;

    fn symbols() -> Symbols {
        let mapping = MappingRow {
            start: 0,
            limit: 9,
            file_offset: 0,
            file: "/bin/app".to_owned(),
            build_id: "b".to_owned(),
            has_functions: true,
        };
        let function = FunctionRow {
            name: "f".to_owned(),
            system_name: "_f".to_owned(),
            file: "f.rs".to_owned(),
            start_line: 3,
        };
        let location =
            |address| LocationRow { address, mapping: Some(mapping.clone()), lines: vec![(7, 5, 0)] };
        let mut symbols = Symbols::default();
        symbols.functions.insert(7, function);
        symbols.locations.extend([(1, location(1)), (2, location(2)), (3, location(3))]);
        symbols.stacks.extend([(10, vec![1, 2]), (11, vec![2]), (12, vec![4])]);
        symbols
    }

    #[test]
    fn symbols_are_in_the_profile_once_and_only_if_they_are_used() {
        let symbols = symbols();
        let profile_type = "process_cpu:cpu:nanoseconds:cpu:nanoseconds".parse().unwrap();
        let mut tables = Tables::new(&symbols, &profile_type);
        let (first, second) = (tables.stack(10).unwrap(), tables.stack(11).unwrap());
        assert_eq!(tables.stack(10), Ok(first));
        let profile = &tables.profile;
        assert_eq!((profile.functions.len(), profile.mappings.len(), profile.locations.len()), (1, 1, 2));
        assert_eq!(profile.stacks.get(first)[1], profile.stacks.get(second)[0]);
        assert_eq!(profile.str(profile.functions[0].system_name), "_f");
        assert_eq!(tables.stack(12), Err(Missing("call sites")));
        assert_eq!(tables.stack(13), Err(Missing("stacks")));
    }
}

//! Rows of symbols: functions, call sites, stacks and label sets, each once, and only those that the server does not have.

use super::rows::Rows;
use crate::store::NewProfile;
use crate::store::clickhouse::hours::day_of;
use crate::store::clickhouse::ids::{Id, function_id, location_id, series_id, stack_id};
use crate::store::clickhouse::known::Known;
use flarepath_profile::labels::Labels;
use flarepath_profile::profile::{Location, Mapping, Profile};
use flarepath_profile::stack_table::{LocationId, StackId};
use rustc_hash::FxHashMap;

const FUNCTION_COLUMNS: &str = "service, function, name, system_name, file, start_line, seen";
const LOCATION_COLUMNS: &str = "service, location, address, has_mapping, mapping_start, mapping_limit, mapping_offset, \
                                mapping_file, build_id, has_functions, lines, seen";
const STACK_COLUMNS: &str = "service, stack, locations, seen";
const SERIES_COLUMNS: &str = "service, series, labels, seen";

/// Rows of a batch.
pub(super) struct SymbolRows<'k> {
    functions: Rows,
    locations: Rows,
    stacks: Rows,
    series: Rows,
    known: &'k Known,
    /// What the rows bring, for which day.
    fresh: FxHashMap<u128, u16>,
}

impl<'k> SymbolRows<'k> {
    pub(super) fn new(known: &'k Known) -> SymbolRows<'k> {
        SymbolRows {
            functions: Rows::new("functions", FUNCTION_COLUMNS),
            locations: Rows::new("locations", LOCATION_COLUMNS),
            stacks: Rows::new("stacks", STACK_COLUMNS),
            series: Rows::new("series", SERIES_COLUMNS),
            known,
            fresh: FxHashMap::default(),
        }
    }

    /// The id of a label set.
    pub(super) fn series(&mut self, labels: &Labels, start_ns: i64) -> u128 {
        let (id, day) = (series_id(labels), day_of(start_ns));
        // A series is of one service, as its labels say so.
        if self.is_new(id, day) {
            let row = self.series.row();
            row.text(labels.service());
            row.u128(id);
            row.length(labels.len());
            for (name, value) in labels.iter() {
                row.text(name);
                row.text(value);
            }
            row.u16(day);
        }
        id
    }

    /// The tables in the order in which they are to be stored, and what is new in them.
    pub(super) fn finish(self) -> (Vec<Rows>, FxHashMap<u128, u16>) {
        (vec![self.functions, self.locations, self.stacks, self.series], self.fresh)
    }

    fn is_new(&mut self, id: u128, day: u16) -> bool {
        if self.known.has(id, day) || self.fresh.get(&id).is_some_and(|last| *last >= day) {
            return false;
        }
        self.fresh.insert(id, day);
        true
    }
}

/// Ids of the symbols of one profile, each computed once.
pub(super) struct ProfileSymbols<'p, 'r, 'k> {
    profile: &'p Profile,
    service: &'p str,
    /// Symbols are kept by service: the same one of another service is another row.
    salt: u128,
    day: u16,
    rows: &'r mut SymbolRows<'k>,
    functions: Vec<Option<u128>>,
    locations: Vec<Option<u128>>,
    stacks: Vec<Option<u128>>,
}

impl<'p, 'r, 'k> ProfileSymbols<'p, 'r, 'k> {
    pub(super) fn new(new: &'p NewProfile, rows: &'r mut SymbolRows<'k>) -> Self {
        let (profile, service) = (&new.profile, new.labels.service());
        ProfileSymbols {
            profile,
            service,
            salt: Id::of("flarepath clickhouse service 1").text(service).finish(),
            day: day_of(profile.time_nanos),
            rows,
            functions: vec![None; profile.functions.len()],
            locations: vec![None; profile.locations.len()],
            stacks: vec![None; profile.stacks.len()],
        }
    }

    /// The id of a stack.
    pub(super) fn stack(&mut self, stack: StackId) -> u128 {
        if let Some(id) = self.stacks[stack.index()] {
            return id;
        }
        let path = self.profile.stacks.get(stack);
        let locations: Vec<u128> = path.iter().map(|location| self.location(*location)).collect();
        let id = stack_id(&locations);
        if self.is_new(id) {
            let row = self.rows.stacks.row();
            row.text(self.service);
            row.u128(id);
            row.length(locations.len());
            locations.iter().for_each(|location| row.u128(*location));
            row.u16(self.day);
        }
        self.stacks[stack.index()] = Some(id);
        id
    }

    fn location(&mut self, location: LocationId) -> u128 {
        if let Some(id) = self.locations[location.index()] {
            return id;
        }
        let profile = self.profile;
        let found = profile.locations.get(location.index());
        let mapping = found.mapping.map(|mapping| &profile.mappings[mapping as usize]);
        let functions: Vec<u128> =
            found.lines.iter().map(|line| self.function(line.function.index())).collect();
        let id = location_id(profile, &found, mapping, &functions);
        if self.is_new(id) {
            self.put_location(id, &found, mapping, &functions);
        }
        self.locations[location.index()] = Some(id);
        id
    }

    fn put_location(
        &mut self,
        id: u128,
        found: &Location<'_>,
        mapping: Option<&Mapping>,
        functions: &[u128],
    ) {
        let row = self.rows.locations.row();
        row.text(self.service);
        row.u128(id);
        row.u64(found.address);
        row.u8(mapping.is_some().into());
        let m = mapping.copied().unwrap_or_default();
        [m.start, m.limit, m.file_offset].into_iter().for_each(|address| row.u64(address));
        row.text(self.profile.str(m.file));
        row.text(self.profile.str(m.build_id));
        row.u8(m.has_functions.into());
        row.length(functions.len());
        for (function, line) in functions.iter().zip(found.lines) {
            row.u128(*function);
            row.i64(line.line);
            row.i64(line.column);
        }
        row.u16(self.day);
    }

    fn function(&mut self, index: usize) -> u128 {
        if let Some(id) = self.functions[index] {
            return id;
        }
        let function = &self.profile.functions[index];
        let id = function_id(self.profile, function);
        if self.is_new(id) {
            let row = self.rows.functions.row();
            row.text(self.service);
            row.u128(id);
            for text in [function.name, function.system_name, function.file] {
                row.text(self.profile.str(text));
            }
            row.i64(function.start_line);
            row.u16(self.day);
        }
        self.functions[index] = Some(id);
        id
    }

    fn is_new(&mut self, id: u128) -> bool {
        self.rows.is_new(id ^ self.salt, self.day)
    }
}

//! Reads the symbols of a merge: stacks, call sites and functions.
//!
//! Which ones is told by the hourly sums, of which there are far fewer than samples: those of all hours that the range
//! reaches into. Each step asks the server for what the step before refers to, so that no ids are sent to it.

use super::Question;
use crate::store::StoreError;
use crate::store::clickhouse::row_binary::{Malformed, Reader};
use rustc_hash::FxHashMap;

/// A function, with its texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FunctionRow {
    pub(super) name: String,
    pub(super) system_name: String,
    pub(super) file: String,
    pub(super) start_line: i64,
}

/// A mapping, with its texts. Those that are equal are one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct MappingRow {
    pub(super) start: u64,
    pub(super) limit: u64,
    pub(super) file_offset: u64,
    pub(super) file: String,
    pub(super) build_id: String,
    pub(super) has_functions: bool,
}

/// A call site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LocationRow {
    pub(super) address: u64,
    pub(super) mapping: Option<MappingRow>,
    /// Id of the function, line and column, innermost first.
    pub(super) lines: Vec<(u128, i64, i64)>,
}

/// Symbols by id.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    pub(super) functions: FxHashMap<u128, FunctionRow>,
    pub(super) locations: FxHashMap<u128, LocationRow>,
    /// Ids of call sites, leaf first.
    pub(super) stacks: FxHashMap<u128, Vec<u128>>,
}

impl Question<'_> {
    /// All symbols that samples of the question refer to, and others of the same hours.
    pub(super) async fn symbols(&mut self) -> Result<Symbols, StoreError> {
        let service = &self.conditions.service.clone();
        let hours = self.conditions.hours(self.selection.range);
        let used = format!("SELECT service, stack FROM hourly_samples WHERE {} AND {hours}", self.hourly);
        let stacks = format!("{service} AND (service, stack) IN ({used})");
        let used = format!("SELECT service, arrayJoin(locations) FROM stacks WHERE {stacks}");
        let locations = format!("{service} AND (service, location) IN ({used})");
        let used = format!("SELECT service, arrayJoin(lines.function) FROM locations WHERE {locations}");
        let functions = format!("{service} AND (service, function) IN ({used})");

        let sql = format!("SELECT 1, stack, locations FROM stacks WHERE {stacks} LIMIT 1 BY stack");
        let stacks =
            self.select("stacks", sql, |row| Ok((row.u128()?, row.array(16, |id| id.u128())?))).await?;
        let sql = format!(
            "SELECT 1, location, address, has_mapping, mapping_start, mapping_limit, mapping_offset, mapping_file, \
             build_id, has_functions, lines FROM locations WHERE {locations} LIMIT 1 BY location"
        );
        let locations = self.select("locations", sql, |row| Ok((row.u128()?, location(row)?))).await?;
        let sql = format!(
            "SELECT 1, function, name, system_name, file, start_line FROM functions WHERE {functions} \
             LIMIT 1 BY function"
        );
        let functions = self.select("functions", sql, |row| Ok((row.u128()?, function(row)?))).await?;
        Ok(Symbols {
            functions: functions.into_iter().collect(),
            locations: locations.into_iter().collect(),
            stacks: stacks.into_iter().collect(),
        })
    }
}

fn location(row: &mut Reader<'_>) -> Result<LocationRow, Malformed> {
    let address = row.u64()?;
    let has_mapping = row.bool()?;
    let mapping = MappingRow {
        start: row.u64()?,
        limit: row.u64()?,
        file_offset: row.u64()?,
        file: row.text()?,
        build_id: row.text()?,
        has_functions: row.bool()?,
    };
    let lines = row.array(32, |line| Ok((line.u128()?, line.i64()?, line.i64()?)))?;
    Ok(LocationRow { address, mapping: has_mapping.then_some(mapping), lines })
}

fn function(row: &mut Reader<'_>) -> Result<FunctionRow, Malformed> {
    let [name, system_name, file] = [row.text()?, row.text()?, row.text()?];
    Ok(FunctionRow { name, system_name, file, start_line: row.i64()? })
}

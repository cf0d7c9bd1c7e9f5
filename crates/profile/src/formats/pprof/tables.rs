//! Tables of a pprof: strings, mappings, functions, locations.

use super::PprofError;
use super::entries::Entries;
use super::ids::Ids;
use super::wire::{Field, Reader, Value, WireError};
use crate::formats::room::Room;
use crate::formats::{Normalised, Notes, clean_text};
use crate::limits::MAX_STACK_DEPTH;
use crate::profile::{Function, FunctionId, Line, LocationTable, Mapping, ValueType};
use crate::string_table::{StrId, StringTable};
use std::ops::Range;

/// Lines of all locations together.
const MAX_LINES: usize = 8_000_000;

/// From indices of the file's string table to our ids: they differ once a string occurs twice.
pub(super) struct Strings(Vec<StrId>);

impl Strings {
    /// Interns the whole table.
    pub(super) fn read(
        bytes: &[u8],
        entries: &Entries,
        table: &mut StringTable,
        notes: &mut Notes,
    ) -> Result<Strings, PprofError> {
        match entries.iter().next() {
            None => return Err(PprofError::NoStrings),
            Some(first) if !first.is_empty() => return Err(PprofError::FirstString),
            Some(_) => {}
        }
        table.reserve(entries.len(), entries.iter().map(|e| e.len()).sum());
        let ids = entries.iter().map(|entry| table.intern(&clean_text(&bytes[entry], notes)));
        Ok(Strings(ids.collect()))
    }

    /// The id of string `index`, which was read before byte `offset`.
    #[inline]
    pub(super) fn get(&self, index: u64, offset: usize) -> Result<StrId, PprofError> {
        let found = usize::try_from(index).ok().and_then(|i| self.0.get(i));
        found.copied().ok_or(PprofError::UnknownString { index, count: self.0.len(), offset })
    }
}

/// Hands out the numbers of a repeated field, packed or not.
#[inline]
pub(super) fn numbers(bytes: &[u8], field: &Field, mut each: impl FnMut(u64)) -> Result<(), WireError> {
    match &field.value {
        Value::Varint(number) => each(*number),
        Value::Bytes(range) => {
            let mut packed = Reader::new(bytes, range.clone());
            while !packed.is_done() {
                each(packed.varint()?);
            }
        }
        Value::Fixed(_) => return Err(field.wrong_type("numbers (varint, packed or not)")),
    }
    Ok(())
}

pub(super) fn value_type(bytes: &[u8], at: Range<usize>, strings: &Strings) -> Result<ValueType, PprofError> {
    let (mut kind, mut unit) = (0, 0);
    let mut reader = Reader::new(bytes, at.clone());
    while let Some(field) = reader.field()? {
        match field.number {
            1 => kind = field.varint()?,
            2 => unit = field.varint()?,
            _ => {}
        }
    }
    Ok(ValueType { kind: strings.get(kind, at.end)?, unit: strings.get(unit, at.end)? })
}

pub(super) fn read_mappings(
    bytes: &[u8],
    entries: &Entries,
    strings: &Strings,
    out: &mut Vec<Mapping>,
) -> Result<Ids, PprofError> {
    let mut ids = Ids::new("mapping");
    out.reserve(entries.len());
    for at in entries.iter() {
        let (mut id, mut file, mut build_id) = (0, 0, 0);
        let mut mapping = Mapping::default();
        let mut reader = Reader::new(bytes, at.clone());
        while let Some(field) = reader.field()? {
            match field.number {
                1 => id = field.varint()?,
                2 => mapping.start = field.varint()?,
                3 => mapping.limit = field.varint()?,
                4 => mapping.file_offset = field.varint()?,
                5 => file = field.varint()?,
                6 => build_id = field.varint()?,
                7 => mapping.has_functions = field.varint()? != 0,
                _ => {}
            }
        }
        mapping.file = strings.get(file, at.end)?;
        mapping.build_id = strings.get(build_id, at.end)?;
        ids.add(id, at.end)?;
        out.push(mapping);
    }
    Ok(ids)
}

pub(super) fn read_functions(
    bytes: &[u8],
    entries: &Entries,
    strings: &Strings,
    out: &mut Vec<Function>,
) -> Result<Ids, PprofError> {
    let mut ids = Ids::new("function");
    out.reserve(entries.len());
    for at in entries.iter() {
        let (mut id, mut name, mut system_name, mut file, mut start_line) = (0, 0, 0, 0, 0);
        let mut reader = Reader::new(bytes, at.clone());
        while let Some(field) = reader.field()? {
            match field.number {
                1 => id = field.varint()?,
                2 => name = field.varint()?,
                3 => system_name = field.varint()?,
                4 => file = field.varint()?,
                5 => start_line = field.varint()? as i64,
                _ => {}
            }
        }
        ids.add(id, at.end)?;
        out.push(Function {
            name: strings.get(name, at.end)?,
            system_name: strings.get(system_name, at.end)?,
            file: strings.get(file, at.end)?,
            start_line,
        });
    }
    Ok(ids)
}

pub(super) fn read_locations(
    bytes: &[u8],
    entries: &Entries,
    (mappings, functions): (&Ids, &Ids),
    out: &mut LocationTable,
    room: &Room,
    notes: &mut Notes,
) -> Result<Ids, PprofError> {
    let mut ids = Ids::new("location");
    let mut lines = Vec::new();
    let mut lines_left = MAX_LINES;
    for at in entries.iter() {
        let (mut id, mut mapping_id, mut address) = (0, 0, 0);
        lines.clear();
        let mut reader = Reader::new(bytes, at.clone());
        while let Some(field) = reader.field()? {
            match field.number {
                1 => id = field.varint()?,
                2 => mapping_id = field.varint()?,
                3 => address = field.varint()?,
                4 if lines.len() == MAX_STACK_DEPTH => notes.add(Normalised::DeepStack, 1),
                4 => lines.extend(read_line(bytes, field.bytes()?, functions, notes)?),
                _ => {}
            }
        }
        let too_many = PprofError::TooMany { what: "lines", limit: MAX_LINES };
        lines_left = lines_left.checked_sub(lines.len()).ok_or(too_many)?;
        room.take(lines.len(), size_of::<Line>())?;
        let mapping = mappings.find(mapping_id);
        if mapping.is_none() && mapping_id != 0 {
            notes.add(Normalised::UnknownMapping, 1);
        }
        ids.add(id, at.end)?;
        out.push(mapping, address, lines.iter().copied());
    }
    Ok(ids)
}

fn read_line(
    bytes: &[u8],
    at: Range<usize>,
    functions: &Ids,
    notes: &mut Notes,
) -> Result<Option<Line>, PprofError> {
    let (mut function_id, mut line, mut column) = (0, 0, 0);
    let mut reader = Reader::new(bytes, at.clone());
    while let Some(field) = reader.field()? {
        match field.number {
            1 => function_id = field.varint()?,
            2 => line = field.varint()? as i64,
            3 => column = field.varint()? as i64,
            _ => {}
        }
    }
    if function_id == 0 {
        notes.add(Normalised::LineWithoutFunction, 1);
        return Ok(None);
    }
    let function = FunctionId(functions.get(function_id, at.end)?);
    Ok(Some(Line { function, line, column }))
}

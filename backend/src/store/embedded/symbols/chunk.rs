//! Encodes what a symbol table gained between two marks. Chunks are applied in order; two neighbours read one
//! after the other mean the same as one that spans both.
//!
//! Encoding, packed (see [`crate::store::embedded::packed`]), all numbers as varints, each list with its length in front:
//! ```text
//! strings    length and bytes
//! mappings   start, limit, offset, file, build id, has functions
//! functions  name, system name, file, start line (zigzag)
//! locations  mapping plus one, address, lines: function, line (zigzag), column (zigzag)
//! nodes      own number minus that of the parent, location
//! stacks     node, or 2^32 - 1 for one that is missing
//! filled     only if there are any: stack that was missing before, node
//! ```

use super::table::{HOLE, Mark, Symbols};
use crate::store::embedded::packed::{pack, unpack};
use crate::store::embedded::varint::{Damaged, Reader, put, put_signed, put_text};
use flarepath_profile::profile::{Function, FunctionId, Line, Mapping};
use flarepath_profile::string_table::StrId;

/// Encodes what came after `from`.
pub(crate) fn encode(symbols: &Symbols, from: Mark) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let to = symbols.mark();
    put(&mut out, (to.strings - from.strings) as u64);
    symbols.tables.strings.iter().skip(from.strings).for_each(|text| put_text(&mut out, text));
    put(&mut out, (to.mappings - from.mappings) as u64);
    for m in &symbols.tables.mappings[from.mappings..] {
        let (file, build_id) = (u64::from(m.file.0), u64::from(m.build_id.0));
        [m.start, m.limit, m.file_offset, file, build_id, u64::from(m.has_functions)]
            .into_iter()
            .for_each(|n| put(&mut out, n));
    }
    put(&mut out, (to.functions - from.functions) as u64);
    for f in &symbols.tables.functions[from.functions..] {
        [f.name, f.system_name, f.file].into_iter().for_each(|id| put(&mut out, u64::from(id.0)));
        put_signed(&mut out, f.start_line);
    }
    put(&mut out, (to.locations - from.locations) as u64);
    for id in from.locations..to.locations {
        let location = symbols.tables.locations.get(id);
        put(&mut out, location.mapping.map_or(0, |m| u64::from(m) + 1));
        put(&mut out, location.address);
        put(&mut out, location.lines.len() as u64);
        for line in location.lines {
            put(&mut out, u64::from(line.function.0));
            put_signed(&mut out, line.line);
            put_signed(&mut out, line.column);
        }
    }
    put(&mut out, (to.nodes - from.nodes) as u64);
    for id in from.nodes..to.nodes {
        put(&mut out, id as u64 - u64::from(symbols.node_parent[id]));
        put(&mut out, u64::from(symbols.node_location[id]));
    }
    put(&mut out, (to.stacks - from.stacks) as u64);
    symbols.stacks[from.stacks..].iter().for_each(|&node| put(&mut out, u64::from(node)));
    // Later ones are among the stacks.
    let filled = symbols.filled[from.filled..].iter().filter(|&&id| (id as usize) < from.stacks);
    let filled: Vec<u32> = filled.copied().collect();
    if !filled.is_empty() {
        put(&mut out, filled.len() as u64);
        for id in filled {
            put(&mut out, u64::from(id));
            put(&mut out, u64::from(symbols.stacks[id as usize]));
        }
    }
    let mut packed = Vec::new();
    pack(&out, &mut packed)?;
    Ok(packed)
}

/// Adds to `symbols` what a chunk holds.
///
/// # Errors
/// When the chunk cannot be decoded, refers to an entry that does not exist, or repeats one.
pub(crate) fn apply(packed: &[u8], symbols: &mut Symbols) -> Result<(), Damaged> {
    let mut bytes = Vec::new();
    unpack(packed, &mut bytes)?;
    let mut reader = Reader::new(&bytes);
    for _ in 0..reader.count(1)? {
        let expected = symbols.tables.strings.len();
        let id = symbols.tables.strings.intern(reader.text()?);
        in_order(id.index(), expected)?;
    }
    for _ in 0..reader.count(6)? {
        let mapping = read_mapping(&mut reader, symbols.tables.strings.len())?;
        let expected = symbols.tables.mappings.len();
        in_order(symbols.mapping(&mapping) as usize, expected)?;
    }
    for _ in 0..reader.count(4)? {
        let function = read_function(&mut reader, symbols.tables.strings.len())?;
        let expected = symbols.tables.functions.len();
        in_order(symbols.function(&function) as usize, expected)?;
    }
    let mut lines = Vec::new();
    for _ in 0..reader.count(3)? {
        let mapping = below(reader.index()?, symbols.tables.mappings.len() + 1)?.checked_sub(1);
        let address = reader.number()?;
        lines.clear();
        for _ in 0..reader.count(3)? {
            let function = FunctionId(below(reader.index()?, symbols.tables.functions.len())?);
            lines.push(Line { function, line: reader.signed()?, column: reader.signed()? });
        }
        let expected = symbols.tables.locations.len();
        in_order(symbols.location(mapping, address, &lines) as usize, expected)?;
    }
    for _ in 0..reader.count(2)? {
        let expected = symbols.node_parent.len();
        let parent = (expected as u32).checked_sub(reader.index()?).ok_or(OUT_OF_RANGE)?;
        let location = below(reader.index()?, symbols.tables.locations.len())?;
        in_order(symbols.node(below(parent, expected)?, location) as usize, expected)?;
    }
    for _ in 0..reader.count(1)? {
        match reader.index()? {
            HOLE => symbols.push_hole(),
            node => symbols.push_stack(below(node, symbols.node_parent.len())?),
        }
    }
    let filled = if reader.rest().is_empty() { 0 } else { reader.count(2)? };
    for _ in 0..filled {
        let (id, node) = (reader.index()?, below(reader.index()?, symbols.node_parent.len())?);
        if !symbols.fill(id, node) {
            return Err(Damaged("a symbol is stored twice"));
        }
    }
    Ok(())
}

const OUT_OF_RANGE: Damaged = Damaged("a symbol refers to one that does not exist");

fn below(id: u32, count: usize) -> Result<u32, Damaged> {
    if (id as usize) < count { Ok(id) } else { Err(OUT_OF_RANGE) }
}

fn in_order(id: usize, expected: usize) -> Result<(), Damaged> {
    if id == expected { Ok(()) } else { Err(Damaged("a symbol is stored twice")) }
}

fn read_mapping(reader: &mut Reader<'_>, strings: usize) -> Result<Mapping, Damaged> {
    Ok(Mapping {
        start: reader.number()?,
        limit: reader.number()?,
        file_offset: reader.number()?,
        file: StrId(below(reader.index()?, strings)?),
        build_id: StrId(below(reader.index()?, strings)?),
        has_functions: reader.number()? != 0,
    })
}

fn read_function(reader: &mut Reader<'_>, strings: usize) -> Result<Function, Damaged> {
    Ok(Function {
        name: StrId(below(reader.index()?, strings)?),
        system_name: StrId(below(reader.index()?, strings)?),
        file: StrId(below(reader.index()?, strings)?),
        start_line: reader.signed()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grow(symbols: &mut Symbols, from: u32, to: u32) {
        for i in from..to {
            let name = symbols.tables.strings.intern(&format!("f{i}"));
            let file = symbols.tables.strings.intern("main.rs");
            let mapping = symbols.mapping(&Mapping { start: u64::from(i / 10), file, ..Mapping::default() });
            let function = symbols.function(&Function { name, file, start_line: -1, ..Function::default() });
            let line = Line { function: FunctionId(function), line: 7, column: 3 };
            let location = symbols.location(Some(mapping), 0x400 + u64::from(i), &[line, line]);
            symbols.stack(&[location, location / 2, 0]);
        }
    }

    #[test]
    fn chunks_rebuild_their_table() {
        let mut symbols = Symbols::new();
        let mut chunks = Vec::new();
        for (from, to) in [(0, 30), (30, 31), (31, 31), (31, 90)] {
            let mark = symbols.mark();
            grow(&mut symbols, from, to);
            chunks.push(encode(&symbols, mark).unwrap());
        }
        let whole = encode(&symbols, Mark::START).unwrap();
        for parts in [chunks, vec![whole.clone()]] {
            let mut back = Symbols::new();
            parts.iter().for_each(|chunk| apply(chunk, &mut back).unwrap());
            assert_eq!(back.mark(), symbols.mark());
            assert_eq!(encode(&back, Mark::START).unwrap(), whole);
            grow(&mut back, 0, 90);
            assert_eq!(back.mark(), symbols.mark(), "everything is found again");
        }
    }

    #[test]
    fn rejects_chunks_out_of_order() {
        let mut symbols = Symbols::new();
        grow(&mut symbols, 0, 5);
        let mark = symbols.mark();
        grow(&mut symbols, 5, 9);
        let late = encode(&symbols, mark).unwrap();
        assert!(apply(&late, &mut Symbols::new()).is_err());
        assert!(apply(&late, &mut symbols).is_err(), "applied twice");
    }
}

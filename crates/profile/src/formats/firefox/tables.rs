//! Tables of the processed format, in every layout it has had.

use super::FirefoxError;
use super::columns::{Cell, Column, at};
use super::lib_row::LibRow;
use super::thread::{Frame, Tables};
use crate::formats::json::{Cursor, JsonError, Text};
use serde::Deserialize;

/// The tables that belong to a thread or to the whole file; empty where they do not.
#[derive(Default)]
pub(super) struct TableSet<'a> {
    stacks: StackTable,
    frames: FrameTable,
    funcs: FuncTable,
    resources: ResourceTable,
    symbols: SymbolTable,
    sources: SourceTable,
    strings: Vec<Text<'a>>,
    pub(super) libs: Vec<LibRow>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct StackTable {
    frame: Column,
    prefix: Option<Column>,
    prefix_offset: Option<Column>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct FrameTable {
    flags: Option<Column>,
    address: Column,
    inline_depth: Column,
    func: Column,
    lib: Column,
    native_symbol: Column,
    line: Column,
    column: Column,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct FuncTable {
    flags: Option<Column>,
    name: Column,
    resource: Column,
    source: Column,
    file_name: Column,
    line_number: Column,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ResourceTable {
    lib: Column,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct SymbolTable {
    lib_index: Column,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SourceTable {
    filename: Column,
}

impl<'a> TableSet<'a> {
    /// Reads the value if `key` is one of these tables.
    pub(super) fn take(&mut self, key: &str, json: &mut Cursor<'a>) -> Result<bool, JsonError> {
        match key {
            "stackTable" => self.stacks = json.value::<Option<_>>()?.unwrap_or_default(),
            "frameTable" => self.frames = json.value::<Option<_>>()?.unwrap_or_default(),
            "funcTable" => self.funcs = json.value::<Option<_>>()?.unwrap_or_default(),
            "resourceTable" => self.resources = json.value::<Option<_>>()?.unwrap_or_default(),
            "nativeSymbols" => self.symbols = json.value::<Option<_>>()?.unwrap_or_default(),
            "sources" => self.sources = json.value::<Option<_>>()?.unwrap_or_default(),
            "stringArray" | "stringTable" => self.strings = json.value::<Option<_>>()?.unwrap_or_default(),
            "libs" => self.libs = json.value::<Option<_>>()?.unwrap_or_default(),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// Bits of `frameTable.flags`: which cells of the row mean something.
mod frame_flag {
    pub(super) const INLINED: i64 = 1;
    pub(super) const ADDRESS: i64 = 2;
    pub(super) const SYMBOL: i64 = 8;
    pub(super) const LINE: i64 = 16;
    pub(super) const COLUMN: i64 = 32;
}

/// Bits of `funcTable.flags`.
mod func_flag {
    pub(super) const RESOURCE: i64 = 4;
    pub(super) const SOURCE: i64 = 8;
    pub(super) const LINE: i64 = 16;
}

/// The number in a row, -1 if there is none or the flag for it is not set.
fn flagged(flags: &Option<Column>, flag: i64, column: &[Cell], row: usize) -> i64 {
    let told = flags.as_ref().is_none_or(|flags| at(flags, row).max(0) & flag != 0);
    if told { at(column, row) } else { -1 }
}

/// The tables of one thread, each its own or the file's.
pub(super) struct View<'t> {
    thread: &'t str,
    stacks: &'t StackTable,
    frames: &'t FrameTable,
    funcs: &'t FuncTable,
    resources: &'t ResourceTable,
    symbols: &'t SymbolTable,
    sources: &'t SourceTable,
    strings: &'t [Text<'t>],
}

impl Tables for View<'_> {
    fn stacks(&self) -> usize {
        self.stacks.frame.len()
    }

    fn stack(&self, stack: usize) -> (i64, i64) {
        let prefix = match &self.stacks.prefix_offset {
            Some(offsets) => match at(offsets, stack) {
                ..=0 => -1,
                // What would be above the first row is no row: its own number, which is refused.
                offset => {
                    (stack as i64).checked_sub(offset).filter(|above| *above >= 0).unwrap_or(stack as i64)
                }
            },
            None => at(self.stacks.prefix.as_deref().unwrap_or_default(), stack),
        };
        (prefix, at(&self.stacks.frame, stack))
    }

    fn frames(&self) -> usize {
        self.frames.func.len()
    }

    fn frame(&self, row: usize) -> Result<Frame<'_>, FirefoxError> {
        let (frames, funcs) = (self.frames, self.funcs);
        let number = |flag, column| flagged(&frames.flags, flag, column, row);
        let named = at(&frames.func, row);
        let func = usize::try_from(named).ok().filter(|func| *func < funcs.name.len());
        let func = func.ok_or_else(|| self.no_row("frame", row, "function", named))?;
        let of_func = |flag, column| flagged(&funcs.flags, flag, column, func);
        let address = u64::try_from(number(frame_flag::ADDRESS, &frames.address)).ok();
        let name = self.text("function", func, at(&funcs.name, func))?;
        // Where the function was not symbolized, the address stands for its name.
        let name = if address.is_some() && name.starts_with("0x") { "" } else { name };
        let source = of_func(func_flag::SOURCE, &funcs.source);
        let file = match usize::try_from(source) {
            Ok(source) => at(&self.sources.filename, source),
            Err(_) => at(&funcs.file_name, func),
        };
        Ok(Frame {
            name,
            file: if file < 0 { "" } else { self.text("function", func, file)? },
            start_line: of_func(func_flag::LINE, &funcs.line_number).max(0),
            line: number(frame_flag::LINE, &frames.line).max(0),
            column: number(frame_flag::COLUMN, &frames.column).max(0),
            address,
            lib: address.and_then(|_| self.lib(row, func)),
            inlined: match &frames.flags {
                Some(flags) => at(flags, row).max(0) & frame_flag::INLINED != 0,
                None => at(&frames.inline_depth, row) > 0,
            },
        })
    }
}

impl<'t> View<'t> {
    /// The tables of a thread: its own where it has any.
    pub(super) fn new(thread: &'t str, own: &'t TableSet<'t>, shared: &'t TableSet<'t>) -> Self {
        let one_of = |own_is_empty: bool| if own_is_empty { shared } else { own };
        View {
            thread,
            stacks: &one_of(own.stacks.frame.is_empty()).stacks,
            frames: &one_of(own.frames.func.is_empty()).frames,
            funcs: &one_of(own.funcs.name.is_empty()).funcs,
            resources: &one_of(own.resources.lib.is_empty()).resources,
            symbols: &one_of(own.symbols.lib_index.is_empty()).symbols,
            sources: &one_of(own.sources.filename.is_empty()).sources,
            strings: &one_of(own.strings.is_empty()).strings,
        }
    }

    /// The library of a frame: its own, or that of its symbol, or that of its function.
    fn lib(&self, row: usize, func: usize) -> Option<usize> {
        let (frames, funcs) = (self.frames, self.funcs);
        let own = || usize::try_from(at(&frames.lib, row)).ok();
        let of_symbol = || {
            let symbol = flagged(&frames.flags, frame_flag::SYMBOL, &frames.native_symbol, row);
            usize::try_from(at(&self.symbols.lib_index, usize::try_from(symbol).ok()?)).ok()
        };
        let of_func = || {
            let resource = flagged(&funcs.flags, func_flag::RESOURCE, &funcs.resource, func);
            usize::try_from(at(&self.resources.lib, usize::try_from(resource).ok()?)).ok()
        };
        own().or_else(of_symbol).or_else(of_func)
    }

    fn text(&self, table: &'static str, row: usize, named: i64) -> Result<&str, FirefoxError> {
        let text = usize::try_from(named).ok().and_then(|named| self.strings.get(named));
        text.map(|Text(text)| &**text).ok_or_else(|| self.no_row(table, row, "string", named))
    }

    fn no_row(&self, table: &'static str, row: usize, what: &'static str, named: i64) -> FirefoxError {
        FirefoxError::NoRow { thread: self.thread.to_owned(), table, row, what, named }
    }
}

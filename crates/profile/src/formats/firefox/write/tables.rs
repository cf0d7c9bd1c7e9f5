//! Tables of the file being written, filled as samples need them.

use crate::profile::{Function, Location, Profile};
use crate::stack_table::StackId;
use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use std::borrow::Cow;

#[derive(Default)]
pub(super) struct Stacks {
    pub(super) frame: Vec<u32>,
    pub(super) prefix: Vec<Option<u32>>,
}

#[derive(Default)]
pub(super) struct Frames {
    /// In the library, or -1.
    pub(super) address: Vec<i64>,
    /// How many functions at the same address this one was inlined into.
    pub(super) inline_depth: Vec<u32>,
    pub(super) func: Vec<u32>,
    pub(super) line: Vec<Option<i64>>,
    pub(super) column: Vec<Option<i64>>,
}

#[derive(Default)]
pub(super) struct Funcs {
    pub(super) name: Vec<u32>,
    /// The library, or -1. There is one resource a mapping, in the same order.
    pub(super) resource: Vec<i64>,
    pub(super) source: Vec<Option<u32>>,
    pub(super) line: Vec<Option<i64>>,
}

/// A function, its name and its library; for unknown code, the location in the place of the function.
type FuncKey = (Option<u32>, u32, Option<u32>);

pub(super) struct Tables<'a> {
    profile: &'a Profile,
    pub(super) strings: Vec<Cow<'a, str>>,
    string_ids: FxHashMap<Cow<'a, str>, u32>,
    /// Names of source files.
    files: Vec<u32>,
    file_ids: FxHashMap<u32, u32>,
    /// Names of libraries, one a mapping.
    pub(super) resources: Vec<u32>,
    pub(super) funcs: Funcs,
    func_ids: FxHashMap<FuncKey, u32>,
    pub(super) frames: Frames,
    /// Where the frames of each location begin, the outermost first, and how many there are.
    of_locations: Vec<Option<(u32, u32)>>,
    pub(super) stacks: Stacks,
    stack_ids: FxHashMap<(Option<u32>, u32), u32>,
    known: FxHashMap<StackId, Option<u32>>,
}

impl<'a> Tables<'a> {
    pub(super) fn new(profile: &'a Profile) -> Self {
        let mut tables = Tables {
            profile,
            strings: Vec::new(),
            string_ids: FxHashMap::default(),
            files: Vec::new(),
            file_ids: FxHashMap::default(),
            resources: Vec::new(),
            funcs: Funcs::default(),
            func_ids: FxHashMap::default(),
            frames: Frames::default(),
            of_locations: vec![None; profile.locations.len()],
            stacks: Stacks::default(),
            stack_ids: FxHashMap::default(),
            known: FxHashMap::default(),
        };
        for mapping in &profile.mappings {
            let path = profile.str(mapping.file);
            let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
            let name = tables.string(name.into());
            tables.resources.push(name);
        }
        tables
    }

    /// The table of source files; none of them has a number in the browser.
    pub(super) fn sources(&self) -> Value {
        json!({ "length": self.files.len(), "filename": self.files, "uuid": vec![Value::Null; self.files.len()] })
    }

    /// The row of a stack; `None` for an empty one.
    pub(super) fn stack(&mut self, stack: StackId) -> Option<u32> {
        if let Some(known) = self.known.get(&stack) {
            return *known;
        }
        let profile = self.profile;
        let mut prefix = None;
        for location in profile.stacks.get(stack).iter().rev() {
            let (first, count) = self.location(location.0);
            for frame in first..first + count {
                let next = self.stacks.frame.len() as u32;
                let row = *self.stack_ids.entry((prefix, frame)).or_insert(next);
                if row == next {
                    self.stacks.frame.push(frame);
                    self.stacks.prefix.push(prefix);
                }
                prefix = Some(row);
            }
        }
        self.known.insert(stack, prefix);
        prefix
    }

    /// The frames of a location: the function itself, then what was inlined into it.
    fn location(&mut self, id: u32) -> (u32, u32) {
        if let Some(known) = self.of_locations[id as usize] {
            return known;
        }
        let location = self.profile.locations.get(id as usize);
        let address = self.address(&location);
        let first = self.frames.func.len() as u32;
        for line in location.lines.iter().rev() {
            let func = self.function(line.function.0, location.mapping);
            let depth = self.frames.func.len() as u32 - first;
            self.frame(address, depth, func, line.line, line.column);
        }
        if location.lines.is_empty() {
            let name = self.string(format!("{:#x}", address.max(0)).into());
            let func = self.func((None, id, location.mapping), name, &Function::default());
            self.frame(address, 0, func, 0, 0);
        }
        let known = (first, self.frames.func.len() as u32 - first);
        self.of_locations[id as usize] = Some(known);
        known
    }

    /// Addresses count from the first byte of the library's file.
    fn address(&self, location: &Location<'_>) -> i64 {
        let mapping = location.mapping.and_then(|mapping| self.profile.mappings.get(mapping as usize));
        let address = match mapping {
            Some(m) if (m.start..m.limit).contains(&location.address) => {
                (location.address - m.start).wrapping_add(m.file_offset)
            }
            _ => location.address,
        };
        if location.address == 0 { -1 } else { i64::try_from(address).unwrap_or(-1) }
    }

    fn frame(&mut self, address: i64, depth: u32, func: u32, line: i64, column: i64) {
        let known = |number: i64| (number > 0).then_some(number);
        self.frames.address.push(address);
        // Without an address nothing says what it was inlined into: it is an ordinary call.
        self.frames.inline_depth.push(if address < 0 { 0 } else { depth });
        self.frames.func.push(func);
        self.frames.line.push(known(line));
        self.frames.column.push(known(column));
    }

    fn function(&mut self, id: u32, mapping: Option<u32>) -> u32 {
        let profile = self.profile;
        let function = profile.functions.get(id as usize).copied().unwrap_or_default();
        let names = [function.name, function.system_name].map(|name| profile.str(name));
        let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or("(no name)");
        let name = self.string(name.into());
        self.func((Some(id), name, mapping), name, &function)
    }

    fn func(&mut self, key: FuncKey, name: u32, function: &Function) -> u32 {
        if let Some(known) = self.func_ids.get(&key) {
            return *known;
        }
        let source = self.source(self.profile.str(function.file));
        let id = self.funcs.name.len() as u32;
        self.funcs.name.push(name);
        self.funcs.resource.push(key.2.map_or(-1, i64::from));
        self.funcs.source.push(source);
        self.funcs.line.push((function.start_line > 0).then_some(function.start_line));
        self.func_ids.insert(key, id);
        id
    }

    fn source(&mut self, file: &'a str) -> Option<u32> {
        if file.is_empty() {
            return None;
        }
        let name = self.string(file.into());
        let next = self.files.len() as u32;
        let id = *self.file_ids.entry(name).or_insert(next);
        if id == next {
            self.files.push(name);
        }
        Some(id)
    }

    fn string(&mut self, text: Cow<'a, str>) -> u32 {
        if let Some(known) = self.string_ids.get(&text) {
            return *known;
        }
        let id = self.strings.len() as u32;
        self.strings.push(text.clone());
        self.string_ids.insert(text, id);
        id
    }
}

//! A new table of a service with only the symbols that are still referred to. Stack ids stay; all other ids are given anew.

use super::table::{HOLE, Symbols};
use flarepath_profile::profile::{Function, FunctionId, Line, Mapping};
use flarepath_profile::string_table::StrId;

const UNKNOWN: u32 = u32::MAX;

/// The new table, and for each id of the old one the id in it.
pub(crate) struct Draft {
    symbols: Symbols,
    mappings: Vec<u32>,
    functions: Vec<u32>,
    locations: Vec<u32>,
    nodes: Vec<u32>,
}

impl Draft {
    /// An empty table.
    pub(crate) fn new() -> Draft {
        let (mappings, functions, locations) = (Vec::new(), Vec::new(), Vec::new());
        Draft { symbols: Symbols::new(), mappings, functions, locations, nodes: vec![0] }
    }

    /// The table so far.
    pub(crate) fn symbols(&self) -> &Symbols {
        &self.symbols
    }

    /// The finished table.
    pub(crate) fn finish(self) -> Symbols {
        self.symbols
    }

    /// Copies the next stacks of `old` up to `end`; those that are not `wanted` become holes.
    pub(crate) fn extend(&mut self, old: &Symbols, end: usize, wanted: impl Fn(u32) -> bool) {
        self.make_room(old);
        for id in self.symbols.stacks.len()..end {
            match old.stacks[id] {
                node if node != HOLE && wanted(id as u32) => {
                    let node = self.node(old, node);
                    self.symbols.push_stack(node);
                }
                _ => self.symbols.push_hole(),
            }
        }
    }

    /// Copies a stack of `old` that was left out before; those beyond the end come with [`Draft::extend`].
    pub(crate) fn put_back(&mut self, old: &Symbols, id: u32) {
        let is_hole = self.symbols.stacks.get(id as usize) == Some(&HOLE);
        if let Some(&node) = old.stacks.get(id as usize).filter(|node| is_hole && **node != HOLE) {
            self.make_room(old);
            let node = self.node(old, node);
            self.symbols.fill(id, node);
        }
    }

    fn make_room(&mut self, old: &Symbols) {
        self.mappings.resize(old.tables.mappings.len(), UNKNOWN);
        self.functions.resize(old.tables.functions.len(), UNKNOWN);
        self.locations.resize(old.tables.locations.len(), UNKNOWN);
        self.nodes.resize(old.node_parent.len(), UNKNOWN);
    }

    fn node(&mut self, old: &Symbols, node: u32) -> u32 {
        let (mut at, mut path) = (node, Vec::new());
        while self.nodes[at as usize] == UNKNOWN {
            path.push(at);
            at = old.node_parent[at as usize];
        }
        let mut new = self.nodes[at as usize];
        for old_node in path.into_iter().rev() {
            let location = self.location(old, old.node_location[old_node as usize]);
            new = self.symbols.node(new, location);
            self.nodes[old_node as usize] = new;
        }
        new
    }

    fn location(&mut self, old: &Symbols, id: u32) -> u32 {
        if self.locations[id as usize] == UNKNOWN {
            let location = old.tables.locations.get(id as usize);
            let mapping = location.mapping.map(|mapping| self.mapping(old, mapping));
            let line =
                |line: &Line| Line { function: FunctionId(self.function(old, line.function.0)), ..*line };
            let lines: Vec<Line> = location.lines.iter().map(line).collect();
            self.locations[id as usize] = self.symbols.location(mapping, location.address, &lines);
        }
        self.locations[id as usize]
    }

    fn mapping(&mut self, old: &Symbols, id: u32) -> u32 {
        if self.mappings[id as usize] == UNKNOWN {
            let mapping = old.tables.mappings[id as usize];
            let (file, build_id) = (self.text(old, mapping.file), self.text(old, mapping.build_id));
            self.mappings[id as usize] = self.symbols.mapping(&Mapping { file, build_id, ..mapping });
        }
        self.mappings[id as usize]
    }

    fn function(&mut self, old: &Symbols, id: u32) -> u32 {
        if self.functions[id as usize] == UNKNOWN {
            let function = old.tables.functions[id as usize];
            let (name, system_name) = (self.text(old, function.name), self.text(old, function.system_name));
            let file = self.text(old, function.file);
            self.functions[id as usize] =
                self.symbols.function(&Function { name, system_name, file, ..function });
        }
        self.functions[id as usize]
    }

    fn text(&mut self, old: &Symbols, id: StrId) -> StrId {
        self.symbols.tables.strings.intern(old.tables.str(id))
    }
}

#[cfg(test)]
mod tests {
    use super::super::chunk;
    use super::*;

    /// A stack with a function, a string and a location of its own below one that all share.
    fn add(symbols: &mut Symbols, number: u32) -> u32 {
        let location = |symbols: &mut Symbols, name: &str| {
            let name = symbols.tables.strings.intern(name);
            let function = FunctionId(symbols.function(&Function { name, ..Function::default() }));
            let mapping = symbols.mapping(&Mapping::default());
            symbols.location(Some(mapping), u64::from(number), &[Line { function, line: 1, column: 0 }])
        };
        let path = [location(symbols, &format!("own {number}")), location(symbols, "shared")];
        symbols.stack(&path)
    }

    fn text(symbols: &Symbols, stack: u32) -> Vec<String> {
        let name = |location| {
            let line = symbols.tables.locations.get(location as usize).lines[0];
            symbols.tables.str(symbols.tables.functions[line.function.index()].name).to_owned()
        };
        symbols.walk(symbols.stacks[stack as usize]).map(name).collect()
    }

    #[test]
    fn stacks_keep_their_ids_and_meaning_and_what_only_others_need_is_gone() {
        let mut old = Symbols::new();
        for number in 0..100 {
            add(&mut old, number);
        }
        let mut draft = Draft::new();
        let mut chunks = Vec::new();
        for end in [30, 100] {
            let from = draft.symbols().mark();
            draft.extend(&old, end, |id| id % 10 == 3);
            chunks.push(chunk::encode(draft.symbols(), from).unwrap());
        }
        // One is needed again, and some are new.
        let from = draft.symbols().mark();
        for number in 100..105 {
            add(&mut old, number);
        }
        draft.put_back(&old, 41);
        draft.put_back(&old, 102);
        draft.extend(&old, 105, |_| true);
        chunks.push(chunk::encode(draft.symbols(), from).unwrap());
        let new = draft.finish();
        let mut back = Symbols::new();
        chunks.iter().for_each(|packed| chunk::apply(packed, &mut back).unwrap());
        assert_eq!(back.mark(), new.mark());
        for symbols in [&new, &back] {
            let live: Vec<u32> = (0..105).filter(|&id| symbols.stacks[id as usize] != HOLE).collect();
            assert_eq!(live, [3, 13, 23, 33, 41, 43, 53, 63, 73, 83, 93, 100, 101, 102, 103, 104]);
            live.iter().for_each(|&id| assert_eq!(text(symbols, id), text(&old, id)));
            assert_eq!(symbols.tables.functions.len(), live.len() + 1);
            assert!(symbols.bytes() < old.bytes() / 3, "{} of {}", symbols.bytes(), old.bytes());
        }
        assert_eq!((add(&mut back, 41), add(&mut back, 42)), (41, 105), "found, and added again");
    }
}

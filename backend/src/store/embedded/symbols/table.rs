//! The symbols of one service: strings, mappings, functions, locations and stacks, each once, append-only. Collection makes a new
//! table ([`super::draft`]), in which stacks that nothing refers to are holes: ids of stacks are in stored rows and stay.
//!
//! Stacks share their root ends: they are paths in a tree of nodes, `parent` before child, node 0 the empty stack. A
//! stack id is a position in `stacks`, assigned in order of first appearance, so that frequent stacks tend to have small
//! numbers and profiles compress well.

use super::hash::{Fingerprint, Hasher};
use flarepath_profile::profile::{Function, Line, Location, Mapping, Profile};
use hashbrown::HashTable;

/// In the place of a stack that was collected.
pub(crate) const HOLE: u32 = u32::MAX;

/// Symbols of one service. Ids are positions and never change.
#[derive(Default)]
pub(crate) struct Symbols {
    /// Strings, mappings, functions and locations, in a profile that has no samples.
    pub(crate) tables: Profile,
    /// Parent of each node; the root (0) is its own.
    pub(crate) node_parent: Vec<u32>,
    /// Location of each node; the root's entry means nothing.
    pub(crate) node_location: Vec<u32>,
    /// Node of each stack, or [`HOLE`].
    pub(crate) stacks: Vec<u32>,
    /// Stacks that took the place of a hole, in that order.
    pub(super) filled: Vec<u32>,
    holes: usize,
    mapping_index: HashTable<u32>,
    function_index: HashTable<u32>,
    location_index: HashTable<(u64, u32)>,
    node_index: HashTable<u32>,
    stack_index: HashTable<(Fingerprint, u32)>,
    hasher: Hasher,
}

/// Counts of each kind of symbol: a point in the history of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) strings: usize,
    pub(crate) mappings: usize,
    pub(crate) functions: usize,
    pub(crate) locations: usize,
    pub(crate) nodes: usize,
    pub(crate) stacks: usize,
    /// Holes that were filled.
    pub(crate) filled: usize,
}

impl Mark {
    /// Before the first thing: only the empty string and the root node are there.
    #[cfg(test)]
    pub(crate) const START: Mark =
        Mark { strings: 1, mappings: 0, functions: 0, locations: 0, nodes: 1, stacks: 0, filled: 0 };
}

impl Symbols {
    /// An empty table.
    pub(crate) fn new() -> Self {
        Symbols { node_parent: vec![0], node_location: vec![0], ..Symbols::default() }
    }

    /// How much there is now.
    pub(crate) fn mark(&self) -> Mark {
        Mark {
            strings: self.tables.strings.len(),
            mappings: self.tables.mappings.len(),
            functions: self.tables.functions.len(),
            locations: self.tables.locations.len(),
            nodes: self.node_parent.len(),
            stacks: self.stacks.len(),
            filled: self.filled.len(),
        }
    }

    /// How many of the stacks before `end` are there.
    pub(crate) fn known_stacks(&self, end: usize) -> usize {
        self.stacks.iter().take(end).filter(|&&node| node != HOLE).count()
    }

    /// Whether one of the stacks from `first` on that have a sum other than zero is missing. Stored rows refer to none of these.
    pub(crate) fn lacks(&self, first: usize, sums: &[i64]) -> bool {
        self.holes > 0
            && self.stacks.iter().skip(first).zip(sums).any(|(&node, &sum)| node == HOLE && sum != 0)
    }

    /// Bytes of memory, roughly.
    pub(crate) fn bytes(&self) -> usize {
        let m = self.mark();
        self.tables.strings.text_len()
            + m.strings * 12
            + m.functions * 30
            + m.locations * 72
            + m.nodes * 16
            + m.stacks * 4
            + (m.stacks - self.holes) * 28
    }

    /// The id of a mapping, if it is known.
    pub(crate) fn find_mapping(&self, mapping: &Mapping) -> Option<u32> {
        let hash = self.hasher.mapping(mapping);
        self.mapping_index.find(hash, |&id| self.tables.mappings[id as usize] == *mapping).copied()
    }

    /// The id of a mapping, added if it is new.
    pub(crate) fn mapping(&mut self, mapping: &Mapping) -> u32 {
        self.find_mapping(mapping).unwrap_or_else(|| {
            let id = self.tables.mappings.len() as u32;
            self.tables.mappings.push(*mapping);
            let (all, hasher) = (&self.tables.mappings, &self.hasher);
            let rehash = |&id: &u32| hasher.mapping(&all[id as usize]);
            self.mapping_index.insert_unique(hasher.mapping(mapping), id, rehash);
            id
        })
    }

    /// The id of a function, if it is known.
    pub(crate) fn find_function(&self, function: &Function) -> Option<u32> {
        let hash = self.hasher.function(function);
        self.function_index.find(hash, |&id| self.tables.functions[id as usize] == *function).copied()
    }

    /// The id of a function, added if it is new.
    pub(crate) fn function(&mut self, function: &Function) -> u32 {
        self.find_function(function).unwrap_or_else(|| {
            let id = self.tables.functions.len() as u32;
            self.tables.functions.push(*function);
            let (all, hasher) = (&self.tables.functions, &self.hasher);
            let rehash = |&id: &u32| hasher.function(&all[id as usize]);
            self.function_index.insert_unique(hasher.function(function), id, rehash);
            id
        })
    }

    /// The id of a location, if it is known.
    pub(crate) fn find_location(&self, mapping: Option<u32>, address: u64, lines: &[Line]) -> Option<u32> {
        let wanted = Location { mapping, address, lines };
        let hash = self.hasher.location(&wanted);
        let same = |&(h, id): &(u64, u32)| h == hash && self.tables.locations.get(id as usize) == wanted;
        self.location_index.find(hash, same).map(|&(_, id)| id)
    }

    /// The id of a location, added if it is new.
    pub(crate) fn location(&mut self, mapping: Option<u32>, address: u64, lines: &[Line]) -> u32 {
        self.find_location(mapping, address, lines).unwrap_or_else(|| {
            let id = self.tables.locations.push(mapping, address, lines.iter().copied());
            let hash = self.hasher.location(&Location { mapping, address, lines });
            self.location_index.insert_unique(hash, (hash, id), |&(hash, _)| hash);
            id
        })
    }

    /// The id of a stack of location ids, leaf first, if it is known.
    pub(crate) fn find_stack(&self, leaf_first: &[u32]) -> Option<u32> {
        self.stack_of(self.hasher.stack(leaf_first.iter().copied()))
    }

    fn stack_of(&self, print: Fingerprint) -> Option<u32> {
        self.stack_index.find(print.0, |(p, _)| *p == print).map(|&(_, id)| id)
    }

    /// The id of a stack, added if it is new.
    pub(crate) fn stack(&mut self, leaf_first: &[u32]) -> u32 {
        let print = self.hasher.stack(leaf_first.iter().copied());
        if let Some(id) = self.stack_of(print) {
            return id;
        }
        let node = leaf_first.iter().rev().fold(0, |parent, &location| self.node(parent, location));
        self.append_stack(node, print)
    }

    /// Adds a stack that ends in `node`; the caller knows it to be new. For reading what was stored.
    pub(crate) fn push_stack(&mut self, node: u32) {
        let print = self.hasher.stack(self.walk(node));
        self.append_stack(node, print);
    }

    /// Adds a stack that is missing.
    pub(crate) fn push_hole(&mut self) {
        self.stacks.push(HOLE);
        self.holes += 1;
    }

    /// Puts a stack that ends in `node` in the place of a hole; false if `id` is none.
    pub(crate) fn fill(&mut self, id: u32, node: u32) -> bool {
        let print = self.hasher.stack(self.walk(node));
        match self.stacks.get_mut(id as usize) {
            Some(place) if *place == HOLE => *place = node,
            _ => return false,
        }
        self.stack_index.insert_unique(print.0, (print, id), |(print, _)| print.0);
        self.filled.push(id);
        self.holes -= 1;
        true
    }

    fn append_stack(&mut self, node: u32, print: Fingerprint) -> u32 {
        let id = self.stacks.len() as u32;
        self.stacks.push(node);
        self.stack_index.insert_unique(print.0, (print, id), |(print, _)| print.0);
        id
    }

    /// The child of `parent` at `location`, added if it is new.
    pub(crate) fn node(&mut self, parent: u32, location: u32) -> u32 {
        let (parents, locations) = (&self.node_parent, &self.node_location);
        let same = |&id: &u32| parents[id as usize] == parent && locations[id as usize] == location;
        let hash = self.hasher.node(parent, location);
        if let Some(&id) = self.node_index.find(hash, same) {
            return id;
        }
        let id = self.node_parent.len() as u32;
        self.node_parent.push(parent);
        self.node_location.push(location);
        let (parents, locations, hasher) = (&self.node_parent, &self.node_location, &self.hasher);
        let rehash = |&id: &u32| hasher.node(parents[id as usize], locations[id as usize]);
        self.node_index.insert_unique(hash, id, rehash);
        id
    }

    /// The locations from `node` up to the root: a stack, leaf first.
    pub(crate) fn walk(&self, node: u32) -> impl Iterator<Item = u32> + '_ {
        let mut at = node as usize;
        std::iter::from_fn(move || {
            (at != 0).then(|| {
                let location = self.node_location[at];
                at = self.node_parent[at] as usize;
                location
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_symbols_share_ids_and_stacks_share_their_roots() {
        let mut symbols = Symbols::new();
        let locations: Vec<u32> = (0..3).map(|i| symbols.location(None, i, &[])).collect();
        assert_eq!(symbols.location(None, 1, &[]), locations[1]);
        let deep = symbols.stack(&[2, 1, 0]);
        let shallow = symbols.stack(&[1, 0]);
        assert_ne!(deep, shallow);
        assert_eq!(symbols.stack(&[2, 1, 0]), deep);
        assert_eq!(symbols.find_stack(&[0]), None);
        assert_eq!(symbols.node_parent.len(), 4);
        assert_eq!(symbols.walk(symbols.stacks[deep as usize]).collect::<Vec<_>>(), [2, 1, 0]);
        let empty = symbols.stack(&[]);
        assert_eq!(symbols.stacks[empty as usize], 0);
        assert_eq!(symbols.find_stack(&[]), Some(empty));
    }
}

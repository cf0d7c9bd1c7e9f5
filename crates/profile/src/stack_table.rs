//! Stacks as lists of locations in one flat column.
//!
//! Encoding: stack `s` is `locations[ends[s-1]..ends[s]]`, **leaf first** as in pprof. Stacks need not be
//! unique: a reader of pprof writes one a sample and spares itself the hashing.

/// Index of a location in [`crate::profile::Profile::locations`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocationId(pub u32);

impl LocationId {
    /// The position in the table.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Index of a stack in its [`StackTable`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StackId(pub u32);

impl StackId {
    /// The position in the table.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Lists of locations, leaf first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StackTable {
    locations: Vec<LocationId>,
    ends: Vec<u32>,
}

impl StackTable {
    /// Appends a stack, leaf first.
    ///
    /// # Panics
    /// When all stacks together would pass 2^32 entries.
    pub fn push(&mut self, leaf_first: impl IntoIterator<Item = LocationId>) -> StackId {
        let id = u32::try_from(self.ends.len()).expect("fewer than 2^32 stacks");
        self.locations.extend(leaf_first);
        self.ends.push(u32::try_from(self.locations.len()).expect("fewer than 2^32 stack entries"));
        StackId(id)
    }

    /// The locations of a stack, leaf first.
    pub fn get(&self, id: StackId) -> &[LocationId] {
        let i = id.index();
        let start = if i == 0 { 0 } else { self.ends[i - 1] as usize };
        &self.locations[start..self.ends[i] as usize]
    }

    /// Frames of all stacks together.
    pub fn frames(&self) -> usize {
        self.locations.len()
    }

    /// How many stacks there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

//! Interned strings in one byte arena: a string is an index, and equal strings have equal indices.
//!
//! Index 0 is always the empty string, as in pprof. Text is UTF-8; decoders replace
//! invalid sequences by U+FFFD before interning.

use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// Index of a string in its [`StringTable`]; 0 is the empty string.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StrId(pub u32);

impl StrId {
    /// The empty string, present in every table.
    pub const EMPTY: StrId = StrId(0);

    /// The position in the table.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// An append-only set of strings. 4 bytes a string besides its text, plus 4–8 for the index.
#[derive(Clone)]
pub struct StringTable {
    text: String,
    ends: Vec<u32>,
    index: HashTable<u32>,
}

impl Default for StringTable {
    fn default() -> Self {
        let mut table = StringTable { text: String::new(), ends: Vec::new(), index: HashTable::new() };
        table.intern("");
        table
    }
}

impl StringTable {
    /// A table that holds only the empty string.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for `strings` more strings of `bytes` bytes in all.
    pub fn reserve(&mut self, strings: usize, bytes: usize) {
        self.text.reserve(bytes);
        self.ends.reserve(strings);
        self.index.reserve(strings, hasher(&self.text, &self.ends));
    }

    /// The id of `text`, added if it is new.
    ///
    /// # Panics
    /// When the arena would pass 4 GiB; formats cap their input far below that (see [`crate::limits`]).
    pub fn intern(&mut self, text: &str) -> StrId {
        let hash = hash_str(text);
        let (arena, ends) = (&self.text, &self.ends);
        if let Some(&id) = self.index.find(hash, |&id| slice(arena, ends, id) == text) {
            return StrId(id);
        }
        let id = u32::try_from(self.ends.len()).expect("fewer than 2^32 strings");
        self.text.push_str(text);
        self.ends.push(u32::try_from(self.text.len()).expect("string arena below 4 GiB"));
        self.index.insert_unique(hash, id, hasher(&self.text, &self.ends));
        StrId(id)
    }

    /// The id of `text` if it is in the table.
    pub fn find(&self, text: &str) -> Option<StrId> {
        self.index.find(hash_str(text), |&id| slice(&self.text, &self.ends, id) == text).map(|&id| StrId(id))
    }

    /// The text of `id`.
    ///
    /// # Panics
    /// When `id` is not from this table.
    pub fn get(&self, id: StrId) -> &str {
        slice(&self.text, &self.ends, id.0)
    }

    /// How many strings there are, the empty one included.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True when only the empty string is there.
    pub fn is_empty(&self) -> bool {
        self.ends.len() <= 1
    }

    /// All strings in the order of their ids.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.ends.len()).map(|id| slice(&self.text, &self.ends, id as u32))
    }

    /// Bytes of text held.
    pub fn text_len(&self) -> usize {
        self.text.len()
    }
}

impl std::fmt::Debug for StringTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl PartialEq for StringTable {
    fn eq(&self, other: &Self) -> bool {
        self.ends == other.ends && self.text == other.text
    }
}

fn slice<'a>(text: &'a str, ends: &[u32], id: u32) -> &'a str {
    let id = id as usize;
    let start = if id == 0 { 0 } else { ends[id - 1] as usize };
    &text[start..ends[id] as usize]
}

/// The hash of an id. One function for all that moves the index, so that this is compiled once: smaller code.
fn hasher(text: &str, ends: &[u32]) -> impl Fn(&u32) -> u64 {
    move |&id| hash_str(slice(text, ends, id))
}

fn hash_str(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interns_equal_strings_once() {
        let mut table = StringTable::new();
        let a = table.intern("main");
        let b = table.intern("größe");
        assert_eq!(table.intern(""), StrId::EMPTY);
        assert_eq!(table.intern("main"), a);
        assert_ne!(a, b);
        assert_eq!(table.get(b), "größe");
        assert_eq!(table.find("main"), Some(a));
        assert_eq!(table.find("absent"), None);
        assert_eq!(table.iter().collect::<Vec<_>>(), ["", "main", "größe"]);
    }

    #[test]
    fn growing_keeps_every_string() {
        let mut table = StringTable::new();
        let ids: Vec<_> = (0..10_000).map(|i| table.intern(&format!("f{i}"))).collect();
        for (i, id) in ids.iter().enumerate() {
            assert_eq!(table.get(*id), format!("f{i}"));
            assert_eq!(table.find(&format!("f{i}")), Some(*id));
        }
    }
}

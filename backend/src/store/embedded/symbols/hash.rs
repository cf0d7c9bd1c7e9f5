//! Hashing of symbol table entries: fast, and seeded at random, so that nobody can prepare input that collides.
//! A hash only finds candidates; entries are always compared.

use flarepath_profile::profile::{Function, Location, Mapping};
use std::hash::{BuildHasher, RandomState};

/// A seeded hash function over 64-bit words: each is mixed in by a folded 128-bit multiplication.
pub(crate) struct Hasher {
    seed: u64,
    factor: u64,
}

impl Default for Hasher {
    fn default() -> Self {
        let random = RandomState::new();
        Hasher { seed: random.hash_one(1), factor: random.hash_one(2) | 1 }
    }
}

impl Hasher {
    #[inline]
    fn mix(&self, state: u64, word: u64) -> u64 {
        let product = u128::from(state ^ word ^ 0x9e37_79b9_7f4a_7c15) * u128::from(self.factor);
        (product as u64) ^ (product >> 64) as u64
    }

    #[inline]
    fn words(&self, words: impl IntoIterator<Item = u64>) -> u64 {
        words.into_iter().fold(self.seed, |state, word| self.mix(state, word))
    }

    pub(super) fn mapping(&self, m: &Mapping) -> u64 {
        let text = u64::from(m.file.0) << 32 | u64::from(m.build_id.0);
        self.words([m.start, m.limit, m.file_offset, text, u64::from(m.has_functions)])
    }

    pub(super) fn function(&self, f: &Function) -> u64 {
        let names = u64::from(f.name.0) << 32 | u64::from(f.system_name.0);
        self.words([names, u64::from(f.file.0), f.start_line as u64])
    }

    pub(super) fn location(&self, location: &Location<'_>) -> u64 {
        let lines =
            location.lines.iter().flat_map(|l| [u64::from(l.function.0), l.line as u64, l.column as u64]);
        let head = self.words([location.mapping.map_or(0, |m| u64::from(m) + 1), location.address]);
        lines.fold(head, |state, word| self.mix(state, word))
    }

    pub(super) fn node(&self, parent: u32, location: u32) -> u64 {
        self.words([u64::from(parent) << 32 | u64::from(location)])
    }

    pub(super) fn stack(&self, leaf_first: impl Iterator<Item = u32>) -> u64 {
        self.words(leaf_first.map(u64::from))
    }
}

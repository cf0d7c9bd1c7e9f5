//! Hashes symbol table entries with a fast function, seeded at random, so that an attacker cannot prepare collisions.
//! A hash only finds candidates; entries are compared. Stacks are the exception: comparing one walks some twenty nodes
//! scattered over memory, four times the cost of everything else, so a fingerprint of 128 bits in two independent halves
//! identifies them. Among a billion stacks two have the same with a chance below 10⁻²⁰.

use flarepath_profile::profile::{Function, Location, Mapping};
use std::hash::{BuildHasher, RandomState};

/// A seeded hash function over 64-bit words: each is mixed in by a folded 128-bit multiplication.
pub(crate) struct Hasher {
    seed: u64,
    factor: u64,
    /// For the second half of fingerprints.
    other: (u64, u64),
}

/// Identifies a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fingerprint(pub(super) u64, u64);

impl Default for Hasher {
    fn default() -> Self {
        let random = RandomState::new();
        let other = (random.hash_one(3), random.hash_one(4) | 1);
        Hasher { seed: random.hash_one(1), factor: random.hash_one(2) | 1, other }
    }
}

impl Hasher {
    #[inline]
    fn mix(&self, state: u64, word: u64) -> u64 {
        fold(state ^ word ^ 0x9e37_79b9_7f4a_7c15, self.factor)
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

    pub(super) fn stack(&self, leaf_first: impl Iterator<Item = u32>) -> Fingerprint {
        let (seed, factor) = self.other;
        let (first, second) = leaf_first.map(u64::from).fold((self.seed, seed), |(first, second), word| {
            (self.mix(first, word), fold(second ^ word ^ 0xd1b5_4a32_d192_ed03, factor))
        });
        Fingerprint(first, second)
    }
}

#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn both_fingerprint_halves_distinguish_similar_stacks() {
        let hasher = Hasher::default();
        let mut halves = (HashSet::new(), HashSet::new());
        let mut count = 0;
        for a in 0..50 {
            for b in 0..50 {
                for stack in [vec![a, b], vec![a, b, 0], vec![0, a, b], vec![a, 7, b]] {
                    if stack.len() == 2 || stack[0] != 0 || stack[2] != 0 {
                        let print = hasher.stack(stack.iter().copied());
                        count += usize::from(halves.0.insert(print.0) | halves.1.insert(print.1));
                    }
                }
            }
        }
        assert_eq!(halves.0.len(), halves.1.len());
        assert_eq!(count, halves.0.len());
    }
}

//! [`Samples`]: stacks of addresses, appended without allocating.

use super::super::report::{FREQUENCY_HZ, WINDOW};
use crate::work::cores;
use std::collections::BTreeMap;

/// Addresses kept of a stack, from the leaf.
const MAX_DEPTH: usize = 256;
/// Addresses of a stack for which there is room, on average. Twice as many as are usual.
const USUAL_DEPTH: usize = 128;
/// Reserved at least: blocks of this size are mapped one by one, so that only what was written to takes memory, and only until the
/// window has been stored.
const LEAST_BYTES: usize = 4 << 20;

/// Samples of a window.
pub(in super::super) struct Samples {
    /// Stacks one after the other: the number of addresses, then the addresses, leaf first.
    words: Vec<u64>,
    missed: i64,
}

impl Samples {
    /// Room for a window in which all processors are busy.
    pub(super) fn for_a_window() -> Samples {
        let samples = FREQUENCY_HZ as usize * WINDOW.as_secs() as usize * cores();
        Samples::with_room((samples * USUAL_DEPTH).max(LEAST_BYTES / size_of::<u64>()))
    }

    fn with_room(words: usize) -> Samples {
        Samples { words: Vec::with_capacity(words), missed: 0 }
    }

    /// Appends a stack of the addresses that `next` gives, leaf first. Does not allocate: without room it is only counted.
    pub(super) fn push(&mut self, mut next: impl FnMut() -> Option<u64>) {
        let (start, room) = (self.words.len(), self.words.capacity());
        let mut depth = 0;
        if start < room {
            self.words.push(0);
        }
        while depth < MAX_DEPTH
            && let Some(address) = next()
        {
            if self.words.len() == room {
                self.words.truncate(start);
                self.missed += 1;
                return;
            }
            self.words.push(address);
            depth += 1;
        }
        if let Some(length) = self.words.get_mut(start) {
            *length = depth as u64;
        }
    }

    /// The different stacks, with how often each was sampled.
    pub(in super::super) fn counts(&self) -> BTreeMap<&[u64], i64> {
        let mut counts = BTreeMap::new();
        let mut rest = &self.words[..];
        while let [depth, following @ ..] = rest {
            let (stack, after) = following.split_at((*depth as usize).min(following.len()));
            if !stack.is_empty() {
                *counts.entry(stack).or_insert(0) += 1;
            }
            rest = after;
        }
        counts
    }

    /// How many samples there was no room for.
    pub(in super::super) fn missed(&self) -> i64 {
        self.missed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(samples: &mut Samples, stack: &[u64]) {
        let mut addresses = stack.iter().copied();
        samples.push(|| addresses.next());
    }

    #[test]
    fn equal_stacks_are_counted_and_nothing_is_allocated() {
        let mut samples = Samples::with_room(16);
        let room = samples.words.capacity();
        for stack in [&[1, 2, 3][..], &[1, 2], &[1, 2, 3]] {
            push(&mut samples, stack);
        }
        for _ in 0..room {
            push(&mut samples, &[1, 2]);
        }
        let counts = samples.counts();
        assert_eq!((counts.len(), counts[&[1, 2, 3][..]]), (2, 2));
        assert_eq!(counts[&[1, 2][..]] + samples.missed(), 1 + room as i64);
        assert!(samples.missed() > 0 && samples.words.capacity() == room);
    }

    #[test]
    fn deep_stacks_keep_their_leaves() {
        let mut samples = Samples::with_room(2 * MAX_DEPTH);
        push(&mut samples, &(0..MAX_DEPTH as u64 + 9).collect::<Vec<_>>());
        let counts = samples.counts();
        let (stack, count) = counts.first_key_value().unwrap();
        assert_eq!((stack.len(), stack[0], *count), (MAX_DEPTH, 0, 1));
    }
}

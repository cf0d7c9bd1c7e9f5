//! Adding up values by stack, without spelling the stacks out until the end.

use crate::formats::TooMuch;
use crate::formats::builder::ProfileBuilder;
use crate::stack_table::LocationId;
use rustc_hash::FxHashMap;

/// The empty stack.
pub(super) const EMPTY: u32 = 0;

/// Stacks as nodes that know the stack above them, each with what was spent on it.
pub(super) struct Stacks {
    above: Vec<u32>,
    frame: Vec<LocationId>,
    value: Vec<i64>,
    below: FxHashMap<(u32, LocationId), u32>,
}

impl Stacks {
    pub(super) fn new() -> Self {
        // The frame of the empty stack is never looked at.
        Stacks { above: vec![EMPTY], frame: vec![LocationId(0)], value: vec![0], below: FxHashMap::default() }
    }

    /// The stack of `stack` and `frame` called from it.
    pub(super) fn call(&mut self, stack: u32, frame: LocationId) -> u32 {
        let next = self.above.len() as u32;
        let node = *self.below.entry((stack, frame)).or_insert(next);
        if node == next {
            self.above.push(stack);
            self.frame.push(frame);
            self.value.push(0);
        }
        node
    }

    /// The stack without its leaf, and the leaf; none for the empty stack.
    pub(super) fn leaf(&self, stack: u32) -> Option<(u32, LocationId)> {
        (stack != EMPTY).then(|| (self.above[stack as usize], self.frame[stack as usize]))
    }

    /// Adds what was spent on a stack.
    pub(super) fn spend(&mut self, stack: u32, value: i64) {
        let held = &mut self.value[stack as usize];
        *held = held.saturating_add(value);
    }

    /// One sample for each stack on which something was spent.
    pub(super) fn build(&self, builder: &mut ProfileBuilder) -> Result<(), TooMuch> {
        for (stack, &value) in self.value.iter().enumerate().filter(|(_, value)| **value != 0) {
            let mut at = stack as u32;
            let frames = std::iter::from_fn(|| {
                let (above, frame) = self.leaf(at)?;
                at = above;
                Some(frame)
            });
            builder.sample(frames, &[value], &[])?;
        }
        Ok(())
    }
}

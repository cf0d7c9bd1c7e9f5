//! Call stacks as a tree: each refers to its parent stack, so that one is spelled out once, however many samples
//! were taken in it. Formats that write stacks as parent pointers, or as calls and returns, build on it.

use crate::formats::TooMuch;
use crate::formats::builder::ProfileBuilder;
use crate::stack_table::{LocationId, StackId};
use rustc_hash::FxHashMap;

/// The empty stack.
pub(crate) const EMPTY: u32 = 0;

/// Stacks as nodes that know the stack above them, each with what was spent on it.
pub(crate) struct CallStacks {
    above: Vec<u32>,
    frame: Vec<LocationId>,
    value: Vec<i64>,
    /// The stack in the profile; `u32::MAX` until it is spelled out.
    id: Vec<u32>,
    below: FxHashMap<(u32, LocationId), u32>,
}

impl CallStacks {
    pub(crate) fn new() -> Self {
        // The frame of the empty stack is never looked at.
        CallStacks {
            above: vec![EMPTY],
            frame: vec![LocationId(0)],
            value: vec![0],
            id: vec![u32::MAX],
            below: FxHashMap::default(),
        }
    }

    /// The stack of `stack` and `frame` called from it.
    pub(crate) fn call(&mut self, stack: u32, frame: LocationId) -> u32 {
        let next = self.above.len() as u32;
        let node = *self.below.entry((stack, frame)).or_insert(next);
        if node == next {
            self.above.push(stack);
            self.frame.push(frame);
            self.value.push(0);
            self.id.push(u32::MAX);
        }
        node
    }

    /// The stack without its leaf, and the leaf; none for the empty stack.
    pub(crate) fn leaf(&self, stack: u32) -> Option<(u32, LocationId)> {
        (stack != EMPTY).then(|| (self.above[stack as usize], self.frame[stack as usize]))
    }

    /// Adds what was spent on a stack.
    pub(crate) fn spend(&mut self, stack: u32, value: i64) {
        let held = &mut self.value[stack as usize];
        *held = held.saturating_add(value);
    }

    /// The frames of a stack, leaf first.
    fn frames(&self, stack: u32) -> impl Iterator<Item = LocationId> + '_ {
        let mut at = stack;
        std::iter::from_fn(move || {
            let (above, frame) = self.leaf(at)?;
            at = above;
            Some(frame)
        })
    }

    /// The stack in the profile, spelled out when it is first asked for.
    pub(crate) fn id(&mut self, stack: u32, builder: &mut ProfileBuilder) -> Result<StackId, TooMuch> {
        let known = self.id[stack as usize];
        if known != u32::MAX {
            return Ok(StackId(known));
        }
        let id = builder.stack(self.frames(stack))?;
        self.id[stack as usize] = id.0;
        Ok(id)
    }

    /// One sample for each stack on which something was spent.
    pub(crate) fn build(&self, builder: &mut ProfileBuilder) -> Result<(), TooMuch> {
        for (stack, &value) in self.value.iter().enumerate().filter(|(_, value)| **value != 0) {
            builder.sample(self.frames(stack as u32), &[value], &[])?;
        }
        Ok(())
    }
}

//! Profiles of any size to measure with: the same on every run, and shaped like real ones, with a few hot
//! paths near the root and many rare ones below.

use flarepath_profile::profile::{Function, FunctionId, Line, Profile, ValueType};
use flarepath_profile::sample::Samples;
use flarepath_profile::stack_table::LocationId;

const FUNCTIONS: u64 = 6_000;

/// A profile of so many stacks, 10 to 50 frames deep: about 21 nodes a stack.
pub(crate) fn profile(stacks: usize, seed: u64) -> Profile {
    let mut profile = Profile { samples: Samples::new(1), ..Profile::default() };
    profile.sample_types.push(ValueType::default());
    for i in 0..FUNCTIONS {
        let name = format!("crate_{}::module_{}::function_{i}", i % 40, i % 400);
        let file = format!("src/module_{}.rs", i % 400);
        let (name, file) = (profile.strings.intern(&name), profile.strings.intern(&file));
        profile.functions.push(Function { name, file, ..Function::default() });
        profile.locations.push(None, 0, [Line { function: FunctionId(i as u32), ..Line::default() }]);
    }
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut stack = Vec::new();
    for _ in 0..stacks {
        stack.clear();
        let depth = 10 + random.below(40);
        for level in 0..depth {
            // Squaring favours the first; the choice is narrow near the root.
            let choice = random.below(1 << 16);
            let choice = (choice * choice) >> 16;
            let width = if level < 12 { 4 } else { FUNCTIONS };
            stack.push(LocationId((((choice * width) >> 16) + level * 37) as u32 % FUNCTIONS as u32));
        }
        let id = profile.stacks.push(stack.iter().rev().copied());
        profile.samples.push(id, &[1 + random.below(100) as i64], &[]);
    }
    profile
}

/// xorshift64*: good enough to spread, and the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) % limit
    }
}

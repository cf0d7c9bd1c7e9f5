//! Costs of the source lines of a function.
//!
//! A line's **self** value is that of the samples whose innermost frame is the function at this line; its **total** that
//! of the samples in which the function stands at this line anywhere on the stack, each counted once however often it
//! calls itself. So the self values of all lines add up to the function's self value; totals add up to its total
//! unless it calls itself from several lines.
//!
//! Functions are the same when their names are, as in [`crate::call_tree::sandwich`]; a name that only an address has
//! (`file+0x…`) has no lines.

use crate::call_tree::location_frames::function_name;
use crate::profile::Profile;
use crate::stack_table::LocationId;
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// A line and its cost.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineCost {
    /// Source file; empty if unknown.
    pub file: String,
    /// Line in the file, from 1; 0 if unknown.
    pub line: i64,
    /// Spent in the line itself.
    pub self_value: i64,
    /// Spent in the line and all that it calls.
    pub total: i64,
}

/// Sums by line while stacks are added.
#[derive(Clone, Debug)]
pub struct LineSums {
    lines: Vec<LineCost>,
    /// For each line the number of the last stack that was counted for it.
    counted_for: Vec<u64>,
    stacks: u64,
    /// For each location where its entries in `at` end; without any for those that the function is not in.
    ends: Vec<u32>,
    /// Lines of the function at a location.
    at: Vec<u32>,
    /// For each location the line, if its innermost function is this one.
    innermost: Vec<Option<u32>>,
}

impl LineSums {
    /// Nothing added yet; locations are those of `tables`.
    pub fn new(tables: &Profile, function: &str) -> LineSums {
        let named = |i: usize| function_name(tables, i).is_some_and(|name| name == function);
        let ours: Vec<bool> = (0..tables.functions.len()).map(named).collect();
        let mut index: HashMap<_, u32, FxBuildHasher> = HashMap::default();
        let mut sums = LineSums {
            lines: Vec::new(),
            counted_for: Vec::new(),
            stacks: 0,
            ends: Vec::with_capacity(tables.locations.len()),
            at: Vec::new(),
            innermost: Vec::with_capacity(tables.locations.len()),
        };
        for i in 0..tables.locations.len() {
            let lines = tables.locations.get(i).lines;
            let leaf = lines.iter().position(|line| function_name(tables, line.function.index()).is_some());
            let mut innermost = None;
            for (nth, line) in lines.iter().enumerate() {
                if ours.get(line.function.index()) != Some(&true) {
                    continue;
                }
                let file = tables.functions[line.function.index()].file;
                let number = line.line.max(0);
                let id = *index.entry((file, number)).or_insert_with(|| {
                    let file = tables.str(file).to_owned();
                    sums.lines.push(LineCost { file, line: number, self_value: 0, total: 0 });
                    sums.lines.len() as u32 - 1
                });
                sums.at.push(id);
                if leaf == Some(nth) {
                    innermost = Some(id);
                }
            }
            sums.innermost.push(innermost);
            sums.ends.push(sums.at.len() as u32);
        }
        sums.counted_for = vec![0; sums.lines.len()];
        sums
    }

    /// Counts a stack of known locations, innermost first.
    pub fn add(&mut self, leaf_first: impl IntoIterator<Item = LocationId>, value: i64) {
        self.stacks += 1;
        for (depth, location) in leaf_first.into_iter().enumerate() {
            let i = location.index();
            let Some(&end) = self.ends.get(i) else { continue };
            if depth == 0
                && let Some(line) = self.innermost[i]
            {
                let own = &mut self.lines[line as usize].self_value;
                *own = own.saturating_add(value);
            }
            let start = if i == 0 { 0 } else { self.ends[i - 1] };
            for &line in &self.at[start as usize..end as usize] {
                if std::mem::replace(&mut self.counted_for[line as usize], self.stacks) != self.stacks {
                    let total = &mut self.lines[line as usize].total;
                    *total = total.saturating_add(value);
                }
            }
        }
    }

    /// The lines that cost something, by file and line.
    pub fn finish(self) -> Vec<LineCost> {
        join([self.lines])
    }
}

/// Lists of lines as one, by file and line; lines without any cost are omitted.
pub fn join(parts: impl IntoIterator<Item = Vec<LineCost>>) -> Vec<LineCost> {
    let mut all: Vec<LineCost> = parts.into_iter().flatten().collect();
    all.sort_unstable();
    all.dedup_by(|next, kept| {
        let same = next.file == kept.file && next.line == kept.line;
        if same {
            kept.self_value = kept.self_value.saturating_add(next.self_value);
            kept.total = kept.total.saturating_add(next.total);
        }
        same
    });
    all.retain(|line| line.self_value != 0 || line.total != 0);
    all
}

/// The lines of all functions named `function` in the samples of `profile`, of the sample type at `column`.
pub fn line_costs(profile: &Profile, column: usize, function: &str) -> Vec<LineCost> {
    let mut sums = LineSums::new(profile, function);
    for i in 0..profile.samples.len() {
        let value = profile.samples.values(i).get(column).copied().unwrap_or(0);
        sums.add(profile.stacks.get(profile.samples.stack(i)).iter().copied(), value);
    }
    sums.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{Function, FunctionId, Line};
    use crate::sample::Samples;

    /// A profile of stacks drawn as `leaf:line inlined-into:line;caller:line value`.
    fn profile(text: &str) -> Profile {
        let mut p = Profile { samples: Samples::new(1), ..Profile::default() };
        for row in text.lines() {
            let (stack, value) = row.trim().rsplit_once(' ').unwrap();
            let mut path = Vec::new();
            for location in stack.split(';') {
                let lines: Vec<Line> = location
                    .split('<')
                    .map(|line| {
                        let (name, line) = line.split_once(':').unwrap();
                        let name = p.strings.intern(name);
                        let file = p.strings.intern("a.rs");
                        p.functions.push(Function { name, system_name: name, file, start_line: 1 });
                        let function = FunctionId(p.functions.len() as u32 - 1);
                        Line { function, line: line.parse().unwrap(), column: 0 }
                    })
                    .collect();
                path.push(LocationId(p.locations.push(None, path.len() as u64, lines)));
            }
            let stack = p.stacks.push(path);
            p.samples.push(stack, &[value.parse().unwrap()], &[]);
        }
        p
    }

    fn lines(text: &str, function: &str) -> Vec<(i64, i64, i64)> {
        let found = line_costs(&profile(text), 0, function);
        found.into_iter().map(|l| (l.line, l.self_value, l.total)).collect()
    }

    #[test]
    fn self_is_the_innermost_frame_and_total_the_stack() {
        let text = "g:7;f:3;main:1 1\n f:3;main:1 2\n f:4;main:2 4\n h:1;main:1 8";
        assert_eq!(lines(text, "f"), [(3, 2, 3), (4, 4, 4)]);
        assert_eq!(lines(text, "main"), [(1, 0, 11), (2, 0, 4)]);
        assert_eq!(lines(text, "nowhere"), []);
    }

    #[test]
    fn recursion_counts_a_line_once_per_stack() {
        assert_eq!(lines("f:3;f:4;f:4;f:5;main:1 2", "f"), [(3, 2, 2), (4, 0, 2), (5, 0, 2)]);
    }

    #[test]
    fn inlined_functions_have_their_own_lines() {
        let text = "f:9<g:4;main:1 2\n f:8;main:1 1";
        assert_eq!(lines(text, "f"), [(8, 1, 1), (9, 2, 2)]);
        assert_eq!(lines(text, "g"), [(4, 0, 2)]);
        // A line whose function has no name is no frame.
        assert_eq!(lines(":9<g:4;main:1 2", "g"), [(4, 2, 2)]);
    }

    #[test]
    fn joins_both_sides_by_line() {
        let line = |line, total| LineCost { file: "a".into(), line, self_value: 0, total };
        assert_eq!(join([vec![line(1, 2), line(2, 0)], vec![line(1, 3)]]), [line(1, 5)]);
    }
}

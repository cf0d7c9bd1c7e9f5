//! Call graphs to stacks, for profilers that record calls between functions and not whole stacks.
//!
//! What is known: what each function spent itself, and what each call from one function to another cost, with
//! all that was called from there. What is not known is which share of a function's calls stems from which of
//! its callers' callers. As gprof and its successors do, a function's cost is taken to be split among its
//! callers in proportion to the cost of their calls, at every level:
//!
//! ```text
//! share of callee in this context = share of caller in its context × cost of the call / cost of all calls to callee
//! ```
//! A function that did more than all calls to it cost also stands at the root; so circles have an entry, too. Recursion goes around in the graph, and
//! contexts get smaller with each round. The contexts that weigh most are built first, until the next one would
//! weigh less than half a unit or there are many millions of frames; the rest of a function's own cost then goes to
//! its heaviest context. So what each function spent itself, and the sum of all, are exact; how it is split among
//! stacks is an estimate.

use super::TooMuch;
use super::builder::ProfileBuilder;
use crate::limits::MAX_STACK_DEPTH;
use crate::stack_table::LocationId;
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Frames, places and calls looked at in all contexts together. Two hundred thousand contexts of 80 each: what
/// weighs less cannot be seen in any picture.
const MAX_WORK: usize = 16 << 20;

/// A graph of calls between functions, which are numbers from 0 without gaps.
#[derive(Default)]
pub(crate) struct CallGraph {
    functions: Vec<Node>,
}

#[derive(Default)]
struct Node {
    /// What the function spent itself, by place, in all columns.
    own: FxHashMap<LocationId, Vec<i64>>,
    /// Calls from here, by place and callee: what they cost, in the first column.
    calls: FxHashMap<(LocationId, u32), f64>,
}

/// A function on a stack.
struct Context {
    weight: f64,
    /// Of the function's cost, from 0 to 1.
    share: f64,
    function: u32,
    /// The context that it was called from, plus one; 0 at the root.
    caller: u32,
    /// Where in the caller.
    place: LocationId,
}

/// What comes next: the heaviest, and of equals the one found first.
#[derive(PartialEq)]
struct Next(f64, u32);

impl Eq for Next {}

impl Ord for Next {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0).then(other.1.cmp(&self.1))
    }
}

impl PartialOrd for Next {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl CallGraph {
    fn node(&mut self, function: u32) -> &mut Node {
        if self.functions.len() <= function as usize {
            self.functions.resize_with(function as usize + 1, Node::default);
        }
        &mut self.functions[function as usize]
    }

    /// Adds what a function spent itself at a place in it.
    pub(crate) fn spend(&mut self, function: u32, place: LocationId, values: &[i64]) {
        let own = self.node(function).own.entry(place).or_insert_with(|| vec![0; values.len()]);
        for (own, value) in own.iter_mut().zip(values) {
            *own = own.saturating_add(*value);
        }
    }

    /// Adds calls from a place in one function to another, which cost `weight` with all that they called.
    pub(crate) fn call(&mut self, caller: u32, place: LocationId, callee: u32, weight: f64) {
        self.node(callee);
        *self.node(caller).calls.entry((place, callee)).or_default() += weight.max(0.0);
    }

    /// Writes samples: one for each stack and place at its leaf.
    ///
    /// # Errors
    /// When there is too much.
    pub(crate) fn build(self, builder: &mut ProfileBuilder) -> Result<(), TooMuch> {
        Unfolding::new(&self).run(builder)
    }
}

/// What a function spent itself, by place, in all columns.
type Own = Vec<(LocationId, Vec<i64>)>;

/// The building of stacks from a graph.
struct Unfolding {
    /// What each function cost with all that it called, by the calls to it or by what it did, if that is more.
    cost: Vec<f64>,
    /// Its calls and places in a fixed order: the same graph gives the same profile.
    calls: Vec<Vec<(LocationId, u32, f64)>>,
    own: Vec<Own>,
    contexts: Vec<Context>,
    next: BinaryHeap<Next>,
    /// The first and so the heaviest context of each function, plus one.
    heaviest: Vec<u32>,
    work: usize,
}

impl Unfolding {
    fn new(graph: &CallGraph) -> Self {
        let count = graph.functions.len();
        let mut called = vec![0.0; count];
        let (mut calls, mut own) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for node in &graph.functions {
            let mut out: Vec<_> = node.calls.iter().map(|(&(at, callee), &w)| (at, callee, w)).collect();
            out.sort_by_key(|&(at, callee, _)| (at, callee));
            for &(_, callee, weight) in &out {
                called[callee as usize] += weight;
            }
            let mut spent: Vec<_> = node.own.iter().map(|(at, values)| (*at, values.clone())).collect();
            spent.sort_by_key(|(at, _)| *at);
            calls.push(out);
            own.push(spent);
        }
        let mut unfolding = Unfolding {
            cost: called.clone(),
            calls,
            own,
            contexts: Vec::new(),
            next: BinaryHeap::new(),
            heaviest: vec![0; count],
            work: 0,
        };
        unfolding.find_roots(&called);
        unfolding
    }

    /// Functions that did more than they were called for.
    fn find_roots(&mut self, called: &[f64]) {
        for (function, &called) in called.iter().enumerate() {
            let own: f64 = self.own[function].iter().map(|(_, v)| v.first().map_or(0.0, |v| *v as f64)).sum();
            let did = own + self.calls[function].iter().map(|(_, _, w)| w).sum::<f64>();
            if did > called {
                self.cost[function] = did;
                self.push(function as u32, 1.0 - called / did, did - called, 0, LocationId(0));
            }
        }
    }

    fn push(&mut self, function: u32, share: f64, weight: f64, caller: u32, place: LocationId) {
        self.contexts.push(Context { weight, share, function, caller, place });
        self.next.push(Next(weight, self.contexts.len() as u32 - 1));
    }

    fn run(mut self, builder: &mut ProfileBuilder) -> Result<(), TooMuch> {
        let mut left = self.own.clone();
        self.expand(&mut left, builder)?;
        self.place_rest(&left, builder)
    }

    /// Takes the heaviest context, writes its samples, and finds those that it calls, again and again.
    fn expand(&mut self, left: &mut [Own], builder: &mut ProfileBuilder) -> Result<(), TooMuch> {
        while let Some(Next(_, id)) = self.next.pop() {
            let Context { share, function, weight, .. } = self.contexts[id as usize];
            let first = self.heaviest[function as usize] == 0;
            if self.work >= MAX_WORK || (!first && weight < 0.5) {
                continue;
            }
            if first {
                self.heaviest[function as usize] = id + 1;
            }
            let above = self.stack_above(id);
            self.work +=
                above.len() + self.own[function as usize].len() + self.calls[function as usize].len();
            for ((place, own), (_, left)) in
                self.own[function as usize].iter().zip(&mut left[function as usize])
            {
                let part: Vec<i64> = own
                    .iter()
                    .zip(left.iter())
                    .map(|(own, left)| {
                        ((*own as f64 * share).round() as i64).clamp(0.min(*left), 0.max(*left))
                    })
                    .collect();
                if part.iter().all(|v| *v == 0) {
                    continue;
                }
                left.iter_mut().zip(&part).for_each(|(left, part)| *left -= part);
                self.work += above.len() + 1;
                builder.sample(std::iter::once(*place).chain(above.iter().copied()), &part, &[])?;
            }
            self.call_on(id, share, function);
        }
        Ok(())
    }

    /// The contexts called from one.
    fn call_on(&mut self, id: u32, share: f64, function: u32) {
        for i in 0..self.calls[function as usize].len() {
            let (place, callee, weight) = self.calls[function as usize][i];
            let (weight, cost) = (weight * share, self.cost[callee as usize]);
            if cost > 0.0 && (weight >= 0.5 || self.heaviest[callee as usize] == 0) && weight > 0.0 {
                self.push(callee, weight / cost, weight, id + 1, place);
            }
        }
    }

    /// The places of all calls above a context, leaf first.
    fn stack_above(&self, id: u32) -> Vec<LocationId> {
        let mut stack = Vec::new();
        let mut at = &self.contexts[id as usize];
        while at.caller != 0 && stack.len() < MAX_STACK_DEPTH {
            stack.push(at.place);
            at = &self.contexts[at.caller as usize - 1];
        }
        stack
    }

    /// What rounding and the end of the building left over.
    fn place_rest(&self, left: &[Own], builder: &mut ProfileBuilder) -> Result<(), TooMuch> {
        let mut work = 0;
        for (function, left) in left.iter().enumerate() {
            let above = match self.heaviest[function] {
                id if id > 0 && work < MAX_WORK => self.stack_above(id - 1),
                _ => Vec::new(),
            };
            work += above.len() * left.len();
            for (place, values) in left.iter().filter(|(_, values)| values.iter().any(|v| *v != 0)) {
                builder.sample(std::iter::once(*place).chain(above.iter().copied()), values, &[])?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::from_profile;
    use crate::formats::folded;

    /// Functions by number, own costs, and calls as caller, callee, cost.
    fn unfold(own: &[i64], calls: &[(u32, u32, f64)]) -> String {
        let mut builder = ProfileBuilder::new(&[("cost", "count")]);
        let mut graph = CallGraph::default();
        let places: Vec<_> = (0..own.len()).map(|i| builder.frame(&i.to_string())).collect();
        for (i, &value) in own.iter().enumerate() {
            graph.spend(i as u32, places[i], &[value]);
        }
        for &(caller, callee, cost) in calls {
            graph.call(caller, places[caller as usize], callee, cost);
        }
        graph.build(&mut builder).unwrap();
        let (profile, _) = builder.finish();
        assert_eq!(profile.samples.total(0), own.iter().sum::<i64>(), "nothing is lost");
        folded::write(&from_profile(&profile, 0).unwrap())
    }

    #[test]
    fn tree_shaped_graphs_are_exact() {
        assert_eq!(unfold(&[1, 2, 3], &[(0, 1, 5.0), (1, 2, 3.0)]), "0 1\n0;1 2\n0;1;2 3\n");
    }

    #[test]
    fn a_shared_callee_is_split_by_the_cost_of_the_calls() {
        let calls = [(0, 1, 31.0), (0, 2, 11.0), (1, 3, 30.0), (2, 3, 10.0)];
        assert_eq!(unfold(&[0, 1, 1, 40], &calls), "0;1 1\n0;1;3 30\n0;2 1\n0;2;3 10\n");
    }

    #[test]
    fn recursion_terminates() {
        // 1 is called for 8 and calls itself for 8 more.
        assert_eq!(unfold(&[0, 8], &[(0, 1, 8.0), (1, 1, 8.0)]), "0;1 4\n0;1;1 2\n0;1;1;1 1\n0;1;1;1;1 1\n");
    }

    #[test]
    fn expensive_cycles_terminate() {
        // Each round loses a billionth: without a limit there would be billions of contexts.
        let calls = [(0, 1, 1e18), (1, 2, 1e27), (2, 1, 1e27), (1, 1, 1e27), (2, 2, 1e27)];
        assert!(unfold(&[0, 1 << 60, 1 << 60], &calls).starts_with("0;1 "));
    }

    #[test]
    fn cycles_without_entry_start_at_every_member() {
        // Each did 6 and was called for 3.
        let calls = [(0, 1, 3.0), (1, 0, 3.0)];
        assert_eq!(unfold(&[3, 3], &calls), "0 2\n0;1 1\n1 2\n1;0 1\n");
    }
}

//! Search for the changed functions that explain the others.
//!
//! A change of one function shows in every function above it. From each changed function the way down goes to the child that
//! explains at least [`EXPLAINS`] of its change; what remains at the ends is reported, each once. Code of a library is reported
//! as the call from own code into it: `Regex::new` under `handle_order`, with the deepest function beside it. All changes within
//! one call are one.
//!
//! A function that grew where its caller did not has taken over what another did: it *moved* (renamed, split), or what its caller did
//! itself (inlined, extracted).
//! In reports of production 15 of 21 false alarms were of this kind (FBDetect, SOSP 2024).

mod moved;
#[cfg(test)]
mod tests;

use super::decide::Direction;
use crate::call_tree::NodeId;
use crate::diff::{DiffTree, Pair};
use crate::frame_table::FrameId;
use crate::own_code::OwnCode;

/// The part of a change that explains it.
const EXPLAINS: f64 = 0.8;

/// Both trees over each other, and the verdicts on their functions.
pub struct Tested<'a> {
    /// The trees.
    pub tree: &'a DiffTree,
    /// For each frame its function, if it was tested.
    pub function_of: &'a [Option<usize>],
    /// The verdict on each function.
    pub directions: &'a [Option<Direction>],
    /// What costs of baseline and comparison are divided by.
    pub weights: [f64; 2],
    /// What counts as own code.
    pub own_code: &'a OwnCode,
}

/// A change that no other explains.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// The function, by its number.
    pub function: usize,
    /// Its frame.
    pub frame: FrameId,
    /// The function of own code that calls it.
    pub under: Option<FrameId>,
    /// The deepest function that explains it, if it is another.
    pub deepest: Option<FrameId>,
    /// Where its costs moved from, or to: its caller costs what it did. `None` if they are a change of their own.
    pub moved: Option<MovedFrom>,
    /// The change of cost by weight.
    pub difference: f64,
}

/// What took over the costs of a function, or gave them to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MovedFrom {
    /// No function stands out.
    Others,
    /// Another function of the same caller.
    Function(FrameId),
    /// The caller itself: inlined into it, or extracted from it.
    Caller(FrameId),
}

/// The changes that explain all others, the largest first; those that only moved come last.
pub fn explain(tested: &Tested<'_>) -> Vec<Explained> {
    let holds_own = tested.holds_own();
    let mut ends: Vec<NodeId> = (0..tested.directions.len())
        .filter(|&function| tested.directions[function].is_some())
        .filter_map(|function| tested.largest_node(function))
        .map(|node| tested.call(tested.deepest(node), &holds_own))
        .collect();
    ends.sort_unstable();
    ends.dedup();
    let is_explained = |&node: &NodeId| {
        let end = tested.tree.shape().end(node);
        let mut below = 0.0;
        let mut after = node.index() + 1;
        for other in ends.iter().filter(|other| node < **other && other.index() < end) {
            // Outermost ones only.
            if other.index() >= after && tested.has_direction_of(*other, node) {
                below += tested.difference(*other);
                after = tested.tree.shape().end(*other);
            }
        }
        below / tested.difference(node) >= EXPLAINS
    };
    let kept: Vec<NodeId> = ends.iter().filter(|node| !is_explained(node)).copied().collect();
    let mut found: Vec<Explained> = Vec::new();
    for one in kept.into_iter().filter_map(|node| tested.report(node)) {
        match found.iter_mut().find(|known| known.function == one.function) {
            Some(known) if one.difference.abs() > known.difference.abs() => *known = one,
            Some(_) => {}
            None => found.push(one),
        }
    }
    let size = |one: &Explained| one.difference.abs();
    found.sort_by(|a, b| a.moved.is_some().cmp(&b.moved.is_some()).then(size(b).total_cmp(&size(a))));
    found
}

impl Tested<'_> {
    fn difference(&self, node: NodeId) -> f64 {
        self.difference_of(self.tree.total(node))
    }

    fn difference_of(&self, costs: Pair) -> f64 {
        let [before, after] = self.by_weight(costs);
        after - before
    }

    /// Costs of baseline and comparison by weight.
    fn by_weight(&self, Pair { baseline, comparison }: Pair) -> [f64; 2] {
        let of = |value: i64, weight: f64| if weight > 0.0 { value as f64 / weight } else { 0.0 };
        [of(baseline, self.weights[0]), of(comparison, self.weights[1])]
    }

    fn function(&self, node: NodeId) -> Option<usize> {
        self.function_of.get(self.tree.frame(node).index()).copied().flatten()
    }

    fn direction(&self, node: NodeId) -> Option<Direction> {
        self.directions.get(self.function(node)?).copied().flatten()
    }

    /// Whether both have changed in the same direction, the first also as a function.
    fn has_direction_of(&self, node: NodeId, other: NodeId) -> bool {
        self.direction(node).is_some() && self.difference(node) * self.difference(other) > 0.0
    }

    /// The node of a changed function that shows most of its change.
    fn largest_node(&self, function: usize) -> Option<NodeId> {
        let sign = match self.directions[function]? {
            Direction::Grew => 1.0,
            Direction::Shrank => -1.0,
        };
        let nodes = (1..self.tree.len() as u32).map(NodeId).filter(|n| self.function(*n) == Some(function));
        let (node, difference) =
            nodes.map(|n| (n, sign * self.difference(n))).max_by(|a, b| a.1.total_cmp(&b.1))?;
        (difference > 0.0).then_some(node)
    }

    /// The deepest node below `node` that explains its change.
    fn deepest(&self, mut node: NodeId) -> NodeId {
        loop {
            let change = self.difference(node);
            let explains = |child: &NodeId| {
                self.has_direction_of(*child, node) && self.difference(*child) / change >= EXPLAINS
            };
            let largest = |a: &NodeId, b: &NodeId| {
                (self.difference(*a) / change).total_cmp(&(self.difference(*b) / change))
            };
            match self.tree.shape().children(node).filter(explains).max_by(largest) {
                Some(child) => node = child,
                None => return node,
            }
        }
    }

    /// For each node whether it or anything below it is own code.
    fn holds_own(&self) -> Vec<bool> {
        let frames = self.tree.frames();
        let is_own = |id: u32| id > 0 && self.own_code.is_own(frames.text(FrameId(id)));
        let own: Vec<bool> = (0..frames.len() as u32).map(is_own).collect();
        let mut holds: Vec<bool> =
            (0..self.tree.len() as u32).map(|node| own[self.tree.frame(NodeId(node)).index()]).collect();
        // Callees come after their callers.
        for node in (1..holds.len()).rev() {
            if holds[node] {
                holds[self.tree.shape().parent(NodeId(node as u32)).index()] = true;
            }
        }
        holds
    }

    /// The call from own code that `node` is in, if all that it reaches is library code and costs more or less like `node`;
    /// otherwise `node`. What a library does with a call is not told apart: its parts have one cause. Calls on the way whose
    /// function has not changed as a whole, as it is called elsewhere too, are passed over.
    fn call(&self, node: NodeId, holds_own: &[bool]) -> NodeId {
        if holds_own[node.index()] {
            return node;
        }
        let (mut call, mut up) = (node, self.tree.shape().parent(node));
        while up != NodeId::ROOT && !holds_own[up.index()] {
            if self.difference(up) * self.difference(node) <= 0.0 {
                return node;
            }
            if self.has_direction_of(up, node) {
                call = up;
            }
            up = self.tree.shape().parent(up);
        }
        if up != NodeId::ROOT && self.is_own(&up) { call } else { node }
    }

    fn is_own(&self, node: &NodeId) -> bool {
        self.own_code.is_own(self.tree.frames().text(self.tree.frame(*node)))
    }

    /// The report of a change that ends at `call`, or below it in a library.
    fn report(&self, call: NodeId) -> Option<Explained> {
        let deepest = self.deepest(call);
        // The way up to the call, and on as long as the deepest function explains what is above it.
        let change = self.difference(deepest);
        let mut chain = vec![deepest];
        let mut top = deepest;
        loop {
            let up = self.tree.shape().parent(top);
            let explains = self.has_direction_of(up, deepest) && change / self.difference(up) >= EXPLAINS;
            if up == NodeId::ROOT || (top <= call && !explains) {
                break;
            }
            chain.push(up);
            top = up;
        }
        let is_own = |node: &NodeId| self.is_own(node);
        let own_above = |node: NodeId| {
            let mut path = self.tree.shape().path(node);
            path.retain(|n| *n < node && is_own(n));
            path.last().copied()
        };
        // The outermost call into a library below the last own function, or the own function itself.
        let named = match chain.iter().position(is_own) {
            Some(0) => deepest,
            Some(own) => self.call_into_library(&chain[..own]),
            None => self.call_into_library(&chain),
        };
        let under = own_above(named);
        Some(Explained {
            function: self.function(named)?,
            frame: self.tree.frame(named),
            under: under.map(|node| self.tree.frame(node)),
            deepest: (named != deepest).then(|| self.tree.frame(deepest)),
            moved: self.moved(top),
            difference: self.difference(named),
        })
    }

    /// Of library functions, deepest first, the outermost that is not only an adapter of the language, such as an iterator.
    fn call_into_library(&self, chain: &[NodeId]) -> NodeId {
        let frames = self.tree.frames();
        let is_telling = |node: &&NodeId| !OwnCode::is_of_language(frames.text(self.tree.frame(**node)));
        let outermost = chain.iter().rev();
        outermost.clone().find(is_telling).or(outermost.clone().next()).copied().unwrap_or(NodeId::ROOT)
    }
}

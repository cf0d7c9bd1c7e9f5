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

use super::decide::Direction;
use super::own_code::OwnCode;
use crate::call_tree::NodeId;
use crate::diff::{DiffTree, Pair};
use crate::frame_table::FrameId;

/// The part of a change that explains it.
const EXPLAINS: f64 = 0.8;
/// The part of a change that a caller shows if costs only moved below it.
const MOVED: f64 = 0.25;
/// How far the factors of callees may be from the common one, as a part of it, for all to have lost by one factor.
const ALIKE: f64 = 0.25;
/// The part of what callees lost that makes one of them stand out.
const STANDS_OUT: f64 = 0.5;
/// The part of what moved that tells where it went.
const TAKES_OVER: f64 = 0.4;

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

    /// Which function below the caller of `top`, or the caller itself, lost or gained the most, if the caller costs what it did.
    fn moved(&self, top: NodeId) -> Option<MovedFrom> {
        let caller = self.tree.shape().parent(top);
        let change = self.difference(top);
        if caller == NodeId::ROOT
            || self.direction(caller).is_some()
            || (self.difference(caller) / change).abs() > MOVED
            || self.does_less_work(caller)
        {
            return None;
        }
        let opposite = |node: &NodeId| -self.difference(*node) / change;
        let child = self.tree.shape().children(caller).max_by(|a, b| opposite(a).total_cmp(&opposite(b)));
        let by_itself = -self.difference_of(self.tree.self_value(caller)) / change;
        Some(match child.map(|node| (node, opposite(&node))) {
            _ if by_itself >= TAKES_OVER => MovedFrom::Caller(self.tree.frame(caller)),
            Some((node, part)) if part >= TAKES_OVER => MovedFrom::Function(self.tree.frame(node)),
            _ => MovedFrom::Others,
        })
    }

    /// Whether all callees of a function but those that grew lost by one factor. Then it does less work for what it costs, as a
    /// service at its limit does when a part of each request costs more, and nothing has moved.
    fn does_less_work(&self, caller: NodeId) -> bool {
        let costs: Vec<[f64; 2]> =
            self.tree.shape().children(caller).map(|node| self.by_weight(self.tree.total(node))).collect();
        let losers: Vec<[f64; 2]> = costs.iter().copied().filter(|[before, after]| after < before).collect();
        let sum = |side: usize, of: &[[f64; 2]]| of.iter().map(|cost| cost[side]).sum::<f64>();
        let (before, after) = (sum(0, &losers), sum(1, &losers));
        let factor = after / before;
        let is_alike = |[before, after]: &&[f64; 2]| (after / before - factor).abs() <= ALIKE * factor;
        let alike: f64 = losers.iter().filter(is_alike).map(|[before, _]| before).sum();
        let largest = losers.iter().map(|[before, after]| before - after).fold(0.0, f64::max);
        before > 0.0 && alike >= EXPLAINS * sum(0, &costs) && largest <= STANDS_OUT * (before - after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::tree;
    use crate::diff::diff;
    use Direction::{Grew, Shrank};

    /// What `explain` says of two trees in which the named functions have changed: `function < under ~ deepest (moved from x)`.
    fn said(before: &str, after: &str, changed: &[(&str, Direction)]) -> Vec<String> {
        let both = diff(&tree(before), &tree(after));
        let frames = both.frames();
        let function_of: Vec<Option<usize>> = (0..frames.len()).map(|i| (i > 0).then_some(i)).collect();
        let mut directions = vec![None; frames.len()];
        for (name, direction) in changed {
            let id = (1..frames.len()).find(|i| frames.name(FrameId(*i as u32)) == *name).unwrap();
            directions[id] = Some(*direction);
        }
        let own_code = OwnCode::guess(frames);
        let tested = Tested {
            tree: &both,
            function_of: &function_of,
            directions: &directions,
            weights: [1.0, 1.0],
            own_code: &own_code,
        };
        let name = |id: FrameId| frames.name(id);
        let text = |one: &Explained| {
            let mut text = name(one.frame).to_owned();
            one.under.into_iter().for_each(|id| text += &format!(" < {}", name(id)));
            one.deepest.into_iter().for_each(|id| text += &format!(" ~ {}", name(id)));
            match one.moved {
                None => {}
                Some(MovedFrom::Others) => text += " (moved from ?)",
                Some(MovedFrom::Function(from)) => text += &format!(" (moved from {})", name(from)),
                Some(MovedFrom::Caller(caller)) => {
                    text += &format!(" (moved from its caller {})", name(caller))
                }
            }
            text
        };
        explain(&tested).iter().map(text).collect()
    }

    #[test]
    fn a_library_is_named_by_the_call_into_it() {
        let before = "shop::main;shop::handle_order;shop::price 40\n shop::main;shop::wait 10";
        let after = "shop::main;shop::handle_order;shop::price 40\n shop::main;shop::wait 10\n \
                     shop::main;shop::handle_order;core::iter::map;regex::Regex::new;regex::Builder::build;regex::compile 60\n \
                     shop::main;shop::handle_order;core::iter::map;regex::Regex::new;regex::Builder::build;regex::free 5";
        let changed = [
            "shop::handle_order",
            "core::iter::map",
            "regex::Regex::new",
            "regex::Builder::build",
            "regex::compile",
        ];
        assert_eq!(
            said(before, after, &changed.map(|name| (name, Grew))),
            ["regex::Regex::new < shop::handle_order ~ regex::compile"]
        );
    }

    #[test]
    fn changes_within_one_call_into_a_library_are_one() {
        let before = "shop::main;shop::handle_order;shop::price 40";
        let after = "shop::main;shop::handle_order;shop::price 40\n \
                     shop::main;shop::handle_order;core::iter::map;regex::Regex::new;regex::build;regex::compile 40\n \
                     shop::main;shop::handle_order;core::iter::map;regex::Regex::new;regex::build;malloc 10\n \
                     shop::main;shop::handle_order;core::iter::map;regex::Regex::new;regex::build;regex::parse 12";
        let changed = [
            "shop::handle_order",
            "core::iter::map",
            "regex::Regex::new",
            "regex::build",
            "regex::compile",
            "malloc",
            "regex::parse",
        ];
        assert_eq!(
            said(before, after, &changed.map(|name| (name, Grew))),
            ["regex::Regex::new < shop::handle_order ~ regex::build"]
        );
    }

    #[test]
    fn what_is_called_elsewhere_too_does_not_hide_the_call() {
        // As a whole `malloc` and the iterator cost less, as the rest of the service does.
        let before = "shop::main;shop::handle_order;shop::read;malloc 60\n shop::main;shop::handle_order;shop::read;core::iter::map 60";
        let after = "shop::main;shop::handle_order;shop::read;malloc 10\n shop::main;shop::handle_order;shop::read;core::iter::map 10\n \
                     shop::main;shop::handle_order;core::iter::map;regex::Regex::new;malloc 8\n \
                     shop::main;shop::handle_order;core::iter::map;regex::Regex::new;core::iter::map;regex::compile 30\n \
                     shop::main;shop::handle_order;core::iter::map;regex::Regex::new;core::iter::map;regex::free 8";
        let changed = [
            ("malloc", Shrank),
            ("core::iter::map", Shrank),
            ("shop::read", Shrank),
            ("regex::Regex::new", Grew),
            ("regex::compile", Grew),
            ("regex::free", Grew),
        ];
        let found = said(before, after, &changed);
        assert!(
            found.iter().any(|line| line.starts_with("regex::Regex::new < shop::handle_order")),
            "{found:?}"
        );
        assert!(found.iter().all(|line| !line.starts_with("regex::compile")), "{found:?}");
    }

    #[test]
    fn own_code_is_named_itself() {
        let (before, after) = ("shop::main;shop::a;shop::b 10", "shop::main;shop::a;shop::b 30");
        let changed = ["shop::main", "shop::a", "shop::b"].map(|name| (name, Grew));
        assert_eq!(said(before, after, &changed), ["shop::b < shop::a"]);
    }

    #[test]
    fn two_causes_explain_what_is_above_them() {
        let before = "main;run;a 10\n main;run;b 10\n main;run;c 50";
        let after = "main;run;a 30\n main;run;b 25\n main;run;c 50";
        let changed = [("main", Grew), ("run", Grew), ("a", Grew), ("b", Grew)];
        assert_eq!(said(before, after, &changed), ["a < run", "b < run"]);
    }

    #[test]
    fn a_service_at_its_limit_does_less_of_everything_else() {
        let before = "shop::main;shop::order;shop::read 36\n shop::main;shop::order;shop::reserve 28\n \
                      shop::main;shop::order;shop::parse 15\n shop::main;shop::order;shop::write 5";
        let after = "shop::main;shop::order;regex::Regex::new 60\n shop::main;shop::order;shop::read 10\n \
                     shop::main;shop::order;shop::reserve 8\n shop::main;shop::order;shop::parse 4\n \
                     shop::main;shop::order;shop::write 1";
        let changed = [("regex::Regex::new", Grew), ("shop::read", Shrank), ("shop::reserve", Shrank)];
        let found = said(before, after, &changed);
        assert_eq!(found[0], "regex::Regex::new < shop::order");
        assert!(found.iter().all(|line| !line.contains("moved")), "{found:?}");
    }

    #[test]
    fn a_renamed_function_has_moved() {
        let before = "main;run;price_v1;sum 30\n main;run;other 50";
        let after = "main;run;price_v2;sum 31\n main;run;other 50";
        let changed = [("price_v1", Shrank), ("price_v2", Grew)];
        assert_eq!(
            said(before, after, &changed),
            ["price_v2 < run (moved from price_v1)", "price_v1 < run (moved from price_v2)"]
        );
    }

    #[test]
    fn inlined_and_split_functions_have_moved() {
        let inlined = said(
            "main;run;price 10\n main;run;price;sum 30\n main;run;other 50",
            "main;run;price 41\n main;run;other 50",
            &[("sum", Shrank)],
        );
        assert_eq!(inlined, ["sum < price (moved from its caller price)"]);
        let split = said(
            "main;run;price 40\n main;run;other 50",
            "main;run;net 21\n main;run;tax 20\n main;run;other 50",
            &[("price", Shrank), ("net", Grew), ("tax", Grew)],
        );
        assert_eq!(
            split,
            ["price < run (moved from net)", "net < run (moved from price)", "tax < run (moved from price)"]
        );
    }

    #[test]
    fn what_moved_comes_after_what_changed() {
        let before = "main;run;old 90\n main;work;cheap 10";
        let after = "main;run;new 90\n main;work;cheap 30";
        let changed = [("old", Shrank), ("new", Grew), ("work", Grew), ("cheap", Grew)];
        let found = said(before, after, &changed);
        assert_eq!(found[0], "cheap < work");
        assert!(found[1..].iter().all(|line| line.contains("moved")), "{found:?}");
    }

    #[test]
    fn a_tree_of_one_node_explains_nothing() {
        assert!(said("(root) 5", "(root) 9", &[]).is_empty());
        assert_eq!(said("main 5", "main 9", &[("main", Grew)]), ["main"]);
    }
}

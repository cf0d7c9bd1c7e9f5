//! Order of functions by what explains the change of the total, for a table whose first row names the cause.
//!
//! Most rows of a difference are echoes of one cause: its callers changed by as much, and so did the library code below it. Here
//!
//! 1. library functions are **folded** under the library's function that own code calls: `Compiler::c` under `Regex::new`;
//! 2. known causes, such as those of a verdict, come first, in their order;
//! 3. then functions whose change their callees do not explain ([`EXPLAINS`]), the largest change first;
//! 4. then those that only pass a change on, own code first and the deepest first;
//! 5. then everything that changed by less than [`FLOOR`] of the total;
//! 6. placeholders of merged functions ([`OTHER`]) come last: they are no function, and never a cause.
//!
//! Without a function of own code nothing is folded.

use super::{DiffRow, DiffTree, Pair, Scale, Side, diff_table};
use crate::call_tree::NodeId;
use crate::frame_table::{FrameId, OTHER};
use crate::own_code::OwnCode;
use crate::top_table::Cost;
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use std::cmp::Ordering;

/// The part of a change that explains it.
const EXPLAINS: f64 = 0.8;
/// Callees with less than this part of a change are not counted: many small ones explain nothing.
const COUNTS: f64 = 0.1;
/// Changes below this part of the larger total are not told apart from none.
const FLOOR: f64 = 0.005;

type Map<K, V> = HashMap<K, V, FxBuildHasher>;

/// A function in the order of causes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RankedRow {
    /// Its costs.
    pub row: DiffRow,
    /// The function that it is folded under. Follows that one's row.
    pub under: Option<FrameId>,
    /// How many functions are folded under it.
    pub folded: usize,
}

impl RankedRow {
    /// A row of a table in another order, in which nothing is folded.
    pub fn plain(row: DiffRow) -> RankedRow {
        RankedRow { row, under: None, folded: 0 }
    }
}

/// Whether a name stands for functions that were merged to protect privacy.
pub fn is_placeholder(name: &str) -> bool {
    name == OTHER
}

/// All functions of both sides, in the order that the module describes. `known` are causes, the most telling first.
/// O(nodes + functions · log functions).
pub fn rank(tree: &DiffTree, own: &OwnCode, scale: &Scale, known: &[FrameId]) -> Vec<RankedRow> {
    let ranking = Ranking::new(tree, own, scale, known);
    let mut heads: Vec<(Key, DiffRow)> = Vec::new();
    let mut folded: Map<FrameId, Vec<DiffRow>> = Map::default();
    for row in diff_table(tree) {
        match ranking.head_of[row.frame.index()] {
            head if head == row.frame => heads.push((ranking.key(&row), row)),
            head => folded.entry(head).or_default().push(row),
        }
    }
    let by_name = |a: &DiffRow, b: &DiffRow| tree.frames().name(a.frame).cmp(tree.frames().name(b.frame));
    heads.sort_by(|(a, row), (b, other)| a.order(b).then_with(|| by_name(row, other)));
    let mut rows = Vec::new();
    for (_, row) in heads {
        let mut below = folded.remove(&row.frame).unwrap_or_default();
        below.sort_by(|a, b| {
            ranking.size(b.total).total_cmp(&ranking.size(a.total)).then_with(|| by_name(a, b))
        });
        rows.push(RankedRow { row, under: None, folded: below.len() });
        let under = Some(row.frame);
        rows.extend(below.into_iter().map(|row| RankedRow { row, under, folded: 0 }));
    }
    rows
}

/// Where a function that is not folded stands.
struct Key {
    tier: u8,
    /// Within its tier, ascending.
    place: [f64; 2],
}

impl Key {
    fn order(&self, other: &Key) -> Ordering {
        let by_place =
            self.place[0].total_cmp(&other.place[0]).then_with(|| self.place[1].total_cmp(&other.place[1]));
        self.tier.cmp(&other.tier).then(by_place)
    }
}

struct Ranking<'a> {
    tree: &'a DiffTree,
    scale: &'a Scale,
    known: &'a [FrameId],
    is_own: Vec<bool>,
    /// The function that each is folded under: itself, if it is not.
    head_of: Vec<FrameId>,
    /// Changes of the callees of each function; folded ones count as what they are folded under.
    below: Map<FrameId, Vec<f64>>,
    /// Depth of the node in which each function changed most.
    depth: Vec<u32>,
}

impl<'a> Ranking<'a> {
    fn new(tree: &'a DiffTree, own: &OwnCode, scale: &'a Scale, known: &'a [FrameId]) -> Ranking<'a> {
        let frames = tree.frames();
        let ids = (0..frames.len() as u32).map(FrameId);
        let is_own: Vec<bool> = ids.clone().map(|id| own.is_own(frames.text(id))).collect();
        let head_of = match ids.clone().skip(1).any(|id| is_own[id.index()]) {
            true => heads(tree, scale, &is_own, known),
            false => ids.collect(),
        };
        let below = changes_below(tree, scale, &head_of);
        let depth = depths(tree, scale);
        Ranking { tree, scale, known, is_own, head_of, below, depth }
    }

    fn size(&self, pair: Pair) -> f64 {
        self.scale.delta(pair).abs()
    }

    fn key(&self, row: &DiffRow) -> Key {
        let (frame, size) = (row.frame, self.size(row.total));
        if is_placeholder(self.tree.frames().name(frame)) {
            return Key { tier: 4, place: [-size, 0.0] };
        }
        if let Some(at) = self.known.iter().position(|known| *known == frame) {
            return Key { tier: 0, place: [at as f64, 0.0] };
        }
        if size < FLOOR * whole(self.tree, self.scale) || size == 0.0 {
            return Key { tier: 3, place: [-size, 0.0] };
        }
        let delta = row.delta(Cost::Total, self.scale);
        let parts = self.below.get(&frame).into_iter().flatten().map(|change| change / delta);
        let explained: f64 = parts.filter(|part| *part >= COUNTS).sum();
        match explained >= EXPLAINS {
            false => Key { tier: 1, place: [-size, 0.0] },
            true => {
                let foreign = f64::from(u8::from(!self.is_own[frame.index()]));
                Key { tier: 2, place: [foreign, -f64::from(self.depth[frame.index()])] }
            }
        }
    }
}

/// The total of the larger side, as it is compared.
fn whole(tree: &DiffTree, scale: &Scale) -> f64 {
    let root = tree.total(NodeId::ROOT);
    Side::BOTH.map(|side| scale.value(side, root.of(side)).abs()).into_iter().fold(0.0, f64::max)
}

fn nodes(tree: &DiffTree) -> impl Iterator<Item = NodeId> {
    (1..tree.len() as u32).map(NodeId)
}

/// For each frame the function that it is folded under: the one that most of its cost is below.
fn heads(tree: &DiffTree, scale: &Scale, is_own: &[bool], known: &[FrameId]) -> Vec<FrameId> {
    let (frame, parent, _) = tree.columns();
    let stands_alone =
        |id: FrameId| is_own[id.index()] || known.contains(&id) || is_placeholder(tree.frames().name(id));
    let alone: Vec<bool> = (0..is_own.len() as u32).map(|id| stands_alone(FrameId(id))).collect();
    let mut at: Vec<FrameId> = vec![FrameId::ROOT; tree.len()];
    let mut weights: Map<(FrameId, FrameId), f64> = Map::default();
    for node in nodes(tree) {
        let (id, up) = (frame[node.index()], parent[node.index()]);
        let is_entry = up == NodeId::ROOT || is_own[frame[up.index()].index()];
        let head = if alone[id.index()] || is_entry { id } else { at[up.index()] };
        at[node.index()] = head;
        let total = tree.total(node);
        let weight = Side::BOTH.map(|side| scale.value(side, total.of(side)).abs()).into_iter().sum::<f64>();
        *weights.entry((id, head)).or_default() += weight;
    }
    let mut best: Vec<(FrameId, f64)> = (0..is_own.len() as u32).map(|id| (FrameId(id), -1.0)).collect();
    for ((id, head), weight) in weights {
        let (known, most) = best[id.index()];
        // Ties go to the smaller id, so that the result does not depend on the order of the map.
        if weight > most || (weight == most && head < known) {
            best[id.index()] = (head, weight);
        }
    }
    let under: Vec<FrameId> = best.into_iter().map(|(head, _)| head).collect();
    (0..under.len() as u32).map(|id| top(&under, FrameId(id))).collect()
}

/// Follows what a function is folded under to the function that is not folded itself; the function, if there is none.
fn top(under: &[FrameId], of: FrameId) -> FrameId {
    let mut at = of;
    for _ in 0..8 {
        match under[at.index()] {
            up if up == at => return at,
            up => at = up,
        }
    }
    of
}

/// For each function the changes of its callees. A callee counts where it is outermost.
fn changes_below(tree: &DiffTree, scale: &Scale, head_of: &[FrameId]) -> Map<FrameId, Vec<f64>> {
    let (frame, parent, _) = tree.columns();
    let mut covered_until = vec![0; head_of.len()];
    let mut sums: Map<(FrameId, FrameId), Pair> = Map::default();
    for node in nodes(tree) {
        let up = head_of[frame[parent[node.index()].index()].index()];
        let head = head_of[frame[node.index()].index()];
        if head != up && node.index() >= covered_until[head.index()] {
            covered_until[head.index()] = tree.shape().end(node);
            let sum = sums.entry((up, head)).or_default();
            *sum = sum.plus(tree.total(node));
        }
    }
    let mut below: Map<FrameId, Vec<f64>> = Map::default();
    for ((up, _), sum) in sums {
        below.entry(up).or_default().push(scale.delta(sum));
    }
    below
}

/// For each function how deep the node is in which it changed most.
fn depths(tree: &DiffTree, scale: &Scale) -> Vec<u32> {
    let (frame, parent, _) = tree.columns();
    let mut depth = vec![0; tree.len()];
    let mut most: Vec<(f64, u32)> = vec![(-1.0, 0); tree.frames().len()];
    for node in nodes(tree) {
        depth[node.index()] = depth[parent[node.index()].index()] + 1;
        let (size, best) = (scale.delta(tree.total(node)).abs(), &mut most[frame[node.index()].index()]);
        if size > best.0 {
            *best = (size, depth[node.index()]);
        }
    }
    most.into_iter().map(|(_, depth)| depth).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::tree;
    use crate::diff::diff;

    /// Names in the order of causes; folded ones behind `>`.
    fn ranked(both: &DiffTree, known: &[&str]) -> Vec<String> {
        let own = OwnCode::guess(both.frames());
        let id = |name: &&str| FrameId(both.frames().named(name).iter().position(|is| *is).unwrap() as u32);
        let known: Vec<FrameId> = known.iter().map(id).collect();
        let rows = rank(both, &own, &Scale::absolute(), &known);
        let name = |r: &RankedRow| {
            format!("{}{}", if r.under.is_some() { ">" } else { "" }, both.frames().name(r.row.frame))
        };
        rows.iter().map(name).collect()
    }

    #[test]
    fn the_cause_is_first_with_its_library_below_it() {
        let before = tree("shop::main;shop::serve;shop::parse 100\nshop::main;shop::serve;shop::cart 50");
        let after = tree(
            "shop::main;shop::serve;shop::parse 101\nshop::main;shop::serve;shop::cart 60\n\
             shop::main;shop::serve;regex::Regex::new;regex::compile;alloc::grow 200",
        );
        let both = diff(&before, &after);
        let expected = [
            "regex::Regex::new",
            ">alloc::grow",
            ">regex::compile",
            "shop::cart",
            "shop::serve",
            "shop::main",
            "shop::parse",
        ];
        assert_eq!(ranked(&both, &[]), expected);
        assert_eq!(ranked(&both.swapped(), &[]), expected, "what is gone is a cause, too");
    }

    #[test]
    fn known_causes_come_before_larger_changes() {
        let both = diff(
            &tree("shop::main;shop::a 10\nshop::main;shop::b 100"),
            &tree("shop::main;shop::a 40\nshop::main;shop::b 190"),
        );
        assert_eq!(ranked(&both, &[])[..2], ["shop::b", "shop::a"]);
        assert_eq!(ranked(&both, &["shop::a"])[..2], ["shop::a", "shop::b"]);
    }

    #[test]
    fn merged_functions_are_last() {
        let both = diff(
            &tree("shop::main;shop::a 10"),
            &tree("shop::main;shop::a 11\nshop::main;(other) 500\n(other) 7"),
        );
        assert_eq!(ranked(&both, &[]).last().map(String::as_str), Some("(other)"));
    }

    #[test]
    fn without_own_code_nothing_is_folded() {
        let both = diff(&tree("std::rt;std::io 10"), &tree("std::rt;std::io 30"));
        assert_eq!(ranked(&both, &[]), ["std::io", "std::rt"]);
        let empty = diff(&tree(""), &tree(""));
        assert!(rank(&empty, &OwnCode::default(), &Scale::absolute(), &[]).is_empty());
    }
}

//! Sanitization of a tree: cleans its text and merges nodes that are too small.
//!
//! Text is cleaned once for each string and what it is used as, not for each node. Functions whose names become the same
//! are one, and the paths through them; totals stay exact.

use super::field::Field;
use super::places::places;
use super::policy::Policy;
use super::report::Report;
use super::text::clean;
use crate::call_tree::{CallTree, NodeId, from_parent_pointers};
use crate::diff::diff;
use crate::frame_table::{Frame, FrameId, FrameInterner, FrameTable, FrameText, OTHER};
use crate::string_table::StrId;

/// The trees with their text cleaned and small nodes merged. Two are the sides of a comparison: a node is small when it
/// is small on both, so that what is shown on one side is shown on the other.
pub(super) fn trees(policy: &Policy, report: &mut Report, trees: &[&CallTree]) -> Vec<CallTree> {
    let renamed: Vec<CallTree> = trees.iter().map(|tree| renamed(policy, report, tree)).collect();
    match (policy.merged_below_ppm, renamed.as_slice()) {
        (0, _) => renamed,
        (ppm, [baseline, comparison]) => {
            let both = diff(baseline, comparison);
            let (frame, parent, [before, after]) = both.columns();
            let small = small(parent, &[before, after], ppm);
            report.nodes_merged += small.iter().filter(|&&s| s).count();
            [before, after].map(|values| folded(both.frames(), frame, parent, values, &small)).to_vec()
        }
        (ppm, all) => all.iter().map(|tree| without_small(report, tree, ppm)).collect(),
    }
}

/// What [`trees`] makes of one, and for each node of `tree` its node there, of the same depth. `None` of nodes that have become
/// part of one above them.
pub(super) fn tree_and_nodes(
    policy: &Policy,
    report: &mut Report,
    tree: &CallTree,
) -> (CallTree, Vec<Option<NodeId>>) {
    let (_, parent, values, _) = tree.columns();
    let (frames, frame) = cleaned(policy, report, tree);
    let renamed = assembled(&frames, parent, &frame, values);
    let mut nodes = places(&frames, parent, &frame, &renamed);
    if policy.merged_below_ppm == 0 {
        return (renamed, nodes);
    }
    let (frame, parent, values, _) = renamed.columns();
    let small = small(parent, &[values], policy.merged_below_ppm);
    report.nodes_merged += small.iter().filter(|&&s| s).count();
    let parts = folding(renamed.frames(), frame, parent, values, &small);
    let folded = assembled(&parts.frames, &parts.parent, &parts.frame, &parts.values);
    let mut places = places(&parts.frames, &parts.parent, &parts.frame, &folded);
    for i in (1..parent.len()).filter(|&i| small[i] && small[parent[i].index()]) {
        places[i] = None;
    }
    nodes.iter_mut().for_each(|node| *node = node.and_then(|node| places[node.index()]));
    (folded, nodes)
}

fn without_small(report: &mut Report, tree: &CallTree, ppm: u32) -> CallTree {
    let (frame, parent, values, _) = tree.columns();
    let small = small(parent, &[values], ppm);
    report.nodes_merged += small.iter().filter(|&&s| s).count();
    folded(tree.frames(), frame, parent, values, &small)
}

/// Columns that a tree is assembled from.
struct Parts {
    frames: FrameTable,
    frame: Vec<FrameId>,
    parent: Vec<NodeId>,
    values: Vec<i64>,
}

fn assembled(frames: &FrameTable, parent: &[NodeId], frame: &[FrameId], values: &[i64]) -> CallTree {
    from_parent_pointers(frames, parent, frame, values)
        .expect("columns of a valid tree, whose parents only move up")
}

fn renamed(policy: &Policy, report: &mut Report, tree: &CallTree) -> CallTree {
    let (_, parent, values, _) = tree.columns();
    let (frames, frame) = cleaned(policy, report, tree);
    assembled(&frames, parent, &frame, values)
}

/// The frames of a tree with clean text, and the frame of each node.
fn cleaned(policy: &Policy, report: &mut Report, tree: &CallTree) -> (FrameTable, Vec<FrameId>) {
    let (frame, ..) = tree.columns();
    let old = tree.frames();
    let mut used = vec![false; old.len()];
    frame[1..].iter().for_each(|f| used[f.index()] = true);
    let mut cleaned = CleanedStrings::new(old);
    let mut frames = FrameInterner::new();
    let mut ids = vec![FrameId::ROOT; old.len()];
    for (i, &Frame { name, file, line, mapping, symbolized }) in old.iter().enumerate() {
        if !used[i] {
            continue;
        }
        let name_is = if symbolized { Field::Function } else { Field::Address };
        let wanted = [(name, name_is), (file, Field::File), (mapping, Field::Mapping)];
        wanted.iter().for_each(|&(id, field)| cleaned.clean(policy, report, id, field));
        let [name, file, mapping] = wanted.map(|(id, field)| cleaned.get(id, field));
        ids[i] = frames.intern(FrameText { name, file, line, mapping, symbolized });
    }
    let frame = frame.iter().map(|f| ids[f.index()]).collect();
    (frames.finish(), frame)
}

/// What each string has become, by what it is used as.
struct CleanedStrings<'t> {
    frames: &'t FrameTable,
    /// By [`Self::slot`]: `None` unless cleaned; `Some(None)` when that changed nothing.
    by_use: [Vec<Option<Option<Box<str>>>>; 4],
}

impl<'t> CleanedStrings<'t> {
    fn new(frames: &'t FrameTable) -> Self {
        let none = || vec![None; frames.strings.len()];
        CleanedStrings { frames, by_use: [none(), none(), none(), none()] }
    }

    fn slot(field: Field) -> usize {
        match field {
            Field::Address => 1,
            Field::File => 2,
            Field::Mapping => 3,
            _ => 0,
        }
    }

    fn clean(&mut self, policy: &Policy, report: &mut Report, id: StrId, field: Field) {
        let entry = &mut self.by_use[Self::slot(field)][id.index()];
        if entry.is_none() {
            let text = self.frames.strings.get(id);
            let cleaned = clean(policy, report, text, field);
            *entry = Some((*cleaned != *text).then(|| cleaned.into()));
        }
    }

    fn get(&self, id: StrId, field: Field) -> &str {
        match &self.by_use[Self::slot(field)][id.index()] {
            Some(Some(cleaned)) => cleaned,
            _ => self.frames.strings.get(id),
        }
    }
}

/// Which nodes are below the threshold in every column of values. What counts is the sum of what was spent, whatever
/// its sign, so that a node that grew here and shrank there is not small. All below a small node is small.
fn small(parent: &[NodeId], columns: &[&[i64]], ppm: u32) -> Vec<bool> {
    let mut small = vec![true; parent.len()];
    for values in columns {
        let mut weight: Vec<u128> = values.iter().map(|v| v.unsigned_abs().into()).collect();
        for i in (1..parent.len()).rev() {
            weight[parent[i].index()] += weight[i];
        }
        for (small, &weight_of_node) in small.iter_mut().zip(&weight) {
            let reaches = weight_of_node * 1_000_000 >= weight[0] * u128::from(ppm);
            *small &= !(reaches && (weight_of_node > 0 || weight[0] == 0));
        }
    }
    small[0] = false;
    small
}

/// The tree with the small children of each node as one, [`OTHER`], that has all their value.
fn folded(
    frames: &FrameTable,
    frame: &[FrameId],
    parent: &[NodeId],
    values: &[i64],
    small: &[bool],
) -> CallTree {
    let Parts { frames, frame, parent, values } = folding(frames, frame, parent, values, small);
    assembled(&frames, &parent, &frame, &values)
}

/// The columns of [`folded`], node by node: those below an outermost small node have no value left.
fn folding(
    frames: &FrameTable,
    frame: &[FrameId],
    parent: &[NodeId],
    values: &[i64],
    small: &[bool],
) -> Parts {
    let mut frames = frames.clone();
    let name = frames.strings.intern(OTHER);
    let other = frames.push(Frame { name, symbolized: true, ..Frame::default() });
    let (mut frame, mut up, mut value) = (frame.to_vec(), parent.to_vec(), values.to_vec());
    for i in (1..parent.len()).filter(|&i| small[i]) {
        let above = parent[i];
        frame[i] = other;
        if small[above.index()] {
            // Where the value of the one above went, goes this: to the outermost small one.
            let outermost = if small[parent[above.index()].index()] { up[above.index()] } else { above };
            up[i] = outermost;
            let own = std::mem::take(&mut value[i]);
            let slot = &mut value[outermost.index()];
            *slot = slot.saturating_add(own);
        }
    }
    Parts { frames, frame, parent: up, values: value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::{assert_canonical, to_paths, tree};

    fn strict(all: &[&CallTree]) -> (Vec<CallTree>, Report) {
        let policy = Policy::strict([7; 16]);
        let mut report = Report::new(&policy);
        let trees = trees(&policy, &mut report, all);
        trees.iter().for_each(assert_canonical);
        (trees, report)
    }

    #[test]
    fn merges_small_nodes_and_keeps_totals() {
        let whole = tree("a;b 9000\n a;x;y;z 2\n a;x;y 1\n a;w 3\n a;c 10\n v 4");
        let (trees, report) = strict(&[&whole]);
        assert_eq!(trees, [tree("a;b 9000\n a;(other) 6\n a;c 10\n (other) 4")]);
        assert_eq!(report.nodes_merged, 5);
    }

    #[test]
    fn nodes_are_found_in_what_became_of_the_tree() {
        let whole =
            tree("a;b 9000\n a;x;y;z 2\n a;mail(alice@corp.example) 3000\n a;mail(bob@corp.example);c 4000");
        let policy = Policy::strict([7; 16]);
        let (clean, nodes) = tree_and_nodes(&policy, &mut Report::new(&policy), &whole);
        assert_eq!(clean, trees(&policy, &mut Report::new(&policy), &[&whole])[0]);
        let names = |i: u32| {
            let place = nodes[i as usize]?;
            assert_eq!(clean.path(place).len(), whole.path(NodeId(i)).len());
            Some((whole.name(NodeId(i)), clean.name(place)))
        };
        let found: Vec<_> = (1..whole.len() as u32).filter_map(names).collect();
        let mail = "mail(<e-mail>)";
        let expected = [
            ("a", "a"),
            ("b", "b"),
            ("mail(alice@corp.example)", mail),
            ("mail(bob@corp.example)", mail),
            ("c", "c"),
            ("x", OTHER),
        ];
        assert_eq!(found, expected);
        let light = Policy::light();
        let same = tree("a;b 1\n a;x;y 2");
        let (clean, nodes) = tree_and_nodes(&light, &mut Report::new(&light), &same);
        assert_eq!((clean, nodes), (same, (0..5).map(|i| Some(NodeId(i))).collect()));
    }

    #[test]
    fn both_sides_merge_the_same_nodes() {
        let before = tree("a;b 9000\n a;c 1\n a;d 1");
        let after = tree("a;b 9000\n a;c 1000\n a;d 1\n a;e 1");
        let (trees, _) = strict(&[&before, &after]);
        assert_eq!(trees[0], tree("a;b 9000\n a;c 1\n a;(other) 1"));
        assert_eq!(trees[1], tree("a;b 9000\n a;c 1000\n a;(other) 2"));
    }

    #[test]
    fn merges_functions_whose_cleaned_names_are_equal() {
        let (trees, report) = strict(&[&tree("a;mail(alice@corp.example) 3\n a;mail(bob@corp.example);b 4")]);
        assert_eq!(trees, [tree("a;mail(<e-mail>) 3\n a;mail(<e-mail>);b 4")]);
        assert_eq!(report.lines[0].count, 2);
        assert_eq!(report.lines[0].examples, ["e-mail address in a function name"]);
    }

    #[test]
    fn drops_root_name_and_unused_frames() {
        let whole = tree("a 1");
        let mut frames = FrameTable::new();
        let name = frames.strings.intern("alice@corp.example");
        let a = frames.strings.intern("a");
        let frame = |name| Frame { name, symbolized: true, ..Frame::default() };
        frames.replace(vec![frame(name), frame(a), frame(name)]);
        let columns = (vec![FrameId(0), FrameId(1)], vec![NodeId::ROOT; 2], vec![0, 1]);
        let planted = CallTree::from_columns(frames, columns.0, columns.1, columns.2).unwrap();
        let (trees, report) = strict(&[&planted]);
        assert_eq!((&trees[0], report.lines.len()), (&whole, 0));
    }

    #[test]
    fn keeps_negative_and_zero_values() {
        let empty = CallTree::empty();
        assert_eq!(strict(&[&empty]).0, std::slice::from_ref(&empty));
        assert_eq!(strict(&[&empty, &empty]).0, [empty.clone(), empty]);
        let signs = tree("a -5000\n b 5000\n c 1\n d -1");
        assert_eq!(to_paths(&strict(&[&signs]).0[0]), to_paths(&tree("a -5000\n b 5000")));
        assert_eq!(strict(&[&tree("a 10\n b 1"), &CallTree::empty()]).0[0], tree("a 10\n b 1"));
    }
}

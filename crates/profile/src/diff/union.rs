//! The union of two trees: one frame table for both, then one walk through both at once ([`super::zip`]), or, where siblings
//! are not in order, both put one after the other and assembled as one.

use super::columns::{Columns, on_side};
use super::{DiffTree, zip};
use crate::call_tree::{Assembled, CallTree, NodeId, assemble};
use crate::frame_table::{Frame, FrameId, FrameTable};
use crate::string_table::StrId;
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// The union of two call trees of one sample type.
pub fn diff(baseline: &CallTree, comparison: &CallTree) -> DiffTree {
    let (frames, ids) = matched_frames([baseline.frames(), comparison.frames()]);
    let trees = [baseline, comparison];
    if let Some((frames, columns)) = zip::zip(&frames, &ids, trees) {
        return finish(frames, columns);
    }
    assembled(&frames, &ids, trees)
}

fn assembled(frames: &FrameTable, ids: &[Vec<FrameId>; 2], trees: [&CallTree; 2]) -> DiffTree {
    let columns = concatenated(ids, trees);
    let Assembled { frames, frame, parent, self_value } =
        assemble(frames, &columns.parent, &columns.frame, &columns.self_value)
            .expect("trees are valid and keep their order when put one after the other");
    finish(frames, Columns { frame, parent, self_value })
}

fn finish(frames: FrameTable, columns: Columns) -> DiffTree {
    let sides = [0, 1].map(|side| columns.self_value.iter().map(|v| v[side]).collect());
    DiffTree::of_pre_order(frames, columns.frame, columns.parent, sides)
}

/// Both trees one after the other: node 0 of both is the one root, node i lands at `offset + i`.
fn concatenated(ids: &[Vec<FrameId>; 2], trees: [&CallTree; 2]) -> Columns {
    let mut out = Columns {
        frame: vec![FrameId::ROOT],
        parent: vec![NodeId::ROOT],
        self_value: vec![trees.map(|tree| tree.self_value(NodeId::ROOT))],
    };
    for (side, tree) in trees.into_iter().enumerate() {
        let offset = out.parent.len() as u32 - 1;
        let place = |node: NodeId| if node == NodeId::ROOT { node } else { NodeId(node.0 + offset) };
        let (of, up, value, _) = tree.columns();
        out.frame.extend(of[1..].iter().map(|f| ids[side][f.index()]));
        out.parent.extend(up[1..].iter().map(|&p| place(p)));
        out.self_value.extend(value[1..].iter().map(|&v| on_side(side, v)));
    }
    out
}

/// One table for both sides, in which a name and file occur once, and for each side its frames there. Of several
/// mappings the first by name is kept, of lines the smallest known; neither depends on which side is which.
fn matched_frames(sides: [&FrameTable; 2]) -> (FrameTable, [Vec<FrameId>; 2]) {
    let mut table = FrameTable::new();
    let mut frames = vec![*table.get(FrameId::ROOT)];
    let mut index: HashMap<(StrId, StrId), FrameId, FxBuildHasher> = HashMap::default();
    let ids = sides.map(|side| {
        let strings: Vec<StrId> = side.strings.iter().map(|s| table.strings.intern(s)).collect();
        let id_of = |old: &Frame| {
            let [name, file, mapping] = [old.name, old.file, old.mapping].map(|s| strings[s.index()]);
            let id = *index.entry((name, file)).or_insert_with(|| {
                frames.push(Frame { name, file, mapping, ..*old });
                FrameId(frames.len() as u32 - 1)
            });
            let known = &mut frames[id.index()];
            known.absorb(old.line, old.symbolized);
            let text = |id| table.strings.get(id);
            if known.mapping == StrId::EMPTY
                || (mapping != StrId::EMPTY && text(mapping) < text(known.mapping))
            {
                known.mapping = mapping;
            }
            id
        };
        std::iter::once(FrameId::ROOT).chain(side.iter().skip(1).map(id_of)).collect()
    });
    table.replace(frames);
    (table, ids)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::{Paths, any_paths, assert_canonical, from_paths, to_paths, tree};
    use crate::call_tree::{TreeBuilder, merge};
    use crate::diff::{Pair, Side};
    use crate::frame_table::FrameText;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn of(name: &str, file: &str, mapping: &str, value: i64) -> CallTree {
        let mut builder = TreeBuilder::new();
        let frame = builder.frame(FrameText { name, file, mapping, symbolized: true, line: 0 });
        builder.add_path([frame], value);
        builder.finish()
    }

    #[test]
    fn functions_match_across_versions_of_a_binary() {
        let both = diff(&of("f", "f.rs", "app-1", 3), &of("f", "f.rs", "app-2", 5));
        assert_eq!((both.len(), both.total(NodeId(1))), (2, Pair { baseline: 3, comparison: 5 }));
        assert_eq!(both.frames().mapping(FrameId(1)), "app-1");
        let both = diff(&of("f", "f.rs", "", 3), &of("f", "g.rs", "", 5));
        assert_eq!(both.len(), 3);
        let both = diff(&of("f", "f.rs", "", 3), &of("f", "f.rs", "app", 5));
        assert_eq!(both.frames().mapping(FrameId(1)), "app");
    }

    #[test]
    fn unites_trees_with_unsorted_siblings() {
        let sorted = tree("a;x 1\n b 2\n c 4");
        let (frame, parent, value, _) = sorted.columns();
        assert_eq!(parent, [0, 0, 1, 0, 0].map(NodeId));
        let shuffled = CallTree::from_columns(
            sorted.frames().clone(),
            [0, 3, 4, 1, 2].map(|i: usize| frame[i]).to_vec(),
            [0, 0, 0, 0, 3].map(NodeId).to_vec(),
            [0, 3, 4, 1, 2].map(|i: usize| value[i]).to_vec(),
        );
        let other = tree("a 8\n b;y 16");
        assert_eq!(diff(&shuffled.unwrap(), &other), diff(&sorted, &other));
    }

    #[test]
    fn diff_of_empty_trees_is_empty() {
        assert!(diff(&CallTree::empty(), &CallTree::empty()).is_empty());
        let one = diff(&tree("a -1\n a;b 1"), &CallTree::empty());
        assert_eq!((one.len(), one.total(NodeId(1)).baseline), (3, 0));
        assert!(one.presence(NodeId(1)).baseline && !one.presence(NodeId(1)).comparison);
    }

    #[test]
    fn sums_saturate() {
        let most = i64::MAX;
        let both = diff(&tree(&format!("a;b {most}\n a;c {most}")), &tree(&format!("a {}", i64::MIN)));
        assert_eq!(both.total(NodeId(1)), Pair { baseline: i64::MAX, comparison: i64::MIN });
    }

    proptest! {
        #[test]
        fn union_has_every_path_of_both_sides(before in any_paths(), after in any_paths()) {
            let (baseline, comparison) = (from_paths(&before), from_paths(&after));
            let both = diff(&baseline, &comparison);
            let mut found = BTreeMap::new();
            for node in (0..both.len() as u32).map(NodeId) {
                let path: Vec<String> = both.shape().path(node).iter().map(|&n| both.name(n).to_owned()).collect();
                prop_assert!(found.insert(path, (both.self_value(node), both.total(node))).is_none());
            }
            let sum = |paths: &Paths, path: &[String]| -> i64 {
                paths.iter().filter(|(p, _)| p.starts_with(path)).map(|(_, v)| v).sum()
            };
            for (path, (own, total)) in &found {
                let at = |paths: &Paths| paths.get(path).copied().unwrap_or(0);
                prop_assert_eq!(*own, Pair { baseline: at(&before), comparison: at(&after) });
                prop_assert_eq!(*total, Pair { baseline: sum(&before, path), comparison: sum(&after, path) });
            }
            prop_assert!(before.keys().chain(after.keys()).all(|path| found.contains_key(path)));
            let merged = merge([&baseline, &comparison]);
            prop_assert_eq!(both.shape().parents(), merged.shape().parents());
        }

        #[test]
        fn zip_equals_assemble(before in any_paths(), after in any_paths()) {
            let trees = [from_paths(&before), from_paths(&after)];
            let (frames, ids) = matched_frames([trees[0].frames(), trees[1].frames()]);
            let assembled = assembled(&frames, &ids, [&trees[0], &trees[1]]);
            let (frames, columns) = zip::zip(&frames, &ids, [&trees[0], &trees[1]]).unwrap();
            prop_assert_eq!(finish(frames, columns), assembled);
        }

        #[test]
        fn sides_equal_the_original_trees(before in any_paths(), after in any_paths()) {
            let both = diff(&from_paths(&before), &from_paths(&after));
            for (side, paths) in Side::BOTH.into_iter().zip([&before, &after]) {
                let apart = both.side(side);
                assert_canonical(&apart);
                prop_assert_eq!(&to_paths(&apart), paths);
            }
            let swapped = diff(&from_paths(&after), &from_paths(&before));
            prop_assert_eq!(both.swapped(), swapped);
        }
    }
}

//! For tests: trees written as text, and trees as a plain map from paths to values, which is slow and
//! obviously right.

use super::{CallTree, NodeId, TreeBuilder};
use crate::frame_table::FrameText;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Paths of names, outermost first, and the value of each.
pub(crate) type Paths = BTreeMap<Vec<String>, i64>;

/// A tree from lines like `main;parse 3`; `(root) 3` is the root's own value.
pub(crate) fn tree(lines: &str) -> CallTree {
    let mut paths = Paths::new();
    for line in lines.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let (path, value) = line.rsplit_once(' ').unwrap();
        let path = if path == "(root)" { vec![] } else { path.split(';').map(str::to_owned).collect() };
        *paths.entry(path).or_default() += value.parse::<i64>().unwrap();
    }
    from_paths(&paths)
}

pub(crate) fn from_paths(paths: &Paths) -> CallTree {
    let mut builder = TreeBuilder::new();
    for (path, &value) in paths {
        let mut at = NodeId::ROOT;
        for name in path {
            let frame = builder.frame(FrameText { name, symbolized: true, ..FrameText::default() });
            at = builder.child(at, frame);
        }
        builder.add(at, value);
    }
    builder.finish()
}

/// The values of a tree by path; those that are zero are omitted.
pub(crate) fn to_paths(tree: &CallTree) -> Paths {
    let mut paths = Paths::new();
    for node in (0..tree.len() as u32).map(NodeId).filter(|&n| tree.self_value(n) != 0) {
        let path = tree.path(node).into_iter().map(|n| tree.name(n).to_owned()).collect();
        *paths.entry(path).or_default() += tree.self_value(node);
    }
    paths
}

/// Random paths over few names, so that prefixes are shared and functions recur.
pub(crate) fn any_paths() -> impl Strategy<Value = Paths> {
    let name = prop::sample::select(vec!["a", "b", "c", "d", "é"]).prop_map(str::to_owned);
    prop::collection::btree_map(prop::collection::vec(name, 0..7), 1..100i64, 0..40)
}

/// All that holds for every tree in its canonical form.
pub(crate) fn assert_canonical(tree: &CallTree) {
    let (frame, parent, self_value, total) = tree.columns();
    let again =
        CallTree::from_columns(tree.frames().clone(), frame.to_vec(), parent.to_vec(), self_value.to_vec());
    assert_eq!(&again.unwrap(), tree);
    let texts: Vec<_> = (1..tree.frames().len() as u32)
        .map(|i| tree.frames().text(crate::frame_table::FrameId(i)))
        .map(|t| (t.name, t.file, t.mapping))
        .collect();
    assert!(texts.windows(2).all(|w| w[0] < w[1]), "frames are sorted and unique");
    for node in (0..tree.len() as u32).map(NodeId) {
        let children: Vec<_> = tree.children(node).collect();
        assert!(children.windows(2).all(|w| tree.frame(w[0]) < tree.frame(w[1])));
        assert!(children.iter().all(|&c| tree.parent(c) == node));
        let below: i64 = children.iter().map(|&c| tree.total(c)).sum();
        assert_eq!(tree.total(node), tree.self_value(node) + below);
    }
    assert!((1..tree.len()).all(|i| total[i] != 0 || self_value.iter().any(|&v| v < 0)));
}

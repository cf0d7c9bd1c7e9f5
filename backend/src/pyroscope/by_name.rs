//! Merges functions of one name, whatever their file and mapping.

use flarepath_profile::call_tree::{CallTree, InvalidTree, from_parent_pointers};
use flarepath_profile::frame_table::{Frame, FrameId};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// The tree with files and mappings disregarded. Most trees have no two siblings of one name; they come back as
/// they are.
///
/// # Errors
/// None for a tree that was built properly.
pub(crate) fn by_name(tree: &CallTree) -> Result<Cow<'_, CallTree>, InvalidTree> {
    if !has_namesakes(tree) {
        return Ok(Cow::Borrowed(tree));
    }
    of_names(tree).map(Cow::Owned)
}

/// The tree with files and mappings taken off, so that functions match those of another tree by name.
///
/// # Errors
/// None for a tree that was built properly.
pub(crate) fn of_names(tree: &CallTree) -> Result<CallTree, InvalidTree> {
    let mut frames = tree.frames().clone();
    let mut first = FxHashMap::default();
    let mut merged = Vec::with_capacity(frames.len());
    let mut kept: Vec<Frame> = Vec::new();
    for frame in frames.iter() {
        let id = *first.entry(frame.name).or_insert_with(|| {
            kept.push(Frame { name: frame.name, symbolized: frame.symbolized, ..Frame::default() });
            FrameId(kept.len() as u32 - 1)
        });
        merged.push(id);
    }
    frames.replace(kept);
    let (frame, parent, self_value, _) = tree.columns();
    let frame: Vec<FrameId> = frame.iter().map(|id| merged[id.index()]).collect();
    from_parent_pointers(&frames, parent, &frame, self_value)
}

/// Whether two siblings have one name. Siblings are sorted by name, so only neighbours are compared.
fn has_namesakes(tree: &CallTree) -> bool {
    let (frame, parent, _, _) = tree.columns();
    let names: Vec<_> = tree.frames().iter().map(|f| f.name).collect();
    let mut last_child = vec![None; tree.len()];
    (1..tree.len()).any(|i| {
        let name = names[frame[i].index()];
        last_child[parent[i].index()].replace(name) == Some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::super::text_tree;
    use super::*;

    #[test]
    fn merges_functions_of_one_name() {
        let tree = text_tree(&[("a@1;b", 1), ("a@2;b", 2), ("a@2;c", 4), ("d@1", 8)]);
        assert_eq!(*by_name(&tree).unwrap(), text_tree(&[("a;b", 3), ("a;c", 4), ("d", 8)]));
    }

    #[test]
    fn a_tree_without_duplicate_names_is_not_copied() {
        let tree = text_tree(&[("a@1;b@2", 1), ("c@1;b@1", 2)]);
        assert!(matches!(by_name(&tree).unwrap(), Cow::Borrowed(_)));
    }
}

//! Restricts a call tree to the part that passes through a path.

use flarepath_profile::call_tree::{CallTree, InvalidTree, from_parent_pointers};

/// The tree restricted to calls through `path`, a list of function names from the root on; they keep their place. Functions of one name in several files all count. An empty path keeps the tree.
///
/// # Errors
/// None for a tree that was built properly.
pub(crate) fn focus(tree: &CallTree, path: &[String]) -> Result<CallTree, InvalidTree> {
    let (frame, parent, self_value, _) = tree.columns();
    // Frames are few and nodes many: compare names once a frame.
    let positions: Vec<Vec<u32>> = (0..tree.frames().len() as u32)
        .map(|id| {
            let name = tree.frames().name(flarepath_profile::frame_table::FrameId(id));
            (0u32..).zip(path).filter(|(_, wanted)| *wanted == name).map(|(i, _)| i).collect()
        })
        .collect();
    let whole = path.len() as u32;
    const OFF: u32 = u32::MAX;
    // How many names of the path lead to each node; `OFF` once it has left the path.
    let mut matched = vec![0u32; tree.len()];
    let mut kept = vec![0i64; tree.len()];
    for i in 0..tree.len() {
        if i > 0 {
            matched[i] = match matched[parent[i].index()] {
                at if at == whole || at == OFF => at,
                at if positions[frame[i].index()].contains(&at) => at + 1,
                _ => OFF,
            };
        }
        if matched[i] == whole {
            kept[i] = self_value[i];
        }
    }
    from_parent_pointers(tree.frames(), parent, frame, &kept)
}

#[cfg(test)]
mod tests {
    use super::focus;
    use flarepath_profile::call_tree::{CallTree, NodeId, TreeBuilder};
    use flarepath_profile::frame_table::FrameText;

    fn tree(paths: &[(&[&str], i64)]) -> CallTree {
        let mut tree = TreeBuilder::new();
        for (path, value) in paths {
            let frames: Vec<_> = path
                .iter()
                .map(|name| tree.frame(FrameText { name, symbolized: true, ..FrameText::default() }))
                .collect();
            tree.add_path(frames, *value);
        }
        tree.finish()
    }

    #[test]
    fn keeps_only_calls_through_the_path() {
        let all = tree(&[
            (&["a", "b", "c"], 1),
            (&["a", "b"], 2),
            (&["a"], 4),
            (&["b", "a", "b"], 8),
            (&["a", "a", "b"], 16),
        ]);
        let path = ["a".to_owned(), "b".to_owned()];
        assert_eq!(focus(&all, &path).unwrap(), tree(&[(&["a", "b", "c"], 1), (&["a", "b"], 2)]));
        assert_eq!(focus(&all, &[]).unwrap(), all);
        assert_eq!(focus(&all, &["x".to_owned()]).unwrap().total(NodeId::ROOT), 0);
    }
}

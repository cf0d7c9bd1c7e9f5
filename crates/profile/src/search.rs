//! Search for functions in a tree, with their share of the total.

use crate::call_tree::{CallTree, NodeId};
use crate::frame_table::{FrameId, FrameTable};

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matches {
    /// The nodes whose frame matches, in the order of the tree. For the order on the screen see
    /// [`crate::flame::navigate::sort_for_drawing`].
    pub nodes: Vec<NodeId>,
    /// What was spent in and below them. A match below a match is not counted twice.
    pub total: i64,
    /// What was spent in them alone.
    pub self_value: i64,
}

impl Matches {
    /// [`Matches::total`] as a share of the whole tree, from 0 to 1; 0 for a tree without value.
    pub fn share(&self, tree: &CallTree) -> f64 {
        match tree.total(NodeId::ROOT) {
            0 => 0.0,
            all => self.total as f64 / all as f64,
        }
    }
}

/// Finds the nodes whose frame is marked in `frames`, one entry a frame of the tree's table; missing entries
/// are not marked. The root never matches. O(nodes).
pub fn search(tree: &CallTree, frames: &[bool]) -> Matches {
    let (frame, _, self_value, total) = tree.columns();
    let mut found = Matches::default();
    let mut covered_until = 0;
    for i in (1..tree.len()).filter(|&i| frames.get(frame[i].index()) == Some(&true)) {
        let node = NodeId(i as u32);
        found.nodes.push(node);
        found.self_value = found.self_value.saturating_add(self_value[i]);
        if i >= covered_until {
            found.total = found.total.saturating_add(total[i]);
            covered_until = tree.end(node);
        }
    }
    found
}

/// Whether upper and lower case are distinguished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Case {
    /// `Parse` finds `parse`.
    #[default]
    Ignore,
    /// `Parse` finds only `Parse`.
    Match,
}

/// For each frame whether its name contains `text`; the root's never counts. An empty text finds nothing.
/// For regular expressions the caller marks the frames by an engine of its own.
pub fn frames_containing(frames: &FrameTable, text: &str, case: Case) -> Vec<bool> {
    match case {
        Case::Match => marked(frames, text, |name| contains(name, text)),
        Case::Ignore => frames_containing_lower(frames, text, str::to_lowercase),
    }
}

/// [`frames_containing`] with [`Case::Ignore`], where `lower` gives the lower case of `text` and of names that are not ASCII: a
/// browser has tables of its own for that.
pub fn frames_containing_lower(frames: &FrameTable, text: &str, lower: fn(&str) -> String) -> Vec<bool> {
    let wanted = lower(text);
    let mut ascii = String::new();
    marked(frames, text, |name| {
        if !name.is_ascii() {
            return contains(&lower(name), &wanted);
        }
        ascii.clear();
        ascii.push_str(name);
        ascii.make_ascii_lowercase();
        contains(&ascii, &wanted)
    })
}

/// Whether `wanted`, which is not empty, is in a text. Names are short: what `str::contains` prepares for each of them takes longer than
/// the search, and is 1 KB of the page's first download.
fn contains(text: &str, wanted: &str) -> bool {
    let (text, wanted) = (text.as_bytes(), wanted.as_bytes());
    let first = wanted.first();
    text.windows(wanted.len().max(1)).any(|part| part.first() == first && part == wanted)
}

/// The frames whose names are as wanted; none if `text` is empty.
fn marked(frames: &FrameTable, text: &str, mut is_wanted: impl FnMut(&str) -> bool) -> Vec<bool> {
    let mut found = vec![false; frames.len()];
    if !text.is_empty() {
        for (i, found) in found.iter_mut().enumerate().skip(1) {
            *found = is_wanted(frames.name(FrameId(i as u32)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::{any_paths, from_paths, tree};
    use proptest::prelude::*;

    fn find<'a>(tree: &'a CallTree, text: &str, case: Case) -> Vec<&'a str> {
        let found = search(tree, &frames_containing(tree.frames(), text, case));
        found.nodes.iter().map(|&n| tree.name(n)).collect()
    }

    #[test]
    fn ignores_case_by_default() {
        let tree = tree("Größe::Lesen 1\n parseJSON 2\n total 3");
        assert_eq!(find(&tree, "JSON", Case::Ignore), ["parseJSON"]);
        assert_eq!(find(&tree, "json", Case::Match), [""; 0]);
        assert_eq!(find(&tree, "GRÖSSE", Case::Ignore), [""; 0]);
        assert_eq!(find(&tree, "GRÖ", Case::Ignore), ["Größe::Lesen"]);
        assert_eq!(find(&tree, "", Case::Ignore), [""; 0]);
        let frames = tree.frames();
        let by_caller = frames_containing_lower(frames, "gRÖ", str::to_lowercase);
        assert_eq!(by_caller, frames_containing(frames, "GRÖ", Case::Ignore));
        assert_eq!(by_caller.iter().filter(|found| **found).count(), 1);
        // A function named like the root, but not the root.
        assert_eq!(find(&tree, "total", Case::Ignore), ["total"]);
    }

    #[test]
    fn share_of_an_empty_tree_is_zero() {
        assert_eq!(search(&CallTree::empty(), &[true]).share(&CallTree::empty()), 0.0);
    }

    proptest! {
        #[test]
        fn share_counts_paths_with_a_match(paths in any_paths(), name in "[abcd]") {
            let tree = from_paths(&paths);
            let found = search(&tree, &tree.frames().named(&name));
            let with: i64 = paths.iter().filter(|(p, _)| p.contains(&name)).map(|(_, v)| v).sum();
            let ending: i64 = paths.iter().filter(|(p, _)| p.last() == Some(&name)).map(|(_, v)| v).sum();
            prop_assert_eq!((found.total, found.self_value), (with, ending));
            prop_assert!(found.nodes.iter().all(|&n| tree.name(n) == name));
            prop_assert_eq!(found.nodes.len(), (1..tree.len()).filter(|&i| tree.name(NodeId(i as u32)) == name).count());
        }
    }
}

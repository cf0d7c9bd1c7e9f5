//! Expanded nodes of a picture. They stay expanded when the tree is read again.

use crate::state::identity::Shared;
use crate::views::picture::{Changes, Picture};
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::Scale;
use flarepath_profile::diff::rank::is_placeholder;
use flarepath_profile::flame::Order;
use flarepath_profile::tree_table::{TreeRow, TreeTable, carry_over};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Rows that are added at once at most; the page says this number.
const ROOM: usize = 2_000;
/// A tree is first expanded down to where no child has more than this share of its parent.
const MOST: f64 = 0.5;

/// A picture and its expanded nodes.
#[derive(Clone, Debug, Default)]
pub(super) struct Expanded {
    /// `None` before there is one.
    pub(super) picture: Option<Shared<Picture>>,
    order: Order,
    nodes: BTreeSet<NodeId>,
}

impl Expanded {
    /// Shows a picture: another version of the one before keeps its expanded nodes.
    pub(super) fn show(&mut self, picture: &Shared<Picture>, order: Order) {
        let before = self.picture.replace(picture.clone());
        self.order = order;
        if let Some(before) = before {
            if Arc::ptr_eq(&before.tree, &picture.tree) {
                return;
            }
            self.nodes = carry_over(&self.nodes, &before.tree, &picture.tree);
        }
        // A first picture, or one of another shape.
        if self.nodes.iter().all(|node| *node == NodeId::ROOT) {
            self.nodes.insert(NodeId::ROOT);
            self.expand_hottest(NodeId::ROOT, MOST);
        }
    }

    /// Expands a node or collapses it.
    pub(super) fn set(&mut self, node: NodeId, is_expanded: bool) {
        if is_expanded {
            self.nodes.insert(node);
        } else {
            self.nodes.remove(&node);
        }
    }

    /// Collapses a node and all below it.
    pub(super) fn collapse_below(&mut self, node: NodeId) {
        if let Some(picture) = &self.picture {
            let below = node.index()..picture.tree.end(node);
            self.nodes.retain(|other| !below.contains(&other.index()));
        }
    }

    /// Expands all callers of a node.
    pub(super) fn reveal(&mut self, node: NodeId) {
        let Some(picture) = self.picture.as_ref().filter(|picture| node.index() < picture.tree.len()) else {
            return;
        };
        let path = picture.tree.path(node);
        self.nodes.extend(path.iter().map(|node| picture.tree.parent(*node)));
    }

    /// Expands the heaviest callees below a node, each as long as it has more than `least` of its caller's; returns the last.
    pub(super) fn expand_hottest(&mut self, node: NodeId, least: f64) -> NodeId {
        let path = self.with_table(|table| table.hottest_path(node, least)).unwrap_or_default();
        let Some((last, callers)) = path.split_last() else { return node };
        self.nodes.extend(callers);
        *last
    }

    /// Expands all below a node; returns whether all rows had room.
    pub(super) fn expand_below(&mut self, node: NodeId) -> bool {
        let found = self.with_table(|table| table.below(node, &self.nodes, ROOM)).unwrap_or_default();
        self.nodes.extend(found.nodes);
        found.is_complete
    }

    /// The rows, top to bottom.
    pub(super) fn rows(&self) -> Vec<TreeRow> {
        self.with_table(|table| table.rows(&self.nodes)).unwrap_or_default()
    }

    fn with_table<R>(&self, f: impl FnOnce(TreeTable<'_>) -> R) -> Option<R> {
        let picture = self.picture.as_ref()?;
        let weight = |node| weight(picture, node);
        Some(f(TreeTable::new(picture.tree.shape(), &weight, self.order)))
    }
}

/// What siblings are sorted by: totals, or how much they changed. What was merged for privacy comes last.
fn weight(picture: &Picture, node: NodeId) -> f64 {
    match &picture.changes {
        _ if is_placeholder(picture.tree.name(node)) => -1.0,
        None => picture.tree.total(node) as f64,
        Some(changes) => compared(changes).delta(changes.both.total(node)).abs(),
    }
}

/// The scale of the changes that are written: shares where amounts of both sides are not subtracted.
fn compared(changes: &Changes) -> &Scale {
    let scales = &changes.scales;
    if scales.amounts.is_some() && scales.deltas.is_none() { &scales.shares } else { &scales.shown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::view::OrderBy;
    use crate::views::derive;
    use crate::views::derive::tests::tree;
    use flarepath_profile::diff::{Mode, diff};

    fn picture(paths: &[(&[&str], i64)]) -> Shared<Picture> {
        Shared::new(Picture::new(Arc::new(tree(paths)), Order::ByTotal))
    }

    fn names(expanded: &Expanded) -> Vec<String> {
        let picture = expanded.picture.clone().unwrap();
        expanded.rows()[1..].iter().map(|row| picture.tree.name(row.node).to_owned()).collect()
    }

    fn node(expanded: &Expanded, path: &[&str]) -> NodeId {
        let path: Vec<String> = path.iter().map(|name| (*name).to_owned()).collect();
        expanded.picture.clone().unwrap().resolve(&path).unwrap()
    }

    const BEFORE: [(&[&str], i64); 3] =
        [(&["main", "serve", "parse"], 5), (&["main", "serve", "render"], 4), (&["main", "read", "open"], 1)];

    #[test]
    fn a_tree_is_first_expanded_where_most_of_it_is() {
        let mut expanded = Expanded::default();
        expanded.show(&picture(&BEFORE), Order::ByTotal);
        assert_eq!(names(&expanded), ["main", "serve", "parse", "render", "read"]);
        let main = node(&expanded, &["main"]);
        expanded.collapse_below(main);
        assert_eq!(names(&expanded), ["main"]);
        assert!(expanded.expand_below(main));
        assert_eq!(names(&expanded), ["main", "serve", "parse", "render", "read", "open"]);
        expanded.set(main, false);
        assert_eq!(names(&expanded), ["main"]);
        assert_eq!(expanded.expand_hottest(main, 0.0), node(&expanded, &["main", "serve", "parse"]));
    }

    #[test]
    fn nodes_stay_expanded_when_the_tree_is_read_again() {
        let mut expanded = Expanded::default();
        expanded.show(&picture(&BEFORE), Order::ByTotal);
        expanded.reveal(node(&expanded, &["main", "read", "open"]));
        expanded.set(node(&expanded, &["main", "serve"]), false);
        let again = [BEFORE[0], BEFORE[2], (&["init"][..], 20)];
        expanded.show(&picture(&again), Order::ByTotal);
        assert_eq!(names(&expanded), ["init", "main", "serve", "read", "open"]);
        expanded.show(&picture(&[(&["other", "only"], 1)]), Order::ByTotal);
        assert_eq!(names(&expanded), ["other", "only"], "another tree");
    }

    #[test]
    fn in_a_difference_what_changed_most_comes_first_and_what_was_merged_last() {
        let before = tree(&[(&["big"], 100), (&["grew"], 1), (&["shrank"], 30), (&["(other)"], 1)]);
        let after = tree(&[(&["big"], 101), (&["grew"], 11), (&["shrank"], 1), (&["(other)"], 900)]);
        let both = Shared::new(diff(&before, &after));
        let sums = derive::sums(&both).unwrap();
        let picture = derive::diff_picture(&both, &sums, (Mode::Absolute, None), OrderBy::Total);
        let mut expanded = Expanded::default();
        expanded.show(&picture, Order::ByTotal);
        assert_eq!(names(&expanded), ["shrank", "grew", "big", "(other)"]);
    }
}

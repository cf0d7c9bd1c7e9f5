//! Sanitization: removes secrets and personal data from a profile before it is shared.
//!
//! Profiles are full of other people's data: labels with hosts and users, functions named after customers, paths with home
//! directories, tokens in the names of queries. What is shared is therefore first made anew from what a [`Policy`] lets pass:
//!
//! 1. Labels: a list of those that may stay; hosts as keyed hashes; all others go.
//! 2. Text: names, files, values and notes are searched for secrets by their shape ([`Rule`], [`Scan`]), each string once.
//! 3. Paths: shortened ([`PathStyle`]).
//! 4. Trees: nodes too small to be seen are merged into [`OTHER`](crate::frame_table::OTHER): a rare path may tell one customer from others. Tables
//!    of text and frames are built anew from what the tree still names.
//!
//! What happened is in a [`Report`], which tells rules, numbers and kinds of text, never what was found. Totals are
//! exact, and all is pure and repeatable: sanitising again changes nothing, as long as all values have one sign.
//!
//! ```
//! use flarepath_profile::sanitize::{Field, Policy, Sanitizer};
//!
//! let policy = Policy::strict([0; 16]); // random, and forgotten afterwards
//! let mut sanitizer = Sanitizer::new(&policy);
//! assert_eq!(sanitizer.text("mail to alice@corp.example", Field::Text), "mail to <e-mail>");
//! assert_eq!(sanitizer.label("user_id", "42"), None);
//! assert_eq!(sanitizer.into_report().labels_dropped.len(), 1);
//! ```

mod field;
mod labels;
mod paths;
mod places;
mod policy;
#[cfg(test)]
mod promises;
mod report;
mod scan;
mod text;
mod tree;

pub use field::Field;
pub use paths::PathStyle;
pub use policy::{Key, LabelRule, Policy, VERSION};
pub use report::{Line, Report};
pub use scan::{Rule, Scan};

use crate::call_tree::CallTree;
use crate::flame::ChartColumns;
use crate::frame_table::FrameId;

/// Sanitises all parts of one share, with one report.
#[derive(Debug)]
pub struct Sanitizer<'p> {
    policy: &'p Policy,
    report: Report,
}

impl<'p> Sanitizer<'p> {
    /// Nothing done yet.
    pub fn new(policy: &'p Policy) -> Self {
        Sanitizer { policy, report: Report::new(policy) }
    }

    /// Another by the same policy, with a report of its own: for text that repeats what this one has counted.
    #[must_use]
    pub fn again(&self) -> Sanitizer<'p> {
        Sanitizer::new(self.policy)
    }

    /// Whether the policy merges small nodes, so that functions of a tree may be missing from what is left of it.
    pub fn merges(&self) -> bool {
        self.policy.merged_below_ppm > 0
    }

    /// A tree. O(nodes) and the length of its text.
    pub fn tree(&mut self, tree: &CallTree) -> CallTree {
        let mut one = self.trees(&[tree]);
        one.pop().unwrap_or_else(CallTree::empty)
    }

    /// A tree and the boxes of its flame chart, whose nodes are the tree's. O(nodes + boxes) and the length of its text.
    pub fn chart(&mut self, tree: &CallTree, boxes: &ChartColumns) -> (CallTree, ChartColumns) {
        let (tree, nodes) = tree::tree_and_nodes(self.policy, &mut self.report, tree);
        self.keeps(&tree);
        (tree, boxes.with_nodes(&nodes))
    }

    /// Both sides of a comparison: what one of them shows, the other shows, too. Functions are then the same when name
    /// and file are, as in a diff.
    pub fn sides(&mut self, baseline: &CallTree, comparison: &CallTree) -> [CallTree; 2] {
        let mut both = self.trees(&[baseline, comparison]).into_iter();
        [(); 2].map(|()| both.next().unwrap_or_else(CallTree::empty))
    }

    fn trees(&mut self, trees: &[&CallTree]) -> Vec<CallTree> {
        let trees = tree::trees(self.policy, &mut self.report, trees);
        trees.iter().for_each(|tree| self.keeps(tree));
        trees
    }

    fn keeps(&mut self, tree: &CallTree) {
        let frames = tree.frames();
        self.report.keeps((1..frames.len() as u32).map(|i| frames.name(FrameId(i))));
    }

    /// Any text: a title, a note, a function of a list or of a heat map, a version.
    pub fn text(&mut self, text: &str, field: Field) -> String {
        text::clean(self.policy, &mut self.report, text, field).into_owned()
    }

    /// The value of a label, if it stays.
    pub fn label(&mut self, name: &str, value: &str) -> Option<String> {
        labels::label_value(self.policy, &mut self.report, name, value)
    }

    /// A selector, with the conditions that may stay.
    pub fn selector(&mut self, selector: &str) -> String {
        labels::selector(self.policy, &mut self.report, selector)
    }

    /// What was done so far.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// What was done.
    pub fn into_report(self) -> Report {
        self.report
    }
}

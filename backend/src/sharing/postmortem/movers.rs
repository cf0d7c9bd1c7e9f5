//! Top functions of a postmortem: by change, or by self value for a single tree.

use crate::sharing::text::one_line;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::table::DiffColumn;
use flarepath_profile::diff::{DiffTree, Pair, Presence, Scale, diff_table, table};
use flarepath_profile::top_table::{Cost, SortOrder, TopColumn, sort, top_table};

/// How many functions are named.
const MOST: usize = 5;
/// Characters of a name.
const NAME: usize = 160;

/// A function and what it cost. Of one tree, the comparison is the tree and the baseline is zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mover {
    /// Its name.
    pub(crate) name: String,
    /// Spent in the function itself.
    pub(crate) self_value: Pair,
    /// Spent in the function and in what it called.
    pub(crate) total: Pair,
    /// Which sides have it.
    pub(crate) presence: Presence,
}

/// The functions that matter most.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Movers {
    /// At most five, the most important first.
    pub(crate) rows: Vec<Mover>,
    /// Functions that there are in all.
    pub(crate) functions: usize,
    /// Totals of the sides.
    pub(crate) whole: Pair,
    /// What is compared; `None` for one tree.
    pub(crate) scale: Option<Scale>,
}

impl Movers {
    /// The functions of a tree that cost most by themselves.
    pub(crate) fn of_tree(tree: &CallTree) -> Movers {
        let mut rows = top_table(tree);
        let functions = rows.len();
        rows.retain(|row| row.self_value != 0 && !stands_for_others(tree.frames().name(row.frame)));
        sort(&mut rows, tree, TopColumn::SelfValue, SortOrder::Descending);
        let only = |comparison| Pair { baseline: 0, comparison };
        let mover = |row: &flarepath_profile::top_table::TopRow| Mover {
            name: one_line(tree.frames().name(row.frame), NAME).into_owned(),
            self_value: only(row.self_value),
            total: only(row.total),
            presence: Presence { baseline: false, comparison: true },
        };
        let rows = rows.iter().take(MOST).map(mover).collect();
        Movers { rows, functions, whole: only(tree.total(NodeId::ROOT)), scale: None }
    }

    /// The functions whose own cost changed most, up or down, as `scale` compares.
    pub(crate) fn of_diff(both: &DiffTree, scale: &Scale) -> Movers {
        let mut rows = diff_table(both);
        let functions = rows.len();
        rows.retain(|row| {
            row.delta(Cost::SelfValue, scale) != 0.0 && !stands_for_others(both.frames().name(row.frame))
        });
        // By name first, so that ties are the same each time: the second sort is stable. Of two that changed alike the one
        // that grew comes first: with shares, one function's growth is always the loss of others.
        table::sort(&mut rows, both, scale, DiffColumn::Name, SortOrder::Ascending);
        rows.sort_by(|a, b| {
            let (of_a, of_b) = (a.delta(Cost::SelfValue, scale), b.delta(Cost::SelfValue, scale));
            // Shares of unequal totals are equal up to rounding; single precision does away with it.
            let by_size = (of_b.abs() as f32).total_cmp(&(of_a.abs() as f32));
            by_size.then(of_b.total_cmp(&of_a))
        });
        let mover = |row: &flarepath_profile::diff::DiffRow| Mover {
            name: one_line(both.frames().name(row.frame), NAME).into_owned(),
            self_value: row.self_value,
            total: row.total,
            presence: row.presence,
        };
        let rows = rows.iter().take(MOST).map(mover).collect();
        Movers { rows, functions, whole: both.total(NodeId::ROOT), scale: Some(*scale) }
    }
}

/// Whether a name is none of a function: rare paths are merged under such a one before they are shared.
fn stands_for_others(name: &str) -> bool {
    matches!(name, "(other)" | "other" | "")
}

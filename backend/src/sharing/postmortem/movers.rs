//! Top functions of a postmortem: by change, or by self value for a single tree.

use crate::sharing::text::one_line;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::table::DiffColumn;
use flarepath_profile::diff::{DiffTree, Pair, Presence, Scale, diff_table, table};
use flarepath_profile::top_table::{Cost, SortOrder, TopColumn, sort, top_table};

/// Most functions that are listed.
const MAX_FUNCTIONS: usize = 5;
/// Most characters of a name.
const MAX_NAME_CHARS: usize = 160;

/// A function and its values. For a single tree, the baseline is zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mover {
    /// Its name.
    pub(crate) name: String,
    /// Without callees.
    pub(crate) self_value: Pair,
    /// With callees.
    pub(crate) total: Pair,
    /// The sides that have it.
    pub(crate) presence: Presence,
}

/// The top functions.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Movers {
    /// At most five, the largest first.
    pub(crate) rows: Vec<Mover>,
    /// Number of all functions.
    pub(crate) functions: usize,
    /// Totals of the sides.
    pub(crate) whole: Pair,
    /// How sides are compared; `None` for a single tree.
    pub(crate) scale: Option<Scale>,
}

impl Movers {
    /// The functions of a tree with the largest self values.
    pub(crate) fn of_tree(tree: &CallTree) -> Movers {
        let mut rows = top_table(tree);
        let functions = rows.len();
        rows.retain(|row| row.self_value != 0 && !is_placeholder(tree.frames().name(row.frame)));
        sort(&mut rows, tree, TopColumn::SelfValue, SortOrder::Descending);
        let only = |comparison| Pair { baseline: 0, comparison };
        let mover = |row: &flarepath_profile::top_table::TopRow| Mover {
            name: one_line(tree.frames().name(row.frame), MAX_NAME_CHARS).into_owned(),
            self_value: only(row.self_value),
            total: only(row.total),
            presence: Presence { baseline: false, comparison: true },
        };
        let rows = rows.iter().take(MAX_FUNCTIONS).map(mover).collect();
        Movers { rows, functions, whole: only(tree.total(NodeId::ROOT)), scale: None }
    }

    /// The functions whose self value changed most, up or down, on `scale`.
    pub(crate) fn of_diff(both: &DiffTree, scale: &Scale) -> Movers {
        let mut rows = diff_table(both);
        let functions = rows.len();
        rows.retain(|row| {
            row.delta(Cost::SelfValue, scale) != 0.0 && !is_placeholder(both.frames().name(row.frame))
        });
        // By name first, so that ties have a fixed order: the second sort is stable. Of two equal changes, the growth comes
        // first: with shares, one function's growth is always the loss of others.
        table::sort(&mut rows, both, scale, DiffColumn::Name, SortOrder::Ascending);
        rows.sort_by(|a, b| {
            let (of_a, of_b) = (a.delta(Cost::SelfValue, scale), b.delta(Cost::SelfValue, scale));
            // Equal shares of different totals differ by rounding errors, which single precision removes.
            let by_size = (of_b.abs() as f32).total_cmp(&(of_a.abs() as f32));
            by_size.then(of_b.total_cmp(&of_a))
        });
        let mover = |row: &flarepath_profile::diff::DiffRow| Mover {
            name: one_line(both.frames().name(row.frame), MAX_NAME_CHARS).into_owned(),
            self_value: row.self_value,
            total: row.total,
            presence: row.presence,
        };
        let rows = rows.iter().take(MAX_FUNCTIONS).map(mover).collect();
        Movers { rows, functions, whole: both.total(NodeId::ROOT), scale: Some(*scale) }
    }
}

/// Whether a name is a placeholder: sanitization merges rare paths under such names.
fn is_placeholder(name: &str) -> bool {
    matches!(name, "(other)" | "other" | "")
}

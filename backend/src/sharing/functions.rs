//! The functions that matter most in a tree or in a diff, by their own cost.
//!
//! What sanitization has merged is no function: it never ranks, and its part of the total is counted apart.

use super::text::one_line;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::table::DiffColumn;
use flarepath_profile::diff::{DiffRow, DiffTree, Pair, Scale, diff_table, table};
use flarepath_profile::frame_table::FrameTable;
use flarepath_profile::frame_table::OTHER;
use flarepath_profile::short_name::short_name;
use flarepath_profile::top_table::{Cost, SortOrder, TopColumn, TopRow, sort, top_table};
use std::borrow::Cow;

/// Most functions that are listed.
const MAX_FUNCTIONS: usize = 5;
/// Most characters of a name.
const MAX_NAME_CHARS: usize = 160;

/// A function and its values. For a single tree, the baseline is zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FunctionCost {
    pub(crate) name: String,
    /// Without callees.
    pub(crate) self_value: Pair,
    /// With callees; recursion counts once.
    pub(crate) total: Pair,
}

/// The functions that matter most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TopFunctions {
    /// At most five, the first one first.
    pub(crate) rows: Vec<FunctionCost>,
    /// Number of all functions.
    pub(crate) functions: usize,
    /// Totals of the sides.
    pub(crate) whole: Pair,
    /// What was merged for privacy.
    pub(crate) merged: Pair,
}

impl TopFunctions {
    /// The functions of a tree with the largest self values.
    pub(crate) fn of_tree(tree: &CallTree) -> TopFunctions {
        let only = |comparison| Pair { baseline: 0, comparison };
        let mut rows = top_table(tree);
        let merged = rows.iter().filter(|row| is_merged(tree.frames().name(row.frame)));
        let merged = merged.fold(0i64, |sum, row| sum.saturating_add(row.self_value));
        rows.retain(|row| !is_placeholder(tree.frames().name(row.frame)));
        let functions = rows.len();
        rows.retain(|row| row.self_value != 0);
        sort(&mut rows, tree, TopColumn::SelfValue, SortOrder::Descending);
        let cost = |row: &TopRow| FunctionCost {
            name: listed(tree.frames().name(row.frame)),
            self_value: only(row.self_value),
            total: only(row.total),
        };
        let rows = rows.iter().take(MAX_FUNCTIONS).map(cost).collect();
        TopFunctions { rows, functions, whole: only(tree.total(NodeId::ROOT)), merged: only(merged) }
    }

    /// The functions of a diff: those whose self cost changed most, up or down, on a scale of rates; without one, those that
    /// cost most in the comparison.
    pub(crate) fn of_diff(both: &DiffTree, ranking: Option<&Scale>) -> TopFunctions {
        let frames = both.frames();
        let mut rows = diff_table(both);
        let merged = rows.iter().filter(|row| is_merged(frames.name(row.frame)));
        let merged = merged.fold(Pair::default(), |sum, row| sum.plus(row.self_value));
        rows.retain(|row| !is_placeholder(frames.name(row.frame)));
        let functions = rows.len();
        rank(&mut rows, both, ranking);
        let rows = rows.iter().take(MAX_FUNCTIONS).map(|row| cost(row, frames)).collect();
        TopFunctions { rows, functions, whole: both.total(NodeId::ROOT), merged }
    }
}

fn cost(row: &DiffRow, frames: &FrameTable) -> FunctionCost {
    FunctionCost { name: listed(frames.name(row.frame)), self_value: row.self_value, total: row.total }
}

/// A name as it is listed: what is too long loses its type arguments first, and not the function's own name at its end.
fn listed(name: &str) -> String {
    let is_long = name.chars().nth(MAX_NAME_CHARS).is_some();
    let name = if is_long { short_name(name) } else { Cow::Borrowed(name) };
    one_line(&name, MAX_NAME_CHARS).into_owned()
}

fn rank(rows: &mut Vec<DiffRow>, both: &DiffTree, ranking: Option<&Scale>) {
    let by_name = Scale::absolute();
    // By name first, so that ties have a fixed order: the second sort is stable. Of two equal changes the growth comes first.
    table::sort(rows, both, &by_name, DiffColumn::Name, SortOrder::Ascending);
    match ranking {
        Some(scale) => {
            rows.retain(|row| row.delta(Cost::SelfValue, scale) != 0.0);
            rows.sort_by(|a, b| {
                let [of_a, of_b] = [a, b].map(|row| row.delta(Cost::SelfValue, scale));
                // Equal rates of different totals differ by rounding errors, which single precision removes.
                (of_b.abs() as f32).total_cmp(&(of_a.abs() as f32)).then(of_b.total_cmp(&of_a))
            });
        }
        None => {
            rows.retain(|row| row.self_value != Pair::default());
            rows.sort_by_key(|row| std::cmp::Reverse((row.self_value.comparison, row.self_value.baseline)));
        }
    }
}

/// Whether a name stands for what sanitization has merged.
fn is_merged(name: &str) -> bool {
    name == OTHER
}

/// Whether a name is no function's.
fn is_placeholder(name: &str) -> bool {
    is_merged(name) || matches!(name, "other" | "")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use flarepath_profile::call_tree::TreeBuilder;
    use flarepath_profile::diff::diff;
    use flarepath_profile::frame_table::FrameText;

    /// A tree of paths from the root, joined by `;`, with their values.
    pub(in crate::sharing) fn tree(lines: &[(&str, i64)]) -> CallTree {
        let mut builder = TreeBuilder::new();
        for (path, value) in lines {
            let mut at = NodeId::ROOT;
            for name in path.split(';') {
                let frame = builder.frame(FrameText { name, symbolized: true, ..FrameText::default() });
                at = builder.child(at, frame);
            }
            builder.add(at, *value);
        }
        builder.finish()
    }

    fn names(found: &TopFunctions) -> Vec<&str> {
        found.rows.iter().map(|row| row.name.as_str()).collect()
    }

    #[test]
    fn what_was_merged_never_ranks() {
        let (before, after) =
            (tree(&[("a", 900), ("b", 100)]), tree(&[("a", 700), ("b", 100), ("(other)", 200)]));
        let both = diff(&before, &after);
        for ranking in [None, Some(Scale::absolute()), Some(Scale::share(both.total(NodeId::ROOT)))] {
            let found = TopFunctions::of_diff(&both, ranking.as_ref());
            assert!(!names(&found).contains(&"(other)"), "{found:?}");
            assert_eq!((found.functions, found.merged), (2, Pair { baseline: 0, comparison: 200 }));
        }
        let alone = TopFunctions::of_tree(&tree(&[("(other);(other)", 700), ("a", 300)]));
        assert_eq!((names(&alone), alone.merged.comparison), (vec!["a"], 700));
    }

    /// An hour against three minutes: by covered second, nothing but the culprit has changed.
    #[test]
    fn changes_rank_by_rate() {
        let minute = 60_000_000_000;
        let before = tree(&[("main;parse", 3600), ("main;rustc_entry", 1200)]);
        let after = tree(&[("main;parse", 180), ("main;rustc_entry", 60), ("main;Regex::new", 300)]);
        let both = diff(&before, &after);
        let scale = Scale::per_second(Pair { baseline: 60 * minute, comparison: 3 * minute });
        assert_eq!(names(&TopFunctions::of_diff(&both, Some(&scale))), ["Regex::new"]);
        assert_eq!(names(&TopFunctions::of_diff(&both, None)), ["Regex::new", "parse", "rustc_entry"]);
    }
}

//! Columns of the call tree, and the unit and digits of each.

use crate::views::change_text::{self, Like};
use crate::views::picture::Picture;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::{DiffTree, Pair, Scale, Side};
use flarepath_profile::top_table::Cost;

/// A column behind that of the functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// A cost of one profile.
    Cost(Cost),
    /// The total as a share of the whole.
    Share,
    /// Comparison minus baseline.
    Delta(Cost),
    /// The total of one side of a difference.
    Total(Side),
}

/// The columns of one profile.
pub(crate) const PROFILE: [Column; 3] =
    [Column::Cost(Cost::SelfValue), Column::Cost(Cost::Total), Column::Share];

/// The columns of a difference.
pub(crate) const DIFFERENCE: [Column; 4] = [
    Column::Delta(Cost::SelfValue),
    Column::Delta(Cost::Total),
    Column::Total(Side::Baseline),
    Column::Total(Side::Comparison),
];

impl Column {
    /// The heading.
    pub(super) fn label(self) -> &'static str {
        match self {
            Column::Cost(Cost::SelfValue) => "Self",
            Column::Cost(Cost::Total) => "Total",
            Column::Share => "Of total",
            Column::Delta(Cost::SelfValue) => "Δ self",
            Column::Delta(Cost::Total) => "Δ total",
            Column::Total(Side::Baseline) => "Baseline total",
            Column::Total(Side::Comparison) => "Comparison total",
        }
    }

    /// The CSS classes of its cells.
    pub(super) fn class(self) -> &'static str {
        match self {
            Column::Cost(Cost::SelfValue) => "tree-cost tree-self",
            Column::Cost(Cost::Total) | Column::Delta(Cost::Total) => "tree-cost",
            Column::Share => "tree-cost tree-share",
            Column::Delta(Cost::SelfValue) => "tree-cost tree-self",
            Column::Total(_) => "tree-cost tree-side",
        }
    }
}

/// The largest amounts of a tree. That of all decides the unit; that of a column, its digits. Of one profile, each of self and total
/// has a unit of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Largest {
    all: f64,
    /// Changes of self and total.
    delta: [f64; 2],
    /// Totals of both sides.
    total: f64,
    /// Self and total of one profile.
    cost: [i64; 2],
}

impl Largest {
    /// Of all nodes but the root, which is no function.
    pub(super) fn of(picture: &Picture) -> Largest {
        match &picture.changes {
            Some(changes) => {
                let scale = changes.scales.amounts.unwrap_or_else(Scale::absolute);
                Largest::of_difference(&changes.both, &scale)
            }
            None => {
                let (_, _, own, total) = picture.tree.columns();
                let most = |of: &[i64]| of.iter().skip(1).map(|v| v.saturating_abs()).max().unwrap_or(0);
                Largest { cost: [most(own), most(total)], ..Largest::default() }
            }
        }
    }

    fn of_difference(both: &DiffTree, scale: &Scale) -> Largest {
        let mut largest = Largest::default();
        for node in (1..both.len() as u32).map(NodeId) {
            let pairs: [Pair; 2] = [both.self_value(node), both.total(node)];
            largest.all = largest.all.max(change_text::largest(scale, pairs));
            for (most, pair) in largest.delta.iter_mut().zip(pairs) {
                *most = most.max(scale.delta(pair).abs());
            }
            let totals = Side::BOTH.map(|side| scale.value(side, pairs[1].of(side)).abs());
            largest.total = totals.into_iter().fold(largest.total, f64::max);
        }
        largest
    }

    /// The largest cost of one profile.
    pub(super) fn cost(&self, cost: Cost) -> i64 {
        self.cost[usize::from(cost == Cost::Total)]
    }

    /// What decides how changes are written.
    pub(super) fn delta(&self, cost: Cost) -> Like {
        Like { most: self.all, column: self.delta[usize::from(cost == Cost::Total)], least: 0.0 }
    }

    /// What decides how totals of a side are written.
    pub(super) fn total(&self) -> Like {
        Like { most: self.all, column: self.total, least: 0.0 }
    }
}

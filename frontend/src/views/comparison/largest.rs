//! The largest amounts of the table of a comparison, which decide how all of them are written.

use crate::views::change_text::{self, Like};
use crate::views::scales::{Scaling, scales};
use flarepath_profile::diff::rank::RankedRow;
use flarepath_profile::diff::{DiffTree, Scale, Side};
use flarepath_profile::top_table::Cost;

/// The largest amounts. That of all decides the unit of the table; that of a column, its digits, and the smallest one, the place of its point.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Largest {
    all: f64,
    /// Changes of self and total.
    delta: [f64; 2],
    /// Costs of self and total, of both sides.
    cost: [f64; 2],
    /// The smallest changes but zero, of self and total.
    least_delta: [f64; 2],
    /// The smallest costs.
    least_cost: [f64; 2],
}

/// The smaller one of what is not zero.
fn least(of: f64, other: f64) -> f64 {
    let (of, other) = (of.abs(), other.abs());
    if of == 0.0 || other == 0.0 { of.max(other) } else { of.min(other) }
}

impl Largest {
    /// Of these rows. Merged functions count: their numbers are on screen, too.
    pub(super) fn of(rows: &[RankedRow], both: &DiffTree, scaling: Scaling) -> Largest {
        let scale = scales(both, scaling).amounts.unwrap_or_else(Scale::absolute);
        let mut largest = Largest::default();
        for row in rows {
            for (at, cost) in [Cost::SelfValue, Cost::Total].into_iter().enumerate() {
                let pair = row.row.cost(cost);
                largest.all = largest.all.max(change_text::largest(&scale, [pair]));
                let delta = scale.delta(pair);
                largest.delta[at] = largest.delta[at].max(delta.abs());
                largest.least_delta[at] = least(largest.least_delta[at], delta);
                for side in Side::BOTH {
                    let cost = scale.value(side, pair.of(side));
                    largest.cost[at] = largest.cost[at].max(cost.abs());
                    largest.least_cost[at] = least(largest.least_cost[at], cost);
                }
            }
        }
        largest
    }

    /// The same for rows of two lines, in which no points are below each other.
    pub(super) fn unaligned(self) -> Largest {
        Largest { least_delta: [0.0; 2], least_cost: [0.0; 2], ..self }
    }

    /// What decides how changes of self or total are written.
    pub(super) fn of_change(&self, cost: Cost) -> Like {
        self.like([self.delta, self.least_delta], cost)
    }

    /// What decides how costs of self or total are written.
    pub(super) fn of_cost(&self, cost: Cost) -> Like {
        self.like([self.cost, self.least_cost], cost)
    }

    /// What decides how amounts of a column are written; `columns` are the largest and the smallest ones of self and total.
    fn like(&self, [most, least]: [[f64; 2]; 2], cost: Cost) -> Like {
        let at = usize::from(cost == Cost::Total);
        Like { most: self.all, column: most[at], least: least[at] }
    }
}

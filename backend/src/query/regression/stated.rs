//! The numbers that a verdict states: of the whole sides, as on the page, and not of the windows that were tested.

use super::ready_side::Ready;
use flarepath_profile::stats::{Comparison, Direction, Estimate};
use flarepath_profile::verdict::Figure;

/// The numbers to state: of the whole sides.
pub(super) struct Numbers<'a> {
    pub(super) baseline: &'a Ready<'a>,
    pub(super) comparison: &'a Ready<'a>,
}

impl Numbers<'_> {
    fn totals(&self) -> [f64; 2] {
        [self.baseline, self.comparison].map(|side| side.rate(side.total))
    }

    pub(super) fn costs(&self, function: usize) -> [f64; 2] {
        [self.baseline, self.comparison].map(|side| side.rate(side.cost(function)))
    }

    pub(super) fn shares(&self, function: usize) -> [f64; 2] {
        [self.baseline, self.comparison].map(|side| side.share(function))
    }

    /// Takes back what the numbers do not show.
    pub(super) fn withdraw(&self, found: &mut Comparison) {
        let shows = |direction: &Direction, [before, after]: [f64; 2]| match direction {
            Direction::Grew => after > before,
            Direction::Shrank => after < before,
        };
        found.total.direction = found.total.direction.filter(|d| shows(d, self.totals()));
        for (function, change) in found.functions.iter_mut().enumerate() {
            change.direction = change.direction.filter(|d| shows(d, self.costs(function)));
        }
    }

    pub(super) fn total(&self, found: &Comparison) -> Figure {
        figure(&found.total.rate, self.totals())
    }
}

/// The values to state, with an interval as wide as that of the estimate.
pub(super) fn figure(estimate: &Estimate, [before, after]: [f64; 2]) -> Figure {
    let (low, high) = estimate.interval();
    let (difference, half) = (after - before, (high - low) / 2.0);
    Figure { before, after, low: difference - half, high: difference + half, p: estimate.p() }
}

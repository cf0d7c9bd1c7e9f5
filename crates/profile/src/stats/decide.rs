//! Decision whether a difference is called a change.

use super::student_t::{quantile_above, two_sided_p};

/// Windows of one replica that a side must have.
pub const MIN_OBSERVATIONS: usize = 6;
/// Standard errors that noise practically never exceeds (7 in a million).
pub(super) const BEYOND_NOISE: f64 = 4.5;
/// The power at which the smallest visible change is stated.
const POWER: f64 = 0.8;

/// What counts as a change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// Bound on the rate of false discoveries among the functions of one comparison.
    pub q: f64,
    /// The least change of a function's share of the total, as a fraction.
    pub least_share: f64,
    /// The least change of a rate, as a fraction of it.
    pub least_relative: f64,
    /// Whether weights are units of work. Then a rate is a cost per unit, and decides alone; a rate per second changes with
    /// traffic, too, so that the share must have changed as well.
    pub per_work: bool,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { q: 0.01, least_share: 0.005, least_relative: 0.1, per_work: false }
    }
}

/// Which way a cost has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// It costs more.
    Grew,
    /// It costs less.
    Shrank,
}

/// A value of both sides, and how well their difference is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Mean of the baseline.
    pub before: f64,
    /// Mean of the comparison.
    pub after: f64,
    /// Standard error of the difference.
    pub error: f64,
    /// Degrees of freedom of the standard error.
    pub freedom: f64,
}

impl Estimate {
    /// After less before.
    pub fn difference(&self) -> f64 {
        self.after - self.before
    }

    /// The difference as a fraction of the baseline; none of 0.
    pub fn relative(&self) -> Option<f64> {
        (self.before > 0.0).then(|| self.difference() / self.before)
    }

    /// The 95 % confidence interval of the difference.
    pub fn interval(&self) -> (f64, f64) {
        let half = quantile_above(0.025, self.freedom) * self.error;
        (self.difference() - half, self.difference() + half)
    }

    /// The probability of a difference at least this large, either way, if nothing has changed.
    pub fn p(&self) -> f64 {
        let difference = self.difference();
        // Equal to the last digits, however small the noise is.
        if difference.abs() <= 1e-9 * self.before.abs().max(self.after.abs()) {
            return 1.0;
        }
        two_sided_p(difference / self.error, self.freedom)
    }

    /// The smallest difference that would be found with a probability of 80 %, if `tests` are made at false discovery rate `q`.
    pub fn smallest_visible(&self, q: f64, tests: usize) -> f64 {
        let critical = quantile_above(q / tests.max(1) as f64 / 2.0, self.freedom);
        (critical + quantile_above(1.0 - POWER, self.freedom)) * self.error
    }

    pub(super) fn direction(&self) -> Direction {
        if self.difference() < 0.0 { Direction::Shrank } else { Direction::Grew }
    }
}

/// What happened to a function, or to the total.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Cost by weight: a second, a profile, a unit of work.
    pub rate: Estimate,
    /// Cost by the total cost.
    pub share: Estimate,
    /// The smallest false discovery rate at which it is a change.
    pub q: f64,
    /// Whether the change is still there in the last windows.
    pub lasts: bool,
    /// The verdict: a change that is significant, large enough and lasting; `None` otherwise.
    pub direction: Option<Direction>,
}

impl Change {
    /// Whether only the share has changed by much: others grew or shrank.
    pub fn is_only_share(&self, rules: &Rules) -> bool {
        self.direction.is_none()
            && self.share.p() <= rules.q
            && self.share.difference().abs() >= rules.least_share
            && self.rate.p() > 0.05
    }

    /// Whether it is as large as the rules want.
    pub(super) fn is_large(&self, rules: &Rules, is_total: bool) -> bool {
        let relative = self.rate.relative().is_none_or(|r| r.abs() >= rules.least_relative);
        relative && (is_total || self.share.difference().abs() >= rules.least_share)
    }

    /// Whether noise could make it look large enough.
    pub(super) fn is_within_noise(&self, rules: &Rules, is_total: bool) -> bool {
        let relative = rules.least_relative * self.rate.before <= BEYOND_NOISE * self.rate.error;
        relative && (is_total || rules.least_share <= BEYOND_NOISE * self.share.error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(before: f64, after: f64, error: f64) -> Estimate {
        Estimate { before, after, error, freedom: 22.0 }
    }

    #[test]
    fn interval_and_p_agree() {
        let found = estimate(1.0, 1.2074, 0.1);
        assert!((found.interval().0).abs() < 1e-3 && (found.p() - 0.05).abs() < 1e-3);
        assert_eq!(found.direction(), Direction::Grew);
        assert_eq!(estimate(0.0, 1.0, 0.1).relative(), None);
    }

    #[test]
    fn equal_sides_have_not_changed_and_exact_ones_have() {
        assert_eq!(estimate(1.0, 1.0, 0.0).p(), 1.0);
        assert_eq!(estimate(0.3, 0.1 + 0.2, 0.0).p(), 1.0);
        assert_eq!(estimate(1.0, 2.0, 0.0).p(), 0.0);
    }

    #[test]
    fn more_tests_make_less_visible() {
        let one = estimate(1.0, 1.0, 0.1);
        // t(22) at 0.005 and 0.2, from tables: 2.819 and 0.858.
        assert!((one.smallest_visible(0.01, 1) - 0.3677).abs() < 1e-3);
        assert!(one.smallest_visible(0.01, 50) > 0.45);
    }
}

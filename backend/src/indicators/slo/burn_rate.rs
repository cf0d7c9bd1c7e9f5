//! Burn rates and error budgets. Pure.
//!
//! The budget is the part of all events that may be bad: `1 − objective`. A burn rate of 1 uses it up in exactly the period of the
//! objective. An alert fires when both of its windows burn faster than its threshold: the long one says that it matters, the short one
//! that it still goes on. Thresholds and windows are those of the Site Reliability Workbook (chapter 5, “Alerting on SLOs”, table
//! 5-8) for a period of 30 days; windows scale with the period, so that each threshold stands for the same part of the budget:
//!
//! | burn rate | long window | short window | part of the budget | urgency |
//! |---|---|---|---|---|
//! | 14.4 | 1 h | 5 min | 2 % | page |
//! | 6 | 6 h | 30 min | 5 % | page |
//! | 1 | 3 d | 6 h | 10 % | ticket |

use std::time::Duration;

/// The period that the table is for.
const TABLE_PERIOD: f64 = 30.0 * 86_400.0;
/// Rates need a few samples.
const LEAST_WINDOW_SECS: f64 = 60.0;

const RULES: [Rule; 3] = [
    Rule { threshold: 14.4, long_secs: 3600.0, short_secs: 300.0, urgency: Urgency::Page },
    Rule { threshold: 6.0, long_secs: 21_600.0, short_secs: 1800.0, urgency: Urgency::Page },
    Rule { threshold: 1.0, long_secs: 259_200.0, short_secs: 21_600.0, urgency: Urgency::Ticket },
];

struct Rule {
    threshold: f64,
    long_secs: f64,
    short_secs: f64,
    urgency: Urgency,
}

/// How soon a person should look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// Now.
    Page,
    /// During working hours.
    Ticket,
}

/// One line of the table, evaluated.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Alert {
    pub(crate) threshold: f64,
    pub(crate) long: Duration,
    pub(crate) short: Duration,
    pub(crate) urgency: Urgency,
    /// Burn rates of the long and the short window; `None` without traffic, or without data.
    pub(crate) burn_rates: [Option<f64>; 2],
}

impl Alert {
    /// Whether both windows burn at the threshold or faster.
    pub(crate) fn is_firing(&self) -> bool {
        self.burn_rates.iter().all(|rate| rate.is_some_and(|rate| rate >= self.threshold))
    }
}

/// The error budget of an objective.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Budget {
    /// The part that is left: 1 is all of it, below 0 it is overdrawn. `None` without data.
    pub(crate) left: Option<f64>,
    pub(crate) alerts: Vec<Alert>,
}

/// The windows of which [`budget`] needs error ratios: the period, then the long and the short window of each alert.
pub(crate) fn windows(period: Duration) -> Vec<Duration> {
    let of_rules =
        RULES.iter().flat_map(|rule| [scaled(rule.long_secs, period), scaled(rule.short_secs, period)]);
    std::iter::once(period).chain(of_rules).collect()
}

/// What the error ratios of [`windows`], in their order, mean for an objective.
pub(crate) fn budget(objective: f64, period: Duration, ratios: &[Option<f64>]) -> Budget {
    let allowed = 1.0 - objective;
    let burn_rate = |place: usize| ratios.get(place).copied().flatten().map(|ratio| ratio / allowed);
    let alert = |(place, rule): (usize, &Rule)| Alert {
        threshold: rule.threshold,
        long: scaled(rule.long_secs, period),
        short: scaled(rule.short_secs, period),
        urgency: rule.urgency,
        burn_rates: [burn_rate(1 + 2 * place), burn_rate(2 + 2 * place)],
    };
    Budget {
        left: burn_rate(0).map(|used| 1.0 - used),
        alerts: RULES.iter().enumerate().map(alert).collect(),
    }
}

fn scaled(secs: f64, period: Duration) -> Duration {
    let scaled = secs * period.as_secs_f64() / TABLE_PERIOD;
    Duration::from_secs(scaled.max(LEAST_WINDOW_SECS).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONTH: Duration = Duration::from_secs(30 * 86_400);

    #[test]
    fn windows_are_those_of_the_workbook_and_scale_with_the_period() {
        let secs = |period| windows(period).iter().map(Duration::as_secs).collect::<Vec<u64>>();
        assert_eq!(secs(MONTH), [2_592_000, 3600, 300, 21_600, 1800, 259_200, 21_600]);
        assert_eq!(secs(Duration::from_secs(604_800)), [604_800, 840, 70, 5040, 420, 60_480, 5040]);
    }

    #[test]
    fn the_budget_left_is_what_errors_have_not_used() {
        let left = |ratio| budget(0.999, MONTH, &[ratio]).left;
        assert_eq!(left(None), None);
        assert_eq!(left(Some(0.0)), Some(1.0));
        assert!((left(Some(0.00025)).unwrap() - 0.75).abs() < 1e-9);
        assert!((left(Some(0.003)).unwrap() + 2.0).abs() < 1e-9);
    }

    #[test]
    fn alerts_fire_when_both_windows_burn() {
        let firing = |ratios: [f64; 6]| -> Vec<bool> {
            let all: Vec<Option<f64>> = [0.0].into_iter().chain(ratios).map(Some).collect();
            budget(0.99, MONTH, &all).alerts.iter().map(Alert::is_firing).collect()
        };
        assert_eq!(firing([0.0; 6]), [false, false, false]);
        // 15 % of the last hour, and still: of each objective of 99 %, fifteen times the rate.
        assert_eq!(firing([0.15, 0.15, 0.02, 0.15, 0.001, 0.02]), [true, false, false]);
        assert_eq!(firing([0.15, 0.0, 0.07, 0.07, 0.001, 0.02]), [false, true, false]);
        assert_eq!(firing([0.0, 0.0, 0.0, 0.0, 0.011, 0.011]), [false, false, true]);
    }

    #[test]
    fn windows_without_data_fire_nothing() {
        let budget = budget(0.99, MONTH, &[Some(0.5), None, Some(1.0)]);
        assert!(budget.alerts.iter().all(|alert| !alert.is_firing()));
        assert_eq!(budget.alerts[0].burn_rates[0], None);
        assert!((budget.alerts[0].burn_rates[1].unwrap() - 100.0).abs() < 1e-6);
    }
}

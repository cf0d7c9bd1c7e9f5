//! One number of series over a few minutes, and of objectives the one that is worst off. Pure.

use super::question::{SloPanel, WorstObjective};
use super::slo::{Alert, Urgency};
use super::source::{MetricSeries, SourceAnswer};
use std::collections::BTreeMap;

/// The mean of all series together: of series of the parts of a service.
pub(super) fn total(answer: &SourceAnswer) -> Option<f64> {
    let means: Vec<f64> = answer.series.iter().filter_map(mean).collect();
    (!means.is_empty()).then(|| means.iter().sum())
}

/// The mean of the series that is worst off.
pub(super) fn largest_mean(answer: &SourceAnswer) -> Option<f64> {
    answer.series.iter().filter_map(mean).max_by(f64::total_cmp)
}

/// The last value that exists, of the series that is worst off.
pub(super) fn latest(answer: &SourceAnswer) -> Option<f64> {
    let last = |series: &MetricSeries| series.points.last().map(|(_, value)| *value);
    answer.series.iter().filter_map(last).max_by(f64::total_cmp)
}

/// The largest part of its CPU limit that a pod uses, with its name. Pods without a limit have none; `pod` is the label of both.
pub(super) fn of_limit(cores: &SourceAnswer, limits: &SourceAnswer, pod: &str) -> Option<(String, f64)> {
    let by_pod = |answer: &SourceAnswer| -> BTreeMap<String, f64> {
        let one = |series: &MetricSeries| Some((series.labels.get(pod)?.clone(), mean(series)?));
        answer.series.iter().filter_map(one).collect()
    };
    let limits = by_pod(limits);
    let parts = by_pod(cores).into_iter().filter_map(|(name, used)| {
        let limit = limits.get(&name).copied().filter(|limit| *limit > 0.0)?;
        Some((name, used / limit))
    });
    parts.max_by(|(_, one), (_, other)| one.total_cmp(other))
}

/// The objective that is worst off: one whose alert fires, a page before a ticket, and then the one with the least budget left. Those that
/// failed say nothing.
pub(super) fn worst(panels: Vec<SloPanel>) -> Option<WorstObjective> {
    let known = panels.into_iter().filter(|panel| panel.failure.is_none()).map(|panel| {
        let urgency = most_urgent(&panel.budget.alerts);
        let burn_rate = panel.budget.alerts.first().and_then(|fastest| fastest.burn_rates[0]);
        WorstObjective { name: panel.name, budget_left: panel.budget.left, burn_rate, urgency }
    });
    let order = |objective: &WorstObjective| {
        let urgency = match objective.urgency {
            Some(Urgency::Page) => 0,
            Some(Urgency::Ticket) => 1,
            None => 2,
        };
        (urgency, objective.budget_left.unwrap_or(f64::INFINITY))
    };
    known.min_by(|one, other| {
        let ((urgency, left), (of_other, left_of_other)) = (order(one), order(other));
        urgency.cmp(&of_other).then(left.total_cmp(&left_of_other))
    })
}

/// How soon to look at the alerts that fire; `None` if none does.
fn most_urgent(alerts: &[Alert]) -> Option<Urgency> {
    let firing = |wanted: Urgency| alerts.iter().any(|alert| alert.urgency == wanted && alert.is_firing());
    [Urgency::Page, Urgency::Ticket].into_iter().find(|urgency| firing(*urgency))
}

fn mean(series: &MetricSeries) -> Option<f64> {
    let count = series.points.len();
    (count > 0).then(|| series.points.iter().map(|(_, value)| value).sum::<f64>() / count as f64)
}

#[cfg(test)]
mod tests {
    use super::super::slo::budget;
    use super::*;
    use std::time::Duration;

    fn answer(series: &[(&str, &[f64])]) -> SourceAnswer {
        let one = |(pod, values): &(&str, &[f64])| MetricSeries {
            labels: [("pod".to_owned(), (*pod).to_owned())].into(),
            points: (0..).zip(values.iter().copied()).collect(),
        };
        SourceAnswer { series: series.iter().map(one).collect(), warnings: Vec::new() }
    }

    #[test]
    fn numbers_are_of_the_points_that_exist() {
        let two = answer(&[("a", &[1.0, 3.0]), ("b", &[5.0]), ("c", &[])]);
        assert_eq!([total(&two), largest_mean(&two), latest(&two)], [Some(7.0), Some(5.0), Some(5.0)]);
        let none = answer(&[("a", &[])]);
        assert_eq!([total(&none), largest_mean(&none), latest(&none)], [None; 3]);
    }

    #[test]
    fn the_pod_nearest_to_its_limit_counts() {
        let cores = answer(&[("a", &[1.0, 2.0]), ("b", &[0.5]), ("unlimited", &[9.0])]);
        let limits = answer(&[("a", &[3.0]), ("b", &[0.5, 0.5]), ("gone", &[1.0])]);
        assert_eq!(of_limit(&cores, &limits, "pod"), Some(("b".to_owned(), 1.0)));
        assert_eq!(of_limit(&cores, &answer(&[("a", &[0.0])]), "pod"), None);
        assert_eq!(of_limit(&cores, &limits, "instance"), None, "series without the label are of no pod");
    }

    fn panel(name: &str, ratios: [f64; 7]) -> SloPanel {
        let window = Duration::from_secs(30 * 86_400);
        let budget = budget(0.99, window, &ratios.map(Some));
        SloPanel {
            name: name.to_owned(),
            objective: 0.99,
            window,
            budget,
            failure: None,
            source: String::new(),
        }
    }

    #[test]
    fn the_worst_objective_is_the_one_that_pages() {
        let calm = panel("calm", [0.002, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        let overdrawn = panel("overdrawn", [0.03, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        let ticket = panel("ticket", [0.001, 0.0, 0.0, 0.0, 0.0, 0.02, 0.02]);
        let page = panel("page", [0.001, 0.2, 0.2, 0.0, 0.0, 0.0, 0.0]);
        let worst_of = |panels: &[&SloPanel]| worst(panels.iter().map(|panel| (*panel).clone()).collect());
        let name = |panels: &[&SloPanel]| worst_of(panels).map(|objective| objective.name);
        assert_eq!(name(&[&calm, &overdrawn]).as_deref(), Some("overdrawn"));
        assert_eq!(name(&[&overdrawn, &ticket]).as_deref(), Some("ticket"));
        assert_eq!(name(&[&overdrawn, &ticket, &page]).as_deref(), Some("page"));
        assert_eq!(worst_of(&[]), None);
        let paging = worst_of(&[&page]).unwrap();
        assert_eq!(paging.urgency, Some(Urgency::Page));
        assert!((paging.burn_rate.unwrap() - 20.0).abs() < 1e-9, "{paging:?}");
    }
}

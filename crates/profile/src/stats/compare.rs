//! Compares two sides: the total and each function.

use super::autocorrelation;
use super::benjamini_hochberg::adjusted;
use super::decide::{Change, Estimate, MIN_OBSERVATIONS, Rules};
use super::moderation::moderate;
use super::series::{InTime, Series, lasts};
use super::side::{Side, Window, paired};
use super::side_mean::Variance;
use std::collections::HashMap;

/// What two sides have in common, and where they differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The total. Its share is 1.
    pub total: Change,
    /// The functions, in their order.
    pub functions: Vec<Change>,
    /// How many tests count: those that noise could decide.
    pub tests: usize,
    /// Whether replicas were compared with themselves.
    pub is_paired: bool,
    /// Autocorrelation of the windows of each side.
    pub autocorrelation: [f64; 2],
}

/// Compares two sides of `functions` functions each. `None` if a side has fewer than [`MIN_OBSERVATIONS`] windows.
pub fn compare(baseline: &Side, comparison: &Side, functions: usize, rules: &Rules) -> Option<Comparison> {
    let are_enough = |names: &Vec<&str>| {
        [baseline, comparison].iter().all(|side| side.only(names).observations() >= MIN_OBSERVATIONS)
    };
    let names = paired(baseline, comparison).filter(are_enough);
    let is_paired = names.is_some();
    let sides = match names {
        Some(names) => [baseline.only(&names), comparison.only(&names)],
        None => [baseline.clone(), comparison.clone()],
    };
    if sides.iter().any(|side| side.observations() < MIN_OBSERVATIONS) {
        return None;
    }
    let in_time = sides.each_ref().map(InTime::new);
    let rate_of_total = Series::new(&in_time, is_paired, |w| w.total / w.weight);
    let rates: Vec<Series> =
        (0..functions).map(|i| Series::new(&in_time, is_paired, |w| cost(w, i) / w.weight)).collect();
    let shares: Vec<Series> =
        (0..functions).map(|i| Series::new(&in_time, is_paired, |w| share(cost(w, i), w.total))).collect();
    let pool = |all: &[Series]| {
        [0, 1].map(|side| {
            let window_secs = sides[side].window_secs;
            autocorrelation::pooled(all.iter().filter_map(|s| s.means[side].autocorrelation()), window_secs)
        })
    };
    let (rho, rho_of_shares) = (pool(&rates), pool(&shares));
    let whole = Estimate { before: 1.0, after: 1.0, error: 0.0, freedom: 1.0 };
    let total = change(
        rate_of_total.estimate(rho),
        whole,
        lasts(&in_time[1], &rate_of_total, |w| w.total / w.weight),
    );
    let estimates = |all: &[Series], rho| moderated(&all.iter().map(|s| s.estimate(rho)).collect::<Vec<_>>());
    let functions: Vec<Change> = estimates(&rates, rho)
        .into_iter()
        .zip(estimates(&shares, rho_of_shares))
        .enumerate()
        .map(|(i, (rate, of_total))| match rules.per_work {
            true => change(rate, of_total, lasts(&in_time[1], &rates[i], |w| cost(w, i) / w.weight)),
            false => change(rate, of_total, lasts(&in_time[1], &shares[i], |w| share(cost(w, i), w.total))),
        })
        .collect();
    let mut found = Comparison { total, functions, tests: 0, is_paired, autocorrelation: rho };
    found.decide(rules);
    Some(found)
}

impl Comparison {
    /// Sets q values and verdicts.
    fn decide(&mut self, rules: &Rules) {
        let groups = groups(&self.functions, rules);
        let mut family: Vec<f64> = groups.iter().map(|group| p(&self.functions[group[0]], rules)).collect();
        family.push(self.total.rate.p());
        let counts = |change: &Change, is_total| {
            change.is_within_noise(rules, is_total) || change.is_large(rules, is_total)
        };
        // Listed first, so that the adjustment can leave out those that noise cannot decide.
        let counted: Vec<usize> = (0..family.len())
            .filter(|&i| match groups.get(i) {
                Some(group) => counts(&self.functions[group[0]], false),
                None => counts(&self.total, true),
            })
            .collect();
        self.tests = counted.len();
        let q_values = adjusted(&counted.iter().map(|&i| family[i]).collect::<Vec<_>>(), counted.len());
        for (&i, q) in counted.iter().zip(q_values) {
            match groups.get(i) {
                Some(group) => group.iter().for_each(|&f| self.functions[f].q = q),
                None => self.total.q = q,
            }
        }
        self.total.decide(rules, true);
        self.functions.iter_mut().for_each(|change| change.decide(rules, false));
    }

    /// The p value of the comparison as a whole: the probability of a change as significant as the strongest of those found, if nothing
    /// has changed at all (Simes 1986). 1 if none was found.
    pub fn evidence(&self) -> f64 {
        let changed = self.functions.iter().chain([&self.total]).filter(|change| change.direction.is_some());
        changed.map(|change| change.q).fold(1.0, f64::min)
    }

    /// Withdraws changes that another baseline does not show: in the same direction, with a p of at most 0.05 of rate and, of
    /// functions, of share. `other` must have the same functions.
    pub fn confirm(&mut self, other: &Comparison, rules: &Rules) {
        let agrees = |own: &Change, other: &Change, p: f64| {
            own.direction.is_none_or(|d| d == other.rate.direction() && p <= 0.05)
        };
        if !agrees(&self.total, &other.total, other.total.rate.p()) {
            self.total.direction = None;
        }
        for (own, other) in self.functions.iter_mut().zip(&other.functions) {
            if !agrees(own, other, p(other, rules)) {
                own.direction = None;
            }
        }
    }
}

impl Change {
    fn decide(&mut self, rules: &Rules, is_total: bool) {
        let is_change = self.q <= rules.q && self.lasts && self.is_large(rules, is_total);
        self.direction = is_change.then(|| self.rate.direction());
    }
}

fn change(rate: Estimate, share: Estimate, lasts: bool) -> Change {
    Change { rate, share, q: 1.0, lasts, direction: None }
}

/// The p value of a function: that of the rate and that of the share, of which the larger counts, as both must have changed
/// in the same direction (an intersection–union test).
fn p(change: &Change, rules: &Rules) -> f64 {
    let Change { rate, share, .. } = change;
    match rules.per_work {
        true => rate.p(),
        false if rate.direction() == share.direction() => rate.p().max(share.p()),
        false => 1.0,
    }
}

/// Functions that can change by as much as the rules want, grouped with those that cost the same: a function that does nothing but call
/// another is no test of its own.
fn groups(functions: &[Change], rules: &Rules) -> Vec<Vec<usize>> {
    let mut order = Vec::<Vec<usize>>::new();
    let mut known = HashMap::new();
    for (i, change) in functions.iter().enumerate() {
        if change.share.before.max(change.share.after) < rules.least_share {
            continue;
        }
        // Steps of 0.5 %.
        let step = |value: f64| (value.max(f64::MIN_POSITIVE).ln() * 200.0).round() as i64;
        let key = [change.rate.before, change.rate.after].map(step);
        let group = *known.entry(key).or_insert_with(|| {
            order.push(Vec::new());
            order.len() - 1
        });
        order[group].push(i);
    }
    order
}

/// The estimates with moderated variances.
fn moderated(estimates: &[Estimate]) -> Vec<Estimate> {
    let variance = |e: &Estimate| Variance { value: e.error * e.error, freedom: e.freedom };
    let functions: Vec<_> = estimates.iter().map(|e| ((e.before + e.after) / 2.0, variance(e))).collect();
    let with = |(e, v): (&Estimate, Variance)| Estimate { error: v.value.sqrt(), freedom: v.freedom, ..*e };
    estimates.iter().zip(moderate(&functions)).map(with).collect()
}

fn cost(window: &Window, function: usize) -> f64 {
    window.costs.get(function).copied().unwrap_or(0.0)
}

/// Of nothing, everything is no share.
fn share(cost: f64, total: f64) -> f64 {
    if total > 0.0 { cost / total } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::super::decide::Direction;
    use super::super::side::Replica;
    use super::*;
    use proptest::prelude::*;

    /// A side of one replica; each window has the total and the costs of its functions.
    fn side(name: &str, windows: &[(f64, &[f64])]) -> Side {
        let windows = (0..)
            .zip(windows)
            .map(|(at, (total, costs))| Window { at, weight: 300.0, total: *total, costs: costs.to_vec() })
            .collect();
        Side { replicas: vec![Replica { name: name.to_owned(), windows }], window_secs: 300.0 }
    }

    fn noisy(i: usize) -> f64 {
        [0.0, 0.9, -0.4, 0.3, -0.8, 0.5, -0.2, 0.6][i % 8] * 0.02
    }

    /// Twelve windows in which function 0 costs `a` and function 1 `b` of a total of 100 and what they add.
    fn twelve(name: &str, a: f64, b: f64, shift: usize) -> Side {
        let windows: Vec<(f64, [f64; 2])> = (0..12)
            .map(|i| {
                let costs = [a * (1.0 + noisy(i + shift)), b * (1.0 + noisy(3 * i + shift))];
                (80.0 + costs[0] + costs[1], costs)
            })
            .collect();
        side(name, &windows.iter().map(|(t, c)| (*t, &c[..])).collect::<Vec<_>>())
    }

    #[test]
    fn the_function_that_grew_is_named_and_the_diluted_one_is_not() {
        let found =
            compare(&twelve("a", 10.0, 10.0, 0), &twelve("b", 60.0, 10.0, 1), 2, &Rules::default()).unwrap();
        assert_eq!(found.functions[0].direction, Some(Direction::Grew));
        assert_eq!(found.functions[1].direction, None);
        assert!(found.functions[1].is_only_share(&Rules::default()));
        assert_eq!(found.total.direction, Some(Direction::Grew));
        assert!((found.total.rate.relative().unwrap() - 0.5).abs() < 0.02);
    }

    #[test]
    fn two_replicas_a_side_are_enough_for_a_large_change() {
        let of = |names: [&str; 2], a: f64| {
            let replicas = [twelve(names[0], a, 10.0, 0), twelve(names[1], a, 10.0, 3)].map(|s| s.replicas);
            let mut replicas = replicas.concat();
            replicas.iter_mut().for_each(|replica| replica.windows.truncate(7));
            Side { replicas, window_secs: 60.0 }
        };
        let found = compare(&of(["a", "b"], 0.0), &of(["c", "d"], 60.0), 2, &Rules::default()).unwrap();
        assert!(!found.is_paired);
        assert_eq!(found.functions[0].direction, Some(Direction::Grew), "{:?}", found.functions[0]);
        assert_eq!(found.functions[1].direction, None);
        assert_eq!(found.total.direction, Some(Direction::Grew), "{:?}", found.total);
    }

    #[test]
    fn twice_the_traffic_accuses_no_function() {
        let mut double = twelve("b", 10.0, 10.0, 1);
        for window in double.replicas.iter_mut().flat_map(|r| &mut r.windows) {
            window.total *= 2.0;
            window.costs.iter_mut().for_each(|c| *c *= 2.0);
        }
        let found = compare(&twelve("a", 10.0, 10.0, 0), &double, 2, &Rules::default()).unwrap();
        assert_eq!(found.total.direction, Some(Direction::Grew));
        assert!(found.functions.iter().all(|f| f.direction.is_none()));
        // The same for twice the work is no change at all.
        double.replicas.iter_mut().flat_map(|r| &mut r.windows).for_each(|w| w.weight *= 2.0);
        let rules = Rules { per_work: true, ..Rules::default() };
        let found = compare(&twelve("a", 10.0, 10.0, 0), &double, 2, &rules).unwrap();
        assert_eq!(found.total.direction, None);
    }

    /// Weights are the optional denominator: requests instead of covered seconds.
    #[test]
    fn requests_show_what_half_of_the_traffic_hides() {
        let scaled = |by: [f64; 2]| {
            let mut side = twelve("b", 15.0, 10.0, 1);
            for window in side.replicas.iter_mut().flat_map(|r| &mut r.windows) {
                window.total *= by[0];
                window.costs.iter_mut().for_each(|c| *c *= by[0]);
                window.weight *= by[1];
            }
            side
        };
        let before = twelve("a", 10.0, 10.0, 0);
        let found = |after: &Side, per_work| {
            let found = compare(&before, after, 2, &Rules { per_work, ..Rules::default() }).unwrap();
            let relative = found.functions[0].rate.relative().unwrap();
            (found.total.direction, found.functions[0].direction, (relative * 20.0).round() / 20.0)
        };
        // By the second the service costs half, and the function a larger share of less.
        assert_eq!(found(&scaled([0.5, 1.0]), false), (Some(Direction::Shrank), None, -0.25));
        assert_eq!(found(&scaled([0.5, 0.5]), true), (None, Some(Direction::Grew), 0.5));
    }

    #[test]
    fn what_went_away_does_not_last() {
        let mut spike = twelve("a", 10.0, 10.0, 1);
        spike.replicas[0].windows[1..8].iter_mut().for_each(|w| {
            w.costs[0] *= 2.0;
            w.total += 10.0;
        });
        let found = compare(&twelve("a", 10.0, 10.0, 0), &spike, 2, &Rules::default()).unwrap();
        assert!(!found.functions[0].lasts && found.functions[0].direction.is_none());
    }

    #[test]
    fn another_baseline_must_confirm() {
        let rules = Rules::default();
        let after = twelve("a", 20.0, 10.0, 1);
        let mut found = compare(&twelve("a", 10.0, 10.0, 0), &after, 2, &rules).unwrap();
        let yesterday = compare(&twelve("a", 20.0, 10.0, 2), &after, 2, &rules).unwrap();
        assert!(found.functions[0].direction.is_some());
        found.confirm(&yesterday, &rules);
        assert_eq!((found.functions[0].direction, found.total.direction), (None, None));
    }

    #[test]
    fn the_strongest_change_that_was_found_is_the_evidence() {
        let rules = Rules::default();
        let before = twelve("a", 10.0, 10.0, 0);
        let mut found = compare(&before, &twelve("a", 20.0, 10.0, 1), 2, &rules).unwrap();
        let strongest = found.functions[0].q.min(found.total.q);
        assert!(found.evidence() == strongest && strongest <= rules.q, "{strongest}");
        found.functions[0].direction = None;
        found.total.direction = None;
        assert_eq!(found.evidence(), 1.0);
    }

    #[test]
    fn a_new_function_is_a_change_and_five_windows_are_none() {
        let (before, after) = (twelve("a", 0.0, 10.0, 0), twelve("b", 5.0, 10.0, 1));
        let found = compare(&before, &after, 2, &Rules::default()).unwrap();
        assert_eq!(found.functions[0].direction, Some(Direction::Grew));
        assert_eq!(found.functions[0].rate.relative(), None);
        let five = side("b", &[(1.0, &[1.0, 1.0][..]); 5]);
        assert_eq!(compare(&before, &five, 2, &Rules::default()), None);
    }

    #[test]
    fn functions_that_cost_the_same_are_one_test() {
        let of = |before: f64, after: f64| {
            let estimate =
                |scale| Estimate { before: before * scale, after: after * scale, error: 0.01, freedom: 9.0 };
            change(estimate(1.0), estimate(0.1), true)
        };
        let rare = of(0.01, 0.01);
        assert_eq!(
            groups(&[of(1.0, 2.0), rare, of(1.0, 2.0001), of(1.0, 1.0)], &Rules::default()),
            [vec![0, 2], vec![3]]
        );
    }

    proptest! {
        #[test]
        fn equal_sides_are_never_a_change(values in proptest::collection::vec((1.0..1e9f64, 0.0..1.0f64), 6..40)) {
            let windows: Vec<(f64, [f64; 1])> = values.iter().map(|(t, s)| (*t, [t * s])).collect();
            let windows: Vec<(f64, &[f64])> = windows.iter().map(|(t, c)| (*t, &c[..])).collect();
            let found = compare(&side("a", &windows), &side("b", &windows), 1, &Rules::default()).unwrap();
            prop_assert_eq!(found.total.direction, None);
            prop_assert_eq!(found.functions[0].direction, None);
        }

        #[test]
        fn swapped_sides_have_the_opposite_difference(
            a in proptest::collection::vec(1.0..100.0f64, 6..20),
            b in proptest::collection::vec(1.0..100.0f64, 6..20),
        ) {
            let of = |name, values: &[f64]| {
                let costs: Vec<[f64; 1]> = values.iter().map(|v| [v / 2.0]).collect();
                side(name, &values.iter().zip(&costs).map(|(v, c)| (*v, &c[..])).collect::<Vec<_>>())
            };
            let there = compare(&of("a", &a), &of("b", &b), 1, &Rules::default()).unwrap();
            let back = compare(&of("b", &b), &of("a", &a), 1, &Rules::default()).unwrap();
            prop_assert!((there.total.rate.difference() + back.total.rate.difference()).abs() < 1e-9);
            prop_assert!((there.total.rate.p() - back.total.rate.p()).abs() < 1e-9);
        }
    }
}

//! The window in which a change began.

use super::side::{Side, Window};
use std::collections::BTreeMap;

/// The number of the first window of the comparison that shows a change of a function's cost, or with `None` of the total.
///
/// It is the one that cuts the comparison by least squares into a part with the mean of the baseline and a part with a mean of its own;
/// the first window if all of the comparison differs. Whether there is a change at all, [`super::compare`] says.
pub fn onset(baseline: &Side, comparison: &Side, function: Option<usize>) -> Option<i64> {
    let cost = |window: &Window| match function {
        Some(function) => window.costs.get(function).copied().unwrap_or(0.0),
        None => window.total,
    };
    let sum =
        |side: &Side| side.windows().fold((0.0, 0.0), |(c, w), window| (c + cost(window), w + window.weight));
    let (all, weight) = sum(baseline);
    let usual = if weight > 0.0 { all / weight } else { return None };
    let mut over_time: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
    for window in comparison.windows() {
        let (all, weight) = over_time.entry(window.at).or_default();
        *all += cost(window);
        *weight += window.weight;
    }
    let over_time = over_time.into_iter().filter(|(_, (_, weight))| *weight > 0.0);
    // From the baseline's mean, so that what precedes the change is near zero.
    let distances: Vec<(i64, f64)> =
        over_time.map(|(at, (all, weight))| (at, all / weight - usual)).collect();
    let (mut after, mut squares_after) = (0.0, 0.0);
    for (_, distance) in &distances {
        after += distance;
        squares_after += distance * distance;
    }
    let (mut before, mut best) = (0.0, None);
    for (place, (at, distance)) in distances.iter().enumerate() {
        let count = (distances.len() - place) as f64;
        let error = before + squares_after - after * after / count;
        if best.is_none_or(|(least, _)| error < least) {
            best = Some((error, *at));
        }
        before += distance * distance;
        squares_after -= distance * distance;
        after -= distance;
    }
    best.map(|(_, at)| at)
}

/// The part of the new level that a window must reach at least to be wholly of it.
const WHOLE: f64 = 0.75;

/// The first window of the comparison that is wholly of the new level of the total: that of [`onset`], or the one after it if the change
/// began within it. If all of the comparison differs, its first window.
pub fn settled(baseline: &Side, comparison: &Side) -> Option<i64> {
    let at = onset(baseline, comparison, None)?;
    let next = comparison.windows().map(|window| window.at).filter(|other| *other > at).min();
    let is_first = comparison.windows().all(|window| window.at >= at);
    let Some(next) = next.filter(|_| !is_first) else { return Some(at) };
    let rate = |side: &Side, is_in: &dyn Fn(i64) -> bool| {
        let windows = side.windows().filter(|window| is_in(window.at));
        let sum = |(cost, weight): (f64, f64), window: &Window| (cost + window.total, weight + window.weight);
        let (cost, weight) = windows.fold((0.0, 0.0), sum);
        cost / weight
    };
    let (before, after) = (rate(baseline, &|_| true), rate(comparison, &|other| other > at));
    let reached = (rate(comparison, &|other| other == at) - before) / (after - before);
    Some(if reached < WHOLE { next } else { at })
}

#[cfg(test)]
mod tests {
    use super::super::side::Replica;
    use super::*;

    /// Two replicas whose function costs so much in the windows from 100 on, a second each.
    fn side(costs: &[f64]) -> Side {
        let replica = |by: f64| Replica {
            name: by.to_string(),
            windows: (100..)
                .zip(costs)
                .map(|(at, cost)| Window { at, weight: 1.0, total: 50.0 + cost, costs: vec![cost * by] })
                .collect(),
        };
        Side { replicas: vec![replica(0.9), replica(1.1)], window_secs: 300.0 }
    }

    #[test]
    fn the_first_window_of_the_new_level_is_found() {
        let before = side(&[10.0, 11.0, 9.0, 10.5, 9.5, 10.0]);
        let after = side(&[9.0, 11.0, 10.5, 19.0, 21.0, 20.0, 20.5]);
        assert_eq!(onset(&before, &after, Some(0)), Some(103));
        assert_eq!(onset(&before, &after, None), Some(103));
        assert_eq!(onset(&before, &side(&[20.0, 21.0, 19.0]), Some(0)), Some(100), "all of it");
        assert_eq!(onset(&before, &side(&[10.0, 10.0, 4.0, 5.0, 4.5]), Some(0)), Some(102), "or less");
    }

    #[test]
    fn a_window_in_which_the_change_began_is_left_out() {
        let before = side(&[0.0, 1.0, 0.5, 0.0, 1.0, 0.5]);
        let found = |costs: &[f64]| settled(&before, &side(costs));
        assert_eq!(found(&[0.5, 0.0, 1.0, 30.0, 31.0, 29.0]), Some(103));
        assert_eq!(found(&[0.5, 0.0, 1.0, 18.0, 30.0, 31.0, 29.0]), Some(104), "partly");
        assert_eq!(found(&[18.0, 30.0, 31.0, 29.0]), Some(100), "all of it");
        assert_eq!(found(&[]), None);
    }

    #[test]
    fn without_windows_there_is_none() {
        assert_eq!(onset(&side(&[]), &side(&[1.0]), None), None);
        assert_eq!(onset(&side(&[1.0]), &side(&[]), None), None);
    }
}

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
    fn without_windows_there_is_none() {
        assert_eq!(onset(&side(&[]), &side(&[1.0]), None), None);
        assert_eq!(onset(&side(&[1.0]), &side(&[]), None), None);
    }
}

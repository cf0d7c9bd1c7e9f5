//! One measure of two sides, such as the share of a function: its means, how well their difference is known, and whether it lasts.

use super::autocorrelation;
use super::decide::Estimate;
use super::side::{Replica, Side, Window};
use super::side_mean::{SideMean, Values, by_pairs, by_replicas};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Windows at the end of the comparison of which most must show a change.
const LAST: usize = 4;
/// The part of the difference that each of these must show: blocks are noisier than their mean.
const LEAST_PART: f64 = 0.125;
/// Pieces that the windows of the comparison are taken as, for persistence.
const PIECES: usize = 12;

/// A side with the places of its windows in time, which all series of the side have in common.
pub(super) struct InTime<'a> {
    side: &'a Side,
    /// The numbers of the windows of all replicas, ascending.
    times: Arc<[i64]>,
    /// For each replica the places of its windows among them.
    places: Vec<Vec<usize>>,
}

impl InTime<'_> {
    pub(super) fn new(side: &Side) -> InTime<'_> {
        let times: BTreeSet<i64> = side.windows().map(|w| w.at).collect();
        let times: Arc<[i64]> = times.into_iter().collect();
        let place = |w: &Window| times.partition_point(|at| *at < w.at);
        let places = side.replicas.iter().map(|replica| replica.windows.iter().map(place).collect());
        InTime { side, places: places.collect(), times }
    }

    fn mean(&self, is_paired: bool, value: impl Fn(&Window) -> f64) -> SideMean {
        let of_replica = |(replica, places): (&Replica, &Vec<usize>)| {
            places.iter().zip(&replica.windows).map(|(place, window)| (*place, value(window))).collect()
        };
        let values: Vec<Values> = self.side.replicas.iter().zip(&self.places).map(of_replica).collect();
        SideMean::new(&values, &self.times, is_paired)
    }
}

/// One measure of both sides.
pub(super) struct Series {
    /// Of the baseline, and of the comparison.
    pub(super) means: [SideMean; 2],
    is_paired: bool,
}

impl Series {
    pub(super) fn new(sides: &[InTime<'_>; 2], is_paired: bool, value: impl Fn(&Window) -> f64) -> Series {
        Series { means: sides.each_ref().map(|side| side.mean(is_paired, &value)), is_paired }
    }

    /// Both means, and the standard error of their difference by Welch and Satterthwaite.
    pub(super) fn estimate(&self, pooled: [f64; 2]) -> Estimate {
        let [before, after] = &self.means;
        let by_windows = [0, 1].map(|side| {
            let mean = &self.means[side];
            mean.by_windows(autocorrelation::of_function(mean.autocorrelation(), pooled[side]))
        });
        let mut parts = Vec::from(by_windows);
        match self.is_paired {
            true => parts.push(by_pairs(before, after, by_windows.iter().map(|v| v.value).sum())),
            false => parts.push(by_replicas([before, after], by_windows)),
        }
        let value: f64 = parts.iter().map(|v| v.value).sum();
        let denominator: f64 =
            parts.iter().filter(|v| v.value > 0.0).map(|v| v.value * v.value / v.freedom).sum();
        let freedom = if denominator > 0.0 { value * value / denominator } else { 1.0 };
        Estimate { before: before.mean, after: after.mean, error: value.sqrt(), freedom }
    }
}

/// Whether most of the last windows lie beyond the baseline by a part of the difference.
pub(super) fn lasts(comparison: &InTime<'_>, series: &Series, value: impl Fn(&Window) -> f64) -> bool {
    let [before, after] = [series.means[0].mean, series.means[1].mean];
    let beyond = |mean: f64| (mean - before) / (after - before) > LEAST_PART;
    let mut windows = vec![(0.0, 0.0); comparison.times.len()];
    for (replica, places) in comparison.side.replicas.iter().zip(&comparison.places) {
        for (place, window) in places.iter().zip(&replica.windows) {
            windows[*place].0 += value(window);
            windows[*place].1 += 1.0;
        }
    }
    let pieces: Vec<bool> = windows
        .rchunks((windows.len() / PIECES).max(1))
        .take(LAST)
        .map(|piece| {
            let (sum, n) = piece.iter().fold((0.0, 0.0), |(sum, n), w| (sum + w.0, n + w.1));
            beyond(sum / n)
        })
        .collect();
    let needed = pieces.len().saturating_sub(1).max(1);
    pieces.iter().filter(|piece| **piece).count() >= needed
}

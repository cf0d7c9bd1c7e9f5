//! The mean of a series of one side, and how well it is known.
//!
//! Two kinds of noise add up: what changes from window to window, for all replicas at once or for each (windows are the
//! clusters), and what differs between replicas all the time (replicas are the clusters), as in two-way clustering
//! (Cameron, Gelbach and Miller 2011). A side of one replica knows nothing of the second.

use super::autocorrelation::{lag_one, variance_inflation};
use std::sync::Arc;

/// The values of one replica: place of the window among those of the side, value.
pub(super) type Values = Vec<(usize, f64)>;

/// Mean of a side.
#[derive(Clone, Debug)]
pub(super) struct SideMean {
    /// The mean: of all windows, or of replicas if they count the same.
    pub(super) mean: f64,
    /// Mean of each replica.
    pub(super) of_replica: Vec<f64>,
    /// Sums of deviations from the replicas' means, weighted, by window.
    deviations: Vec<f64>,
    /// The numbers of the windows, ascending.
    times: Arc<[i64]>,
    /// Weight of each replica in the mean; together 1.
    weights: Vec<f64>,
}

/// A part of a variance, with the degrees of freedom of its estimate.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Variance {
    pub(super) value: f64,
    pub(super) freedom: f64,
}

impl SideMean {
    /// The mean of the values, in windows of these numbers. With `replicas_alike` each replica counts the same, otherwise each
    /// window.
    pub(super) fn new(replicas: &[Values], times: &Arc<[i64]>, replicas_alike: bool) -> SideMean {
        let windows: usize = replicas.iter().map(Vec::len).sum();
        let weight = |values: &Values| match replicas_alike {
            true => 1.0 / replicas.len() as f64,
            false => values.len() as f64 / windows as f64,
        };
        let weights: Vec<f64> = replicas.iter().map(weight).collect();
        let mean_of = |values: &Values| values.iter().map(|v| v.1).sum::<f64>() / values.len() as f64;
        let of_replica: Vec<f64> = replicas.iter().map(mean_of).collect();
        let mut deviations = vec![0.0; times.len()];
        for ((values, mean), weight) in replicas.iter().zip(&of_replica).zip(&weights) {
            for (place, value) in values {
                deviations[*place] += weight / values.len() as f64 * (value - mean);
            }
        }
        let mean = of_replica.iter().zip(&weights).map(|(mean, weight)| mean * weight).sum();
        SideMean { mean, of_replica, deviations, times: times.clone(), weights }
    }

    /// The autocorrelation of its windows, and from how many pairs; see [`lag_one`].
    pub(super) fn autocorrelation(&self) -> Option<(f64, f64)> {
        let mut in_order: Vec<Option<f64>> = Vec::new();
        for (place, deviation) in self.deviations.iter().enumerate() {
            if place > 0 && self.times[place] != self.times[place - 1] + 1 {
                in_order.push(None);
            }
            in_order.push(Some(*deviation));
        }
        lag_one(&in_order)
    }

    /// The variance of the mean that the noise of windows makes, if their autocorrelation is `rho`.
    pub(super) fn by_windows(&self, rho: f64) -> Variance {
        let n = self.deviations.len() as f64;
        if n < 2.0 {
            return Variance::default();
        }
        let inflation = variance_inflation(rho, n);
        let squares: f64 = self.deviations.iter().map(|d| d * d).sum();
        // Squares of deviations from the mean are smaller than those of the noise, more so when it is autocorrelated.
        let value = squares * n / (n - inflation).max(n / 4.0) * inflation;
        let freedom = (n - 1.0) * (1.0 - rho * rho) / (1.0 + rho * rho);
        Variance { value, freedom: freedom.max(1.0) }
    }
}

/// The variance of the difference of two means that differences between replicas make, beyond what the noise of windows,
/// `by_windows`, makes them differ. Two replicas tell little of how much replicas differ: both sides are pooled, and a side of
/// one replica is taken for as varied as the other.
pub(super) fn by_replicas(means: [&SideMean; 2], by_windows: [Variance; 2]) -> Variance {
    let spreads = means.map(|mean| squares(&mean.of_replica));
    let freedom: f64 = spreads.iter().map(|spread| spread.1).sum();
    if freedom < 1.0 {
        return Variance::default();
    }
    let pooled = spreads.iter().map(|spread| spread.0).sum::<f64>() / freedom;
    let of_side = |side: usize| {
        let (squares, own_freedom) = spreads[side];
        let own = if own_freedom > 0.0 { squares / own_freedom } else { 0.0 };
        let concentration: f64 = means[side].weights.iter().map(|w| w * w).sum();
        (own.max(pooled) * concentration - by_windows[side].value).max(0.0)
    };
    Variance { value: of_side(0) + of_side(1), freedom }
}

/// The variance that the differences of paired replicas make; `by_windows` is that of both sides.
pub(super) fn by_pairs(baseline: &SideMean, comparison: &SideMean, by_windows: f64) -> Variance {
    let change = |(before, after): (&f64, &f64)| after - before;
    let changes: Vec<f64> = baseline.of_replica.iter().zip(&comparison.of_replica).map(change).collect();
    spread(&changes, &comparison.weights, by_windows)
}

/// The variance of the weighted mean of values that differ by themselves, less what noise of variance `noise`, of the mean, explains.
fn spread(values: &[f64], weights: &[f64], noise: f64) -> Variance {
    let (squares, freedom) = squares(values);
    if freedom < 1.0 {
        return Variance::default();
    }
    let concentration: f64 = weights.iter().map(|w| w * w).sum();
    Variance { value: (squares / freedom * concentration - noise).max(0.0), freedom }
}

/// The sum of squared deviations from the mean, and its degrees of freedom.
fn squares(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n.max(1.0);
    (values.iter().map(|v| (v - mean) * (v - mean)).sum(), (n - 1.0).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(of: &[f64]) -> Values {
        (0..).zip(of.iter().copied()).collect()
    }

    fn side(replicas: &[Values]) -> SideMean {
        SideMean::new(replicas, &(0..4).collect(), false)
    }

    #[test]
    fn one_replica_has_the_usual_variance_of_a_mean() {
        let found = side(&[values(&[1.0, 2.0, 3.0, 4.0])]);
        let variance = found.by_windows(0.0);
        assert_eq!(found.mean, 2.5);
        assert!((variance.value - 5.0 / 3.0 / 4.0).abs() < 1e-12, "{variance:?}");
        assert_eq!(variance.freedom, 3.0);
        assert_eq!(by_replicas([&found, &found], [variance; 2]).value, 0.0);
    }

    #[test]
    fn what_all_replicas_do_at_once_is_not_averaged_out() {
        let one = side(&[values(&[1.0, 2.0, 3.0, 4.0])]);
        let four = side(&vec![values(&[1.0, 2.0, 3.0, 4.0]); 4]);
        assert!((one.by_windows(0.0).value - four.by_windows(0.0).value).abs() < 1e-12);
    }

    #[test]
    fn an_odd_replica_makes_the_mean_uncertain() {
        let replica = |level: f64| values(&[level, level + 0.01, level - 0.01, level]);
        let found = side(&[replica(1.0), replica(1.0), replica(1.0), replica(1.5)]);
        let variance = by_replicas([&found, &found], [found.by_windows(0.0); 2]);
        assert!(
            (variance.value - 2.0 * 0.0625 / 4.0).abs() < 1e-3 && variance.freedom == 6.0,
            "{variance:?}"
        );
        let lone = side(&[replica(1.0)]);
        let variance = by_replicas([&lone, &found], [Variance::default(); 2]);
        assert!((variance.value - 0.0625 * 1.25).abs() < 1e-3 && variance.freedom == 3.0, "{variance:?}");
        let same = by_pairs(&found, &found, 0.0);
        assert_eq!(same.value, 0.0);
    }
}

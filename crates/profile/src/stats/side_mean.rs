//! The mean of a series of one side, and how well it is known.
//!
//! Two kinds of noise add up: what changes from window to window, for all replicas at once or for each (windows are the
//! clusters), and what differs between replicas all the time (replicas are the clusters), as in two-way clustering
//! (Cameron, Gelbach and Miller 2011). A side of one replica knows nothing of the second.

use super::autocorrelation::{lag_one, variance_inflation};
use std::collections::BTreeMap;

/// The values of one replica: number of the window, value.
pub(super) type Values = Vec<(i64, f64)>;

/// Mean of a side.
#[derive(Clone, Debug)]
pub(super) struct SideMean {
    /// The mean: of all windows, or of replicas if they count the same.
    pub(super) mean: f64,
    /// Mean of each replica.
    pub(super) of_replica: Vec<f64>,
    /// Sums of deviations from the replicas' means, weighted, by window.
    deviations: BTreeMap<i64, f64>,
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
    /// The mean of the values. With `replicas_alike` each replica counts the same, otherwise each window.
    pub(super) fn new(replicas: &[Values], replicas_alike: bool) -> SideMean {
        let windows: usize = replicas.iter().map(Vec::len).sum();
        let weight = |values: &Values| match replicas_alike {
            true => 1.0 / replicas.len() as f64,
            false => values.len() as f64 / windows as f64,
        };
        let weights: Vec<f64> = replicas.iter().map(weight).collect();
        let mean_of = |values: &Values| values.iter().map(|v| v.1).sum::<f64>() / values.len() as f64;
        let of_replica: Vec<f64> = replicas.iter().map(mean_of).collect();
        let mut deviations = BTreeMap::new();
        for ((values, mean), weight) in replicas.iter().zip(&of_replica).zip(&weights) {
            for (at, value) in values {
                *deviations.entry(*at).or_insert(0.0) += weight / values.len() as f64 * (value - mean);
            }
        }
        let mean = of_replica.iter().zip(&weights).map(|(mean, weight)| mean * weight).sum();
        SideMean { mean, of_replica, deviations, weights }
    }

    /// The autocorrelation of its windows, and from how many pairs; see [`lag_one`].
    pub(super) fn autocorrelation(&self) -> Option<(f64, f64)> {
        let (first, last) = (*self.deviations.keys().next()?, *self.deviations.keys().next_back()?);
        // With gaps much longer than the data there are few neighbours anyway.
        if last - first > 20 * self.deviations.len() as i64 {
            return None;
        }
        lag_one(&(first..=last).map(|at| self.deviations.get(&at).copied()).collect::<Vec<_>>())
    }

    /// The variance of the mean that the noise of windows makes, if their autocorrelation is `rho`.
    pub(super) fn by_windows(&self, rho: f64) -> Variance {
        let n = self.deviations.len() as f64;
        if n < 2.0 {
            return Variance::default();
        }
        let inflation = variance_inflation(rho, n);
        let squares: f64 = self.deviations.values().map(|d| d * d).sum();
        // Squares of deviations from the mean are smaller than those of the noise, more so when it is autocorrelated.
        let value = squares * n / (n - inflation).max(n / 4.0) * inflation;
        let freedom = (n - 1.0) * (1.0 - rho * rho) / (1.0 + rho * rho);
        Variance { value, freedom: freedom.max(1.0) }
    }

    /// The variance of the mean that differences between replicas make, beyond what the noise of windows, `by_windows`,
    /// makes them differ.
    pub(super) fn by_replicas(&self, by_windows: Variance) -> Variance {
        spread(&self.of_replica, &self.weights, by_windows.value)
    }
}

/// The variance that the differences of paired replicas make; `by_windows` is that of both sides.
pub(super) fn by_pairs(baseline: &SideMean, comparison: &SideMean, by_windows: f64) -> Variance {
    let change = |(before, after): (&f64, &f64)| after - before;
    let changes: Vec<f64> = baseline.of_replica.iter().zip(&comparison.of_replica).map(change).collect();
    spread(&changes, &comparison.weights, by_windows)
}

/// The variance of the weighted mean of values that differ by themselves, less what noise of variance `noise`, of the mean, explains.
fn spread(values: &[f64], weights: &[f64], noise: f64) -> Variance {
    let n = values.len() as f64;
    if n < 2.0 {
        return Variance::default();
    }
    let mean: f64 = values.iter().sum::<f64>() / n;
    let between = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
    let concentration: f64 = weights.iter().map(|w| w * w).sum();
    Variance { value: (between * concentration - noise).max(0.0), freedom: n - 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(of: &[f64]) -> Values {
        (0..).zip(of.iter().copied()).collect()
    }

    #[test]
    fn one_replica_has_the_usual_variance_of_a_mean() {
        let side = SideMean::new(&[values(&[1.0, 2.0, 3.0, 4.0])], false);
        let variance = side.by_windows(0.0);
        assert_eq!(side.mean, 2.5);
        assert!((variance.value - 5.0 / 3.0 / 4.0).abs() < 1e-12, "{variance:?}");
        assert_eq!(variance.freedom, 3.0);
        assert_eq!(side.by_replicas(variance).value, 0.0);
    }

    #[test]
    fn what_all_replicas_do_at_once_is_not_averaged_out() {
        let one = SideMean::new(&[values(&[1.0, 2.0, 3.0, 4.0])], false);
        let four = SideMean::new(&vec![values(&[1.0, 2.0, 3.0, 4.0]); 4], false);
        assert!((one.by_windows(0.0).value - four.by_windows(0.0).value).abs() < 1e-12);
    }

    #[test]
    fn an_odd_replica_makes_the_mean_uncertain() {
        let replica = |level: f64| values(&[level, level + 0.01, level - 0.01, level]);
        let side = SideMean::new(&[replica(1.0), replica(1.0), replica(1.0), replica(1.5)], false);
        let variance = side.by_replicas(side.by_windows(0.0));
        assert!((variance.value - 0.0625 / 4.0).abs() < 1e-3, "{variance:?}");
        let same = by_pairs(&side, &side, 0.0);
        assert_eq!(same.value, 0.0);
    }
}

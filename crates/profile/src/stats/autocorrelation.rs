//! Autocorrelation of windows: costs of one window resemble those of the window before it, so that a mean of n windows is known
//! less well than n independent ones would tell.
//!
//! Windows are taken for an autoregressive process of order 1 with coefficient ρ. Its estimate from few windows is poor; those
//! of all functions of a side are pooled, with a prior worth [`PRIOR_WINDOWS`] windows, and each function's own estimate
//! counts by its number of windows.

/// Autocorrelation of the cost of a service from one minute to the next, as long as nothing else is known.
const PRIOR_A_MINUTE: f64 = 0.6;
/// Windows that the prior counts as; twice as many in narrow windows, whose sampling noise hides their autocorrelation.
const PRIOR_WINDOWS: f64 = 12.0;
const NARROW_SECS: f64 = 300.0;
/// Windows that the pooled estimate counts as beside a function's own.
const POOL_WINDOWS: f64 = 60.0;
/// No series is taken for more persistent; a mean of it would say nothing.
const MOST: f64 = 0.9;

/// An estimate from deviations from their mean, in the order of time, with `None` where a window is missing; and the number of
/// pairs it is from. Corrected for the bias of short series (Kendall 1954).
pub(super) fn lag_one(deviations: &[Option<f64>]) -> Option<(f64, f64)> {
    let mut pairs = 0.0;
    let mut products = 0.0;
    for pair in deviations.windows(2) {
        if let [Some(a), Some(b)] = pair {
            products += a * b;
            pairs += 1.0;
        }
    }
    let known: Vec<f64> = deviations.iter().flatten().copied().collect();
    let squares: f64 = known.iter().map(|d| d * d).sum();
    if pairs < 3.0 || squares <= 0.0 {
        return None;
    }
    let n = known.len() as f64;
    let raw = (products / pairs) / (squares / n);
    Some((((raw * n + 1.0) / (n - 3.0).max(1.0)).clamp(-MOST, MOST), pairs))
}

/// The prior for windows of this width: the autocorrelation of means over windows of a process that decays exponentially. 0.72 for a
/// minute, 0.26 for five, 0.03 for thirty. The narrower the windows, the less each of them adds.
fn prior(window_secs: f64) -> f64 {
    let x = -PRIOR_A_MINUTE.ln() * (window_secs / 60.0).max(0.01);
    let rest = 1.0 - (-x).exp();
    (rest * rest / (2.0 * (x - rest))).clamp(0.0, MOST)
}

/// Pools the estimates of all functions of a side, in windows of this width, with the prior.
pub(super) fn pooled(estimates: impl Iterator<Item = (f64, f64)>, window_secs: f64) -> f64 {
    let prior = prior(window_secs);
    let prior_windows = if window_secs < NARROW_SECS { 2.0 * PRIOR_WINDOWS } else { PRIOR_WINDOWS };
    let (mut sum, mut functions, mut pairs) = (0.0, 0.0, 0.0f64);
    for (rho, n) in estimates {
        sum += rho;
        functions += 1.0;
        pairs = pairs.max(n);
    }
    if functions == 0.0 {
        return prior;
    }
    // Functions of one service share their noise, and sampling noise hides what autocorrelation theirs has: together they know
    // about as much as four.
    let windows = pairs * f64::min(functions, 4.0);
    ((sum / functions * windows + prior * prior_windows) / (windows + prior_windows)).clamp(0.0, MOST)
}

/// A function's own estimate, drawn to the pooled one.
pub(super) fn of_function(own: Option<(f64, f64)>, pooled: f64) -> f64 {
    let (rho, n) = own.unwrap_or((pooled, 0.0));
    ((rho * n + pooled * POOL_WINDOWS) / (n + POOL_WINDOWS)).clamp(0.0, MOST)
}

/// How many times the variance of a mean of `n` windows is that of a mean of independent ones: the sum of all autocorrelations
/// (Bayley and Hammersley 1946).
pub(super) fn variance_inflation(rho: f64, n: f64) -> f64 {
    if rho <= 0.0 || n < 2.0 {
        return 1.0;
    }
    let far = 1.0 - rho;
    ((1.0 + rho) / far - 2.0 * rho * (1.0 - rho.powf(n)) / (n * far * far)).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflation_is_the_sum_of_all_autocorrelations() {
        for (rho, n) in [(0.0, 5), (0.25, 12), (0.6, 60), (0.9, 3)] {
            let f = f64::from(n);
            let sum: f64 = (1..n).map(|k| (1.0 - f64::from(k) / f) * f64::powi(rho, k)).sum();
            assert!((variance_inflation(rho, f) - (1.0 + 2.0 * sum)).abs() < 1e-9, "{rho} {n}");
        }
    }

    #[test]
    fn gaps_are_no_neighbours() {
        let alternating: Vec<Option<f64>> = (0..40).map(|i| Some(f64::from(i % 2) - 0.5)).collect();
        let (rho, pairs) = lag_one(&alternating).unwrap();
        assert!(rho < -0.8 && pairs == 39.0);
        let apart: Vec<Option<f64>> =
            (0..40).map(|i| (i % 2 == 0).then_some(f64::from(i % 4) - 1.0)).collect();
        assert_eq!(lag_one(&apart), None);
        assert_eq!(lag_one(&[Some(0.0); 9]), None);
    }

    #[test]
    fn without_estimates_the_prior_holds() {
        assert_eq!(pooled(std::iter::empty(), 300.0), prior(300.0));
        let strong = || std::iter::repeat_n((0.0, 8.0), 4);
        assert!(pooled(strong(), 60.0) > 0.25 && pooled(strong(), 300.0) < 0.1);
        let priors = [60.0, 300.0, 1800.0].map(|secs| (prior(secs) * 100.0).round());
        assert_eq!((priors, prior(0.0)), ([72.0, 26.0, 3.0], MOST));
        assert_eq!(of_function(None, 0.4), 0.4);
        assert!(of_function(Some((0.8, 60.0)), 0.2) > 0.45);
    }
}

//! Moderated variances: those of many functions tell what variance a function of some size usually has, and each function's own
//! estimate is drawn to it by as much as the functions agree (Smyth 2004, with the trend of limma).
//!
//! With few windows a variance is known badly, and the smallest of many estimates is far too small.

use super::median;
use super::side_mean::Variance;
use statrs::function::gamma::digamma;

/// Functions from which a trend is worth anything.
const LEAST_FUNCTIONS: usize = 12;
/// The most that the trend counts for, in degrees of freedom.
const MOST_PRIOR: f64 = 8.0;
/// An estimate this many times the trend is that of a function of another kind: its own variance stands.
const ANOTHER_KIND: f64 = 2.5;

/// Moderates the variances of means: for each function its mean and its variance, in the same order.
pub(super) fn moderate(functions: &[(f64, Variance)]) -> Vec<Variance> {
    let own: Vec<Variance> = functions.iter().map(|f| f.1).collect();
    let usable: Vec<(f64, f64, f64)> = functions
        .iter()
        .filter(|(mean, v)| *mean > 0.0 && v.value > 0.0 && v.freedom >= 1.0)
        .map(|(mean, v)| {
            let half = v.freedom / 2.0;
            (mean.ln(), v.value.ln() - digamma(half) + half.ln(), trigamma(half))
        })
        .collect();
    if usable.len() < LEAST_FUNCTIONS {
        return own;
    }
    let Some(trend) = Trend::through(&usable) else { return own };
    let residuals = || usable.iter().map(|(x, y, _)| y - trend.at(*x));
    let n = usable.len() as f64;
    let mean = residuals().sum::<f64>() / n;
    let spread = residuals().map(|r| (r - mean) * (r - mean)).sum::<f64>() / (n - 2.0);
    let expected = usable.iter().map(|u| u.2).sum::<f64>() / n;
    let prior = prior_freedom(spread - expected);
    let half = prior / 2.0;
    let moderated = |(mean, v): &(f64, Variance)| {
        if *mean <= 0.0 || v.value <= 0.0 {
            return *v;
        }
        let usual = (trend.at(mean.ln()) + digamma(half) - half.ln()).exp();
        if v.value > ANOTHER_KIND * usual {
            return *v;
        }
        let value = (prior * usual + v.freedom * v.value) / (prior + v.freedom);
        Variance { value, freedom: prior + v.freedom }
    };
    functions.iter().map(moderated).collect()
}

/// Log variance as a line over the log mean: of slope 1 for counts, 2 for noise in proportion to the mean.
struct Trend {
    slope: f64,
    offset: f64,
}

impl Trend {
    /// The line by Theil and Sen, which outliers do not move.
    fn through(points: &[(f64, f64, f64)]) -> Option<Trend> {
        let mut slopes = Vec::new();
        for (i, a) in points.iter().enumerate() {
            for b in points.iter().skip(i + 1).step_by(1 + points.len() / 64) {
                if (b.0 - a.0).abs() > 0.1 {
                    slopes.push((b.1 - a.1) / (b.0 - a.0));
                }
            }
        }
        let slope = median(slopes).unwrap_or(2.0).clamp(1.0, 2.0);
        let offset = median(points.iter().map(|p| p.1 - slope * p.0).collect())?;
        Some(Trend { slope, offset })
    }

    fn at(&self, log_mean: f64) -> f64 {
        self.offset + self.slope * log_mean
    }
}

/// The degrees of freedom of the trend, from the spread of log variances beyond that of their estimates: the solution of
/// trigamma(d/2) = `excess`, at most [`MOST_PRIOR`], and 0.1 if functions do not agree at all.
fn prior_freedom(excess: f64) -> f64 {
    if excess <= trigamma(MOST_PRIOR / 2.0) {
        return MOST_PRIOR;
    }
    let (mut low, mut high) = (0.1, MOST_PRIOR);
    for _ in 0..50 {
        let middle = (low + high) / 2.0;
        if trigamma(middle / 2.0) > excess { low = middle } else { high = middle }
    }
    low
}

/// The second derivative of the logarithm of the gamma function (Abramowitz and Stegun 6.4.6 and 6.4.12).
fn trigamma(mut x: f64) -> f64 {
    let mut sum = 0.0;
    while x < 8.0 {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    sum + 1.0 / x + y / 2.0 + y / x * (1.0 / 6.0 - y * (1.0 / 30.0 - y / 42.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trigamma_has_its_known_values() {
        let pi = std::f64::consts::PI;
        for (x, value) in [(1.0, pi * pi / 6.0), (0.5, pi * pi / 2.0), (2.0, pi * pi / 6.0 - 1.0)] {
            assert!((trigamma(x) - value).abs() < 1e-9, "{x}: {}", trigamma(x));
        }
        assert!((prior_freedom(trigamma(1.5)) - 3.0).abs() < 1e-6);
        assert_eq!(prior_freedom(0.0), MOST_PRIOR);
    }

    #[test]
    fn functions_that_agree_lift_the_smallest_variance() {
        let variance = |i: usize| 1e-4 * [0.4, 0.8, 1.0, 1.2, 1.6][i % 5];
        let functions: Vec<(f64, Variance)> = (0..40)
            .map(|i| (0.01 * (i + 1) as f64, Variance { value: variance(i), freedom: 10.0 }))
            .map(|(mean, v)| (mean, Variance { value: v.value * mean * mean, ..v }))
            .collect();
        let found = moderate(&functions);
        assert!(found[0].value > functions[0].1.value && found[0].freedom > 15.0);
        assert!(found[4].value < functions[4].1.value);
    }

    #[test]
    fn few_functions_and_functions_of_another_kind_keep_their_own() {
        let usual =
            |i: usize| (0.01 * (i + 1) as f64, Variance { value: 1e-6 * (i + 1) as f64, freedom: 9.0 });
        let few: Vec<_> = (0..5).map(usual).collect();
        assert_eq!(moderate(&few)[0].freedom, 9.0);
        let mut many: Vec<_> = (0..40).map(usual).collect();
        many[7].1.value *= 50.0;
        assert_eq!(moderate(&many)[7].value, many[7].1.value);
    }
}

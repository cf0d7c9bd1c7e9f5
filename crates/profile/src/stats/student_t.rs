//! Student's t distribution.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// Freedom from which the normal distribution is meant; the difference is far below the noise of any estimate.
const MOST_FREEDOM: f64 = 1e6;

/// The probability of a t at least as far from 0, on either side.
pub(super) fn two_sided_p(t: f64, freedom: f64) -> f64 {
    if t.is_nan() {
        return 1.0;
    }
    distribution(freedom).map_or(1.0, |d| (2.0 * d.sf(t.abs())).min(1.0))
}

/// The t that is exceeded with probability `upper`, between 0 and 1.
pub(super) fn quantile_above(upper: f64, freedom: f64) -> f64 {
    distribution(freedom).map_or(f64::INFINITY, |d| -d.inverse_cdf(upper))
}

fn distribution(freedom: f64) -> Option<StudentsT> {
    StudentsT::new(0.0, 1.0, freedom.clamp(1.0, MOST_FREEDOM)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// NIST/SEMATECH e-Handbook, table 1.3.6.7.2: critical values of Student's t.
    #[rstest]
    #[case(1.0, 0.05, 6.314)]
    #[case(1.0, 0.025, 12.706)]
    #[case(5.0, 0.025, 2.571)]
    #[case(10.0, 0.005, 3.169)]
    #[case(22.0, 0.005, 2.819)]
    #[case(22.0, 0.001, 3.505)]
    #[case(100.0, 0.025, 1.984)]
    #[case(1e9, 0.025, 1.960)]
    fn critical_values_are_those_of_the_table(#[case] freedom: f64, #[case] upper: f64, #[case] t: f64) {
        assert!((quantile_above(upper, freedom) - t).abs() < 6e-4, "{}", quantile_above(upper, freedom));
        assert!((two_sided_p(-t, freedom) - 2.0 * upper).abs() < 3e-4);
    }

    #[test]
    fn degenerate_values_are_never_significant() {
        assert_eq!(two_sided_p(f64::NAN, 5.0), 1.0);
        assert_eq!(two_sided_p(0.0, f64::NAN), 1.0);
        assert_eq!(two_sided_p(f64::INFINITY, 5.0), 0.0);
    }
}

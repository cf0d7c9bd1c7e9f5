//! The procedure of Benjamini and Hochberg (1995): bounds the share of false discoveries among many tests.

/// For each p value the smallest rate of false discoveries at which its test would be rejected, in a family of `tests` tests, of
/// which those not listed have failed. At least the p value, at most 1, and in the order of the p values.
pub(super) fn adjusted(p_values: &[f64], tests: usize) -> Vec<f64> {
    let tests = tests.max(p_values.len()) as f64;
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    let mut adjusted = vec![1.0; p_values.len()];
    let mut least = 1.0f64;
    for (rank, &i) in order.iter().enumerate().rev() {
        // Not less than the p value by rounding.
        least = least.min((p_values[i] * tests / (rank + 1) as f64).max(p_values[i]));
        adjusted[i] = least;
    }
    adjusted
}

/// Which of some tests are discoveries, if at most a fraction `q` of all discoveries may be false. One p value a test.
pub fn discoveries(p_values: &[f64], q: f64) -> Vec<bool> {
    adjusted(p_values, p_values.len()).into_iter().map(|adjusted| adjusted <= q).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The 15 p values of section 3.2 of the paper, of which it rejects the four smallest at 0.05.
    #[test]
    fn rejects_what_the_paper_rejects() {
        let paper = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
            0.6528, 0.7590, 1.0,
        ];
        let found = adjusted(&paper, paper.len());
        assert_eq!(found.iter().filter(|q| **q <= 0.05).count(), 4);
        assert_eq!(discoveries(&paper, 0.05)[3..5], [true, false]);
        assert!((found[3] - 0.0095 * 15.0 / 4.0).abs() < 1e-12);
        assert_eq!(found[14], 1.0);
    }

    proptest! {
        #[test]
        fn keeps_the_order_and_never_lowers(p in proptest::collection::vec(0.0..=1.0f64, 0..50), more in 0usize..9) {
            let found = adjusted(&p, p.len() + more);
            for i in 0..p.len() {
                prop_assert!(p[i] <= found[i] && found[i] <= 1.0);
                for j in 0..p.len() {
                    prop_assert!(p[i] > p[j] || found[i] <= found[j]);
                }
            }
        }
    }
}

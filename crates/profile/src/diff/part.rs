//! The part of the change of the total that the change of a function is.
//!
//! A part is stated only where there is a change to be a part of: of a total that is what it was, one function grew by as much as others
//! shrank, and each would be hundreds of percent of next to nothing.

use super::{Pair, Scale, Side};

/// Changes of the total below this part of the larger side have no parts.
pub const LEAST: f64 = 0.02;

/// Why the change of a function is no part of the change of the total.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoPart {
    /// The function has not changed.
    Same,
    /// A test could not tell the change of the total from chance.
    Insignificant,
    /// The total has changed by less than [`LEAST`] of it.
    Alike,
    /// The function changed in the opposite direction.
    Opposite,
}

/// The change of the total that parts are of. `is_significant` says whether a test found it, if there was one.
///
/// # Errors
/// [`NoPart::Insignificant`] or [`NoPart::Alike`]: then no function is a part of it.
pub fn change_of_total(scale: &Scale, whole: Pair, is_significant: Option<bool>) -> Result<f64, NoPart> {
    let all = scale.delta(whole);
    let larger =
        Side::BOTH.map(|side| scale.value(side, whole.of(side)).abs()).into_iter().fold(0.0, f64::max);
    match is_significant {
        Some(false) => Err(NoPart::Insignificant),
        _ if all == 0.0 || all.abs() < LEAST * larger => Err(NoPart::Alike),
        _ => Ok(all),
    }
}

/// The part as a fraction: above 1 where other functions changed in the opposite direction. `is_significant` is as of [`change_of_total`].
///
/// # Errors
/// [`NoPart`].
pub fn part_of_change(
    scale: &Scale,
    pair: Pair,
    whole: Pair,
    is_significant: Option<bool>,
) -> Result<f64, NoPart> {
    let part = scale.delta(pair);
    if part == 0.0 {
        return Err(NoPart::Same);
    }
    match part / change_of_total(scale, whole, is_significant)? {
        opposite if opposite < 0.0 => Err(NoPart::Opposite),
        part => Ok(part),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn part([baseline, comparison]: [i64; 2], whole: i64, tested: Option<bool>) -> Result<f64, NoPart> {
        let whole = Pair { baseline: 100, comparison: whole };
        part_of_change(&Scale::absolute(), Pair { baseline, comparison }, whole, tested)
    }

    #[test]
    fn a_part_needs_a_change_in_the_same_direction() {
        for tested in [None, Some(true)] {
            assert_eq!(part([10, 35], 150, tested), Ok(0.5));
            assert_eq!(part([10, 110], 150, tested), Ok(2.0), "others shrank");
            assert_eq!(part([40, 15], 50, tested), Ok(0.5), "both shrank");
            assert_eq!(part([20, 10], 150, tested), Err(NoPart::Opposite));
            assert_eq!(part([10, 60], 101, tested), Err(NoPart::Alike));
            assert_eq!(part([10, 60], 100, tested), Err(NoPart::Alike));
            assert_eq!(part([10, 10], 150, tested), Err(NoPart::Same));
        }
    }

    #[test]
    fn of_a_total_that_has_not_changed_significantly_nothing_is_a_part() {
        assert_eq!(part([10, 35], 150, Some(false)), Err(NoPart::Insignificant));
        assert_eq!(part([10, 10], 150, Some(false)), Err(NoPart::Same));
    }

    proptest! {
        #[test]
        fn parts_are_positive_and_bounded(pair in any::<[i32; 2]>(), whole in any::<[i32; 2]>()) {
            let of = |[baseline, comparison]: [i32; 2]| {
                Pair { baseline: baseline.into(), comparison: comparison.into() }
            };
            if let Ok(part) = part_of_change(&Scale::absolute(), of(pair), of(whole), None) {
                prop_assert!(part > 0.0 && part.is_finite());
            }
        }
    }
}

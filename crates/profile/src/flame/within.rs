//! Bounds of floating-point numbers.

/// The value, or the bound that it is beyond; what is not a number stays so.
///
/// `f64::clamp` panics with a text that has both bounds, and writing floats is code that the page's first program does without
/// ([`crate::units::decimal`]).
#[inline]
pub fn within(value: f64, least: f64, most: f64) -> f64 {
    if value < least {
        least
    } else if value > most {
        most
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_those_of_the_standard_library() {
        for value in [-1.0, 0.0, 0.5, 1.0, 2.0, f64::INFINITY] {
            assert_eq!(within(value, 0.0, 1.0), value.clamp(0.0, 1.0));
        }
        assert!(within(f64::NAN, 0.0, 1.0).is_nan());
    }
}

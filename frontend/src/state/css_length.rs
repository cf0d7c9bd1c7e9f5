//! Lengths as style attributes have them. Thousandths are finer than any screen.

use flarepath_profile::units::trimmed_decimal;

/// CSS pixels: `12.5px`.
pub(crate) fn px(pixels: f64) -> String {
    format!("{}px", trimmed_decimal(pixels, 3))
}

/// A share of the whole, 1 for all of it: `12.5%`.
pub(crate) fn percent(share: f64) -> String {
    format!("{}%", trimmed_decimal(share * 100.0, 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_as_short_as_they_can_be() {
        assert_eq!([px(24.0), px(-0.0001), px(13.2)], ["24px", "0px", "13.2px"]);
        assert_eq!([percent(0.0), percent(1.0), percent(1.0 / 3.0)], ["0%", "100%", "33.333%"]);
    }
}

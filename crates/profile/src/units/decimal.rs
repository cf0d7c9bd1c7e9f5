//! Decimal text of floating-point numbers, without the standard library's.
//!
//! `format!("{value:.2}")` brings two algorithms and their tables, most of them for the shortest text that reads back as the same
//! number, which nobody asks for here: 5 KB of the page's first download. This one is long division in binary.

/// Most digits behind the point.
const MOST_DECIMALS: usize = 20;
/// Bits of the mantissa without the one that is not stored (IEEE 754, binary64).
const STORED_BITS: u32 = f64::MANTISSA_DIGITS - 1;
/// With more bits behind the point, a mantissa of 53 bits is less than 2⁻⁶⁷: nothing, with 20 decimals.
const MOST_BITS: u32 = 120;

/// A number with so many digits behind the point, at most 20, rounded to the nearest and halves to the even digit:
/// what `format!("{value:.decimals$}")` gives.
///
/// ```
/// use flarepath_profile::units::decimal;
///
/// assert_eq!([decimal(2.5, 0), decimal(-0.126, 2), decimal(1e3, 1)], ["2", "-0.13", "1000.0"]);
/// ```
pub fn decimal(value: f64, decimals: usize) -> String {
    let decimals = decimals.min(MOST_DECIMALS);
    if value.is_nan() {
        return "NaN".to_owned();
    }
    let digits = if value.is_finite() { digits(value, decimals) } else { Vec::new() };
    let mut text = String::with_capacity(digits.len() + 4);
    if value.is_sign_negative() {
        text.push('-');
    }
    if digits.is_empty() {
        text.push_str("inf");
    }
    for (at, digit) in digits.iter().enumerate() {
        if decimals > 0 && at + decimals == digits.len() {
            text.push('.');
        }
        text.push(char::from(b'0' + digit));
    }
    text
}

/// The digits of a finite number without its sign, `decimals` of them behind the point.
fn digits(value: f64, decimals: usize) -> Vec<u8> {
    let bits = value.to_bits();
    let stored = bits & ((1 << STORED_BITS) - 1);
    let biased = (bits >> STORED_BITS) as i32 & 0x7ff;
    // Numbers below the smallest normal one lack the leading bit.
    let mantissa = if biased == 0 { stored } else { stored | (1 << STORED_BITS) };
    // The value is the mantissa times two to the power of this.
    let exponent = biased.max(1) - 1075;
    let fraction_bits = exponent.min(0).unsigned_abs();

    let whole = mantissa.checked_shr(fraction_bits).unwrap_or(0);
    let mut digits: Vec<u8> = whole.to_string().bytes().map(|digit| digit - b'0').collect();
    (0..exponent).for_each(|_| multiply_add(&mut digits, 2, 0));

    let one = 1u128 << fraction_bits.min(MOST_BITS);
    let mut rest = if fraction_bits > MOST_BITS { 0 } else { u128::from(mantissa) & (one - 1) };
    for _ in 0..decimals {
        // Ten times, without a multiplication of 128 bits.
        rest = (rest << 3) + (rest << 1);
        digits.push((rest >> fraction_bits.min(MOST_BITS)) as u8);
        rest &= one - 1;
    }
    let is_odd = digits.last().is_some_and(|digit| digit % 2 == 1);
    let twice = rest << 1;
    if twice > one || (twice == one && is_odd) {
        multiply_add(&mut digits, 1, 1);
    }
    digits
}

/// Multiplies a number of decimal digits, and adds to it.
fn multiply_add(digits: &mut Vec<u8>, factor: u8, add: u8) {
    let mut carry = add;
    for digit in digits.iter_mut().rev() {
        let sum = *digit * factor + carry;
        (*digit, carry) = (sum % 10, sum / 10);
    }
    if carry > 0 {
        digits.insert(0, carry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_and_limits_are_those_of_the_standard_library() {
        let halves = [0.5, 1.5, 2.5, 0.25, 0.75, 0.125, 0.375, 9.5, 99.95, 999.5, 0.045, 1e-7];
        let limits = [
            0.0,
            -0.0,
            1e300,
            f64::MAX,
            f64::MIN_POSITIVE,
            5e-324,
            1e-20,
            1e-21,
            1.8e19,
            1e22,
            9007199254740993.0,
        ];
        let others = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
        for value in halves.into_iter().chain(limits).chain(others) {
            for decimals in 0..=MOST_DECIMALS {
                assert_eq!(decimal(value, decimals), format!("{value:.decimals$}"), "{value} {decimals}");
                assert_eq!(
                    decimal(-value, decimals),
                    format!("{:.decimals$}", -value),
                    "-{value} {decimals}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn all_numbers_are_written_as_by_the_standard_library(bits: u64, decimals in 0..=MOST_DECIMALS) {
            let value = f64::from_bits(bits);
            prop_assert_eq!(decimal(value, decimals), format!("{value:.decimals$}"));
        }

        #[test]
        fn so_are_those_of_a_page(value in -1e9..1e9f64, hundredths in -100_000i64..100_000, decimals in 0usize..=12) {
            for value in [value, value / 1e9, hundredths as f64 / 100.0, hundredths as f64 / 8.0] {
                prop_assert_eq!(decimal(value, decimals), format!("{value:.decimals$}"));
            }
        }
    }
}

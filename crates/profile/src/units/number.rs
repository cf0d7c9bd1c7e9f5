//! Plain numbers: three significant digits, thousands separators.

use super::decimal::decimal;

/// Three significant digits, without zeros at the end; whole numbers keep all theirs (`1,023`).
pub(super) fn significant(value: f64) -> String {
    rounded(value, 12)
}

/// Three significant digits, but at most `decimals` behind the point; what that would round to nothing is `<0.001`.
pub(super) fn bounded(value: f64, decimals: usize) -> String {
    let least = 10f64.powi(-(decimals as i32));
    if value == 0.0 || value.abs() >= least / 2.0 {
        return rounded(value, decimals);
    }
    let sign = if value < 0.0 { "-" } else { "" };
    format!("{sign}<{}", decimal(least, decimals))
}

fn rounded(value: f64, most: usize) -> String {
    let size = value.abs();
    if size == 0.0 || !size.is_finite() {
        return "0".to_owned();
    }
    if size >= 999.5 {
        return thousands(value.round());
    }
    // Digits behind the point: 2 from 1 on, 1 from 10 on, 0 from 100 on, more below 1.
    let decimals = (2 - magnitude(size)).min(most as i32).max(0) as usize;
    trimmed_decimal(value, decimals)
}

/// The power of ten of the first digit of a positive number: 2 for 123, −3 for 0.00123. By comparisons, as logarithms would be code of
/// their own, and round 999.999… up.
pub(super) fn magnitude(size: f64) -> i32 {
    const MOST: i32 = 307;
    let mut power = 0;
    while power < MOST && size >= 10f64.powi(power + 1) {
        power += 1;
    }
    while power > -MOST && size < 10f64.powi(power) {
        power -= 1;
    }
    power
}

/// A whole number with commas between thousands.
pub(super) fn thousands(value: f64) -> String {
    let digits = decimal(value.abs(), 0);
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value <= -0.5 {
        out.push('-');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number with at most so many digits behind the point: without the zeros there that say nothing, and without the sign of a zero.
pub fn trimmed_decimal(value: f64, decimals: usize) -> String {
    let number = decimal(value, decimals);
    let short = match number.contains('.') {
        true => number.trim_end_matches('0').trim_end_matches('.'),
        false => &number,
    };
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_to_three_significant_digits() {
        let all = [0.0, 0.00012345, 0.5, 1.0, 1.006, 9.999, 12.34, 123.4, 999.4, 999.6, -12.0];
        let text = ["0", "0.000123", "0.5", "1", "1.01", "10", "12.3", "123", "999", "1,000", "-12"];
        assert_eq!(all.map(significant), text);
        assert_eq!([0.0, 999.0, 1e3, -1234567.0].map(thousands), ["0", "999", "1,000", "-1,234,567"]);
    }

    #[test]
    fn magnitudes_are_exact_at_powers_of_ten() {
        for power in -20..=20 {
            let size: f64 = format!("1e{power}").parse().unwrap();
            let below = f64::from_bits(size.to_bits() - 1);
            assert_eq!([size, size * 9.0, below].map(magnitude), [power, power, power - 1], "{size}");
        }
    }
}

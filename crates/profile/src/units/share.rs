//! Percentages, with no more precision than is known.

use super::decimal::decimal;

/// `part` of `total` in percent: two decimals below 10 %, one from there on. What is not quite all is never
/// `100 %`, what is not quite nothing is `<0.01 %`. Of nothing there is no share: `–`.
pub fn format_share(part: f64, total: f64) -> String {
    let share = part / total * 100.0;
    if total == 0.0 || !share.is_finite() {
        return "–".to_owned();
    }
    let size = share.abs();
    let minus = if share < 0.0 { "-" } else { "" };
    if size == 0.0 {
        return "0 %".to_owned();
    }
    if size < 0.01 {
        return format!("{}<0.01 %", minus);
    }
    if size == 100.0 {
        return format!("{minus}100 %");
    }
    if size < 100.0 {
        let decimals = if (10.0..99.95).contains(&size) { 1 } else { 2 };
        let text = decimal(size, decimals);
        return match text.as_str() {
            "100.00" => format!("{minus}>99.99 %"),
            _ => format!("{minus}{text} %"),
        };
    }
    // Above the whole: growth in a comparison.
    match size {
        s if s < 100.05 => format!("{minus}>100 %"),
        s if s < 999.95 => format!("{minus}{} %", decimal(s, 1)),
        s => format!("{minus}{} %", super::number::thousands(s.round())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_shares() {
        let shares = [
            (0.0, "0 %"),
            (1.0, "<0.01 %"),
            (420.0, "0.42 %"),
            (4_250.0, "4.25 %"),
            (9_999.0, "10.00 %"),
            (42_000.0, "42.0 %"),
            (99_940.0, "99.9 %"),
            (99_960.0, "99.96 %"),
            (99_999.0, ">99.99 %"),
            (100_000.0, "100 %"),
            (100_001.0, ">100 %"),
            (250_000.0, "250.0 %"),
            (1_234_567.0, "1,235 %"),
            (-420.0, "-0.42 %"),
            (-1.0, "-<0.01 %"),
        ];
        for (part, text) in shares {
            assert_eq!(format_share(part, 100_000.0), text, "{part}");
        }
        assert_eq!(format_share(1.0, 0.0), "–");
        assert_eq!(format_share(0.0, 0.0), "–");
    }
}

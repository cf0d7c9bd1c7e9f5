//! Spans of time as people write them: `15s`, `1m30s`, `7d`.

use std::time::Duration;

/// The text is not a span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a span of time such as 15s, 1h30m or 7d (units ms, s, m, h, d, w)")]
pub(crate) struct InvalidSpan {
    /// Byte offset of what cannot be read.
    pub(crate) position: usize,
}

/// Reads numbers with units, one after the other: `1h30m`. Whole numbers only.
///
/// # Errors
/// [`InvalidSpan`] with the position of the first part that does not fit.
pub(crate) fn parse_span(text: &str) -> Result<Duration, InvalidSpan> {
    let mut total = Duration::ZERO;
    let mut at = 0;
    while at < text.len() || at == 0 {
        let rest = &text[at..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let unit = rest[digits..].bytes().take_while(u8::is_ascii_alphabetic).count();
        let millis: u64 = match &rest[digits..digits + unit] {
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 604_800_000,
            _ => return Err(InvalidSpan { position: at + digits }),
        };
        let number: Option<u64> = rest[..digits].parse().ok();
        let part = number.and_then(|n| n.checked_mul(millis)).map(Duration::from_millis);
        total = part.and_then(|part| total.checked_add(part)).ok_or(InvalidSpan { position: at })?;
        at += digits + unit;
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_sums_of_units() {
        assert_eq!(parse_span("1h30m"), Ok(Duration::from_secs(5400)));
        assert_eq!(parse_span("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(parse_span("2w"), Ok(Duration::from_secs(1_209_600)));
    }

    #[test]
    fn says_where_it_breaks() {
        for (text, position) in [("", 0), ("h", 0), ("15", 2), ("1h30x", 4), ("1h 30m", 2), ("-1h", 0)] {
            assert_eq!(parse_span(text), Err(InvalidSpan { position }), "{text}");
        }
        assert!(parse_span("99999999999999999999s").is_err());
        assert!(parse_span("9999999999999999w").is_err());
    }
}

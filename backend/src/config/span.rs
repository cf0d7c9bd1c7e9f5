//! Durations in configuration, flags and query parameters: `15s`, `1m30s`, `7d`.

use humantime::DurationError;
use std::time::Duration;

/// The text is not a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a duration such as 15s, 1h30m or 7d (units ms, s, m, h, d, w)")]
pub(crate) struct InvalidSpan {
    /// Byte offset of the first part that cannot be read.
    pub(crate) position: usize,
}

/// Reads whole numbers with units, one after the other: `1h30m`. The result is a whole number of milliseconds.
pub(crate) fn parse_span(text: &str) -> Result<Duration, InvalidSpan> {
    let span = humantime::parse_duration(text).map_err(|error| InvalidSpan {
        position: match error {
            DurationError::InvalidCharacter(at) | DurationError::NumberExpected(at) => at,
            DurationError::UnknownUnit { start, .. } => start,
            DurationError::NumberOverflow | DurationError::Empty => 0,
        },
    })?;
    match span.subsec_nanos() % 1_000_000 {
        0 => Ok(span),
        _ => Err(InvalidSpan { position: 0 }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_unit_and_sums_of_them() {
        const DAY: u64 = 86_400;
        for (text, millis) in [
            ("250ms", 250),
            ("15s", 15_000),
            ("30m", 1_800_000),
            ("12h", 43_200_000),
            ("7d", 7 * DAY * 1000),
            ("2w", 14 * DAY * 1000),
            ("1h30m", 5_400_000),
            ("1m30s", 90_000),
            ("1w2d3h4m5s6ms", (9 * DAY + 3 * 3600 + 4 * 60 + 5) * 1000 + 6),
            ("007s", 7_000),
            ("0s", 0),
        ] {
            assert_eq!(parse_span(text), Ok(Duration::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn errors_carry_a_position() {
        for (text, position) in [("", 0), ("h", 0), ("15", 2), ("1h30x", 4), ("-1h", 0), ("5us", 0)] {
            assert_eq!(parse_span(text), Err(InvalidSpan { position }), "{text}");
        }
        assert!(parse_span("99999999999999999999s").is_err());
        assert!(parse_span("9999999999999999w").is_err());
    }
}

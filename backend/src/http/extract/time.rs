//! Parses points in time: RFC 3339, Unix times, `now-1h30m`.

use crate::config::parse_span;
use flarepath_profile::unix_nanos::UnixNanos;

/// The text is not a point in time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid time `{text}`: {message}")]
pub(crate) struct BadTime {
    pub(crate) text: String,
    /// Byte offset of the error.
    pub(crate) position: usize,
    /// What was expected.
    pub(crate) message: String,
}

const FORMS: &str =
    "expected RFC 3339 such as 2026-11-21T03:00:00Z, a Unix time in s, ms, µs or ns, or `now-1h30m`";

/// An instant. The unit of a number follows from its size: up to 11 digits are seconds (until
/// the year 5138), up to 14 milliseconds, up to 17 microseconds, more nanoseconds.
///
/// # Errors
/// [`BadTime`], also for times that nanoseconds in 64 bits cannot hold (before 1677, after 2262).
pub(crate) fn parse_time(text: &str, now: UnixNanos) -> Result<UnixNanos, BadTime> {
    let bad =
        |position, message: &str| BadTime { text: text.to_owned(), position, message: message.to_owned() };
    if let Some(rest) = text.strip_prefix("now") {
        return relative(rest, now).map_err(|(position, message)| bad(3 + position, message));
    }
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        let scale = match text.trim_start_matches('0').len() {
            ..=11 => 1_000_000_000,
            12..=14 => 1_000_000,
            15..=17 => 1000,
            _ => 1,
        };
        let ns = text.parse::<i64>().ok().and_then(|number| number.checked_mul(scale));
        return ns.map(UnixNanos).ok_or_else(|| bad(0, "the number is too large"));
    }
    // An unescaped `+` arrives as a space.
    let timestamp: jiff::Timestamp = text.replace(' ', "+").parse().map_err(|_| bad(0, FORMS))?;
    let ns = i64::try_from(timestamp.as_nanosecond());
    ns.map(UnixNanos).map_err(|_| bad(0, "the year must be between 1678 and 2262"))
}

fn relative(rest: &str, now: UnixNanos) -> Result<UnixNanos, (usize, &'static str)> {
    if rest.is_empty() {
        return Ok(now);
    }
    let (sign, span) = match rest.strip_prefix('-') {
        Some(span) => (-1, span),
        // An unescaped `+` arrives as a space.
        None => (1, rest.strip_prefix(['+', ' ']).ok_or((0, FORMS))?),
    };
    let span = parse_span(span).map_err(|e| (1 + e.position, "expected a span such as 15m, 1h30m or 7d"))?;
    let ns = i64::try_from(span.as_nanos()).ok().and_then(|ns| now.0.checked_add(sign * ns));
    ns.map(UnixNanos).ok_or((1, "the span is too long"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixNanos = UnixNanos(1_795_227_480_000_000_000);

    #[test]
    fn parses_all_notations_of_one_time() {
        for text in [
            "now",
            "2026-11-21T02:18:00Z",
            "2026-11-21T03:18:00+01:00",
            "2026-11-21T03:18:00 01:00",
            "1795227480",
            "1795227480000",
            "1795227480000000",
            "1795227480000000000",
        ] {
            assert_eq!(parse_time(text, NOW), Ok(NOW), "{text}");
        }
        assert_eq!(parse_time("now-1h30m", NOW), Ok(UnixNanos(NOW.0 - 5_400_000_000_000)));
        assert_eq!(parse_time("now+250ms", NOW), Ok(UnixNanos(NOW.0 + 250_000_000)));
        assert_eq!(parse_time("0", NOW), Ok(UnixNanos(0)));
    }

    #[test]
    fn errors_have_a_position() {
        for (text, position) in [
            ("", 0),
            ("yesterday", 0),
            ("now-", 4),
            ("now-1x", 5),
            ("now-1h30", 8),
            ("now1h", 3),
            ("nowé", 3),
            ("-5", 0),
            ("99999999999999999999", 0),
            ("9999-01-01T00:00:00Z", 0),
            ("now-99999999w", 4),
        ] {
            assert_eq!(parse_time(text, NOW).map_err(|e| e.position), Err(position), "{text}");
        }
    }
}

//! Parses the times of `/ingest`: dates, Unix times in any unit, and offsets from now.

use super::error::IngestError;
use flarepath_profile::unix_nanos::{SECOND_NS, UnixNanos};
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};

/// The instant that `text` names: one of
/// `20261121` (start of the day, UTC), Unix time in seconds (up to 12 digits), milliseconds (13), microseconds (16) or
/// nanoseconds (19), an RFC 3339 time, `now`, or `now` with offsets (`now-1h30min`; s, m or min, h, d, w, M or mon of
/// 30 days, y of 365). Spaces, `_` and `,` are ignored.
///
/// # Errors
/// [`IngestError::BadRequest`] naming `parameter`.
pub(crate) fn parse(parameter: &str, text: &str, now: UnixNanos) -> Result<UnixNanos, IngestError> {
    let bad = || {
        IngestError::BadRequest(format!(
            "{parameter}: invalid time `{text}`; expected Unix time in s, ms, us or ns, YYYYMMDD, RFC 3339, or now-1h"
        ))
    };
    if let Ok(time) = text.trim().parse::<Timestamp>() {
        return i64::try_from(time.as_nanosecond()).map(UnixNanos).map_err(|_| bad());
    }
    let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '_' | ',')).collect();
    let time = match plain.strip_prefix("now") {
        Some(offset) => parse_offset(offset).and_then(|ns| now.0.checked_add(ns)),
        None if plain.bytes().all(|b| b.is_ascii_digit()) => parse_digits(&plain),
        None => None,
    };
    time.map(UnixNanos).ok_or_else(bad)
}

fn parse_digits(digits: &str) -> Option<i64> {
    if digits.len() == 8
        && let Some(midnight) = parse_date(digits)
    {
        return Some(midnight);
    }
    let unit_ns = match digits.len() {
        1..=12 => SECOND_NS,
        13 => 1_000_000,
        16 => 1000,
        19 => 1,
        _ => return None,
    };
    digits.parse::<i64>().ok()?.checked_mul(unit_ns)
}

fn parse_date(digits: &str) -> Option<i64> {
    let part = |range: std::ops::Range<usize>| digits[range].parse::<i16>().ok();
    let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
    if year <= 1900 {
        return None;
    }
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let midnight = date.to_zoned(TimeZone::UTC).ok()?.timestamp();
    i64::try_from(midnight.as_nanosecond()).ok()
}

/// `-1h30min`: one sign, then numbers with units.
fn parse_offset(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.as_bytes().first() {
        None => return Some(0),
        Some(b'-') => (-1, &text[1..]),
        Some(b'+') => (1, &text[1..]),
        Some(_) => return None,
    };
    let mut total = 0_i64;
    while !rest.is_empty() {
        let unit_at = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, unit_and_more) = rest.split_at(unit_at);
        let next = unit_and_more.find(|c: char| c.is_ascii_digit()).unwrap_or(unit_and_more.len());
        let (unit, more) = unit_and_more.split_at(next);
        let seconds = number.parse::<i64>().ok()?.checked_mul(unit_seconds(unit)?)?;
        total = total.checked_add(seconds)?;
        rest = more;
    }
    total.checked_mul(sign * SECOND_NS)
}

fn unit_seconds(unit: &str) -> Option<i64> {
    const DAY: i64 = 86_400;
    Some(match unit {
        "s" | "sec" | "second" | "seconds" => 1,
        "m" | "min" | "minute" | "minutes" => 60,
        "h" | "hour" | "hours" => 3600,
        "d" | "day" | "days" => DAY,
        "w" | "week" | "weeks" => 7 * DAY,
        "M" | "mon" | "month" | "months" => 30 * DAY,
        "y" | "year" | "years" => 365 * DAY,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_227_700 * SECOND_NS;

    fn at(text: &str) -> Option<i64> {
        parse("from", text, UnixNanos(NOW)).ok().map(|at| at.0)
    }

    #[test]
    fn parses_unix_times_by_number_of_digits() {
        assert_eq!(at("1795227640"), Some(1_795_227_640 * SECOND_NS));
        assert_eq!(at("1795227640123"), Some(1_795_227_640_123_000_000));
        assert_eq!(at("1795227640123456"), Some(1_795_227_640_123_456_000));
        assert_eq!(at("1795227643990529313"), Some(1_795_227_643_990_529_313));
        assert_eq!(at("0"), Some(0));
    }

    #[test]
    fn parses_dates_and_offsets() {
        // 2026-11-21T00:00:00Z, by `date -ud 2026-11-21 +%s`
        assert_eq!(at("20261121"), Some(1_795_219_200 * SECOND_NS));
        assert_eq!(at("2026-11-21T00:00:00Z"), Some(1_795_219_200 * SECOND_NS));
        assert_eq!(at("99999999"), Some(99_999_999 * SECOND_NS), "no such month: seconds");
        assert_eq!(at("now"), Some(NOW));
        assert_eq!(at("now-1h"), Some(NOW - 3600 * SECOND_NS));
        assert_eq!(at("now - 1h30min"), Some(NOW - 5400 * SECOND_NS));
        assert_eq!(at("now+2m1s"), Some(NOW + 121 * SECOND_NS));
        assert_eq!(at("now-1M"), Some(NOW - 30 * 86_400 * SECOND_NS));
    }

    #[test]
    fn rejects_other_text() {
        for text in ["", "yesterday", "now-", "now-h", "now-1", "now-1x", "now1h", "12345678901234", "-5"] {
            let found = at(text);
            assert!(found.is_none() || text == "now-", "{text:?} gave {found:?}");
        }
        assert_eq!(at("now-99999999999999999y"), None);
        assert_eq!(at("9999999999999999999"), None, "overflows");
    }
}
